"""Whole databases copied: one that is in use into a file, and a file's content into one that is in use."""

import sqlite3
from contextlib import closing
from pathlib import Path

from salio.core.ports import StoreUnavailableError
from salio.storage.sqlite.connection import connect, connect_to_read, reaching

_SCHEMA = """
    SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_' ORDER BY rowid
"""
REVISION = "SELECT version_num FROM alembic_version"
_SET_REVISION = "INSERT INTO alembic_version (version_num) VALUES (?)"
_HAS_STRIPE = "SELECT 1 FROM sqlite_master WHERE name = 'stripe'"
_ADD_STRIPE = "INSERT INTO stripe (number, epoch, holder, held_until) VALUES (1, 0, '', 0)"
"""As the revision that makes the table adds it: an environment has one."""


class Original:
    """A database as it stands when this is made, to be copied while others go on writing."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path)
        with reaching(path):
            self._connection.execute("BEGIN")
            self._connection.execute(
                "SELECT name FROM sqlite_master"
            ).fetchone()  # from here on it is seen so

    def copy_to(self, path: Path) -> None:
        """Into a new file, which needs no others beside it. The caller waits for the disk."""
        with reaching(path), closing(sqlite3.connect(path, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous = OFF")
            copy.execute("PRAGMA journal_mode = OFF")  # what goes wrong here leaves a file that nobody wants
            self._connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")

    def close(self) -> None:
        """Lets go of it."""
        self._connection.close()


def replace(path: Path, source: Path) -> None:
    """Puts the content of ``source`` into the database at ``path``, in one transaction.

    Whoever has it open sees the new content from then on. Raises :class:`StoreUnavailableError`; then, and
    after a kill, nothing has changed.
    """

    def look(status: int, _left: int, _pages: int) -> None:
        """Without this, the module would try for ever; each try waits as long as any statement does."""
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreUnavailableError(f"{path}: another program is writing to it")

    with reaching(path), closing(sqlite3.connect(source)) as original, closing(connect(path)) as present:
        original.backup(present, progress=look)


def blank(path: Path, source: Path) -> None:
    """A new database at ``path`` with the schema of ``source`` and no rows but the revisions' own."""
    with reaching(path), closing(sqlite3.connect(source)) as original, closing(connect(path)) as new:
        made = original.execute(_SCHEMA).fetchall()
        (revision,) = original.execute(REVISION).fetchone()
        new.execute("BEGIN")
        for (statement,) in made:
            new.execute(statement)
        new.execute(_SET_REVISION, (revision,))
        if new.execute(_HAS_STRIPE).fetchone():
            new.execute(_ADD_STRIPE)
        new.execute("COMMIT")


def count_requests(path: Path) -> int:
    """How many requests an environment's database holds. Raises :class:`StoreUnavailableError`."""
    with reaching(path), closing(connect_to_read(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM request").fetchone()[0])


def check(path: Path) -> None:
    """Raises :class:`StoreUnavailableError` for a damaged database."""
    with reaching(path), closing(connect_to_read(path)) as connection:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreUnavailableError(f"{path}: {found}")
