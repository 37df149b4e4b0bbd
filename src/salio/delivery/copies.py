"""Results that are posted twice because a fault wants it: the second POST is a note, never an attempt."""

from collections.abc import Callable, Sequence

import msgspec

from salio.core.audit.notes import Note
from salio.core.ports import Clock, Faults
from salio.core.requests.deliveries import Attempt, AttemptEnd
from salio.core.requests.queries import Request


class Copies:
    """Which attempts are to be doubled, and which copies are under way."""

    def __init__(self, *, clock: Clock, faults: Faults, note: Callable[[Note], None]) -> None:
        self._clock = clock
        self._faults = faults
        self._note = note
        self._wanted: dict[int, str] = {}
        """By the number of an attempt that has not left: the fault's cause."""
        self._under_way: dict[int, str] = {}

    def under_way(self) -> int:
        """How many copies have left and not ended."""
        return len(self._under_way)

    def ask(self, request: Request) -> None:
        """Whether the result about to be claimed is to be doubled; asked again after a failed commit, too."""
        if request.number not in self._wanted:
            provoked = self._faults.double(request.app_number, request.query)
            if provoked is not None:
                self._wanted[request.number] = provoked.cause

    def doubled(self, batch: Sequence[Attempt]) -> Sequence[Attempt]:
        """What leaves for attempts that are marked as started: themselves, and the copies of some."""
        if not self._wanted:
            return batch
        leaving: list[Attempt] = []
        for attempt in batch:
            leaving.append(attempt)
            cause = self._wanted.pop(attempt.number, None)
            if cause is not None:
                leaving.append(msgspec.structs.replace(attempt, copy=True))
                self._under_way[attempt.number] = cause
                self._tell(attempt.number, cause)
        return leaving

    def forget(self, number: int) -> None:
        """That attempt will not leave."""
        self._wanted.pop(number, None)

    def ended(self, end: AttemptEnd) -> None:
        """A copy ended: its note says how."""
        cause = self._under_way.pop(end.number, None)
        if cause is not None:
            self._tell(end.number, f"{cause}: the second ended with {end.fault or f'HTTP {end.status}'}")

    def _tell(self, number: int, text: str) -> None:
        self._note(Note(request=number, at=self._clock.now(), text=text))
