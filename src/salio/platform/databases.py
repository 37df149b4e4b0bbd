"""Where a data folder's content is kept: in files of its own, or in a PostgreSQL that it remembers."""

from typing import TYPE_CHECKING

from salio.platform.errors import DataFolderError
from salio.platform.folder import DataFolder
from salio.storage.sqlite.databases import SqliteDatabases

if TYPE_CHECKING:
    from salio.storage.postgres.databases import PostgresDatabases

SQLITE = "sqlite"


def databases_of(folder: DataFolder) -> "SqliteDatabases | PostgresDatabases":
    """The databases of that folder's platform, whether it runs or not."""
    url = folder.database_url()
    if url is not None:
        from salio.storage.postgres.databases import PostgresDatabases

        return PostgresDatabases(url)
    return SqliteDatabases(environment=folder.environment_database, portal=folder.portal_database)


def choose_database(folder: DataFolder, database: str | None) -> None:
    """Remembers where a platform that starts is told to keep its data; ``None``: where they are.

    Raises :class:`DataFolderError` where that would leave data behind that are elsewhere.
    """
    if database is None:
        return
    in_files, in_server = folder.environment_database.exists(), folder.database_url() is not None
    wanted_in_server = database != SQLITE
    if (in_files and wanted_in_server) or (in_server and not wanted_in_server):
        kept = "in files of its own" if in_files else "in PostgreSQL"
        raise DataFolderError(
            f"the folder {folder.path} has its data {kept}: leave out --database, "
            "or choose a new folder with --data"
        )
    if wanted_in_server:
        folder.remember_database(database)
