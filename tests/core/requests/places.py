"""The stores that the model of every movement runs on: each of them empty, one after another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from salio.storage.postgres.connection import Session
from tests import postgres
from tests.core.requests.running import ShakyPostgresStore, ShakyStore
from tests.stores import in_file

Rows = Callable[[str], Iterable[Sequence[Any]]]
"""Reads the store's tables."""
Opened = tuple[Any, Rows]
"""A store, empty."""


def memory(_: Path) -> Iterator[Opened]:
    """SQLite in memory."""
    while True:
        store = ShakyStore()
        with closing(store):
            yield store, store._connection.execute


def file(folder: Path) -> Iterator[Opened]:
    """SQLite in a file."""
    for number in count():
        store = ShakyStore(in_file(folder / f"{number}.db"))
        with closing(store):
            yield store, store._connection.execute


def server(_: Path) -> Iterator[Opened]:
    """A real PostgreSQL."""
    while True:
        session = Session(postgres.empty_database(), "sandbox")
        with closing(session):
            yield ShakyPostgresStore(session), session.fetch
