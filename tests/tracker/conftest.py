"""The sides that tests ask for."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture(params=[THREADS, TASKS])
def make_side(
    request: pytest.FixtureRequest, tmp_path: Path, platform: FakePlatform, clock: Clock
) -> Iterator[MakeSide]:
    """Begins a life on the test's one record: ``make_side(handler=...)``."""
    made: list[Side] = []

    def make(**settings: Any) -> Side:
        made.append(Side(request.param, tmp_path / "record.db", platform, clock, **settings))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def side(make_side: MakeSide) -> Side:
    """One of either kind."""
    return make_side()
