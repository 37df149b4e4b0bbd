"""Snapshots as files: whole or not at all, whenever death comes."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from salio.core.ports import StoreUnavailableError
from salio.platform.folder import DataFolder
from salio.platform.snapshots import Snapshots
from salio.sandbox.state import Snapshot, StateError
from salio.storage.migrate import LATEST
from salio.storage.sqlite.connection import connect, connect_to_read
from tests.builders import NOW
from tests.stores import in_file

World = tuple[str, str]
"""What is written in the environment's database, and in the portal's."""
OLD, NEW = ("old", "old"), ("new", "new")


class Folder:
    """A data folder whose two databases say in which world they are, and its snapshots."""

    def __init__(self, path: Path) -> None:
        path.mkdir()
        self.data = DataFolder(path)
        self.snapshots = Snapshots(self.data)
        self.databases = (self.data.environment_database, self.data.portal_database)
        in_file(self.databases[0]).close()
        in_file(self.databases[1], "portal").close()
        for each in self.databases:
            with closing(connect(each)) as connection:
                connection.execute("CREATE TABLE world (name TEXT)")
                connection.execute("INSERT INTO world VALUES ('old')")

    @property
    def path(self) -> Path:
        """Where the snapshots are."""
        return self.data.path / "snapshots"

    def names(self) -> list[str]:
        """Of the snapshots that are listed."""
        return [each.name for each in self.snapshots.all()]

    def write(self, name: str) -> None:
        """Both databases are now in this world."""
        for each in self.databases:
            with closing(connect(each)) as connection:
                connection.execute("UPDATE world SET name = ?", [name])

    def read(self) -> World:
        """In which world each database is."""
        return read(*self.databases)

    def keep(self, name: str) -> Snapshot:
        """Takes a snapshot."""
        with self.snapshots.originals() as originals:
            return self.snapshots.keep(name, NOW, originals)


def read(environment: Path, portal: Path) -> World:
    """In which world each database is."""
    found = []
    for each in (environment, portal):
        with closing(connect_to_read(each)) as connection:
            found.append(str(connection.execute("SELECT name FROM world").fetchone()[0]))
    return found[0], found[1]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """In the old world, with a snapshot of it, and then in the new one."""
    folder = Folder(tmp_path / "data")
    folder.keep("base")
    folder.write("new")
    return folder


def test_a_snapshot_comes_back(folder: Folder) -> None:
    """Both databases; and it stays to come back again."""
    for _ in range(2):
        folder.write("new")
        assert folder.snapshots.lay_out("base") == folder.snapshots.find("base")
        assert folder.read() == NEW
        folder.snapshots.put_in_place()
        assert folder.read() == OLD
    assert [each.name for each in folder.path.iterdir()] == ["base"]


def test_what_is_told(folder: Folder) -> None:
    """Name, moment, size on the disk and requests; the oldest first; by the folder's name, if it is moved."""
    base = folder.snapshots.find("base")
    size = sum(each.stat().st_size for each in (folder.path / "base").glob("*.db"))
    assert base == Snapshot(name="base", taken_at=NOW, bytes=size, requests=0)
    with folder.snapshots.originals() as originals:
        folder.snapshots.keep("earlier", NOW - timedelta(seconds=1), originals)
    assert folder.names() == ["earlier", "base"]
    (folder.path / "base").rename(folder.path / "moved")
    assert folder.names() == ["earlier", "moved"]


def test_only_the_owner_reads_it(folder: Folder) -> None:
    """Like the rest of the data folder."""
    assert folder.path.stat().st_mode & 0o777 == 0o700
    assert (folder.path / "base").stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in (folder.path / "base").iterdir()} == {0o600}


def test_one_is_replaced(folder: Folder) -> None:
    """A taken name is refused, unless the new one is to stand in its place."""
    with pytest.raises(StateError, match="there is a snapshot base: choose another name, or replace it"):
        folder.snapshots.refuse_second("base")
    folder.keep("base")
    assert read(folder.path / "base" / "environment.db", folder.path / "base" / "portal.db") == NEW
    assert [each.name for each in folder.path.iterdir()] == ["base"]


def test_one_is_removed(folder: Folder) -> None:
    """And then it is not there."""
    assert folder.snapshots.remove("base").name == "base"
    assert folder.names() == []
    for ask in (folder.snapshots.remove, folder.snapshots.find, folder.snapshots.lay_out):
        with pytest.raises(StateError, match="there is no snapshot base"):
            ask("base")


# --- after a death -----------------------------------------------------------------------------------------


def test_half_a_snapshot_is_never_listed(folder: Folder) -> None:
    """Death while it was written: the next start sweeps it away."""
    (folder.path / "base").rename(folder.path / ".draft")
    assert folder.names() == []
    folder.snapshots.tidy()
    assert list(folder.path.iterdir()) == []


@pytest.mark.parametrize("replaced", ["", "portal", "environment"], ids=["before", "portal", "environment"])
def test_a_state_that_was_to_come_comes(folder: Folder, replaced: str) -> None:
    """Death before, between and after the two databases: the next start puts both in place."""
    folder.snapshots.lay_out("base")
    for each in folder.databases:
        if each.stem == {"environment": "sandbox"}.get(replaced, replaced):
            with closing(connect(each)) as connection:
                connection.execute("UPDATE world SET name = 'old'")
    folder.snapshots.tidy()
    assert folder.read() == OLD
    assert [each.name for each in folder.path.iterdir()] == ["base"]


def test_a_state_that_was_laid_out_in_part_does_not_come(folder: Folder) -> None:
    """Death while it was copied."""
    folder.snapshots.lay_out("base")
    (folder.path / ".coming").rename(folder.path / ".draft")
    folder.snapshots.tidy()
    assert folder.read() == NEW
    assert [each.name for each in folder.path.iterdir()] == ["base"]


@pytest.mark.parametrize("again", [True, False], ids=["the new one is there", "the new one is not"])
def test_one_of_the_two_is_left_of_a_replacement(folder: Folder, *, again: bool) -> None:
    """Death between the two renames, or after them: there is a snapshot of that name, and one only."""
    (folder.path / "base").rename(folder.path / ".replaced")
    if again:
        folder.keep("other")
        (folder.path / "other").rename(folder.path / "base")
    folder.snapshots.tidy()
    kept = folder.path / "base"
    assert read(kept / "environment.db", kept / "portal.db") == (NEW if again else OLD)
    assert [each.name for each in folder.path.iterdir()] == ["base"]


def test_a_death_while_it_was_removed(folder: Folder) -> None:
    """It is gone as a whole, and the next start takes away what is left of it."""
    (folder.path / "base" / "portal.db").unlink()
    (folder.path / "base").rename(folder.path / ".trash")
    assert folder.names() == []
    folder.snapshots.tidy()
    assert list(folder.path.iterdir()) == []


def test_nothing_to_tidy(tmp_path: Path) -> None:
    """At a first start there is no folder, and none is made."""
    tmp_path.joinpath("data").mkdir()
    snapshots = Snapshots(DataFolder(tmp_path / "data"))
    snapshots.tidy()
    assert snapshots.all() == []
    assert list((tmp_path / "data").iterdir()) == []


# --- what cannot be put in place ---------------------------------------------------------------------------


@pytest.mark.parametrize("locked", [0, 1], ids=["environment", "portal"])
def test_both_or_neither(folder: Folder, locked: int) -> None:
    """One database that another program is writing to, and both stay as they were."""
    folder.snapshots.lay_out("base")
    with closing(connect(folder.databases[locked])) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="another program is writing to it"):
            folder.snapshots.put_in_place()
    assert folder.read() == NEW
    assert [each.name for each in folder.path.iterdir()] == ["base"]
    folder.snapshots.tidy()
    assert folder.read() == NEW


def test_one_of_a_newer_salio(folder: Folder) -> None:
    """Refused before anything is touched."""
    with closing(sqlite3.connect(folder.path / "base" / "environment.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StateError, match=r"of a newer Salio: .* has schema 9999"):
        folder.snapshots.lay_out("base")
    assert [each.name for each in folder.path.iterdir()] == ["base"]


def test_one_of_an_older_salio(folder: Folder) -> None:
    """It is brought to today's schema, and stays as it is itself. The oldest there is has no tables."""
    oldest = folder.path / "base" / "environment.db"
    oldest.write_bytes(b"")
    folder.snapshots.lay_out("base")
    folder.snapshots.put_in_place()
    assert oldest.read_bytes() == b""
    with closing(connect_to_read(folder.databases[0])) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (LATEST["environment"],)
        ]
        assert connection.execute("SELECT count(*) FROM request").fetchone() == (0,)


@pytest.mark.parametrize("content", [b"no database at all" * 100, None], ids=["no database", "no file"])
def test_a_damaged_one(folder: Folder, content: bytes | None) -> None:
    """Refused before anything is touched."""
    portal = folder.path / "base" / "portal.db"
    if content is None:
        portal.unlink()
    else:
        portal.write_bytes(content)
    with pytest.raises(StateError, match="the snapshot is damaged"):
        folder.snapshots.lay_out("base")
    assert folder.read() == NEW
    assert [each.name for each in folder.path.iterdir()] == ["base"]


@pytest.mark.parametrize("facts", ["", "{}", None], ids=["nothing in it", "other words", "not there"])
def test_a_folder_that_is_no_snapshot(folder: Folder, facts: str | None) -> None:
    """It is not listed."""
    if facts is None:
        (folder.path / "base" / "snapshot.json").unlink()
    else:
        (folder.path / "base" / "snapshot.json").write_text(facts, "utf-8")
    assert folder.names() == []
