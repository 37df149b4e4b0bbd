"""Which requests a fault touches, how often, and what it says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from salio.core.requests.outcomes import Admission, Outcome
from salio.core.requests.provoked import NO_FAULTS, Provoked
from salio.core.requests.queries import Query
from salio.sandbox.faults import ADMISSIONS, MOST_FAULTS, OUTCOMES, REFUSALS, Fault, FaultError, Faults
from salio.wire.refusals import Refusal
from tests.builders import NOW, OTHER_SHORT_CODE, SHORT_CODE, FakeClock, a_balance_query, a_status_query

HOUR = timedelta(hours=1)


def faults(*wanted: Fault, clock: FakeClock | None = None, chance: Callable[[], float] = float) -> Faults:
    """These faults in force; chance draws 0 unless the test says otherwise."""
    made = Faults(clock or FakeClock(), chance)
    for each in wanted:
        made.add(each)
    return made


@pytest.mark.parametrize(
    ("fault", "ask", "provoked"),
    [
        pytest.param(
            Fault(refuse="spike_arrest", detail="rate"),
            Faults.refusal,
            Provoked("SPIKE_ARREST", "fault 1: refuse spike_arrest", "rate"),
            id="refuse",
        ),
        pytest.param(
            Fault(decline="overloaded"),
            Faults.admission,
            Provoked(Admission.OVERLOADED, "fault 1: decline overloaded"),
            id="decline",
        ),
        pytest.param(
            Fault(end="out_of_sequence"),
            Faults.outcome,
            Provoked(Outcome.OUT_OF_SEQUENCE, "fault 1: end out_of_sequence"),
            id="end",
        ),
        pytest.param(Fault(lose="result"), Faults.loss, Provoked(None, "fault 1: lose result"), id="lose"),
    ],
)
def test_a_fault_takes_hold_in_its_place_alone(
    fault: Fault, ask: Callable[..., Any], provoked: Provoked[Any]
) -> None:
    """With its own number in the cause; the other three places go on as ever."""
    made = faults(fault)
    assert ask(made, 1, a_balance_query()) == provoked
    others = {Faults.refusal, Faults.admission, Faults.outcome, Faults.loss} - {ask}
    assert [each(made, 1, a_balance_query()) for each in others] == [None] * 3


@pytest.mark.parametrize(
    ("aim", "touched"),
    [
        pytest.param({}, [True] * 4, id="everybody"),
        pytest.param({"app": 2}, [False, False, True, False], id="an app"),
        pytest.param({"short_code": OTHER_SHORT_CODE}, [False, True, False, False], id="a short code"),
        pytest.param({"api": "balance"}, [True, True, True, False], id="one API"),
        pytest.param({"api": "status"}, [False, False, False, True], id="the other API"),
        pytest.param(
            {"app": 1, "api": "balance", "short_code": SHORT_CODE}, [True, False, False, False], id="all"
        ),
        pytest.param({"next": 2}, [True, True, False, False], id="the next two"),
        pytest.param({"api": "status", "next": 1}, [False, False, False, True], id="the next of its aim"),
    ],
)
def test_aims(aim: dict[str, Any], touched: list[bool]) -> None:
    """A count counts only what was touched."""
    made = faults(Fault(lose="result", **aim))
    asked: list[tuple[int, Query]] = [
        (1, a_balance_query()),
        (1, a_balance_query(party=OTHER_SHORT_CODE)),
        (2, a_balance_query()),
        (1, a_status_query()),
    ]
    assert [made.loss(app, query) is not None for app, query in asked] == touched
    [standing] = made.standing()
    assert standing.touched == sum(touched)


@pytest.mark.parametrize(
    ("hours", "touched"), [(-0.001, False), (0, True), (0.999, True), (1, False)], ids=str
)
def test_from_and_until(hours: float, touched: bool) -> None:
    """From the first moment on, and not at the last."""
    clock = FakeClock(NOW + hours * HOUR)
    made = faults(Fault(end="duplicate", since=NOW, until=NOW + HOUR), clock=clock)
    assert (made.outcome(1, a_balance_query()) is not None) is touched


@pytest.mark.parametrize(("drawn", "touched"), [(0.0, True), (0.29, True), (0.3, False), (0.99, False)])
def test_a_share(drawn: float, touched: bool) -> None:
    """Three in ten: what is drawn is below 0.3."""
    made = faults(Fault(end="duplicate", share=0.3), chance=lambda: drawn)
    assert (made.outcome(1, a_balance_query()) is not None) is touched


def test_the_first_that_is_aimed_at_it_touches() -> None:
    """A spent one lets the next have its turn; numbers are never given twice."""
    made = faults(Fault(end="duplicate", next=1), Fault(end="out_of_sequence"))
    causes = [provoked.cause for _ in range(2) if (provoked := made.outcome(1, a_balance_query()))]
    assert causes == ["fault 1: end duplicate", "fault 2: end out_of_sequence"]
    assert [each.spent for each in made.standing()] == [True, False]
    made.remove(2)
    assert made.outcome(1, a_balance_query()) is None
    made.clear()
    assert made.standing() == []
    assert made.add(Fault(lose="result")).number == 3


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        pytest.param(Fault(), "one of `refuse`, `decline`, `end`, `lose`", id="nothing"),
        pytest.param(Fault(end="duplicate", lose="result"), "one of `refuse`", id="two"),
        pytest.param(Fault(refuse="nobody"), "`refuse` is one of token_invalid, ", id="no refusal"),
        pytest.param(Fault(decline="accepted"), "`decline` is one of traffic_blocked, ", id="no admission"),
        pytest.param(Fault(end="succeeded"), "`end` is one of duplicate, ", id="no end"),
        pytest.param(Fault(lose="money"), "`lose` is one of result", id="nothing to lose"),
        pytest.param(Fault(lose="result", api="b2c"), "`balance` or `status`", id="no API"),
    ],
)
def test_faults_that_cannot_be(fault: Fault, words: str) -> None:
    """Said with what could; nothing is put in force."""
    made = faults()
    with pytest.raises(FaultError, match=words):
        made.add(fault)
    assert made.standing() == []


def test_there_are_not_too_many() -> None:
    """Every request looks at all of them; and one that is not there cannot be removed."""
    made = faults(*[Fault(lose="result")] * MOST_FAULTS)
    with pytest.raises(FaultError, match="take some away"):
        made.add(Fault(lose="result"))
    with pytest.raises(FaultError, match="no fault 101"):
        made.remove(101)


def test_every_code_can_be_asked_for() -> None:
    """Of the APIs: OAuth's refusals are another endpoint's, and success needs no fault."""
    assert len(REFUSALS) == len([each for each in Refusal if not each.name.startswith("OAUTH_")])
    assert len(ADMISSIONS) == len(Admission) - 2
    assert len(OUTCOMES) == len(Outcome) - 1


def test_in_production_nothing_goes_wrong_on_purpose() -> None:
    """What stands there when nobody may ask for faults."""
    query = a_balance_query()
    places = (NO_FAULTS.refusal, NO_FAULTS.admission, NO_FAULTS.outcome, NO_FAULTS.loss)
    assert [place(1, query) for place in places] == [None] * 4
