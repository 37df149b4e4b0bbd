"""Customers' phones at a gateway: the store has what they show, and takes the answers to whoever decides."""

from collections.abc import Sequence

from salio.core.ports import Clock
from salio.core.requests.answers import Answers
from salio.core.requests.prompts import AnswerEnd, CustomerWord, Ringing
from salio.platform.door import Door
from salio.platform.phones import answering
from salio.platform.processes.shared import Shared


class SharedPhones:
    """Fits :class:`salio.core.requests.prompts.Phones`."""

    def __init__(self, shared: Shared, answers: Answers, door: Door) -> None:
        self._shared = shared
        self._clock: Clock = shared.clock
        self._answers = answers
        self._door = door
        self._known: dict[int, Ringing] = {}
        """By request's number what the store had at the last look."""

    async def ringing(self) -> Sequence[Ringing]:
        """Those that the store has now, and whose minute is not over."""
        await self.look()
        return self._ringing()

    async def answer(self, number: int, word: CustomerWord) -> AnswerEnd:
        """Answers after the commit; the deciding core is told by the store."""
        return await answering(self._answers, self._door, number, word)

    def prompted(self, phone: str) -> bool:
        """Whether that phone showed a prompt at the last look."""
        return any(each.prompt.phone == phone for each in self._ringing())

    async def look(self) -> None:
        """Reads what phones show; raises StoreUnavailableError."""
        self._known = await self._shared.look(self._shared.looking.ringing, self._known)

    def _ringing(self) -> list[Ringing]:
        now = self._clock.now()
        return [each for each in self._known.values() if now < each.prompt.until]
