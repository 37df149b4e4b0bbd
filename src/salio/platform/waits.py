"""What an answer may wait for when a fault wants it: the environment's time, or the end of an attempt."""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from salio.core.ports import Clock
from salio.core.requests.deliveries import AttemptEnd
from salio.gateway.http import ClientGoneError, Receive

T = TypeVar("T")

LONGEST_UNTIL_TOLD = 30.0
"""Seconds of the machine's time that an acknowledgement waits for its callback: a caller hangs on it."""
SHORTEST_LOOK = 0.01
"""Seconds between looks at a clock that may stand still just before the end of a wait."""


class Waits:
    """Coroutines of the gateway that wait, as long as their callers do. One loop only."""

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

    async def pause(self, seconds: float, receive: Receive) -> None:
        """Waits for so many seconds of the environment's clock; raises ClientGoneError."""
        until = self._clock.monotonic() + seconds
        await _unless_gone(self._pass(until, self._let_go), receive)

    async def until_told(self, number: int, receive: Receive) -> bool:
        """Waits until the attempt for that request has ended; ``False`` if it took too long or was let go.

        Raises ClientGoneError.
        """
        told = self._untold[number] = asyncio.get_running_loop().create_future()
        try:
            return await _unless_gone(asyncio.wait_for(told, self._longest), receive)
        except TimeoutError:
            return False
        finally:
            if self._untold.get(number) is told:
                del self._untold[number]

    async def _pass(self, until: float, before: int) -> None:
        """Until that moment, unless everybody is let go: it is asked whether anybody was since ``before``."""
        while before == self._let_go and (left := until - self._clock.monotonic()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), max(left, SHORTEST_LOOK))

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


async def _unless_gone(wait: Coroutine[Any, Any, T], receive: Receive) -> T:
    """The end of the wait; raises ClientGoneError if the caller hangs up before it."""
    waiting, gone = asyncio.create_task(wait), asyncio.create_task(_hung_up(receive))
    try:
        await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            raise ClientGoneError
        return waiting.result()
    finally:
        waiting.cancel()
        gone.cancel()
        await asyncio.gather(waiting, gone, return_exceptions=True)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
