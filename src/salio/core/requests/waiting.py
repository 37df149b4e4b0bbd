"""Requests whose end waits for somebody's word, and until when."""

import heapq
from collections.abc import Sequence
from datetime import datetime

from salio.core.ports import AcceptedRequest, Clock
from salio.core.requests.decided import Decided
from salio.core.requests.prompts import Prompt
from salio.core.requests.queries import ExpressPayment
from salio.core.requests.validation import Asked

LOOK_AGAIN = 0.5
"""Seconds between looks: the clock of a sandbox may be moved."""


class Waiting:
    """Who waits. Nothing of it is kept: what the store has undecided waits again after the next start."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asked: dict[int, Asked] = {}
        """By the request's number."""
        self._phones: dict[str, int] = {}
        """By MSISDN whose prompt the phone shows."""
        self._engaged: dict[str, int] = {}
        """By MSISDN whose prompt has been decided upon and not its end, both durable or not."""
        self._ends: list[tuple[datetime, int]] = []
        """A heap of those that wait for so long only; some of them may have been answered."""

    def add(self, asked: Sequence[Asked]) -> None:
        """These wait from now on."""
        for each in asked:
            number = each.accepted.request.number
            self._asked[number] = each
            if isinstance(each.question, Prompt):
                self._phones[each.question.phone] = number
            if each.question.until is not None:
                heapq.heappush(self._ends, (each.question.until, number))

    def count(self) -> int:
        """How many wait."""
        return len(self._asked)

    def all(self) -> list[Asked]:
        """Who waits, oldest first."""
        return list(self._asked.values())

    def prompt_at(self, phone: str) -> Asked | None:
        """Who waits for whoever holds that phone; a phone shows one prompt at a time."""
        number = self._phones.get(phone)
        return self._asked[number] if number is not None else None

    def is_engaged(self, phone: str) -> bool:
        """Whether it shows a prompt, as the decisions have it: it will, or nobody knows its end yet."""
        return phone in self._engaged

    def engage(self, step: Decided | Asked) -> None:
        """This was decided: later decisions of the same batch know of it."""
        query, number = step.accepted.request.query, step.accepted.request.number
        if not isinstance(query, ExpressPayment):
            return
        if isinstance(step, Asked):
            self._engaged[query.phone] = number
        elif self._engaged.get(query.phone) == number:
            del self._engaged[query.phone]

    def disengage(self, step: Decided | Asked) -> None:
        """It was not kept, and is decided again."""
        query, number = step.accepted.request.query, step.accepted.request.number
        if not isinstance(query, ExpressPayment) or step.movement is None:
            return
        if step.movement.before is not None:
            self._engaged[query.phone] = number
        elif self._engaged.get(query.phone) == number:
            del self._engaged[query.phone]

    def answered(self, number: int) -> AcceptedRequest | None:
        """The request of that number waits no more; None if it did not wait."""
        asked = self._asked.pop(number, None)
        if asked is None:
            return None
        if isinstance(asked.question, Prompt) and self._phones.get(asked.question.phone) == number:
            del self._phones[asked.question.phone]
        return asked.accepted

    def overdue(self) -> int:
        """How many :meth:`release` would let go now, or a few more."""
        now = self._clock.now()
        return sum(until <= now and number in self._asked for until, number in self._ends)

    def release(self) -> list[AcceptedRequest]:
        """Those who waited long enough: they are to be decided as they are."""
        now, leaving = self._clock.now(), []
        while self._ends and self._ends[0][0] <= now:
            accepted = self.answered(heapq.heappop(self._ends)[1])
            if accepted is not None:
                leaving.append(accepted)
        return leaving

    def patience(self) -> float | None:
        """Seconds until the next look; ``None`` if nobody's time runs out."""
        if not self._ends:
            return None
        return min(LOOK_AGAIN, (self._ends[0][0] - self._clock.now()).total_seconds())
