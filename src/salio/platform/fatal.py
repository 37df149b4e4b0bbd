"""The end of a platform that can keep its promises no longer: at once, as a crash is one.

A crash loses nothing that was acknowledged (docs/reliability.md). A platform that lives on though one of its
loops has ended, or a step forgot half of what it was to remember, owes its callers answers for ever.
"""

import asyncio
import os
from collections.abc import Callable
from typing import Any, NoReturn

NO_MEMORY = os.EX_OSERR
"""The exit status where the machine gave no more memory."""
BROKEN = os.EX_SOFTWARE
"""The exit status where a loop ended by a fault of ours."""

_LAST_WORDS = {
    NO_MEMORY: b"salio: out of memory, so the platform ends. Nothing acknowledged is lost: give it more "
    b"memory, or let fewer requests wait, and start it again.\n",
    BROKEN: b"salio: a part of the platform has failed (see above), so all of it ends. Nothing acknowledged "
    b"is lost: start it again, and report the failure.\n",
}
"""Made beforehand: there may be no memory for more."""


def end_at_once(status: int) -> NoReturn:
    """Says why, and ends the process where it stands."""
    try:
        os.write(2, _LAST_WORDS[status])
    finally:
        os._exit(status)


class Vitals:
    """What may not fail while the platform lives."""

    def __init__(self, end: Callable[[int], object] = end_at_once) -> None:
        self._end = end

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """From here on a lack of memory in any callback of the loop ends the platform."""
        loop.set_exception_handler(self._failed)

    def keep(self, task: "asyncio.Task[None]") -> "asyncio.Task[None]":
        """The same task: should it fail, the platform ends."""
        task.add_done_callback(self._done)
        return task

    def _failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if isinstance(context.get("exception"), MemoryError):
            self._end(NO_MEMORY)
        else:
            loop.default_exception_handler(context)

    def _done(self, task: "asyncio.Task[None]") -> None:
        error = None if task.cancelled() else task.exception()
        if isinstance(error, MemoryError):
            self._end(NO_MEMORY)
        elif error is not None:
            task.get_loop().default_exception_handler({"message": "a part has failed", "exception": error})
            self._end(BROKEN)
