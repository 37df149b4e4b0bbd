"""What has to be there before several processes can share an environment: schema, keys and test data."""

from contextlib import closing

from salio.platform.clock import SystemClock
from salio.platform.databases import choose_database, databases_of
from salio.platform.filling import fill
from salio.platform.folder import SANDBOX, DataFolder
from salio.platform.identifiers import entropy_of
from salio.platform.settings import Settings
from salio.storage.sqlite.databases import SqliteDatabases
from salio.vault.app_secrets import AppSecrets
from salio.vault.credentials import CredentialReader
from salio.vault.keys import KeyRing


def prepare(settings: Settings) -> None:
    """Brings the databases to this program's schema, and makes keys and test data where there are none.

    Raises StartError, UnfitServerError, StoreUnavailableError, vault and migration errors. Doing it again
    changes nothing.
    """
    folder = DataFolder(settings.data)
    folder.take()
    try:
        choose_database(folder, settings.database)
        databases = databases_of(folder)
        databases.secure()
        databases.migrate()
        keys = KeyRing.open(folder.keys, SANDBOX, entropy=entropy_of(settings.seed, "keys"))
        vault = CredentialReader(keys, entropy=entropy_of(None, SANDBOX))
        with closing(databases.store()) as store, closing(databases.access()) as access:
            fill(
                store,
                access,
                now=SystemClock().now(),
                digest=vault.digest,
                secrets=AppSecrets(keys, entropy=entropy_of(settings.seed, "secrets")),
                profile=settings.wire,
            )
    finally:
        folder.leave()


def finish(settings: Settings) -> list[str]:
    """Takes away what only older programs needed; the revisions whose post steps were run.

    SQLite has none left: its one process did them when it upgraded. Raises StartError, InUseError,
    UnfitServerError, StoreUnavailableError and migration errors.
    """
    databases = databases_of(DataFolder(settings.data))
    if isinstance(databases, SqliteDatabases):
        return []
    databases.secure()
    return databases.finish()


def adopt(settings: Settings) -> None:
    """Makes a restored copy the original; raises StartError, StoreUnavailableError and migration errors.

    SQLite's files know no copies.
    """
    databases = databases_of(DataFolder(settings.data))
    if not isinstance(databases, SqliteDatabases):
        databases.adopt()
