"""Which requests a fault touches, how often, and what it says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from salio.core.requests.outcomes import Admission, Outcome
from salio.core.requests.provoked import NO_FAULTS, Breach, Mishap, NoFaults, Provoked
from salio.core.requests.queries import Query
from salio.core.transactions.states import TransactionState
from salio.sandbox.fault import DRIP_SECONDS, Fault, FaultError
from salio.sandbox.faults import MOST_FAULTS, Faults
from tests.builders import NOW, OTHER_SHORT_CODE, SHORT_CODE, FakeClock, a_balance_query, a_status_query

HOUR = timedelta(hours=1)


def contradiction(
    made: Faults | NoFaults, app_number: int, query: Query
) -> Provoked[TransactionState] | None:
    """Of a transaction that was completed."""
    return made.contradiction(app_number, query, TransactionState.COMPLETED)


PLACES: tuple[Callable[..., Any], ...] = (
    Faults.refusal,
    Faults.breach,
    Faults.admission,
    Faults.mishap,
    Faults.hold,
    Faults.outcome,
    contradiction,
    Faults.delay,
    Faults.loss,
    Faults.double,
)
"""Every question of the port, in the order of a request's way."""


def faults(*wanted: Fault, clock: FakeClock | None = None, chance: Callable[[], float] = float) -> Faults:
    """These faults in force; chance draws 0 unless the test says otherwise."""
    made = Faults(clock or FakeClock(), lambda _: chance)
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
        pytest.param(
            Fault(lose="acknowledgement"),
            Faults.mishap,
            Provoked(Mishap.LOST, "fault 1: lose acknowledgement"),
            id="lose the acknowledgement",
        ),
        pytest.param(
            Fault(delay="result", seconds=90),
            Faults.delay,
            Provoked(None, "fault 1: delay result, 90 s", seconds=90),
            id="delay",
        ),
        pytest.param(
            Fault(delay="acknowledgement", seconds=0.5),
            Faults.mishap,
            Provoked(Mishap.LATE, "fault 1: delay acknowledgement, 0.5 s", seconds=0.5),
            id="delay the acknowledgement",
        ),
        pytest.param(
            Fault(early="result"),
            Faults.mishap,
            Provoked(Mishap.OVERTAKEN, "fault 1: early result"),
            id="early",
        ),
        pytest.param(
            Fault(double="result"), Faults.double, Provoked(None, "fault 1: double result"), id="double"
        ),
        pytest.param(
            Fault(contradict="declined"),
            contradiction,
            Provoked(TransactionState.DECLINED, "fault 1: contradict declined"),
            id="contradict",
        ),
        pytest.param(
            Fault(connection="reset"),
            Faults.breach,
            Provoked(Breach.RESET, "fault 1: connection reset"),
            id="connection",
        ),
        pytest.param(
            Fault(connection="drip"),
            Faults.breach,
            Provoked(Breach.DRIP, "fault 1: connection drip", seconds=DRIP_SECONDS),
            id="a drip at its own pace",
        ),
        pytest.param(Fault(hold="queue"), Faults.hold, Provoked(1, "fault 1: hold queue"), id="hold"),
    ],
)
def test_a_fault_takes_hold_in_its_place_alone(
    fault: Fault, ask: Callable[..., Any], provoked: Provoked[Any]
) -> None:
    """With its own number in the cause; at the other places the request goes on as ever."""
    made = faults(fault)
    assert ask(made, 1, a_status_query()) == provoked
    others = [each for each in PLACES if each is not ask]
    assert [each(made, 1, a_status_query()) for each in others] == [None] * (len(PLACES) - 1)
    assert [each.touched for each in made.standing()] == [1]


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
    ("fault", "touched"),
    [
        pytest.param(Fault(refuse="maintenance"), [True, True, False], id="a refusal: the questions"),
        pytest.param(Fault(refuse="maintenance", api="token"), [False, False, True], id="tokens, if said"),
        pytest.param(Fault(refuse="oauth_grant_invalid"), [False, False, True], id="tokens, by its name"),
        pytest.param(Fault(refuse="maintenance", api="status"), [False, True, False], id="one question"),
    ],
)
def test_tokens_are_an_aim_of_their_own(fault: Fault, touched: list[bool]) -> None:
    """What is aimed at everybody leaves them alone."""
    made = faults(fault)
    assert [
        made.refusal(1, query) is not None for query in (a_balance_query(), a_status_query(), None)
    ] == touched


def test_nothing_contradicts_the_truth() -> None:
    """A fault that would claim what is recorded leaves the next its turn."""
    made = faults(Fault(contradict="completed"), Fault(contradict="declined"))
    provoked = contradiction(made, 1, a_status_query())
    assert provoked is not None
    assert provoked.cause == "fault 2: contradict declined"
    assert [each.touched for each in made.standing()] == [0, 1]


def test_a_hold_lasts() -> None:
    """While the fault is listed, spent or not, and until its last moment."""
    clock = FakeClock()
    made = faults(Fault(hold="queue", next=1), Fault(hold="queue", until=NOW + HOUR), clock=clock)
    causes = [provoked.what for _ in range(2) if (provoked := made.hold(1, a_balance_query()))]
    assert causes == [1, 2]
    assert [made.holds(number) for number in (1, 2, 3)] == [True, True, False]
    clock.advance(hours=1)
    assert [made.holds(number) for number in (1, 2)] == [True, False]
    made.remove(1)
    assert not made.holds(1)


def test_each_draws_its_own_share() -> None:
    """What one draws never changes whom another touches."""
    drawn = {1: iter([0.9, 0.1]), 2: iter([0.1, 0.9])}
    made = Faults(FakeClock(), lambda number: lambda: next(drawn[number]))
    for _ in range(2):
        made.add(Fault(end="duplicate", share=0.5))
    causes = [provoked.cause for _ in range(2) if (provoked := made.outcome(1, a_balance_query()))]
    assert causes == ["fault 2: end duplicate", "fault 1: end duplicate"]


def test_whether_any_are_in_force() -> None:
    """From the first that is put in force until the last is taken away."""
    made = faults()
    told = [made.in_force]
    for change in (lambda: made.add(Fault(lose="result")), lambda: made.remove(1), made.clear):
        change()
        told.append(made.in_force)
    assert told == [False, True, False, False]


def test_there_are_not_too_many() -> None:
    """Every request looks at all of them; and one that is not there cannot be removed."""
    made = faults(*[Fault(lose="result")] * MOST_FAULTS)
    with pytest.raises(FaultError, match="take some away"):
        made.add(Fault(lose="result"))
    with pytest.raises(FaultError, match="no fault 101"):
        made.remove(101)


def test_in_production_nothing_goes_wrong_on_purpose() -> None:
    """What stands there when nobody may ask for faults."""
    query = a_status_query()
    names = [place.__name__ for place in PLACES if place is not contradiction]
    assert [getattr(NO_FAULTS, name)(1, query) for name in names] == [None] * len(names)
    assert contradiction(NO_FAULTS, 1, query) is None
    assert not NO_FAULTS.holds(1)
    assert not NO_FAULTS.in_force
