"""What an answer may wait for when a fault wants it: the environment's time, or the end of an attempt."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from salio.core.ports import Clock
from salio.core.requests.deliveries import AttemptEnd

LONGEST_UNTIL_TOLD = 30.0
"""Seconds of the machine's time that an acknowledgement waits for its callback: a caller hangs on it."""
SHORTEST_LOOK = 0.01
"""Seconds between looks at a clock that may stand still just before the end of a wait."""


class Waits:
    """Coroutines of the gateway that wait. One loop only."""

    def __init__(self, clock: Clock, longest: float = LONGEST_UNTIL_TOLD) -> None:
        self._clock = clock
        self._longest = longest
        self._moved = asyncio.Event()
        self._untold: dict[int, asyncio.Future[bool]] = {}
        self._let_go = 0
        """How often everybody was let go."""

    def look(self) -> None:
        """The clock was moved: whoever waits by it looks again."""
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def pause(self, seconds: float) -> None:
        """Waits for so many seconds of the environment's clock."""
        due, before = self._clock.monotonic() + seconds, self._let_go
        while before == self._let_go and (left := due - self._clock.monotonic()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), max(left, SHORTEST_LOOK))

    async def until_told(self, number: int) -> bool:
        """Waits until the attempt for that request has ended; ``False`` if it took too long or was let go."""
        told = self._untold[number] = asyncio.get_running_loop().create_future()
        try:
            return await asyncio.wait_for(told, self._longest)
        except TimeoutError:
            return False
        finally:
            if self._untold.get(number) is told:
                del self._untold[number]

    def let_go(self) -> None:
        """Nobody waits any longer: what they wait for belongs to a former state, or the platform ends."""
        self._let_go += 1
        self.look()
        untold, self._untold = self._untold, {}
        for told in untold.values():
            if not told.done():
                told.set_result(False)

    def recorded(self, ends: Sequence[AttemptEnd]) -> None:
        """These attempts have ended."""
        if not self._untold:
            return
        for each in ends:
            told = self._untold.get(each.number)
            if told is not None and not told.done():
                told.set_result(True)
