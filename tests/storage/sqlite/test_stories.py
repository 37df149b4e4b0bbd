"""Stories in a file: beside a writer that was killed, and without writing or making anything."""

import sqlite3
from pathlib import Path

import pytest

from salio.core.ports import AcceptedRequest, StoreUnavailableError
from salio.storage.sqlite.connection import connect_to_read
from salio.storage.sqlite.store import SqliteStore
from salio.storage.sqlite.stories import SqliteStories
from tests.builders import a_request
from tests.stores import in_file


def test_it_sees_what_a_killed_writer_left(tmp_path: Path) -> None:
    """The log that SQLite did not fold back in is read too."""
    writer = in_file(tmp_path / "sandbox.db")
    with SqliteStore(writer).unit() as unit:
        unit.add_requests([AcceptedRequest(a_request(5), "credential")])
    left = tmp_path / "left"
    left.mkdir()
    for suffix in ("", "-wal"):
        (left / f"sandbox.db{suffix}").write_bytes((tmp_path / f"sandbox.db{suffix}").read_bytes())
    writer.close()
    assert SqliteStories.open(left / "sandbox.db").highest_request() == 5


def test_reading_writes_nothing(tmp_path: Path) -> None:
    """Not even by mistake."""
    in_file(tmp_path / "sandbox.db").close()
    connection = connect_to_read(tmp_path / "sandbox.db")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM request")
    connection.close()


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    """StoreUnavailableError names it."""
    with pytest.raises(StoreUnavailableError, match=r"none\.db"):
        SqliteStories.open(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()
