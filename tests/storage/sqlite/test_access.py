"""Locks on the portal database's file."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from salio.core.ports import StoreUnavailableError
from salio.storage.sqlite.access import SqliteAccessStore
from tests.builders import a_claim, an_app
from tests.stores import in_file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the portal database lies."""
    return tmp_path / "portal.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteAccessStore]:
    """A migrated, empty portal database."""
    with closing(SqliteAccessStore(in_file(path, "portal"))) as store:
        yield store


@pytest.fixture
def impatient(path: Path, store: SqliteAccessStore) -> Iterator[SqliteAccessStore]:
    """The same, as another process has it open that waits for no lock."""
    connection = in_file(path, "portal")
    connection.execute("PRAGMA busy_timeout = 1")
    with closing(SqliteAccessStore(connection)) as impatient:
        yield impatient


def test_a_unit_keeps_others_from_writing(store: SqliteAccessStore, impatient: SqliteAccessStore) -> None:
    """While it is open."""
    with store.unit():
        store.add_apps([an_app()])
        with pytest.raises(StoreUnavailableError), impatient.unit():
            pass
    assert impatient.apps() == [an_app()]


def test_a_locked_file_is_out_of_reach_until_it_is_free(path: Path, impatient: SqliteAccessStore) -> None:
    """While the file is locked nothing is revoked and the caller is told; apps can still be read."""
    with closing(in_file(path, "portal")) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError):
            impatient.revoke(a_claim())
        assert impatient.apps() == []
        holder.execute("ROLLBACK")
        impatient.revoke(a_claim())
    assert impatient.revoked() == [a_claim()]
