"""Bringing a database to this program's schema, along both lines."""

import sqlite3
import warnings
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine
from sqlalchemy.exc import OperationalError

from salio.core.ledger.tariffs import TariffBand
from salio.core.parties.organizations import ChargeBearer
from salio.core.requests.deliveries import OpenDelivery
from salio.core.transactions.kinds import TransactionKind
from salio.storage import schema
from salio.storage.migrate import LATEST, SCRIPTS, NewerDatabaseError, migrate, upgrade
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import SqliteStore
from tests.builders import a_conclusion, accepted, an_attempt
from tests.core.audit.noting import a_note

LINES = pytest.mark.parametrize("line", ["environment", "portal"])
METADATA = {"environment": schema.environment, "portal": schema.portal}


def described(path: Path) -> list[tuple[str, str | None]]:
    """Every table, index, trigger and view with its text."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database will lie."""
    return tmp_path / "database.db"


@LINES
def test_a_fresh_database_gets_every_table(path: Path, line: str) -> None:
    """A path where nothing lies becomes a database with the line's tables, and the newest revision."""
    migrate(path, line)
    assert {name for name, _ in described(path)} >= {*METADATA[line].tables, "alembic_version"}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(LATEST[line],)]


@LINES
def test_an_empty_file_is_a_fresh_database(path: Path, line: str) -> None:
    """A start that died before its first write leaves an empty file, and the next one goes on."""
    path.touch()
    migrate(path, line)
    assert len(described(path)) > 1


@LINES
def test_a_second_run_does_nothing(path: Path, line: str) -> None:
    """A database that is up to date is not written to."""
    migrate(path, line)
    before = path.read_bytes()
    migrate(path, line)
    assert path.read_bytes() == before


@LINES
def test_the_migrated_schema_is_the_declared_one(path: Path, line: str) -> None:
    """The revisions lead exactly to the tables of ``schema``."""
    migrate(path, line)
    assert differences(path, METADATA[line]) == []


def is_sqlites(_: object, name: str | None, *_about: object) -> bool:
    """Whether SQLite has it; alembic does not ask the index itself."""
    return name != "entry_of_kind"


def differences(path: Path, metadata: MetaData) -> list[object]:
    """What alembic would change to make the database what the metadata says."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection, warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*expression-based index", category=Warning)  # test_statements.py
        here = MigrationContext.configure(connection, opts={"include_object": is_sqlites})
        found = compare_metadata(here, metadata)
    engine.dispose()
    return list(found)


@LINES
def test_the_comparison_sees_a_difference(path: Path, line: str) -> None:
    """The test above is not blind: the other line's database differs."""
    migrate(path, line)
    other = METADATA["portal" if line == "environment" else "environment"]
    assert differences(path, other)


@LINES
def test_every_table_is_strict(path: Path, line: str) -> None:
    """SQLite checks the types of all our columns."""
    migrate(path, line)
    with closing(sqlite3.connect(path)) as connection:
        strict = dict(connection.execute("SELECT name, strict FROM pragma_table_list WHERE type = 'table'"))
    assert {name for name in METADATA[line].tables if not strict[name]} == set()


@LINES
def test_latest_is_the_scripts_head(line: str) -> None:
    """``LATEST``, which saves loading alembic at every start, is the newest of the scripts."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS / line))
    assert ScriptDirectory.from_config(config).get_heads() == [LATEST[line]]


@LINES
def test_a_newer_database_is_refused(path: Path, line: str) -> None:
    """A revision that this program does not know is not touched, and the message says what to do."""
    migrate(path, line)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(NewerDatabaseError, match=r"9999.*run the newer Salio"):
        migrate(path, line)
    assert path.read_bytes() == before


@LINES
def test_an_upgrade_that_fails_leaves_nothing(path: Path, line: str) -> None:
    """All revisions are one transaction: a start that dies in the middle does not keep the next one out."""
    last = {
        "environment": "CREATE TABLE note (x)",
        "portal": "CREATE TABLE current_token (x)",
    }
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(last[line])
    before = described(path)
    with pytest.raises(OperationalError, match="already exists"):
        migrate(path, line)
    assert described(path) == before


def test_p23_an_upgrade_loses_nothing_that_is_open(path: Path) -> None:
    """What the first schema held accepted, decided or sent is all there after the upgrade, and goes on."""
    upgrade(path, "environment", "0001")
    older = SqliteStore(connect(path))
    with older.unit() as unit:
        unit.add_requests([accepted(number) for number in (1, 2, 3)])
        unit.add_conclusions([a_conclusion(number) for number in (2, 3)])
        unit.start_attempts([an_attempt(3)])
    older.close()
    migrate(path, "environment")
    newer = SqliteStore(connect(path))
    assert newer.undecided() == [accepted(1)]
    decision = a_conclusion(3).decision
    assert newer.undelivered() == [
        OpenDelivery(number=2),
        OpenDelivery(number=3, attempt=an_attempt(3), outcome=decision.outcome, cause=decision.cause),
    ]
    with newer.unit() as unit:
        unit.add_notes([a_note(3)])
    newer.close()


def test_charges_stay_the_organizations(path: Path) -> None:
    """Tariffs and organizations of before: each charge is borne as it was."""
    upgrade(path, "environment", "0011")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO tariff VALUES ('B2C', '2026-01-01', 100, 5)")
        connection.execute(
            "INSERT INTO organization VALUES ('600000', 'Old', 'B2C', 'head office', NULL, NULL)"
        )
    migrate(path, "environment")
    newer = SqliteStore(connect(path))
    band = TariffBand(kind=TransactionKind.B2C, effective_from=date(2026, 1, 1), up_to=100, charge=5)
    assert newer.tariffs() == ([band], [])
    organization = newer.directory().organization("600000")
    assert organization is not None
    assert organization.charges_borne_by is ChargeBearer.ORGANIZATION
    newer.close()


def test_where_the_clock_was_set_back_is_found_afterwards(path: Path) -> None:
    """Postings of before are looked through once; what is posted later is noted as it comes."""
    upgrade(path, "environment", "0015")
    add = "INSERT INTO posting (number, at, narrative) VALUES (?, ?, '')"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(add, [(1, 100), (2, 300), (4, 200), (5, 200), (6, 400)])
    migrate(path, "environment")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(add, [(7, 350), (8, 360), (9, 10)])
        found = connection.execute("SELECT number, at, before FROM setback ORDER BY number").fetchall()
    assert found == [(4, 200, 300), (7, 350, 400), (9, 10, 360)]


def test_eras_of_before_are_noted(path: Path) -> None:
    """Of a journal that is there already; later ones are noted as they begin."""
    upgrade(path, "environment", "0019")
    add = "INSERT INTO entry VALUES (?, 1, 1, 'available', 0, 0, NULL)"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO account VALUES (1, 'one', 'utility', 'KES', 0, 0, 0)")
        connection.executemany(add, [(1,), (131_071,), (131_072,), (400_000,)])
    migrate(path, "environment")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(add, [(400_001,), (524_288,), (524_289,)])
        assert connection.execute("SELECT number FROM era").fetchall() == [(0,), (1,), (3,), (4,)]


def test_the_triggers(path: Path) -> None:
    """Those that keep the journal append-only, and those that keep the work lists."""
    migrate(path, "environment")
    with closing(sqlite3.connect(path)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    assert sorted(name for (name,) in triggers) == [
        "account_keeps_its_currency",
        "attempt_end_closes_the_delivery",
        "conclusion_moves_the_request",
        "entry_comes_before_its_posting",
        "entry_is_never_changed",
        "entry_is_never_deleted",
        "era_is_noted",
        "posting_is_never_changed",
        "posting_is_never_deleted",
        "posting_sums_to_zero",
        "reversal_is_never_changed",
        "reversal_is_never_deleted",
        "seal_is_never_changed",
        "seal_is_never_deleted",
        "setback_is_noted",
    ]
