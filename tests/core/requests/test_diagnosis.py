"""The step between decision and delivery: what passes, what waits, and in which order it leaves."""

from collections.abc import Callable

import msgspec
import pytest

from salio.core.audit.notes import Note
from salio.core.requests.asking import Identified
from salio.core.requests.decided import Decided
from salio.core.requests.diagnosis import Diagnosis, Due
from salio.core.requests.findings import (
    FOUND,
    NOT_OUR_KEY,
    NOT_OURS,
    Certificate,
    Content,
    Doubt,
    Finding,
    in_words,
)
from salio.core.requests.outcomes import Conclusion, Decision, Outcome
from tests.builders import NOW, PASSWORD, FakeClock, accepted, an_operator, digest

BASE64 = Finding(certificate=Certificate.PRESENT, content=Content.BASE64)
GUESS = f"wrong password for initiator testapiuser{NOT_OUR_KEY}"
Tell = Callable[[Finding | None], None]


class Looks:
    """A second look that ends when the test says so."""

    def __init__(self) -> None:
        self.doubts: list[Doubt] = []
        self.tells: list[Tell] = []

    def look(self, doubt: Doubt, tell: Tell) -> None:
        """Keeps both."""
        self.doubts.append(doubt)
        self.tells.append(tell)


class AtOnce:
    """A second look that has ended before it returns."""

    def look(self, doubt: Doubt, tell: Tell) -> None:
        """Tells."""
        del doubt
        tell(BASE64)


class Run:
    """One diagnosis, and what came out of it."""

    def __init__(self, look: Looks | AtOnce | None) -> None:
        self.notes: list[Note] = []
        self.passed: list[Due] = []
        self.woken = 0
        self.diagnosis = Diagnosis(
            clock=FakeClock(), look=look, note=self.notes.append, passed=self.passed.extend, wake=self._wake
        )

    def _wake(self) -> None:
        self.woken += 1

    def left(self) -> list[int]:
        """The numbers of what is to be delivered, in order."""
        return [request.number for request, _ in self.passed]

    def causes(self) -> list[str]:
        """As they are told."""
        return [conclusion.decision.cause for _, conclusion in self.passed]


def decided(number: int, outcome: Outcome = Outcome.PASSWORD_WRONG, *, app: int = 1) -> Decided:
    """A decision about the usual initiator; a wrong password was compared with hers."""
    decision = Decision(outcome, GUESS)
    operator = an_operator(password_digest=digest(PASSWORD))
    return Decided(
        accepted(number, credential=f"credential {number}", app_number=app),
        Conclusion(number=number, decided_at=NOW, decision=decision),
        Identified(decision, operator, operator),
    )


def provoked(number: int) -> Decided:
    """A fault says that the password was wrong: nobody compared it."""
    return msgspec.structs.replace(decided(number), identified=None)


def unknown(number: int) -> Decided:
    """Nobody whose password could have been compared."""
    return msgspec.structs.replace(decided(number), identified=Identified(None))


@pytest.mark.parametrize(
    "each",
    [
        *(
            pytest.param(decided(1, each), id=each.name)
            for each in Outcome
            if each is not Outcome.PASSWORD_WRONG
        ),
        pytest.param(provoked(1), id="a wrong password on purpose"),
        pytest.param(unknown(1), id="a wrong password of nobody"),
    ],
)
def test_what_is_not_looked_at(each: Decided) -> None:
    """Passes at once and unchanged: only a password that was compared is looked at."""
    looks = Looks()
    run = Run(looks)
    run.diagnosis.enqueue([each])
    assert run.passed == [(each.accepted.request, each.conclusion)]
    assert (looks.doubts, run.notes, run.diagnosis.waiting()) == ([], [], 0)


def test_without_a_look_everything_passes() -> None:
    """As in production: the same decision, the same cause, no note."""
    run = Run(None)
    run.diagnosis.enqueue([decided(1)])
    assert (run.left(), run.causes(), run.notes) == ([1], [GUESS], [])


def test_a_wrong_password_waits_for_its_look() -> None:
    """It is told what was found, and a note keeps it; the look had the credential and the digest only."""
    looks = Looks()
    run = Run(looks)
    run.diagnosis.enqueue([decided(1)])
    assert (run.left(), run.diagnosis.waiting()) == ([], 1)
    assert looks.doubts == [Doubt("credential 1", digest(PASSWORD))]
    looks.tells[0](BASE64)
    assert run.causes() == [f"wrong password for initiator testapiuser; {in_words(BASE64)}"]
    assert run.notes == [Note(request=1, at=NOW, text=FOUND + in_words(BASE64))]
    assert (run.diagnosis.waiting(), run.woken) == (0, 1)


def test_a_credential_of_nobody_is_found_out_too() -> None:
    """That no key fits is a finding; that nobody looked is none."""
    looks = Looks()
    run = Run(looks)
    run.diagnosis.enqueue([decided(1), decided(2)])
    looks.tells[0](NOT_OURS)
    looks.tells[1](None)
    assert run.causes() == [f"wrong password for initiator testapiuser; {in_words(NOT_OURS)}", GUESS]
    assert [each.request for each in run.notes] == [1]


def test_the_record_is_not_changed() -> None:
    """The conclusion that was committed stays as it is; the told one is another object."""
    kept = decided(1)
    run = Run(AtOnce())
    run.diagnosis.enqueue([kept])
    assert kept.conclusion.decision.cause == GUESS
    assert run.causes() != [GUESS]


def test_a_look_that_ends_at_once() -> None:
    """Before its call returns."""
    run = Run(AtOnce())
    run.diagnosis.enqueue([decided(1), decided(2, Outcome.SUCCEEDED), decided(3)])
    assert (run.left(), run.diagnosis.waiting()) == ([1, 2, 3], 0)


def test_an_apps_results_keep_their_order() -> None:
    """Whatever follows a held one waits with it, in this batch and the next; looks may end in any order."""
    looks = Looks()
    run = Run(looks)
    run.diagnosis.enqueue([decided(1, Outcome.SUCCEEDED), decided(2), decided(3, Outcome.SUCCEEDED)])
    run.diagnosis.enqueue([decided(4), decided(5, Outcome.SUCCEEDED)])
    assert run.left() == [1]
    looks.tells[1](None)
    assert run.left() == [1]
    looks.tells[0](None)
    assert run.left() == [1, 2, 3, 4, 5]
    run.diagnosis.enqueue([decided(6, Outcome.SUCCEEDED)])
    assert run.left()[-1] == 6


def test_another_apps_results_pass() -> None:
    """Somebody else's wrong passwords hold nobody up."""
    looks = Looks()
    run = Run(looks)
    run.diagnosis.enqueue([decided(1, app=1), decided(2, Outcome.SUCCEEDED, app=2)])
    run.diagnosis.enqueue([decided(3, Outcome.SUCCEEDED, app=2)])
    assert run.left() == [2, 3]
    looks.tells[0](None)
    assert run.left() == [2, 3, 1]


def test_after_the_end_nothing_passes() -> None:
    """What a look finds of a state that is gone is told to nobody, and no fault is asked about its result."""
    looks = Looks()
    run = Run(looks)
    run.diagnosis.enqueue([decided(1), decided(2)])
    run.diagnosis.shut()
    for tell in looks.tells:
        tell(BASE64)
    assert (run.left(), run.notes, run.woken) == ([], [], 0)
