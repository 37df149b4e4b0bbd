"""The thread beside the loop: whatever waits for the disk is there, and the loop goes on."""

import asyncio
import threading
from contextlib import closing
from pathlib import Path

import pytest

from salio.core.cycle import Cycle
from salio.core.ports import StoreUnavailableError
from salio.platform.loops import Aside, Writer
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import SqliteStore
from tests.patience import PATIENCE
from tests.platform.test_loops import Counting, run


def test_the_disk_is_waited_for_aside() -> None:
    """Work has a thread of its own while the loop goes on; what it raises arrives."""
    met: list[str] = []

    async def main() -> None:
        aside, free = Aside(), threading.Event()

        def work() -> None:
            assert free.wait(PATIENCE)
            met.append(threading.current_thread().name)

        def fail() -> None:
            raise StoreUnavailableError("the disk is full")

        waiting = asyncio.create_task(aside.carry(work))
        await asyncio.sleep(0)
        free.set()  # only a loop that goes on comes here
        await waiting
        with pytest.raises(StoreUnavailableError):
            await aside.carry(fail)
        aside.close()

    run(main)
    assert met == ["disk_0"]


def test_another_program_that_writes_is_waited_for_aside(tmp_path: Path) -> None:
    """Only a loop that goes on meanwhile can send it away."""
    stage = Counting("a")

    async def main() -> None:
        aside, store = Aside(), SqliteStore(connect(tmp_path / "a.db"))
        writer = Writer(Cycle(store, [stage], aside.carry))
        running = asyncio.create_task(writer.run())
        with closing(connect(tmp_path / "a.db")) as other:
            other.execute("BEGIN IMMEDIATE")
            writer.wake()
            await stage.taken.wait()
            other.execute("ROLLBACK")
            await stage.done.wait()
        writer.stop()
        await running
        aside.close()
        store.close()

    run(main)
    assert (stage.settled, stage.put_backs) == (["a"], 0)
