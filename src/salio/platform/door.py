"""The way from the event loop to the writer's thread and back: an answer waits for its commit."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any


class Door:
    """Coroutines wait here for what a stage says after a commit; one wake-up of the loop for each group."""

    def __init__(self, wake: Callable[[], None]) -> None:
        """``wake`` tells the writer that a stage has something."""
        self._wake = wake
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waking = False

    async def wait(self, submit: Callable[[object], object | None]) -> Any:
        """Hands a mark to ``submit`` and waits for its answer, unless it is refused there and then."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        answer: asyncio.Future[object] = self._loop.create_future()
        refused = submit(answer)
        if refused is not None:
            return refused
        if not self._waking:
            self._waking = True
            self._loop.call_soon(self._wake_once)
        return await answer

    def _wake_once(self) -> None:
        """After the last request of this pass of the loop: the writer finds all of them."""
        self._waking = False
        self._wake()

    def answered(self, group: Sequence[tuple[object, object]]) -> None:
        """The marks of a group and the answer of each; called on the writer's thread."""
        if group and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_resolve, group)


def _resolve(group: Sequence[tuple[object, object]]) -> None:
    for mark, answer in group:
        if isinstance(mark, asyncio.Future) and not mark.done():
            mark.set_result(answer)
