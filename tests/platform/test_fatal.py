"""What ends the platform at once, and what does not."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable

import pytest

from salio.platform.fatal import BROKEN, NO_MEMORY, Vitals

Raise = Callable[[], None]


def no_memory() -> None:
    """As a step does that finds none."""
    raise MemoryError


def fault() -> None:
    """As a step does that has a fault of ours."""
    raise ValueError("a fault of ours")


def nothing() -> None:
    """As a step does that is well."""


@pytest.mark.parametrize(
    ("step", "ends"),
    [
        pytest.param(no_memory, [NO_MEMORY], id="p26-no memory"),
        pytest.param(fault, [BROKEN], id="a fault"),
        pytest.param(nothing, [], id="its own end"),
    ],
)
def test_a_vital_part_that_fails_ends_everything(
    step: Raise, ends: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of ours is logged whole before."""
    met: list[int] = []

    async def part() -> None:
        step()

    async def main() -> None:
        task = Vitals(met.append).keep(asyncio.create_task(part()))
        await asyncio.wait([task])

    asyncio.run(main())
    assert met == ends
    assert ("a fault of ours" in caplog.text) == (ends == [BROKEN])


def test_a_part_that_is_cancelled_has_not_failed() -> None:
    """So the end cancels what goes on for ever."""
    met: list[int] = []

    async def main() -> None:
        task = Vitals(met.append).keep(asyncio.create_task(asyncio.sleep(60)))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(main())
    assert met == []


@pytest.mark.parametrize(
    ("step", "ends"),
    [
        pytest.param(no_memory, [NO_MEMORY], id="p26-no memory"),
        pytest.param(fault, [], id="one connection's fault"),
    ],
)
def test_only_a_lack_of_memory_in_a_callback_ends_everything(
    step: Raise, ends: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    """What else fails there is that connection's alone, and logged."""
    met: list[int] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        Vitals(met.append).watch(loop)
        loop.call_soon(step)
        await asyncio.sleep(0)

    with caplog.at_level(logging.ERROR):
        asyncio.run(main())
    assert met == ends
    assert ("a fault of ours" in caplog.text) == (not ends)


@pytest.mark.parametrize(("status", "words"), [(NO_MEMORY, "memory"), (BROKEN, "failed")])
def test_the_last_words_say_what_to_do(status: int, words: str) -> None:
    """A process that ends itself tells why, and its status says so too."""
    code = f"from salio.platform.fatal import end_at_once; end_at_once({status})"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == status
    assert words in ended.stderr
    assert "start it again" in ended.stderr
