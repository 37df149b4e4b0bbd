"""How long a test waits for what must come, and the waiting itself: nothing waits for ever."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 60.0
"""Seconds that anything may take on a machine that is busy with other tests; usually it is milliseconds."""

T = TypeVar("T")


def until(what: str, look: Callable[[], T | None], patience: float = PATIENCE) -> T:
    """What ``look`` finds, looked for again and again until the patience ends."""
    pause, deadline = threading.Event(), time.monotonic() + patience
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, f"{what}: not within {patience:.0f} s"
        pause.wait(0.02)
