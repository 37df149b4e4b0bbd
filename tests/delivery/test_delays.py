"""Results that a fault keeps back: until when, in what order, and in nobody's way."""

from collections.abc import Iterable

from salio.core.audit.notes import Note
from salio.core.requests.outcomes import Conclusion, Decision, Outcome
from salio.delivery.delays import Delays, Result
from salio.sandbox.fault import Fault
from salio.sandbox.faults import Faults
from tests.delivery.samples import NOON, SteppedClock, balance_request


def result(number: int) -> Result:
    """A result about to be delivered."""
    conclusion = Conclusion(number=number, decided_at=NOON, decision=Decision(Outcome.DUPLICATE))
    return balance_request(number), conclusion


def delayed(*seconds: float) -> tuple[Delays, SteppedClock, list[Note]]:
    """A fault for one result each, and after these results go on."""
    clock, notes = SteppedClock(), list[Note]()
    faults = Faults(clock, lambda _: float)
    for each in seconds:
        faults.add(Fault(delay="result", seconds=each, next=1))
    return Delays(clock=clock, faults=faults, note=notes.append), clock, notes


def numbers(some: Iterable[Result]) -> list[int]:
    """Of some results."""
    return [request.number for request, _ in some]


def test_those_that_are_not_touched_go_on() -> None:
    """The others are counted, noted, and not due."""
    delays, _, notes = delayed(5)
    assert numbers(delays.sift([result(1), result(2)])) == [2]
    assert (delays.waiting(), delays.due(), numbers(delays.release())) == (1, 0, [])
    assert notes == [Note(request=1, at=NOON, text="fault 1: delay result, 5 s")]


def test_they_leave_in_the_order_of_their_time() -> None:
    """The shortest delay first; of equal ones the older request."""
    delays, clock, _ = delayed(9, 3, 6, 6)
    assert numbers(delays.sift([result(number) for number in (1, 2, 3, 4)])) == []
    told, waits = [], []
    for _ in range(4):
        waits.append(delays.patience())
        clock.pass_by(3)
        due = delays.due()
        told.append(numbers(delays.release()))
        assert due == len(told[-1])
    assert told == [[2], [3, 4], [1], []]
    assert waits == [3, 3, 3, None]


def test_time_that_does_not_pass_keeps_them() -> None:
    """However often somebody looks."""
    delays, clock, _ = delayed(1)
    delays.sift([result(1)])
    clock.pass_by(0.5)
    assert [numbers(delays.release()) for _ in range(3)] == [[], [], []]
    assert delays.patience() == 0.5
