"""The record: one SQLite file that any number of threads and processes share, one transaction at a time."""

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from salio.receiver.arrivals import Arrival
from salio.receiver.keys import ENDPOINT, SECRET_LENGTH, Keys
from salio.tracker import outside
from salio.tracker.errors import RecordUnavailable
from salio.tracker.schema import TABLES, VERSION

_PRAGMAS = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # whoever was answered, or was sent a request, is never forgotten
    "PRAGMA foreign_keys = ON",
)
_KEEP = """
INSERT INTO callback (digest, came_at, copies, kind, nonce, source, body, why)
VALUES (?, ?, 1, ?, ?, ?, ?, '')
ON CONFLICT (digest) DO UPDATE SET copies = copies + 1
"""


class Record:
    """Opens the file, or makes it, readable by its owner alone: results tell of people's money.

    Raises:
        RecordUnavailable: it cannot be opened, is no record, or one of a newer Salio.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        now: Callable[[], int] = outside.wall_clock,
        entropy: Callable[[int], bytes] = outside.entropy,
    ) -> None:
        self.path = Path(path)
        self.now = now
        self.entropy = entropy
        self._lock = threading.RLock()
        with _reaching(self.path):
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            self._connection = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            for pragma in _PRAGMAS:
                self._connection.execute(pragma)
        with self.transaction() as rows:
            self.keys = Keys(_prepared(rows, entropy))

    def __repr__(self) -> str:
        """Where it is."""
        return f"Record({str(self.path)!r})"

    def close(self) -> None:
        """Nothing is done with it afterwards."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """One transaction, alone on the file, durable at the end of the block; nothing of it if that raises.

        Raises:
            RecordUnavailable: the disk is full, the file is locked or damaged.
        """
        with self._lock, _reaching(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite may have rolled back by itself
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Any]:
        """What a statement reads. Raises RecordUnavailable."""
        with self._lock, _reaching(self.path):
            return self._connection.execute(statement, tuple(parameters)).fetchall()

    def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Keeps what came, with one commit; the same bytes again at the same address are counted."""
        now = self.now()
        with self.transaction() as rows:
            rows.executemany(_KEEP, [_row(each, now) for each in arrivals])

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """For the block this is the only one, of all threads and processes, to ask and to handle; whether it
        is. Whoever dies in it leaves it.
        """
        import fcntl  # for those who take turns

        descriptor = os.open(f"{self.path}.turn", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
        finally:
            os.close(descriptor)


class RecordStore:
    """A record as the receiver's store: its commits are waited for in a thread."""

    def __init__(self, record: Record, thread: outside.Thread | None = None) -> None:
        self._record = record
        self._thread = thread or outside.one_thread()

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """They are durable when it returns. Raises RecordUnavailable."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._record.keep, arrivals)

    def close(self) -> None:
        """Ends the thread."""
        self._thread.shutdown()


def _row(arrival: Arrival, now: int) -> tuple[object, ...]:
    nonce = None if arrival.nonce == ENDPOINT else arrival.nonce
    return arrival.digest, now, arrival.kind.value, nonce, arrival.source, arrival.body


def _prepared(rows: sqlite3.Connection, entropy: Callable[[int], bytes]) -> bytes:
    """Makes the tables if there are none; the secret."""
    (version,) = rows.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise RecordUnavailable(f"the record is of a newer Salio: version {version}, {VERSION} is known")
    if version == 0:
        for statement in TABLES.split(";\n"):
            if statement.strip():
                rows.execute(statement)
        rows.execute("INSERT INTO secret VALUES (1, ?)", [entropy(SECRET_LENGTH)])
        rows.execute("PRAGMA user_version = 1")
    ((secret,),) = rows.execute("SELECT secret FROM secret").fetchall()
    return bytes(secret)


@contextmanager
def _reaching(path: Path) -> Iterator[None]:
    """SQLite's trouble, named; a statement that is wrong is a fault of ours."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.Error as error:
        raise RecordUnavailable(f"the record {path}: {error}") from error
    except OSError as error:
        raise RecordUnavailable(f"the record {path}: {error.strerror or error}") from error
