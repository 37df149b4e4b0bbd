"""Those who wait: one looks for all, and wakes them; nobody is forgotten when that one goes."""

import asyncio
import threading
from pathlib import Path
from typing import Any

from salio.client.async_client import AsyncClient
from salio.tracker.core import FALLBACK
from salio.tracker.ends import Ending
from salio.tracker.outside import Outside
from salio.tracker.tracker import Tracker
from salio.tracker.waiting import Waiters
from tests.receiver.posting import posted
from tests.tracker.platform import FakePlatform
from tests.tracker.sides import TASKS, THREADS, Clock, Side

MANY = 20
PATIENCE = 60


class Sleeping:
    """Who leads looks again as soon as others have had their turn; all others sleep until they are woken."""

    def __init__(self, sleepers: int = 0) -> None:
        self._sleepers = sleepers
        self.slept = 0
        """How often somebody who does not lead lay down."""
        self.all_asleep = asyncio.Event()
        """So many have."""

    async def sleep_task(self, alarm: asyncio.Event, seconds: float) -> None:
        """Of a task."""
        if seconds < FALLBACK:
            await asyncio.sleep(0)
            return
        self.slept += 1
        if self.slept == self._sleepers:
            self.all_asleep.set()
        await alarm.wait()

    def sleep(self, alarm: threading.Event, seconds: float) -> None:
        """Of a thread."""
        alarm.wait(0.001 if seconds < FALLBACK else PATIENCE)


def outside(sleeping: Sleeping) -> Outside:
    """With the machine's clock."""
    return Outside(sleep=sleeping.sleep, sleep_task=sleeping.sleep_task)


def side_of(kind: str, path: Path, platform: FakePlatform, sleeping: Sleeping, **settings: Any) -> Side:
    """One life, whose waiting is the test's."""
    return Side(kind, path / "record.db", platform, Clock(), outside=outside(sleeping), **settings)


def test_one_looks_for_all(tmp_path: Path) -> None:
    """Whoever has judged, here another process; nobody else looks more than twice."""
    platform, sleeping = FakePlatform(), Sleeping(MANY - 1)
    side = side_of(TASKS, tmp_path, platform, sleeping)
    other = Side(THREADS, tmp_path / "record.db", platform, Clock())

    async def journey() -> None:
        assert isinstance(side.client, AsyncClient)
        asked = [await side.client.balance() for _ in range(MANY)]
        waiting = [asyncio.create_task(each.result()) for each in asked]
        await sleeping.all_asleep.wait()
        await asyncio.to_thread(come_to_others)
        async with asyncio.timeout(PATIENCE):
            assert [each.code for each in await asyncio.gather(*waiting)] == ["0"] * MANY

    def come_to_others() -> None:
        for each in reversed(platform.asked):
            other.post(each.result_url, each.result())
        other.turn()

    side.run_coroutine(journey())
    assert sleeping.slept <= 2 * MANY
    side.close()
    other.close()


def test_whoever_leads_goes(tmp_path: Path) -> None:
    """Cancelled, one after the other: the next one leads."""
    platform, sleeping = FakePlatform(), Sleeping(3)
    side = side_of(TASKS, tmp_path, platform, sleeping)

    async def journey() -> None:
        assert isinstance(side.client, AsyncClient)
        asked = await side.client.balance()
        waiting = [asyncio.create_task(asked.result()) for _ in range(4)]
        await sleeping.all_asleep.wait()
        for each in waiting[:3]:
            each.cancel()
            await asyncio.wait([each])
        assert (
            await posted(side.tracker.receiver, platform.asked[0].result_url, platform.asked[0].result())
            == 200
        )
        async with asyncio.timeout(PATIENCE):
            assert (await waiting[3]).succeeded

    side.run_coroutine(journey())
    side.close()


def test_a_slow_handler_keeps_nobody(tmp_path: Path) -> None:
    """Whoever led is in it; another one looks meanwhile."""
    platform, sleeping = FakePlatform(), Sleeping()
    begun, found = threading.Event(), threading.Event()

    def slow(ending: Ending) -> None:
        if ending.request == 1:
            begun.set()
            assert found.wait(PATIENCE)

    side = side_of(THREADS, tmp_path, platform, sleeping, handler=slow)
    assert isinstance(side.tracker, Tracker)
    tracker = side.tracker
    for _ in range(2):
        side.run(lambda client: client.balance())
    first = threading.Thread(target=lambda: tracker.wait(1))

    def wait_and_say() -> None:
        tracker.wait(2)
        found.set()

    second = threading.Thread(target=wait_and_say)
    first.start()
    second.start()
    side.post(platform.asked[0].result_url, platform.asked[0].result())
    assert begun.wait(PATIENCE)
    side.post(platform.asked[1].result_url, platform.asked[1].result())
    for each in (second, first):
        each.join(PATIENCE)
        assert not each.is_alive()
    side.close()


def test_who_was_woken_to_lead_and_goes() -> None:
    """Another one is woken."""
    waiters = Waiters()
    alarms = [threading.Event() for _ in range(3)]
    for number, alarm in enumerate(alarms):
        waiters.enter(alarm, number, 7)
    assert waiters.leads(alarms[0])
    assert not waiters.leads(alarms[1])
    waiters.leave(alarms[0])
    assert alarms[1].is_set()
    waiters.leave(alarms[1])
    assert alarms[2].is_set()
    assert waiters.leads(alarms[2])
    waiters.leave(alarms[2])
    assert not waiters


def test_who_is_woken() -> None:
    """Those whose request has ended, and whoever leads if something came."""
    waiters = Waiters()
    one, two = threading.Event(), threading.Event()
    waiters.wake_leader()
    waiters.enter(one, 1, 7)
    waiters.enter(two, 2, 9)
    assert waiters.leads(two)
    waiters.wake([1], 8)
    assert (one.is_set(), two.is_set(), waiters.seen) == (True, False, 8)
    waiters.wake_leader()
    assert two.is_set()
