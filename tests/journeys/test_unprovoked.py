"""Every named refusal, admission, outcome and code is either reached over HTTP or stands in one table."""

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
from tests.journeys.unprovoked import UNPROVOKED


def reached() -> set[enum.Enum]:
    """What the tests of this folder say that they reach."""
    names = sorted(file.stem for file in Path(__file__).parent.glob("test_*.py"))
    modules = [import_module(f"tests.journeys.{name}") for name in names]
    tests = chain.from_iterable(vars(module).values() for module in modules)
    return set(chain.from_iterable(getattr(test, MARK, ()) for test in tests if callable(test)))


@pytest.mark.parametrize("members", [Refusal, Admission, ResponseCode, Outcome, ResultCode])
def test_every_member_is_accounted_for_once(members: type[enum.Enum]) -> None:
    """Reached and unprovoked have nothing in common, and together are all there is."""
    met = {each for each in reached() if isinstance(each, members)}
    rest = {each for each in UNPROVOKED if isinstance(each, members)}
    assert met & rest == set()
    assert met | rest == set(members)
