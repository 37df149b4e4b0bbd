"""The held queue: requests that a fault keeps from being decided, until it ends or they waited too long."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from salio.core.audit.notes import Note
from salio.core.ports import AcceptedRequest, Clock, Faults

LOOK_AGAIN = 0.5
"""Seconds between looks at held requests: a fault may end by the clock."""


class Holding:
    """What is held, and by which fault. Nobody else is kept waiting by it."""

    def __init__(
        self, *, clock: Clock, faults: Faults, longest_wait: timedelta, note: Callable[[Note], None]
    ) -> None:
        self._clock = clock
        self._faults = faults
        self._longest_wait = longest_wait
        self._note = note
        self._held: list[tuple[AcceptedRequest, int]] = []

    def waiting(self) -> int:
        """How many are held."""
        return len(self._held)

    def due(self) -> int:
        """How many of them :meth:`release` would let go now."""
        now = self._clock.now()
        return sum(not self._stays(accepted, number, now) for accepted, number in self._held)

    def sift(self, accepted: Sequence[AcceptedRequest]) -> list[AcceptedRequest]:
        """Those that may be decided; the others are held from here on, and the log names the fault."""
        return [each for each in accepted if not self._hold(each)]

    def release(self) -> list[AcceptedRequest]:
        """Those whose fault has ended, unless another holds them, and those that waited too long."""
        now = self._clock.now()
        held, self._held = self._held, []
        released: list[AcceptedRequest] = []
        for accepted, number in held:
            if self._stays(accepted, number, now):
                self._held.append((accepted, number))
            elif self._waited_too_long(accepted, now) or not self._hold(accepted):
                released.append(accepted)
        return released

    def patience(self) -> float | None:
        """Seconds until the next look; ``None`` with nothing held."""
        if not self._held:
            return None
        ends = min(accepted.request.accepted_at for accepted, _ in self._held) + self._longest_wait
        return min(LOOK_AGAIN, (ends - self._clock.now()).total_seconds())

    def _hold(self, accepted: AcceptedRequest) -> bool:
        request = accepted.request
        provoked = self._faults.hold(request.app_number, request.query)
        if provoked is None:
            return False
        self._note(Note(request=request.number, at=self._clock.now(), text=provoked.cause))
        self._held.append((accepted, provoked.what))
        return True

    def _stays(self, accepted: AcceptedRequest, number: int, now: datetime) -> bool:
        return self._faults.holds(number) and not self._waited_too_long(accepted, now)

    def _waited_too_long(self, accepted: AcceptedRequest, now: datetime) -> bool:
        return now - accepted.request.accepted_at > self._longest_wait
