"""Every named refusal, admission, outcome and code is reached over HTTP, by its own cause or on demand."""

import enum
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest

from salio.core.requests.outcomes import Admission, Outcome
from salio.wire.acknowledgements import ResponseCode
from salio.wire.refusals import Refusal
from salio.wire.result_codes import ResultCode
from tests.journeys.reaching import MARK


def reached() -> set[enum.Enum]:
    """What the tests of this folder say that they reach."""
    names = sorted(file.stem for file in Path(__file__).parent.glob("test_*.py"))
    modules = [import_module(f"tests.journeys.{name}") for name in names]
    tests = chain.from_iterable(vars(module).values() for module in modules)
    return set(chain.from_iterable(getattr(test, MARK, ()) for test in tests if callable(test)))


@pytest.mark.parametrize("members", [Refusal, Admission, ResponseCode, Outcome, ResultCode])
def test_every_member_is_reached(members: type[enum.Enum]) -> None:
    """None is left out."""
    assert {each for each in reached() if isinstance(each, members)} == set(members)
