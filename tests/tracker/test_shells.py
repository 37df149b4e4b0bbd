"""What the shells do by themselves: turns without end, trouble on the way, and an orderly end."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from salio.tracker.async_tracker import AsyncTracker
from salio.tracker.ends import Ending
from salio.tracker.outside import Outside
from salio.tracker.tracker import REST, REST_AFTER_TROUBLE, Tracker
from tests.tracker.platform import FakePlatform
from tests.tracker.sides import TASKS, THREADS, Clock, Side


def broken(side: Side, *, is_broken: bool) -> None:
    """The record can, or cannot, be written."""
    side.record.rows(f"PRAGMA query_only = {'ON' if is_broken else 'OFF'}")


def came(side: Side, platform: FakePlatform) -> None:
    """A balance is asked for, and its result comes."""
    side.run(lambda client: client.balance())
    assert side.post(platform.asked[-1].result_url, platform.asked[-1].result()) == 200


def test_threads_take_turns_until_they_are_stopped(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A record that is out of reach for a while is tried again, later than usual."""
    clock, platform = Clock(), FakePlatform()
    side = Side(THREADS, tmp_path / "record.db", platform, clock)
    assert isinstance(side.tracker, Tracker)
    came(side, platform)
    broken(side, is_broken=True)
    pauses: list[float] = []
    before = clock.milliseconds

    def paused() -> None:
        pauses.append((clock.milliseconds - before) / 1000 - sum(pauses))
        broken(side, is_broken=False)
        if len(pauses) == 3:
            side.tracker.stop()  # type: ignore[union-attr]  # a Tracker, as was asserted

    clock.on_pause = paused
    side.tracker.run()
    assert pauses == pytest.approx([REST_AFTER_TROUBLE, REST, REST])
    assert "RecordUnavailable" in caplog.text
    assert len(side.told) == 1
    side.close()


def test_tasks_take_turns_while_the_block_lasts(tmp_path: Path) -> None:
    """And none afterwards."""
    rests = asyncio.Event()

    async def pause(seconds: float) -> None:
        broken(side, is_broken=False)
        if side.told:
            rests.set()
        await asyncio.sleep(0)

    platform = FakePlatform()
    side = Side(TASKS, tmp_path / "record.db", platform, Clock(), outside=Outside(pause_task=pause))
    came(side, platform)
    broken(side, is_broken=True)

    async def journey() -> None:
        assert isinstance(side.tracker, AsyncTracker)
        async with side.tracker:
            await rests.wait()

    side.run_coroutine(journey())
    assert len(side.told) == 1
    side.close()


def test_a_cancelled_turn_leaves_the_record_to_others(tmp_path: Path) -> None:
    """In the middle of a handler: the end is told again, and nobody waits for whoever was cancelled."""
    platform, began = FakePlatform(), asyncio.Event()

    async def hangs(ending: Ending) -> None:
        began.set()
        await asyncio.Event().wait()

    first = Side(TASKS, tmp_path / "record.db", platform, Clock(), handler=hangs)
    came(first, platform)

    async def journey() -> None:
        assert isinstance(first.tracker, AsyncTracker)
        turn = asyncio.create_task(first.tracker.turn())
        await began.wait()
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn

    first.run_coroutine(journey())
    side = Side(TASKS, tmp_path / "record.db", platform, Clock())
    side.turn()
    assert [each.again for each in side.told] == [True]
    first.close()
    side.close()


def test_c7_many_threads_wait_for_one_result(tmp_path: Path) -> None:
    """Each gets it; the handler is told once."""
    clock, platform = Clock(), FakePlatform()
    side = Side(THREADS, tmp_path / "record.db", platform, clock)
    came(side, platform)
    assert isinstance(side.tracker, Tracker)
    wait: Callable[[int], object] = side.tracker.wait
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(wait(1))) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 20
    side.turn()
    assert len(side.told) == 1
    side.close()
