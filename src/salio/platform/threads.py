"""Threads for whatever blocks and cannot be hurried: nobody waits for them, at the end neither."""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Semaphore, Thread

Work = Callable[[], None]


class Threads:
    """As many as work is given at once; whoever gives it sees to the bound. They end with the process."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._work: SimpleQueue[Work | None] = SimpleQueue()
        self._idle = Semaphore(0)

    def begin(self, work: Work) -> None:
        """Does the work in an idle thread, or in a new one; raises RuntimeError if there can be none."""
        if not self._idle.acquire(blocking=False):
            Thread(target=self._run, name=self._name, daemon=True).start()
        self._work.put(work)

    def close(self) -> None:
        """Lets the idle ones go; one that is blocked is left behind."""
        while self._idle.acquire(blocking=False):
            self._work.put(None)

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()
            self._idle.release()
