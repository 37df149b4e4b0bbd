"""Results that a fault keeps back for a while. They wait outside of their hosts' queues, in nobody's way."""

import heapq
from collections.abc import Callable, Iterator, Sequence

from salio.core.audit.notes import Note
from salio.core.ports import Clock, Faults
from salio.core.requests.outcomes import Conclusion
from salio.core.requests.queries import Request

Result = tuple[Request, Conclusion]


class Delays:
    """What is kept back, and until when. In the store these are results as all others: a start sends them."""

    def __init__(self, *, clock: Clock, faults: Faults, note: Callable[[Note], None]) -> None:
        self._clock = clock
        self._faults = faults
        self._note = note
        self._kept: list[tuple[float, int, Result]] = []
        """A heap by monotonic seconds, then by the request's number."""

    def waiting(self) -> int:
        """How many are kept back."""
        return len(self._kept)

    def due(self) -> int:
        """How many of them may leave now."""
        now = self._clock.monotonic()
        return sum(at <= now for at, _, _ in self._kept)

    def sift(self, results: Sequence[Result]) -> list[Result]:
        """Those that may leave; the others are kept back from here on, and the log names the fault."""
        return [each for each in results if not self._keep(each)]

    def release(self) -> Iterator[Result]:
        """Those whose time has come, in its order."""
        now = self._clock.monotonic()
        while self._kept and self._kept[0][0] <= now:
            yield heapq.heappop(self._kept)[2]

    def patience(self) -> float | None:
        """Seconds until the next may leave; ``None`` with nothing kept back."""
        return self._kept[0][0] - self._clock.monotonic() if self._kept else None

    def _keep(self, result: Result) -> bool:
        request = result[0]
        provoked = self._faults.delay(request.app_number, request.query)
        if provoked is None:
            return False
        self._note(Note(request=request.number, at=self._clock.now(), text=provoked.cause))
        due = self._clock.monotonic() + provoked.seconds
        heapq.heappush(self._kept, (due, request.number, result))
        return True
