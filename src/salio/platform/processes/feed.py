"""Work comes to a process when the store tells of it; now and then it looks by itself."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from salio.core.ports import StoreUnavailableError

LOOK_EVERY = 5.0
"""Seconds until it looks though nothing was told: a notice may have been lost with its connection."""
RETRY_SECONDS = 0.5
BREATH = 0.01
"""Seconds between two looks: what came meanwhile is taken together. Work that comes alone never waits."""
BREATH_OF_A_LOOK = 2
"""The same in looks. As long as a dump or a long report holds a snapshot, a look steps over all that was done
since; it must not keep the server busy with that.
"""


def breath_after(seconds: float) -> float:
    """Seconds until the next look, after one that took so long."""
    return max(BREATH, BREATH_OF_A_LOOK * seconds)


class Feed:
    """Brings work in, one look after another; each notice is followed by a look that began after it."""

    def __init__(self, look: Callable[[], Awaitable[bool]]) -> None:
        """``look`` takes what there is room for, and says whether it left anything for want of room."""
        self._look = look
        self._told = asyncio.Event()
        self._more = False

    def tell(self) -> None:
        """There may be work."""
        self._told.set()

    def room(self) -> None:
        """Something was finished: what was left may come."""
        if self._more:
            self._told.set()

    async def run(self) -> None:
        """Looks for ever."""
        while True:
            loop = asyncio.get_running_loop()
            alarm = loop.call_later(LOOK_EVERY, self._told.set)
            await self._told.wait()
            alarm.cancel()
            self._told.clear()
            began = loop.time()
            try:
                self._more = await self._look()
                await asyncio.sleep(breath_after(loop.time() - began))
            except StoreUnavailableError as error:
                structlog.get_logger().warning("work_out_of_reach", error=str(error))
                await asyncio.sleep(RETRY_SECONDS)
                self._told.set()
