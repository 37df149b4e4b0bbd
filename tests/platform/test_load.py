"""The writer under load: groups gather, and what can wait waits for a commit that is on its way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from salio.core.cycle import Cycle
from salio.platform.loops import CROWD, Writer
from tests.patience import PATIENCE
from tests.platform.test_loops import Counting, Troubled, run, writing


class Held:
    """Carries work when it is let go."""

    def __init__(self) -> None:
        self.began = asyncio.Event()
        self._go_on = asyncio.Event()

    async def carry(self, work: Callable[[], None]) -> None:
        """Waits for :meth:`let_go` first."""
        self.began.set()
        await self._go_on.wait()
        self._go_on.clear()
        work()

    def let_go(self) -> None:
        """The commit ends."""
        self.began.clear()
        self._go_on.set()


@asynccontextmanager
async def crowded(commits: Held, stage: Counting, **settings: Any) -> AsyncIterator[Writer]:
    """A writer that has turned with a crowd, and gives the next one time to gather."""
    store = Troubled()
    writer = Writer(Cycle(store, [stage], commits.carry), breath=lambda: PATIENCE, **settings)
    running = asyncio.create_task(writer.run())
    for _ in stage.waiting:
        writer.wake()
    await commits.began.wait()
    commits.let_go()
    await stage.done.wait()
    yield writer
    commits.let_go()
    writer.stop()
    await running
    store.close()


def test_under_load_what_can_wait_waits_for_a_commit() -> None:
    """Before it somebody's answer would wait; beside it nobody's does."""
    commits, stage = Held(), Counting(*"c" * CROWD)

    async def main() -> None:
        async with crowded(commits, stage, each_calls=True) as writer:
            waiting = asyncio.create_task(writer.lull())
            stage.waiting += "d" * CROWD
            for _ in range(CROWD):
                assert not waiting.done()
                await asyncio.sleep(0)
                writer.wake()
            await commits.began.wait()
            await waiting
            assert stage.settled == [*"c" * CROWD]

    run(main)
    assert stage.settled == [*"c" * CROWD, *"d" * CROWD]


def test_without_load_nothing_waits_for_a_commit() -> None:
    """Before the first turn, and after one of a few."""
    stage = Counting("a")

    async def main() -> None:
        async with writing(Troubled(), stage) as writer:
            await writer.lull()
            await stage.done.wait()
            await writer.lull()

    run(main)


def test_where_no_turn_can_begin_nothing_waits_for_one() -> None:
    """Whoever holds the writer may be waiting for just that."""
    commits, stage = Held(), Counting(*"c" * CROWD)

    async def main() -> None:
        async with crowded(commits, stage) as writer:
            waiting = asyncio.create_task(writer.lull())
            await asyncio.sleep(0)
            async with writer.held():
                await waiting

    run(main)


def test_a_breath_ends_when_all_have_called_again() -> None:
    """Nine of ten of them; the next group is not made to wait for nobody."""
    commits, stage = Held(), Counting(*"c" * 20)

    async def main() -> None:
        async with crowded(commits, stage, each_calls=True) as writer:
            stage.waiting += "d" * 18
            for _ in range(17):
                writer.wake()
            await asyncio.sleep(0.01)
            assert not commits.began.is_set()
            writer.wake()
            await commits.began.wait()

    run(main)
