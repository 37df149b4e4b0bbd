"""Refused requests: the faithful code that the caller got, and beside it the exact cause."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

MOST_AT_ONCE = 256


class RefusalUnit(Protocol):
    """What the log needs of a turn's unit."""

    def add_refusals(self, refusals: Sequence["RefusedRequest"]) -> None:
        """Keeps refused requests; the oldest make room."""
        ...


class RefusedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One refusal at the gateway's door. ``cause`` is for the log, never for the caller; no secrets."""

    request_id: str
    at: datetime
    method: str
    path: str
    status: int
    code: str
    cause: str
    app_number: int | None = None
    field: str | None = None


class RefusalLog:
    """A stage of the cycle that keeps refusals. It never delays a refusal: when it is full, the oldest
    waiting one goes unrecorded rather than any request unanswered.
    """

    def __init__(self, wake: Callable[[], None], most_waiting: int = 10_000) -> None:
        """``wake`` tells the writer that there is something to take."""
        self._wake = wake
        self._queue: deque[RefusedRequest] = deque(maxlen=most_waiting)

    def note(self, refused: RefusedRequest) -> None:
        """Takes one refusal for the next turn."""
        self._queue.append(refused)
        self._wake()

    def waiting(self) -> int:
        """How many refusals are not yet recorded."""
        return len(self._queue)

    def take(self) -> Sequence[RefusedRequest]:
        """The refusals since the last turn, a group at most."""
        return [self._queue.popleft() for _ in range(min(len(self._queue), MOST_AT_ONCE))]

    def write(self, unit: RefusalUnit, batch: Sequence[RefusedRequest]) -> None:
        """Keeps them."""
        unit.add_refusals(batch)

    def settle(self, batch: Sequence[RefusedRequest]) -> None:
        """Nobody waits for a refusal's record."""

    def spoil(self, item: RefusedRequest, error: Exception) -> None:
        """A refusal that cannot be recorded is let go: its caller was answered long ago."""

    def put_back(self, batch: Sequence[RefusedRequest], error: Exception) -> None:
        """Waits for the store, as far as there is room: the oldest go first here too."""
        del error
        room = (self._queue.maxlen or 0) - len(self._queue)
        self._queue.extendleft(reversed(batch[max(0, len(batch) - room) :]))
