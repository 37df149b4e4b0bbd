"""Databases copied whole while others use them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from salio.core.ports import StoreUnavailableError
from salio.storage.sqlite import copies
from salio.storage.sqlite.connection import connect, connect_to_read
from tests.stores import in_file

ADD = "INSERT INTO customer (msisdn, name) VALUES (?, 'Ann')"
COUNT = "SELECT count(*) FROM customer"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with one customer."""
    path = tmp_path / "present.db"
    with closing(in_file(path)) as connection:
        connection.execute(ADD, ["254708374149"])
    return path


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    """Whoever has it open."""
    with closing(connect(path)) as connection:
        yield connection


def count(path: Path) -> int:
    """How many customers a database has."""
    with closing(connect_to_read(path)) as connection:
        return int(connection.execute(COUNT).fetchone()[0])


def test_an_original_is_what_it_was(path: Path, writer: sqlite3.Connection, tmp_path: Path) -> None:
    """Writers go on and change nothing of the copy, which is one file."""
    (tmp_path / "copy").mkdir()
    with closing(copies.Original(path)) as original:
        writer.execute(ADD, ["254708374150"])
        original.copy_to(tmp_path / "copy" / "copy.db")
    assert (count(path), count(tmp_path / "copy" / "copy.db")) == (2, 1)
    assert [each.name for each in (tmp_path / "copy").iterdir()] == ["copy.db"]


def test_whoever_has_it_open_sees_the_new_content(
    path: Path, writer: sqlite3.Connection, tmp_path: Path
) -> None:
    """On the connections of before, without opening anything again; and they write on."""
    with closing(copies.Original(path)) as original:
        original.copy_to(tmp_path / "copy.db")
    with closing(connect_to_read(path)) as reader:
        writer.execute(ADD, ["254708374150"])
        version = reader.execute("PRAGMA schema_version").fetchone()
        assert reader.execute(COUNT).fetchone() == (2,)
        copies.replace(path, tmp_path / "copy.db")
        assert reader.execute(COUNT).fetchone() == (1,)
        assert reader.execute("PRAGMA schema_version").fetchone() != version
        writer.execute(ADD, ["254708374151"])
        assert reader.execute(COUNT).fetchone() == (2,)


def test_a_database_that_somebody_writes_to(path: Path, writer: sqlite3.Connection, tmp_path: Path) -> None:
    """It is waited for, not for ever; then nothing has changed."""
    with closing(copies.Original(path)) as original:
        original.copy_to(tmp_path / "copy.db")
    writer.execute(ADD, ["254708374150"])
    writer.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailableError, match="another program is writing to it"):
        copies.replace(path, tmp_path / "copy.db")
    writer.execute("COMMIT")
    assert count(path) == 2


@pytest.mark.parametrize("line", ["environment", "portal"])
def test_blank(tmp_path: Path, line: str) -> None:
    """The schema of the migrations to the letter, their revision, and no rows."""
    with closing(in_file(tmp_path / "present.db", line)) as present:
        copies.blank(tmp_path / "blank.db", tmp_path / "present.db")
        with closing(connect_to_read(tmp_path / "blank.db")) as blank:
            for statement in ("SELECT type, name, sql FROM sqlite_master ORDER BY name", copies.REVISION):
                assert blank.execute(statement).fetchall() == present.execute(statement).fetchall()


def test_damage_is_found(path: Path, tmp_path: Path) -> None:
    """A sound database passes; one that was written over does not, nor does one that is not there."""
    copies.check(path)
    content = path.read_bytes()
    (tmp_path / "damaged.db").write_bytes(content[:8192] + b"\xff" * 4096 + content[12288:])
    (tmp_path / "other.db").write_bytes(b"no database at all" * 100)
    for name in ("damaged.db", "other.db", "absent.db"):
        with pytest.raises(StoreUnavailableError):
            copies.check(tmp_path / name)


def test_requests_are_counted(path: Path) -> None:
    """There are none yet."""
    assert copies.count_requests(path) == 0
