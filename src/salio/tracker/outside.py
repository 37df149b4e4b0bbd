"""What a tracker takes from the world around it, unless it is given something else."""

import os
import random
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor

import msgspec


async def _pause_task(seconds: float) -> None:
    import asyncio  # who has no tasks need not wait for it

    await asyncio.sleep(seconds)


def wall_clock() -> int:
    """Milliseconds since 1970: what is late has to be late after a restart too."""
    return time.time_ns() // 1_000_000


Thread = Executor
"""One thread that takes work."""


def one_thread() -> Thread:
    """Where a receiver's commits are waited for, so that no other work of the application is in their way."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="salio-record")


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """The time, a way to let it pass in a thread and in a task, and numbers from 0 to 1."""

    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[float], object] = time.sleep
    pause_task: Callable[[float], Awaitable[object]] = _pause_task
    chance: Callable[[], float] = random.random


entropy = os.urandom
"""For addresses that nobody can guess."""
