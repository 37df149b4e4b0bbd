"""Stores to hold the contract against. Another engine joins by one more entry in ``PLACES``."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from salio.storage.sqlite.store import SqliteStore
from tests.stores import in_file, in_memory, seed


class Place:
    """Where a store's data lie. Opening it again is what a restart does: what was not committed is gone."""

    def __init__(self, reconnect: Callable[[], sqlite3.Connection]) -> None:
        self._reconnect = reconnect
        self.connection = reconnect()

    def open(self) -> SqliteStore:
        """The store as the next process finds it."""
        self.connection = self._reconnect()
        return SqliteStore(self.connection)


class File(Place):
    """SQLite in a file: whoever had it open is gone when it is opened again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(lambda: in_file(path))

    def open(self) -> SqliteStore:
        """Closes first, as death does."""
        self.connection.close()
        return super().open()


class Memory(Place):
    """SQLite in memory: it lives as long as its connection, so that only an open transaction is lost."""

    def __init__(self, _: Path) -> None:
        held = in_memory()
        super().__init__(lambda: held)

    def open(self) -> SqliteStore:
        """Rolls back first, as death does."""
        self.connection.rollback()
        return super().open()


PLACES: dict[str, Callable[[Path], Place]] = {"SQLite file": File, "SQLite memory": Memory}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A migrated, empty store, once for each engine."""
    place = PLACES[request.param](tmp_path / "sandbox.db")
    yield place
    place.connection.close()


@pytest.fixture
def store(place: Place) -> SqliteStore:
    """The store at that place, with the builders' two organizations."""
    store = place.open()
    seed(store)
    return store


@pytest.fixture
def file(tmp_path: Path) -> Iterator[File]:
    """A store in a file, for what only a file can show."""
    file = File(tmp_path / "sandbox.db")
    yield file
    file.connection.close()
