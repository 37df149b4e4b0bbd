"""How SQLite is opened, and which of its errors mean what."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from salio.core.ports import StoreUnavailableError
from salio.storage.sqlite.connection import connect, connect_to_read, reaching
from tests.stores import in_file


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A file opened as Salio opens it."""
    with closing(in_file(tmp_path / "sandbox.db")) as connection:
        yield connection


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        pytest.param("PRAGMA journal_mode", "wal", id="a log, so that readers do not wait"),
        pytest.param("PRAGMA synchronous", 2, id="FULL: a commit is on the disk"),
        pytest.param("PRAGMA foreign_keys", 1, id="foreign keys"),
        pytest.param("PRAGMA temp_store", 2, id="MEMORY: a full /tmp is in no commit's way"),
        pytest.param("PRAGMA recursive_triggers", 1, id="REPLACE deletes before the triggers' eyes"),
    ],
)
def test_pragmas(connection: sqlite3.Connection, pragma: str, value: object) -> None:
    """What the promises of the store rest on (P1, P4)."""
    assert connection.execute(pragma).fetchone() == (value,)


def test_nothing_is_begun_behind_our_back(connection: sqlite3.Connection) -> None:
    """Transactions begin where the code says so."""
    connection.execute("INSERT INTO customer VALUES ('254700000000', 'x')")
    assert not connection.in_transaction


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        pytest.param(sqlite3.OperationalError("database or disk is full"), StoreUnavailableError, id="full"),
        pytest.param(sqlite3.DatabaseError("malformed"), StoreUnavailableError, id="damaged"),
        pytest.param(sqlite3.InternalError("internal"), StoreUnavailableError, id="internal"),
        pytest.param(sqlite3.IntegrityError("UNIQUE"), sqlite3.IntegrityError, id="row refused"),
        pytest.param(sqlite3.DataError("too big"), sqlite3.DataError, id="row too big"),
        pytest.param(
            sqlite3.ProgrammingError("bindings"), sqlite3.ProgrammingError, id="wrong number of values"
        ),
        pytest.param(sqlite3.InterfaceError("type"), sqlite3.InterfaceError, id="value of no known type"),
        pytest.param(OverflowError("int too large"), OverflowError, id="number too large"),
    ],
)
def test_trouble_with_the_store_is_not_trouble_with_a_row(
    raised: Exception, expected: type[Exception]
) -> None:
    """Only what may pass by itself is an unavailable store; a row's fault stays what it is."""
    with pytest.raises(expected), reaching():
        raise raised


def test_the_cause_is_kept() -> None:
    """The message says what was out of reach and why."""
    error = sqlite3.OperationalError("disk I/O error")
    with (
        pytest.raises(StoreUnavailableError, match=r"sandbox\.db: disk I/O error") as caught,
        reaching("sandbox.db"),
    ):
        raise error
    assert caught.value.__cause__ is error


def test_a_reading_connection_cannot_write(tmp_path: Path) -> None:
    """Whoever only looks changes nothing, not even by mistake, and sees what was committed."""
    path = tmp_path / "sandbox.db"
    with closing(in_file(path)) as writer, closing(connect_to_read(path)) as reader:
        writer.execute("INSERT INTO customer VALUES ('254700000000', 'x')")
        assert reader.execute("SELECT name FROM customer").fetchall() == [("x",)]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.execute("DELETE FROM customer")


def test_a_reading_connection_makes_no_file(tmp_path: Path) -> None:
    """Looking at a store that is not there leaves nothing behind."""
    with pytest.raises(StoreUnavailableError):
        connect_to_read(tmp_path / "sandbox.db")
    assert list(tmp_path.iterdir()) == []


def test_opening_makes_the_file(tmp_path: Path) -> None:
    """A writer's connection makes a file that was not there."""
    with closing(connect(tmp_path / "new.db")):
        assert (tmp_path / "new.db").exists()
