"""The writer's turns on a disk that is slow now and then, and that another program writes to for moments."""

from collections.abc import Callable, Coroutine, Generator
from random import Random
from typing import Any

from salio.core.cycle import Cycle
from tests.simulation.crashes import Disk
from tests.simulation.outside import EventLog


class Pause:
    """The rest of a turn waits for the hand's next turn, and anything may happen before."""

    def __await__(self) -> Generator[None, None, None]:
        """Goes on when it is resumed."""
        yield


class Turns:
    """One after the other; a commit may be late to begin, or late to be told."""

    def __init__(self, seed: int, disk: Disk, log: EventLog) -> None:
        self._disk = disk
        self._log = log
        self._commits = Random(f"commits {seed}")
        self._others = Random(f"others {seed}")
        self._turning: Coroutine[Any, Any, int] | None = None

    @property
    def under_way(self) -> bool:
        """Whether one waits for the disk."""
        return self._turning is not None

    def turn(self, cycle: Cycle) -> None:
        """One turn, or the rest of one whose commit took its time."""
        if self._turning is None:
            self._disk.held = self._others.random() < 0.2
        turning, self._turning = self._turning or cycle.turn(), None
        try:
            turning.send(None)
        except StopIteration:
            return
        self._log.note("  the turn waits for the disk")
        self._turning = turning

    def end(self, cycle: Cycle) -> None:
        """The rest of one that waits."""
        while self._turning is not None:
            self.turn(cycle)

    def drop(self) -> None:
        """The process dies in the middle of it."""
        if self._turning is not None:
            self._turning.close()
            self._turning = None

    async def carry(self, work: Callable[[], None]) -> None:
        """A commit; one in four is late to begin, one in four late to be told."""
        if self._commits.random() < 0.25:
            await Pause()
        work()
        if self._commits.random() < 0.25:
            await Pause()
