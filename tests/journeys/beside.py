"""A platform's databases, used beside it: whichever engine has them, a test need not know."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from salio.platform.databases import databases_of
from salio.platform.folder import DataFolder
from salio.storage.ports import Databases
from salio.storage.postgres.connection import Session
from salio.storage.sqlite.connection import connect_to_read
from tests import postgres


class Beside:
    """What another process can do to the databases of a folder: ``sandbox`` and ``portal``."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder

    @property
    def databases(self) -> Databases:
        """As a command opens them."""
        return databases_of(self._folder)

    def rows(self, statement: str, parameters: Iterable[Any] = (), *, database: str = "sandbox") -> list[Any]:
        """Reads; parameters stand as ``?`` in the statement."""
        given, url = tuple(parameters), self._folder.database_url()
        if url is None:
            with closing(connect_to_read(self._folder.path / f"{database}.db")) as connection:
                return connection.execute(statement, given).fetchall()
        with closing(Session(url, database, read_only=True)) as session:
            return [tuple(row) for row in session.fetch(_numbered(statement, len(given)), *given)]

    def tables(self, database: str) -> list[str]:
        """The names of its tables."""
        in_files = "SELECT name FROM sqlite_master WHERE type = 'table'"
        in_server = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        found = self.rows(in_files if self._folder.database_url() is None else in_server, database=database)
        return [name for (name,) in found]

    def change(self, statement: str, *parameters: object, database: str = "sandbox") -> None:
        """Changes rows, as no platform does."""
        url = self._folder.database_url()
        if url is None:
            with closing(sqlite3.connect(self._folder.path / f"{database}.db")) as connection, connection:
                connection.execute(statement, parameters)
            return
        with closing(Session(url, database)) as session:
            session.execute(_numbered(statement, len(parameters)), *parameters)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Somebody else has the lock that a refusal needs, and does not come to an end: the writer waits."""
        url = self._folder.database_url()
        if url is None:
            with self._locked("sandbox"):
                yield
            return
        with closing(Session(url, "sandbox")) as session, session.transaction():
            session.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            session.execute("LOCK TABLE refusal IN SHARE MODE")
            yield

    @contextmanager
    def kept_waiting(self, table: str) -> Iterator[Callable[[], bool]]:
        """Whoever reads that table of the server waits; says whether somebody does."""
        url = self._folder.database_url()
        assert url is not None, "nobody waits to read a file"
        with closing(Session(url, "sandbox")) as session, session.transaction():
            session.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            session.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"
            yield lambda: bool(session.fetch(waits)[0][0])

    @contextmanager
    def out_of_reach(self, database: str = "sandbox") -> Iterator[None]:
        """Nothing can be committed there: a file is locked; a server takes no connection and has cut all."""
        url = self._folder.database_url()
        with self._locked(database) if url is None else postgres.closed(url):
            yield

    @contextmanager
    def _locked(self, database: str) -> Iterator[None]:
        path = self._folder.path / f"{database}.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")


def _numbered(statement: str, places: int) -> str:
    """The statement with its places as PostgreSQL writes them."""
    for number in range(1, places + 1):
        statement = statement.replace("?", f"${number}", 1)
    return statement
