"""The step between decision and delivery, in the sandbox alone: what was wrong with a credential?

It begins after the commit, so nothing that was promised hangs on it. A crash forgets it: the credential went
with the commit, and the result leaves with the cause that the decision gave.
"""

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from salio.core.audit.notes import Note
from salio.core.ports import Clock, SecondLook
from salio.core.requests.decided import Decided
from salio.core.requests.findings import FOUND, Doubt, Finding, explained, in_words
from salio.core.requests.outcomes import Conclusion, Outcome
from salio.core.requests.queries import Request

Due = tuple[Request, Conclusion]


class _Place:
    """One conclusion in its app's line; ``due`` is what leaves, once ``ready``."""

    def __init__(self, due: Due, *, ready: bool) -> None:
        self.due = due
        self.ready = ready


class Diagnosis:
    """Lets conclusions pass, and holds those whose credential is looked at until that has ended.

    An app's conclusions stay in the order of their decisions: those behind a held one wait with it. Other
    apps' pass.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        look: SecondLook | None,
        note: Callable[[Note], None],
        passed: Callable[[Sequence[Due]], None],
        wake: Callable[[], None],
    ) -> None:
        """Without ``look``, as in production, everything passes. ``passed`` takes what is to be delivered.

        ``wake`` tells the writer that something was let go between its turns.
        """
        self._clock = clock
        self._look = look
        self._note = note
        self._passed = passed
        self._wake = wake
        self._lines: dict[int, deque[_Place]] = {}
        self._shut = False

    def waiting(self) -> int:
        """How many conclusions are held."""
        return sum(len(line) for line in self._lines.values())

    def enqueue(self, decided: Sequence[Decided]) -> None:
        """Takes decisions that are durable, oldest first."""
        passing: list[Due] = []
        doubted: list[tuple[Doubt, _Place]] = []
        for each in decided:
            due = each.accepted.request, each.conclusion
            doubt = _doubt(each) if self._look is not None else None
            line = self._lines.get(each.accepted.request.app_number)
            if doubt is None and line is None:
                passing.append(due)
                continue
            place = _Place(due, ready=doubt is None)
            self._lines.setdefault(each.accepted.request.app_number, deque()).append(place)
            if doubt is not None:
                doubted.append((doubt, place))
        if passing:
            self._passed(passing)
        for doubt, place in doubted:
            self._ask(doubt, place)

    def shut(self) -> None:
        """What is held passes no more, whatever is found: its state is gone, and no fault is to touch it."""
        self._shut = True

    def _ask(self, doubt: Doubt, place: _Place) -> None:
        if self._look is not None:
            self._look.look(doubt, partial(self._told, place))

    def _told(self, place: _Place, finding: Finding | None) -> None:
        if self._shut:
            return
        request, conclusion = place.due
        if finding is not None:
            words = in_words(finding)
            self._note(Note(request=request.number, at=self._clock.now(), text=FOUND + words))
            place.due = request, _explained(conclusion, words)
        place.ready = True
        self._release(request.app_number)

    def _release(self, app_number: int) -> None:
        """Lets the head of a line go, as far as it is ready."""
        line = self._lines[app_number]
        passing: list[Due] = []
        while line and line[0].ready:
            passing.append(line.popleft().due)
        if not line:
            del self._lines[app_number]
        if passing:
            self._passed(passing)
            self._wake()


def _doubt(decided: Decided) -> Doubt | None:
    """What to look at, if the password was compared and found wrong; not where a fault only says so."""
    identified = decided.identified
    if decided.conclusion.decision.outcome is not Outcome.PASSWORD_WRONG:
        return None
    if identified is None or identified.before is None:
        return None
    return Doubt(decided.accepted.credential, identified.before.password_digest)


def _explained(conclusion: Conclusion, words: str) -> Conclusion:
    """As it is told once; the record itself never changes."""
    decision = conclusion.decision
    told = msgspec.structs.replace(decision, cause=explained(decision.cause, words))
    return msgspec.structs.replace(conclusion, decision=told)
