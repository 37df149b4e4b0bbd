"""The inbox as a stage of the writer's cycle: a callback is answered only after its commit."""

from collections import deque
from collections.abc import Callable, Sequence

import msgspec

from salio.core.audit.inbox import ReceivedCallback
from salio.core.ports import Unit


class Arrival(msgspec.Struct, frozen=True):
    """A callback at the inbox's door; ``answer`` is the mark of who waits to learn that it was kept."""

    callback: ReceivedCallback
    answer: object


class Inbox:
    """Takes callbacks and says, for each group, whether it was kept."""

    def __init__(self, answered: Callable[[Sequence[tuple[object, bool]]], None]) -> None:
        self._queue: deque[Arrival] = deque()
        self._answered = answered
        self._shut = False

    def submit(self, arrival: Arrival) -> bool | None:
        """Takes a callback for the next turn; ``False`` instead if it is not kept."""
        if self._shut:
            return False
        self._queue.append(arrival)
        return None

    def shut(self) -> None:
        """Keeps nothing from here on: whoever waits, and whoever comes later, is told so."""
        self._shut = True
        self._decline(self.take())

    def take(self) -> Sequence[Arrival]:
        """What came since the last turn."""
        return [self._queue.popleft() for _ in range(len(self._queue))]

    def write(self, unit: Unit, batch: Sequence[Arrival]) -> None:
        """Keeps them."""
        unit.add_to_inbox([each.callback for each in batch])

    def settle(self, batch: Sequence[Arrival]) -> None:
        """They are durable."""
        self._answered([(each.answer, True) for each in batch])

    def spoil(self, item: Arrival, error: Exception) -> None:
        """This one could not be kept."""
        self.put_back([item], error)

    def is_built_upon(self, item: Arrival) -> bool:
        """Each callback stands alone."""
        del item
        return False

    def put_back(self, batch: Sequence[Arrival], error: Exception) -> None:
        """The store is out of reach: the sender learns that nothing was kept."""
        del error
        self._decline(batch)

    def _decline(self, batch: Sequence[Arrival]) -> None:
        self._answered([(each.answer, False) for each in batch])
