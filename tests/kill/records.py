"""Where the record of an organization lies, as the campaign sees it: a file, or a schema of a PostgreSQL
server of the campaign's own, which can be killed.
"""

import random
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg

from tests.engines import SQLITE
from tests.kill.shared.server import Server, running

LONGEST_AWAY = 2.0
"""Seconds that a server that was killed is gone, at most."""
CUT = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


class RecordPlace(Protocol):
    """One of either kind."""

    place: str
    """As `salio.Record` takes it."""
    deaths: Mapping[str, Callable[[], None]]
    """What can happen to it, by what dies."""

    def rows(self, statement: str) -> list[Any]:
        """What a statement reads, beside whoever writes; nothing while there are no tables yet."""


class RecordFile:
    """SQLite's: it is there."""

    def __init__(self, folder: Path) -> None:
        self.place = str(folder / "record.db")
        self.deaths: Mapping[str, Callable[[], None]] = {}

    def rows(self, statement: str) -> list[Any]:
        """By a connection that cannot write."""
        try:
            with closing(sqlite3.connect(f"file:{self.place}?mode=ro", uri=True, timeout=10)) as connection:
                return connection.execute(statement).fetchall()
        except sqlite3.OperationalError:
            return []


class RecordSchema:
    """A schema of a server that is durable."""

    def __init__(self, server: Server, seed: int) -> None:
        self._server = server
        self._random = random.Random(seed)
        self.place = server.url
        self.deaths: Mapping[str, Callable[[], None]] = {"server": self._crash, "sessions": self._cut}

    def rows(self, statement: str) -> list[Any]:
        """By the names that tables have in the record, and then in the application."""
        with psycopg.connect(self.place, options="-c search_path=salio,public") as connection:
            try:
                return connection.execute(statement.encode()).fetchall()
            except psycopg.errors.UndefinedTable:
                return []

    def _crash(self) -> None:
        """SIGKILL to all of the server's processes; after a while it is there again."""
        self._server.crash()
        threading.Event().wait(self._random.uniform(0, LONGEST_AWAY))
        self._server.start()

    def _cut(self) -> None:
        """Everybody's session ends, and with it the turn of whoever has it; the server lets all in again."""
        self.rows(CUT)


@contextmanager
def record_place(engine: str, folder: Path, seed: int) -> Iterator[RecordPlace]:
    """A place in which there is no record yet; a server is gone afterwards."""
    if engine == SQLITE:
        yield RecordFile(folder)
        return
    with running() as server:
        yield RecordSchema(server, seed)
