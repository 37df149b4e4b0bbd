"""What a client takes from the world around it, unless it is given something else: time, pauses, chance."""

import os
import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import msgspec


async def _pause_task(seconds: float) -> None:
    import asyncio  # who has no tasks need not wait for it

    await asyncio.sleep(seconds)


def _now() -> datetime:
    return datetime.now(UTC)


class Outside(msgspec.Struct, frozen=True):
    """A monotonic clock, a way to let time pass in a thread and in a task, and numbers from 0 to 1."""

    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[float], object] = time.sleep
    pause_task: Callable[[float], Awaitable[object]] = _pause_task
    chance: Callable[[], float] = random.random
    entropy: Callable[[int], bytes] = os.urandom
    """So many bytes that nobody else has: for ids of one's own."""
    now: Callable[[], datetime] = _now
    """The aware moment, which a prompt is signed with."""
