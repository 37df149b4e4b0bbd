"""What a tracker takes from the world around it, unless it is given something else."""

import asyncio
import os
import random
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress

import msgspec


async def _pause_task(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def _sleep_task(alarm: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(alarm.wait(), seconds)


def wall_clock() -> int:
    """Milliseconds since 1970: what is late has to be late after a restart too."""
    return time.time_ns() // 1_000_000


Thread = Executor
"""One thread that takes work."""


def one_thread() -> Thread:
    """Where a receiver's commits are waited for, so that no other work of the application is in their way."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="salio-record")


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """The time, ways to let it pass in a thread and in a task, or until an alarm, and numbers from 0 to 1."""

    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[float], object] = time.sleep
    pause_task: Callable[[float], Awaitable[object]] = _pause_task
    sleep: Callable[[threading.Event, float], object] = threading.Event.wait
    sleep_task: Callable[[asyncio.Event, float], Awaitable[object]] = _sleep_task
    chance: Callable[[], float] = random.random


entropy = os.urandom
"""For addresses that nobody can guess."""
