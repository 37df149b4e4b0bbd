"""Second looks beside the event loop: bounded in number and in time, and told exactly once."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from salio.core.requests.findings import NOT_OURS, Doubt, Finding
from salio.platform.second_looks import SecondLooks
from tests.patience import PATIENCE

DOUBT = Doubt("credential", b"digest")


def run(scenario: Coroutine[Any, Any, None]) -> None:
    """On an event loop of its own."""
    asyncio.run(scenario)


class Told:
    """What was told, and an event for each telling."""

    def __init__(self) -> None:
        self.findings: list[Finding | None] = []
        self._news = asyncio.Event()

    def __call__(self, finding: Finding | None) -> None:
        self.findings.append(finding)
        self._news.set()

    async def wait(self, count: int) -> None:
        """Until so many were told."""
        async with asyncio.timeout(PATIENCE):
            while len(self.findings) < count:
                await self._news.wait()
                self._news.clear()


class Held:
    """An examination that goes on until the test lets it."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.threads: list[str] = []

    def __call__(self, doubt: Doubt) -> Finding:
        assert doubt is DOUBT
        self.threads.append(threading.current_thread().name)
        self.go.wait(PATIENCE)
        return NOT_OURS


@asynccontextmanager
async def looking(
    examine: Callable[[Doubt], Finding], *, most_waiting: int = 16, patience: float = PATIENCE
) -> AsyncIterator[SecondLooks]:
    """Closed at the end of the test."""
    looks = SecondLooks(examine, most_waiting=most_waiting, patience=patience)
    try:
        yield looks
    finally:
        looks.close()


def test_a_look_is_made_beside_the_loop() -> None:
    """In a thread of its own; what it found is told on the loop."""

    async def scenario() -> None:
        held, told = Held(), Told()
        held.go.set()
        async with looking(held) as looks:
            looks.look(DOUBT, told)
            assert told.findings == []
            await told.wait(1)
        assert told.findings == [NOT_OURS]
        assert held.threads[0].startswith("second-look")

    run(scenario())


def test_a_flood_does_not_pile_up() -> None:
    """Over the bound nobody looks, and that is told at once; a place that is free again is used."""

    async def scenario() -> None:
        held, told, refused = Held(), Told(), Told()
        async with looking(held, most_waiting=2) as looks:
            for _ in range(2):
                looks.look(DOUBT, told)
            for _ in range(100):
                looks.look(DOUBT, refused)
            assert (told.findings, refused.findings) == ([], [None] * 100)
            held.go.set()
            await told.wait(2)
            looks.look(DOUBT, told)
            await told.wait(3)
        assert told.findings == [NOT_OURS] * 3
        assert len(held.threads) == 3

    run(scenario())


def test_patience_ends() -> None:
    """A result does not wait for a long look and is told once; the place stays taken until it ends."""

    async def scenario() -> None:
        held, told, refused = Held(), Told(), Told()
        async with looking(held, most_waiting=1, patience=0.01) as looks:
            looks.look(DOUBT, told)
            await told.wait(1)
            looks.look(DOUBT, refused)
            assert (told.findings, refused.findings) == ([None], [None])
            held.go.set()
            await asyncio.to_thread(looks.close)  # returns when the look has ended
            await asyncio.sleep(0)
        assert told.findings == [None]

    run(scenario())


def test_an_examination_that_fails_is_as_good_as_none() -> None:
    """The result leaves all the same."""

    async def scenario() -> None:
        def fail(doubt: Doubt) -> Finding:
            raise RuntimeError(doubt.credential)

        told = Told()
        async with looking(fail) as looks:
            looks.look(DOUBT, told)
            await told.wait(1)
        assert told.findings == [None]

    run(scenario())


def test_no_thread_is_as_good_as_no_look() -> None:
    """It is told at once, and nothing is raised at whoever asks for many."""

    async def scenario() -> None:
        told = Told()
        async with looking(Held()) as looks:
            looks.close()
            for _ in range(20):
                looks.look(DOUBT, told)
        assert told.findings == [None] * 20

    run(scenario())


def test_the_end_does_not_wait_for_the_queue() -> None:
    """The look under way ends, those behind it are not made."""

    async def scenario() -> None:
        held, told = Held(), Told()
        async with looking(held) as looks:
            for _ in range(5):
                looks.look(DOUBT, told)
            closing = asyncio.create_task(asyncio.to_thread(looks.close))
            await told.wait(4)
            assert told.findings == [None] * 4
            held.go.set()
            await told.wait(5)
            await closing
        assert (told.findings[-1], len(held.threads)) == (NOT_OURS, 1)

    run(scenario())
