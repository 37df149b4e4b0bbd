"""Where a folder's data are kept: chosen at a start, remembered, and never left behind."""

from pathlib import Path

import pytest

from salio.platform.databases import SQLITE, choose_database, databases_of
from salio.platform.errors import DataFolderError
from salio.platform.folder import DataFolder
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.sqlite.databases import SqliteDatabases

URL, OTHER = "postgresql://salio:s3cret@db/salio", "postgresql://salio@other/salio"


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A new one."""
    return DataFolder(tmp_path)


def test_a_new_folder_keeps_its_own(folder: DataFolder) -> None:
    """In files, unless it is told otherwise; to be told so makes no difference."""
    for database in (None, SQLITE):
        choose_database(folder, database)
        assert isinstance(databases_of(folder), SqliteDatabases)
    assert list(folder.path.iterdir()) == []


def test_a_server_is_remembered(folder: DataFolder) -> None:
    """For starts that do not name it again; another URL of the same data takes its place."""
    for database, remembered in ((URL, URL), (None, URL), (OTHER, OTHER), (None, OTHER)):
        choose_database(folder, database)
        assert folder.database_url() == remembered
        assert isinstance(databases_of(folder), PostgresDatabases)


def test_only_its_owner_reads_the_url(folder: DataFolder) -> None:
    """It may hold a password; and no draft of it stays."""
    choose_database(folder, URL)
    [kept] = folder.path.iterdir()
    assert (kept.name, kept.stat().st_mode & 0o777) == ("database", 0o600)


def test_files_are_not_left_behind(folder: DataFolder) -> None:
    """A folder with data in files begins on no server."""
    folder.environment_database.touch()
    with pytest.raises(DataFolderError, match="data in files of its own: leave out --database"):
        choose_database(folder, URL)
    assert folder.database_url() is None
    choose_database(folder, SQLITE)


def test_a_server_is_not_left_behind(folder: DataFolder) -> None:
    """Nor the other way round; the refusal shows no password."""
    choose_database(folder, URL)
    with pytest.raises(DataFolderError, match="data in PostgreSQL: leave out --database") as refused:
        choose_database(folder, SQLITE)
    assert "s3cret" not in str(refused.value)
    assert folder.database_url() == URL
