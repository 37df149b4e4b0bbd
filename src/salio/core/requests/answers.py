"""Customers' answers to prompts: kept durably before anybody is told that they were heard.

A stage of the writer's cycle (see :mod:`salio.core.cycle`). It may turn in another process than the one that
decides, which hears of it by the store.
"""

from collections import deque
from collections.abc import Callable, Collection, Sequence

import msgspec

from salio.core.audit.notes import Note
from salio.core.ports import Clock, Unit
from salio.core.requests.prompts import AnswerEnd, CustomerWord


class Answering(msgspec.Struct, frozen=True):
    """An answer to the prompt of the request of that number; ``answer`` is the mark of whoever waits."""

    number: int
    word: CustomerWord
    answer: object


class Answers:
    """Answers on their way to the store: of several to one prompt the first is kept."""

    def __init__(
        self,
        *,
        clock: Clock,
        heard: Callable[[int, CustomerWord], object],
        answered: Callable[[Sequence[tuple[object, AnswerEnd]]], None],
    ) -> None:
        """``heard`` takes each that is durable, by the request's number, before ``answered`` is told."""
        self._clock = clock
        self._heard = heard
        self._answered = answered
        self._waiting: deque[Answering] = deque()
        self._kept: Collection[int] = ()
        self._shut = False

    def submit(self, wanted: Answering) -> AnswerEnd | None:
        """Takes one for the next group; says at once if nothing is kept any more."""
        if self._shut:
            return AnswerEnd.NOT_KEPT
        self._waiting.append(wanted)
        return None

    def shut(self) -> None:
        """Keeps nothing from here on: whoever waits, and whoever comes later, is told so."""
        self._shut = True
        self._refuse(self.take())

    def take(self) -> Sequence[Answering]:
        """Everything that came since the last turn."""
        return [self._waiting.popleft() for _ in range(len(self._waiting))]

    def write(self, unit: Unit, batch: Sequence[Answering]) -> None:
        """Keeps them, and for the log which way they came."""
        words: dict[int, CustomerWord] = {}
        for each in batch:
            words.setdefault(each.number, each.word)
        self._kept = unit.answer_prompts(words)
        now = self._clock.now()
        notes = [Note(request=each, at=now, text=f"phone: {words[each].said}") for each in sorted(self._kept)]
        if notes:
            unit.add_notes(notes)

    def settle(self, batch: Sequence[Answering]) -> None:
        """They are durable: the payments may be decided."""
        unheard, ends = set(self._kept), []
        for each in batch:
            is_first = each.number in unheard
            unheard.discard(each.number)
            if is_first:
                self._heard(each.number, each.word)
            ends.append((each.answer, AnswerEnd.HEARD if is_first else AnswerEnd.TOO_LATE))
        self._answered(ends)

    def spoil(self, item: Answering, error: Exception) -> None:
        """The store refused this one: whoever waits learns that nothing was kept."""
        self.put_back([item], error)

    def is_built_upon(self, item: Answering) -> bool:
        """Each stands alone."""
        del item
        return False

    def put_back(self, batch: Sequence[Answering], error: Exception) -> None:
        """The store is out of reach: nothing was kept, and whoever waits learns so at once."""
        del error
        self._refuse(batch)

    def _refuse(self, batch: Sequence[Answering]) -> None:
        self._answered([(each.answer, AnswerEnd.NOT_KEPT) for each in batch])
