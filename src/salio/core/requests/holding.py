"""The held queue: requests that a fault keeps from being decided, until it ends or they waited too long."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain, count

from salio.core.audit.notes import Note
from salio.core.ports import AcceptedRequest, Clock, Faults

LOOK_AGAIN = 0.5
"""Seconds between looks at held requests: a fault may end by the clock."""

Held = tuple[datetime, int, AcceptedRequest]
"""Since when it waits, and its place among all that were ever held."""


class Holding:
    """What is held, and by which fault. Nobody else is kept waiting by it, however many there are."""

    def __init__(
        self, *, clock: Clock, faults: Faults, longest_wait: timedelta, note: Callable[[Note], None]
    ) -> None:
        self._clock = clock
        self._faults = faults
        self._longest_wait = longest_wait
        self._note = note
        self._held: dict[int, list[Held]] = {}
        """By the number of the fault a heap, which has whoever waits longest in front; none is empty."""
        self._places = count()

    def waiting(self) -> int:
        """How many are held."""
        return sum(map(len, self._held.values()))

    def due(self) -> int:
        """How many of them :meth:`release` would let go now."""
        now = self._clock.now()
        return sum(self._due(number, held, now) for number, held in self._held.items())

    def sift(self, accepted: Sequence[AcceptedRequest]) -> list[AcceptedRequest]:
        """Those that may be decided; the others are held from here on, and the log names the fault."""
        return [each for each in accepted if not self._hold(each, next(self._places))]

    def release(self) -> list[AcceptedRequest]:
        """Those whose fault has ended, unless another holds them, and those that waited too long."""
        now = self._clock.now()
        leaving = sorted(chain.from_iterable(self._leave(now)), key=lambda held: held[1])
        return [
            accepted
            for since, place, accepted in leaving
            if self._is_too_long(since, now) or not self._hold(accepted, place)
        ]

    def patience(self) -> float | None:
        """Seconds until the next look; ``None`` with nothing held."""
        if not self._held:
            return None
        ends = min(held[0][0] for held in self._held.values()) + self._longest_wait
        return min(LOOK_AGAIN, (ends - self._clock.now()).total_seconds())

    def _hold(self, accepted: AcceptedRequest, place: int) -> bool:
        request = accepted.request
        provoked = self._faults.hold(request.app_number, request.query)
        if provoked is None:
            return False
        self._note(Note(request=request.number, at=self._clock.now(), text=provoked.cause))
        held = self._held.setdefault(provoked.what, [])
        heapq.heappush(held, (request.accepted_at, place, accepted))
        return True

    def _due(self, number: int, held: Sequence[Held], now: datetime) -> int:
        if not self._faults.holds(number):
            return len(held)
        if not self._is_too_long(held[0][0], now):
            return 0
        return sum(self._is_too_long(since, now) for since, _, _ in held)

    def _leave(self, now: datetime) -> Iterator[Sequence[Held]]:
        """By fault, whom it holds no longer."""
        for number, held in list(self._held.items()):
            if not self._faults.holds(number):
                yield self._held.pop(number)
                continue
            yield list(self._late(held, now))
            if not held:
                del self._held[number]

    def _late(self, held: list[Held], now: datetime) -> Iterator[Held]:
        while held and self._is_too_long(held[0][0], now):
            yield heapq.heappop(held)

    def _is_too_long(self, since: datetime, now: datetime) -> bool:
        return now - since > self._longest_wait
