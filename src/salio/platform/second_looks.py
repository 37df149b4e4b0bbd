"""Second looks at credentials: in a thread of their own, a few at a time, and never for long."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import structlog

from salio.core.requests.findings import Doubt, Finding

MOST_WAITING = 16
"""Looks under way or waiting for the thread; a flood of wrong passwords is not looked at, but refused."""
PATIENCE = 1.0
"""Seconds that a result waits for its look, which takes some milliseconds where a processor is free."""

Tell = Callable[[Finding | None], None]


class SecondLooks:
    """Fits :class:`salio.core.ports.SecondLook`. Used on the event loop only; ``examine`` runs beside it."""

    def __init__(
        self,
        examine: Callable[[Doubt], Finding],
        *,
        most_waiting: int = MOST_WAITING,
        patience: float = PATIENCE,
    ) -> None:
        self._examine = examine
        self._most_waiting = most_waiting
        self._patience = patience
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="second-look")
        self._waiting = 0

    def look(self, doubt: Doubt, tell: Tell) -> None:
        """Has it examined and tells the finding; ``None`` at once if too many wait, or when it takes long."""
        if self._waiting >= self._most_waiting:
            tell(None)
            return
        loop = asyncio.get_running_loop()
        look = _Look(tell)
        try:
            job = loop.run_in_executor(self._thread, self._examine, doubt)
        except RuntimeError as error:  # no thread to be had; results must leave
            structlog.get_logger().error("second_look_failed", error=type(error).__name__)
            look.end(None)
            return
        self._waiting += 1
        alarm = loop.call_later(self._patience, look.end, None)
        job.add_done_callback(lambda done: self._done(done, look, alarm))

    def close(self) -> None:
        """Ends the thread after the look under way; what waits is not looked at."""
        self._thread.shutdown(cancel_futures=True)

    def _done(self, job: "asyncio.Future[Finding]", look: "_Look", alarm: asyncio.TimerHandle) -> None:
        """A place is free only now, however long ago the patience ended: the thread is what is scarce."""
        self._waiting -= 1
        alarm.cancel()
        if job.cancelled():
            look.end(None)
        elif (error := job.exception()) is not None:
            structlog.get_logger().error("second_look_failed", error=type(error).__name__)
            look.end(None)
        else:
            look.end(job.result())


class _Look:
    """Tells once."""

    def __init__(self, tell: Tell) -> None:
        self._tell: Tell | None = tell

    def end(self, finding: Finding | None) -> None:
        """Tells it, unless something was told before."""
        tell, self._tell = self._tell, None
        if tell is not None:
            tell(finding)
