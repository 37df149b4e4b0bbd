"""What a PostgreSQL server must promise, and that nobody is told its password."""

from collections.abc import Callable, Iterator
from contextlib import closing
from urllib.parse import quote

import pytest

from salio.core.ports import StoreUnavailableError
from salio.storage.ports import UnfitServerError
from salio.storage.postgres.connection import Session
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.postgres.fitness import PROMISES, why_unfit
from tests import postgres

PASSWORD = "c0rrect h@rse"
NOBODY = f"postgresql://salio:{quote(PASSWORD)}@127.0.0.1:1/salio"


@pytest.fixture
def url() -> Iterator[str]:
    """Of an empty database of the test's own."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


def told(call: Callable[[], object]) -> str:
    """What its error says."""
    with pytest.raises((StoreUnavailableError, UnfitServerError)) as error:
        call()
    return str(error.value)


@pytest.mark.parametrize("setting", PROMISES)
def test_a_server_that_may_lose_what_it_committed(url: str, setting: str) -> None:
    """Is refused by the name of each setting that breaks the promise, with what to do."""
    databases = PostgresDatabases(url)
    databases.secure()
    with postgres.switched_off(setting, url):
        assert f"has {setting} off, but " in (said := told(databases.secure))
    assert said.endswith(": turn it on")
    databases.secure()


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (90_624, "has version 9: Salio needs 15 or later"),
        (140_022, "has version 14: Salio needs 15 or later"),
        (150_000, None),
        (180_004, None),
    ],
)
def test_the_oldest_version(version: int, said: str | None) -> None:
    """As the server numbers itself."""
    assert why_unfit(version, dict.fromkeys(PROMISES, "on")) == said


@pytest.mark.parametrize("url", [NOBODY, f"postgresql://salio@127.0.0.1:1/salio?password={quote(PASSWORD)}"])
def test_nobody_is_told_the_password(url: str) -> None:
    """Neither by an error, nor by what is said of the place, nor in the command for a backup."""
    databases = PostgresDatabases(url)
    said = [told(databases.secure), told(databases.migrate), told(databases.are_current)]
    said += [told(lambda: databases.access().apps()), databases.where, databases.backup_command()]
    assert said[-1].startswith("pg_dump --format=custom --file=salio.dump ")
    assert not [each for each in said if "c0rrect" in each]


@pytest.mark.parametrize("url", ["postgresql://", "postgresql://h:port/x", "nonsense"])
def test_what_is_no_url(url: str) -> None:
    """Is refused in a line, wherever it breaks."""
    assert "\n" not in told(lambda: PostgresDatabases(url).secure())


def test_both_lie_apart(url: str) -> None:
    """In schemas of one database: the public one is nobody's."""
    PostgresDatabases(url).migrate()
    with closing(Session(url, "public")) as session:
        found = session.fetch("SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname !~ '^(pg|info)'")
    assert {name for (name,) in found} == {"sandbox", "portal"}
