"""A record in a SQLite file, readable by its owner alone: results tell of people's money."""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from salio.tracker.errors import RecordUnavailable
from salio.tracker.places import Rows

_PRAGMAS = (
    "PRAGMA busy_timeout = 5000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # whoever was answered, or was sent a request, is never forgotten
    "PRAGMA foreign_keys = ON",
)


class SqliteFile:
    """Opens the file, or makes it."""

    trouble: tuple[type[Exception], ...] = (sqlite3.OperationalError,)

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._reaching():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            for pragma in _PRAGMAS:
                self._connection.execute(pragma)

    @property
    def name(self) -> str:
        """Its path."""
        return str(self._path)

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """SQLite has one that writes at a time."""
        with self._reaching():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite may have rolled back by itself
                    self._connection.execute("ROLLBACK")
                raise

    preparing = transaction

    def rows(self, statement: str, parameters: Sequence[Any]) -> list[Any]:
        """What a statement reads."""
        with self._reaching():
            return self._connection.execute(statement, tuple(parameters)).fetchall()

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """By a lock on a file beside it: whoever dies leaves it."""
        import fcntl  # for those who take turns

        descriptor = os.open(f"{self._path}.turn", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
        finally:
            os.close(descriptor)

    def has_ended(self, rows: Rows) -> bool:  # noqa: ARG002 - a file has one transaction
        """Whether there is none any more."""
        return not self._connection.in_transaction

    def turn_is_lost(self, rows: Rows) -> bool:  # noqa: ARG002 - a server's session has it, this process here
        """Whoever has the lock has it."""
        return False

    @contextmanager
    def handed(self, rows: Rows) -> Iterator[Any]:  # a file has one view
        """The connection, as it is."""
        yield rows

    def version(self, rows: Rows) -> int:
        """`user_version`."""
        return int(rows.execute("PRAGMA user_version").fetchone()[0])

    def make(self, rows: Rows, script: str) -> None:
        """In the transaction that is open, which `executescript` would end."""
        for statement in filter(str.strip, script.split(";\n")):
            rows.execute(statement)

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """SQLite's trouble, named; a statement that is wrong is a fault of ours."""
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError):
            raise
        except sqlite3.Error as error:
            raise RecordUnavailable(f"the record {self._path}: {error}") from error
        except OSError as error:
            raise RecordUnavailable(f"the record {self._path}: {error.strerror or error}") from error
