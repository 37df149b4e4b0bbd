"""Both databases as files of a data folder."""

from collections.abc import Mapping
from pathlib import Path

from salio.storage import migrate
from salio.storage.journal import JournalReader
from salio.storage.ports import Duty, Tenure
from salio.storage.sqlite.access import SqliteAccessStore
from salio.storage.sqlite.connection import connect, connect_to_read
from salio.storage.sqlite.durability import secure_log
from salio.storage.sqlite.journal import open_journal
from salio.storage.sqlite.store import SqliteStore
from salio.storage.sqlite.stories import SqliteStories


class SoleTenure:
    """Fits :class:`salio.storage.ports.Tenure` where nobody else can be."""

    def begin(self) -> None:
        """Nobody is in the way."""

    def lead(self) -> bool:
        """Nobody else decides."""
        return True

    def leader(self) -> str:
        """This process."""
        return ""

    def renew(self) -> int | None:
        """Nobody takes it; files have no time of their own."""
        return 0

    def end(self) -> None:
        """There is nothing to give up."""


class SqliteDatabases:
    """Fits :class:`salio.storage.ports.Databases`."""

    def __init__(self, *, environment: Path, portal: Path) -> None:
        self._files: Mapping[str, Path] = {"environment": environment, "portal": portal}

    def secure(self) -> None:
        """Writes logs again that an earlier process may have failed to write; before anything else."""
        for path in self._files.values():
            secure_log(path)

    def migrate(self) -> None:
        """Brings both files to this program's schema, and makes those that are not there."""
        for line, path in self._files.items():
            migrate.migrate(path, line)

    def backup_command(self) -> None:
        """None is needed: snapshots copy the files."""

    def are_current(self) -> bool:
        """Whether both have this program's schema; raises NewerDatabaseError."""
        return all(migrate.is_current(path, line) for line, path in self._files.items())

    def tenure(self, duty: Duty, name: str) -> "SoleTenure":
        """The data folder's lock sees to it that there is one process."""
        del duty, name
        return SoleTenure()

    def store(self, tenure: Tenure | None = None) -> SqliteStore:
        """The environment's store."""
        del tenure
        return SqliteStore(connect(self._files["environment"]))

    def access(self) -> SqliteAccessStore:
        """The portal's store."""
        return SqliteAccessStore(connect(self._files["portal"]))

    def access_to_read(self) -> SqliteAccessStore:
        """The portal's store; raises StoreUnavailableError for a file that is not there."""
        return SqliteAccessStore(connect_to_read(self._files["portal"]))

    def journal(self) -> JournalReader:
        """The environment's journal; raises StoreUnavailableError for a file that is not there."""
        return open_journal(self._files["environment"])

    def stories(self) -> SqliteStories:
        """The environment's stories; raises StoreUnavailableError for a file that is not there."""
        return SqliteStories.open(self._files["environment"])
