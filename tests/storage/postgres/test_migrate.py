"""Versions of Salio that run together for a while: what only adds comes first, what takes away comes last."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree

import pytest

from salio.storage.migrate import LATEST, SCRIPTS, NewerDatabaseError, post_steps
from salio.storage.ports import Duty, InUseError, UnfitServerError
from salio.storage.postgres.connection import Session
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.postgres.migrate import migrate
from tests import postgres
from tests.serving import Environment, environment

NEXT = '''"""The next version's."""
import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{before}"
POST = ("ALTER TABLE note ADD COLUMN post_was_here text", "ALTER TABLE note DROP COLUMN text")


def upgrade():
    """Adds."""
    op.add_column("note", sa.Column("words", sa.Text(), nullable=True))
'''
COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_name = 'note'"


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The scripts of the next version, which renames a column in two steps."""
    scripts = Path(copytree(SCRIPTS, tmp_path / "scripts"))
    next_one = scripts / "environment" / "versions" / "9001_next.py"
    next_one.write_text(NEXT.format(before=LATEST["environment"]), encoding="utf-8")
    return scripts


@pytest.fixture
def url() -> Iterator[str]:
    """An empty database of the test's own."""
    made = postgres.new_database()
    yield made
    postgres.drop_database(made)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Environment]:
    """Prepared by this version."""
    with environment(tmp_path / "data") as made:
        yield made


def columns(url: str) -> set[str]:
    """Of the table that the next version changes."""
    with closing(Session(url, "sandbox")) as session:
        return {row[0] for row in session.fetch(COLUMNS)}


def test_an_older_database_gets_both_steps(url: str, newer: Path) -> None:
    """First what adds, then, when it is asked for, what takes away; and each once."""
    migrate(url, "sandbox", "environment", "0003")
    migrate(url, "portal", "portal")
    databases = PostgresDatabases(url, newer)
    assert not databases.are_current()
    databases.migrate()
    assert databases.are_current()
    assert columns(url) >= {"words", "text"}
    assert databases.finish() == [
        "environment 0008",
        "environment 0014",
        "environment 0019",
        "environment 9001",
    ]
    assert columns(url) >= {"words", "post_was_here"}
    assert "text" not in columns(url)
    assert databases.finish() == []


def test_a_new_database_is_finished_at_once(url: str, newer: Path) -> None:
    """Nobody can need what it never had."""
    databases = PostgresDatabases(url, newer)
    databases.migrate()
    assert "text" not in columns(url)
    assert databases.finish() == []


def test_an_older_process_goes_on_beside_a_newer_schema(served: Environment, newer: Path) -> None:
    """It says so; the post steps wait for its end, and after them none of its version begins."""
    began_before = served.start("delivery")
    databases = PostgresDatabases(served.url, newer)
    with pytest.raises(UnfitServerError, match="migrate it first"):
        databases.finish()
    databases.migrate()
    began_after = served.start("core", "--status-port", "0")
    assert "whose schema a newer Salio has added to" in began_after.said
    assert began_after.get("/readyz")[0] == 200
    with pytest.raises(InUseError, match=r"older Salio still run \(delivery .*, core .*\)"):
        databases.finish()
    for each in (began_before, began_after):
        assert each.end() == 0
    assert databases.finish() == ["environment 9001"]
    with pytest.raises(AssertionError, match="run the newer Salio"):
        served.start("core")


def test_whoever_begins_while_a_post_step_runs_is_refused(served: Environment, newer: Path) -> None:
    """It looked before, and enters after: the look is repeated where it enters."""
    older = PostgresDatabases(served.url)
    newer_ones = PostgresDatabases(served.url, newer)
    newer_ones.migrate()
    assert older.are_current()
    assert newer_ones.finish() == ["environment 9001"]
    tenure = older.tenure(Duty.GATEWAY, "late")
    with pytest.raises(NewerDatabaseError, match="has post steps of schema 9001"):
        tenure.begin()
    tenure.end()


def test_a_process_that_tells_nothing_of_its_version_is_older(served: Environment, newer: Path) -> None:
    """As those were that ran before processes told it."""
    newer_ones = PostgresDatabases(served.url, newer)
    newer_ones.migrate()
    with closing(Session(served.url, "sandbox")) as session:
        session.execute(
            "INSERT INTO process (duty, name, held_until) VALUES ('gateway', 'x:1', server_time() + 60000000)"
        )
    with pytest.raises(InUseError, match=r"\(gateway x:1\)"):
        newer_ones.finish()


TAKES_AWAY: Callable[[str], object] = re.compile(
    r"drop_|alter_column|rename|\bDROP\b(?! CONSTRAINT)|\bRENAME\b|ALTER COLUMN|"
    r"nullable=False(?!.*server_default)"
).search
"""A constraint is nothing that a program reads: without it older ones go on as they are."""


SQLITE_ALONE = re.compile(r"^SQLITE_ALONE = [{(].*?^[)}]", re.MULTILINE | re.DOTALL)
"""A file has one process, which upgrades it before it does anything else."""


@pytest.mark.parametrize("line", ["environment", "portal"])
def test_revisions_only_add(line: str) -> None:
    """From the first version on that processes could share; what takes away stands in POST."""
    for script in sorted((SCRIPTS / line / "versions").glob("*.py")):
        if script.name > "0004":
            words = SQLITE_ALONE.sub("", script.read_text(encoding="utf-8"))
            for statement in words.split("POST = ")[0].split("op."):
                if "create_table" not in statement:
                    assert not TAKES_AWAY(statement), f"{script.name}: {statement}"


def test_the_post_steps_that_there_are() -> None:
    """An index that a longer one has made useless, tariffs that do not tell who bears a charge, and an index
    that has a smaller one in its place; whatever else goes is to be told here.
    """
    assert post_steps("environment") == {
        "0008": ("DROP INDEX entry_of_account",),
        "0014": ("DROP TABLE tariff",),
        "0019": ("DROP INDEX posting_of_parties",),
    }
    assert post_steps("portal") == {}
