"""Buckets of places that refill evenly by monotonic time.

Evenly, so that nobody has to wait for a full minute; by monotonic time, so that no step of the wall clock
grants or takes a place.
"""

from collections import OrderedDict
from typing import Generic, TypeVar

import msgspec

Name = TypeVar("Name")


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """How many places there are."""

    per_second: float
    """Places that flow in."""
    burst: int
    """Places in a full bucket; a new one is full."""


class Buckets(Generic[Name]):
    """A bucket for each name. Not for several threads at once."""

    def __init__(self, most: int | None = None) -> None:
        """``most``: how many are kept; beyond that the one longest unused is forgotten, and full again."""
        self._most = most
        self._levels: OrderedDict[Name, tuple[float, float]] = OrderedDict()

    def take(self, name: Name, allowance: Allowance, *, monotonic: float) -> bool:
        """Takes one place; whether there was one. Monotonic time that steps back all the same takes none."""
        burst = float(allowance.burst)
        level, filled_at = self._levels.pop(name, (burst, monotonic))
        level = min(burst, level + max(0.0, monotonic - filled_at) * allowance.per_second)
        allowed = level >= 1.0
        self._levels[name] = (level - 1.0 if allowed else level, monotonic)
        if self._most is not None and len(self._levels) > self._most:
            self._levels.popitem(last=False)
        return allowed

    def __len__(self) -> int:
        return len(self._levels)
