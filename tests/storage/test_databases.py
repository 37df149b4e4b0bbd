"""What every engine's databases promise whoever starts on them or looks at them."""

from contextlib import closing
from pathlib import Path

import pytest

from salio.core.ports import StoreUnavailableError
from salio.storage.migrate import NewerDatabaseError
from salio.storage.ports import Databases
from salio.storage.postgres.connection import Session
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.databases import SqliteDatabases
from tests import postgres
from tests.builders import an_app
from tests.stores import seed


class Files:
    """Databases in files that are not there yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.databases: Databases = SqliteDatabases(
            environment=folder / "sandbox.db", portal=folder / "portal.db"
        )

    def execute(self, statement: str, database: str) -> None:
        """Runs a statement on one of them."""
        with closing(connect(self._folder / f"{database}.db")) as connection:
            connection.execute(statement)


class Server:
    """Databases in a server, where nothing is yet."""

    def __init__(self, _: Path) -> None:
        self._url = postgres.new_database()
        self.databases: Databases = PostgresDatabases(self._url)

    def execute(self, statement: str, database: str) -> None:
        """Runs a statement on one of them."""
        with closing(Session(self._url, database)) as session:
            session.execute(statement)


@pytest.fixture(params=[Files, Server], ids=["SQLite", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Files | Server:
    """Where nothing is yet, on each engine."""
    made: Files | Server = request.param(tmp_path)
    return made


def test_a_first_start(place: Files | Server) -> None:
    """Secured, then migrated, both are there and empty; a second start changes nothing."""
    for _ in range(2):
        place.databases.secure()
        place.databases.migrate()
        assert place.databases.are_current()
        with closing(place.databases.store()) as store, closing(place.databases.access()) as access:
            assert store.is_empty()
            assert access.apps() == []


def test_what_was_kept_stays(place: Files | Server) -> None:
    """Each in its own database, over the next start."""
    place.databases.migrate()
    with closing(place.databases.store()) as store, closing(place.databases.access()) as access:
        seed(store)  # type: ignore[arg-type] # the protocol's view of one of the two
        access.add_apps([an_app()])
    place.databases.migrate()
    with closing(place.databases.store()) as store, closing(place.databases.access_to_read()) as access:
        assert not store.is_empty()
        assert access.apps() == [an_app()]


@pytest.mark.parametrize("database", ["sandbox", "portal"])
def test_a_newer_schema_is_left_alone(place: Files | Server, database: str) -> None:
    """Neither upgraded nor called current: the newer Salio has to run.

    In PostgreSQL only if it took something away: what only adds to a schema is for both (test_migrate.py).
    """
    place.databases.migrate()
    place.execute("UPDATE alembic_version SET version_num = '9999'", database)
    if isinstance(place, Server):
        taken = "INSERT INTO post_step (line, revision) VALUES ('environment', '9999'), ('portal', '9999')"
        place.execute(taken, "sandbox")
    for look in (place.databases.are_current, place.databases.migrate):
        with pytest.raises(NewerDatabaseError, match="run the newer Salio"):
            look()


def test_an_older_schema_is_not_current(place: Files | Server) -> None:
    """Only a start upgrades it."""
    place.databases.migrate()
    place.execute("DELETE FROM alembic_version", "portal")
    assert not place.databases.are_current()


def test_who_opens_to_read_cannot_write(place: Files | Server) -> None:
    """The engine refuses it."""
    place.databases.migrate()
    with closing(place.databases.access_to_read()) as reader, pytest.raises(StoreUnavailableError):
        reader.add_apps([an_app()])
    with closing(place.databases.access()) as access:
        assert access.apps() == []
