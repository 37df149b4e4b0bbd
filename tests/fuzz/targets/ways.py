"""Which way through its target an input goes: its first byte names it, and names the same for ever.

A table of ways grows at its end only. A byte that names none of them goes nowhere, so that a way that is
added takes no input from another.
"""

from collections.abc import Sequence
from typing import TypeVar

FIRST = ord("0")
"""So that inputs can be read: `0` names the first way, `1` the second, `:` the eleventh."""

T = TypeVar("T")


def way_of(data: bytes, ways: Sequence[T]) -> T | None:
    """The way that an input names; None if it names none."""
    at = sum(data[:1]) - FIRST
    return ways[at] if 0 <= at < len(ways) else None


def name_of(way: int) -> bytes:
    """The byte that names the way at this place of its table."""
    return bytes([FIRST + way])
