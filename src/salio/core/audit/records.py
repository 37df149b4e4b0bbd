"""A stage of the cycle that keeps records nobody waits for."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

MOST_AT_ONCE = 256

T = TypeVar("T")


class Records(Generic[T]):
    """Keeps what it is told. It never delays a request: when it is full, the oldest waiting record goes
    unwritten rather than any request unanswered.
    """

    def __init__(
        self, wake: Callable[[], None], add: Callable[[Any, Sequence[T]], None], most_waiting: int = 10_000
    ) -> None:
        """``wake`` tells the writer that there is something to take; ``add`` writes some into a unit."""
        self._wake = wake
        self._add = add
        self._queue: deque[T] = deque(maxlen=most_waiting)

    def note(self, record: T) -> None:
        """Takes one for the next turn."""
        self._queue.append(record)
        self._wake()

    def waiting(self) -> int:
        """How many are not yet written."""
        return len(self._queue)

    def take(self) -> Sequence[T]:
        """Those since the last turn, a group at most."""
        return [self._queue.popleft() for _ in range(min(len(self._queue), MOST_AT_ONCE))]

    def write(self, unit: Any, batch: Sequence[T]) -> None:
        """Keeps them."""
        self._add(unit, batch)

    def settle(self, batch: Sequence[T]) -> None:
        """Nobody waits for them."""

    def spoil(self, item: T, error: Exception) -> None:
        """One that cannot be written is let go: whoever it is about was answered long ago."""

    def is_built_upon(self, item: T) -> bool:
        """Each record stands alone."""
        del item
        return False

    def put_back(self, batch: Sequence[T], error: Exception) -> None:
        """Waits for the store, as far as there is room: the oldest go first here too."""
        del error
        room = (self._queue.maxlen or 0) - len(self._queue)
        self._queue.extendleft(reversed(batch[max(0, len(batch) - room) :]))
