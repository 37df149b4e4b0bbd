"""Stores to hold the contract against. Another engine joins by one more entry in ``PLACES``."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

from salio.storage.ports import Databases
from salio.storage.postgres.connection import Session
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.postgres.store import PostgresStore
from salio.storage.sqlite.databases import SqliteDatabases
from salio.storage.sqlite.store import SqliteStore
from tests import postgres
from tests.stores import AnyStore, in_file, in_memory, seed


class Place(Protocol):
    """Where a store's data lie. Opening it again is what a restart does: what was not committed is gone."""

    def open(self) -> AnyStore:
        """The store as the next process finds it."""
        ...

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What is committed, as it lies there."""
        ...

    def close(self) -> None:
        """Nobody needs it any more."""
        ...


class Sqlite:
    """A place in SQLite."""

    def __init__(self, reconnect: Callable[[], sqlite3.Connection]) -> None:
        self._reconnect = reconnect
        self.connection = reconnect()

    def open(self) -> SqliteStore:
        """The store as the next process finds it."""
        self.connection = self._reconnect()
        return SqliteStore(self.connection)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What lies there."""
        return self.connection.execute(query).fetchall()

    def close(self) -> None:
        """Closes the connection."""
        self.connection.close()


class File(Sqlite):
    """SQLite in a file: whoever had it open is gone when it is opened again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(lambda: in_file(path))

    def open(self) -> SqliteStore:
        """Closes first, as death does."""
        self.connection.close()
        return super().open()


class Memory(Sqlite):
    """SQLite in memory: it lives as long as its connection, so that only an open transaction is lost."""

    def __init__(self, _: Path) -> None:
        held = in_memory()
        super().__init__(lambda: held)

    def open(self) -> SqliteStore:
        """Rolls back first, as death does."""
        self.connection.rollback()
        return super().open()


class Postgres:
    """A real PostgreSQL."""

    def __init__(self, _: Path) -> None:
        self.url = postgres.empty_database()
        self._sessions: list[Session] = []

    def open(self) -> PostgresStore:
        """The store as the next process finds it: the last one's connection is cut."""
        if self._sessions:
            postgres.end_connections(self.url)
        self._sessions.append(Session(self.url, "sandbox"))
        return PostgresStore(self._sessions[-1])

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What is committed."""
        session = Session(self.url, "sandbox")
        self._sessions.append(session)
        found: Sequence[Sequence[Any]] = session.fetch(query)
        return [tuple(row) for row in found]

    def close(self) -> None:
        """Ends the connections."""
        for session in self._sessions:
            session.close()


PLACES: dict[str, Callable[[Path], Place]] = {
    "SQLite file": File,
    "SQLite memory": Memory,
    "PostgreSQL": Postgres,
}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A migrated, empty store, once for each engine."""
    place = PLACES[request.param](tmp_path / "sandbox.db")
    yield place
    place.close()


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Databases:
    """Both databases, migrated and empty, as several connections at once have them."""
    if request.param == "PostgreSQL":
        return PostgresDatabases(postgres.empty_database())
    environment, portal = tmp_path / "sandbox.db", tmp_path / "portal.db"
    in_file(environment).close()
    in_file(portal, "portal").close()
    return SqliteDatabases(environment=environment, portal=portal)


@pytest.fixture(params=[File, Memory], ids=["SQLite file", "SQLite memory"])
def sqlite_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sqlite]:
    """A migrated, empty store of SQLite's, for what only SQLite can show."""
    place: Sqlite = request.param(tmp_path / "sandbox.db")
    yield place
    place.close()


@pytest.fixture
def store(place: Place) -> AnyStore:
    """The store at that place, with the builders' two organizations."""
    store = place.open()
    seed(store)
    return store


@pytest.fixture
def file(tmp_path: Path) -> Iterator[File]:
    """A store in a file, for what only a file can show."""
    file = File(tmp_path / "sandbox.db")
    yield file
    file.close()
