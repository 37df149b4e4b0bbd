"""Makes the log that an earlier process left durable, before anything is built upon it.

A commit whose fsync fails is rolled back, and the next one writes over its place in the log: while the
process lives, nothing rests on bytes that the disk may lack. A process that dies in between leaves them
in the page cache, where Linux counts them as clean although they were never written. The next process
would read them as committed, and no later fsync would write them: a loss of power then breaks the log in
its middle, and takes everything after the break, acknowledged or not (docs/reliability.md, fsync).
"""

import os
from contextlib import closing
from pathlib import Path

from salio.core.ports import StoreUnavailableError
from salio.storage.sqlite.connection import connect, connect_to_read, reaching

_CHUNK = 1 << 20


def secure_log(database: Path) -> None:
    """Writes the log of this database again, byte for byte, so that its fsync tells the truth.

    Nothing to do after an orderly end, which leaves no log. Raises :class:`StoreUnavailableError` when the
    disk does not take it; the log is as it was.
    """
    log = database.with_name(f"{database.name}-wal")
    if not database.exists() or not log.exists() or not log.stat().st_size:
        return
    # A reader that leaves last keeps SQLite from folding an unsecured log into the database.
    with closing(connect_to_read(database)) as reader, closing(connect(database)) as writer, reaching(log):
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        writer.execute("BEGIN IMMEDIATE")  # a command beside may not write the log meanwhile
        try:
            _write_again(log)
        except OSError as error:
            raise StoreUnavailableError(
                f"the disk does not keep {log} ({error.strerror}), on which everything would be built: "
                "nothing was changed; try again when the disk is well"
            ) from error
        finally:
            writer.execute("ROLLBACK")


def _write_again(log: Path) -> None:
    with log.open("r+b", buffering=0) as file:
        at = 0
        while chunk := os.pread(file.fileno(), _CHUNK, at):
            at += os.pwrite(file.fileno(), chunk, at)
        os.fsync(file.fileno())
