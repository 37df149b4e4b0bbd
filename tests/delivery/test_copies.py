"""Results that are posted twice: which, when, and what is told of the second."""

import pytest

from salio.core.audit.notes import Note
from salio.core.requests.deliveries import Attempt, AttemptEnd
from salio.delivery.copies import Copies
from salio.sandbox.fault import Fault
from salio.sandbox.faults import Faults
from tests.delivery.samples import NOON, SteppedClock, attempt, balance_request

URL = "http://receiver/result"


class Doubling:
    """Copies with a fault for so many results."""

    def __init__(self, results: int) -> None:
        clock = SteppedClock()
        self.faults = Faults(clock, lambda _: float)
        self.notes: list[Note] = []
        self.copies = Copies(clock=clock, faults=self.faults, note=self.notes.append)
        self.faults.add(Fault(double="result", next=results))

    def leave(self, *numbers: int) -> list[Attempt]:
        """These are claimed, marked, and posted."""
        for each in numbers:
            self.copies.ask(balance_request(each))
        return list(self.copies.doubled([attempt(each, URL) for each in numbers]))

    def texts(self) -> list[str]:
        """Of the notes."""
        return [each.text for each in self.notes]


def test_the_same_bytes_twice() -> None:
    """Beside each other; those that are not touched leave once."""
    doubling = Doubling(1)
    first, copy, other = doubling.leave(1, 2)
    assert (first.copy, copy.copy, other.copy) == (False, True, False)
    assert (copy.number, copy.url, copy.body) == (first.number, first.url, first.body)
    assert doubling.notes == [Note(request=1, at=NOON, text="fault 1: double result")]
    assert doubling.copies.under_way() == 1


@pytest.mark.parametrize(
    ("how", "told"),
    [({"status": 200}, "HTTP 200"), ({"fault": "connection refused"}, "connection refused")],
    ids=["answered", "unanswered"],
)
def test_how_the_second_ended(how: dict[str, int | str], told: str) -> None:
    """A second note; a second telling is nothing."""
    doubling = Doubling(1)
    doubling.leave(1)
    for _ in range(2):
        doubling.copies.ended(AttemptEnd(number=1, ended_at=NOON, copy=True, **how))  # type: ignore[arg-type] # a case each
    assert doubling.texts()[1:] == [f"fault 1: double result: the second ended with {told}"]
    assert doubling.copies.under_way() == 0


def test_a_claim_that_could_not_be_kept_is_touched_once() -> None:
    """It is claimed again after an outage, and doubled when it leaves at last."""
    doubling = Doubling(9)
    for _ in range(3):
        doubling.copies.ask(balance_request(1))
    assert len(doubling.leave(1)) == 2
    assert [each.touched for each in doubling.faults.standing()] == [1]


def test_an_attempt_that_never_leaves_has_no_copy() -> None:
    """Its mark was refused."""
    doubling = Doubling(1)
    doubling.copies.ask(balance_request(1))
    doubling.copies.forget(1)
    assert doubling.copies.doubled([attempt(1, URL)]) == [attempt(1, URL)]
    assert doubling.notes == []
