"""Opens SQLite the way Salio needs it, and tells a store that is out of reach from a row that is wrong."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from salio.core.ports import StoreUnavailableError

OLDEST = (3, 37, 0)
"""Strict tables need it."""

PATIENCE = "PRAGMA busy_timeout = 2000"
IMPATIENCE = "PRAGMA busy_timeout = 0"
"""Milliseconds for which another program may be in the way."""

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # an acknowledgement leaves only after its commit is on the disk
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # without it REPLACE slips past the triggers that guard the journal
    PATIENCE,
    "PRAGMA temp_store = MEMORY",  # what a large statement notes for its undoing went to a new file each time
)

_ROW_FAULTS = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError)


class OldSqliteError(Exception):
    """This Python is linked with an SQLite that is too old."""


def connect(path: Path | str) -> sqlite3.Connection:
    """A connection in autocommit mode: transactions begin and end where the code says so.

    ``path`` may be ``":memory:"``. Raises :class:`OldSqliteError`, or :class:`StoreUnavailableError` when
    the file cannot be opened.
    """
    if sqlite3.sqlite_version_info < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise OldSqliteError(f"SQLite {sqlite3.sqlite_version} is too old: Salio needs {needed} or later")
    with reaching(path):
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        for pragma in PRAGMAS:
            connection.execute(pragma)
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection beside a running platform that changes nothing, not even by mistake.

    Raises :class:`StoreUnavailableError` when the file is not there: it makes none.
    """
    with reaching(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
        connection.execute(PATIENCE)
        connection.execute("PRAGMA query_only = ON")
    return connection


@contextmanager
def reaching(path: Path | str = "the store") -> Iterator[None]:
    """Turns SQLite's trouble (disk, lock, damage) into StoreUnavailableError; lets row faults pass."""
    try:
        yield
    except _ROW_FAULTS:
        raise
    except sqlite3.Error as error:
        raise StoreUnavailableError(f"{path}: {error}") from error
