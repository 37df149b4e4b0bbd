"""The way from a request to the writer and back: an answer waits for its commit."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any


class Door:
    """Coroutines wait here for what a stage says after a commit."""

    def __init__(self, wake: Callable[[], None]) -> None:
        """``wake`` tells the writer that a stage has something."""
        self._wake = wake
        self._loop: asyncio.AbstractEventLoop | None = None

    async def wait(self, submit: Callable[[object], object | None]) -> Any:
        """Hands a mark to ``submit`` and waits for its answer, unless it is refused there and then."""
        if self._loop is None:  # asking each time costs a system call
            self._loop = asyncio.get_running_loop()
        answer: asyncio.Future[object] = self._loop.create_future()
        refused = submit(answer)
        if refused is not None:
            return refused
        self._wake()
        return await answer

    def answered(self, group: Sequence[tuple[object, object]]) -> None:
        """The marks of a group and the answer of each; who hung up meanwhile is passed over."""
        for mark, answer in group:
            if isinstance(mark, asyncio.Future) and not mark.done():
                mark.set_result(answer)
