"""The sides that tests ask for."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from salio.tracker.postgres import PostgresSchema
from tests import postgres
from tests.tracker.platform import FakePlatform
from tests.tracker.sides import TASKS, THREADS, Clock, Side

MakeSide = Callable[..., Side]


@pytest.fixture
def clock() -> Clock:
    """The test's own."""
    return Clock()


@pytest.fixture
def platform() -> FakePlatform:
    """The test's own."""
    return FakePlatform()


_numbers = count()


@cache
def database() -> str:
    """Of all records of this worker."""
    return postgres.new_database()


@pytest.fixture
def schema() -> Iterator[str]:
    """The URL of a PostgreSQL in which the test has a schema to itself."""
    name = f"record_{next(_numbers)}"
    url = f"{database()}{'&' if '?' in database() else '?'}schema={name}"
    yield url
    with closing(PostgresSchema(url)) as place, place.preparing() as rows:
        rows.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE")


POSTGRESQL = "threads-postgresql"
"""A side of threads: that tasks have the same steps the others show."""


@pytest.fixture(params=[THREADS, TASKS, POSTGRESQL])
def make_side(
    request: pytest.FixtureRequest, tmp_path: Path, platform: FakePlatform, clock: Clock
) -> Iterator[MakeSide]:
    """Begins a life on the test's one record: ``make_side(handler=...)``."""
    made: list[Side] = []
    in_postgres = request.param == POSTGRESQL
    place = request.getfixturevalue("schema") if in_postgres else tmp_path / "record.db"

    def make(**settings: Any) -> Side:
        made.append(Side(THREADS if in_postgres else request.param, place, platform, clock, **settings))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def side(make_side: MakeSide) -> Side:
    """One of either kind."""
    return make_side()
