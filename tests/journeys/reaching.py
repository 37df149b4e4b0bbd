"""A test says which named refusals, admissions and outcomes it reaches; `test_reached.py` adds them up."""

import enum
from collections.abc import Callable
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., None])

MARK = "reaches"


def reaches(*members: enum.Enum) -> Callable[[Test], Test]:
    """This test meets these members over HTTP."""

    def mark(test: Test) -> Test:
        setattr(test, MARK, members)
        return test

    return mark
