"""The shells that tests ask for."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.client.shells import TASKS, THREADS, Shell

MakeShell = Callable[..., Shell]


@pytest.fixture(params=[THREADS, TASKS])
def make_shell(request: pytest.FixtureRequest) -> Iterator[MakeShell]:
    """Makes clients of one kind, then of the other: ``make_shell(network, options=...)``."""
    made: list[Shell] = []

    def make(network: Any, **settings: Any) -> Shell:
        made.append(Shell(request.param, network, **settings))
        return made[-1]

    yield make
    for each in made:
        each.close()
