"""What carries attempts: the courier, or a simulated network in its place."""

from collections.abc import Sequence
from typing import Protocol

from salio.core.requests.deliveries import Attempt


class Transport(Protocol):
    """Every attempt that is posted ends in exactly one AttemptEnd, told to whoever built the transport."""

    def post(self, attempts: Sequence[Attempt]) -> None:
        """Takes attempts, from any thread, and returns at once."""
        ...

    def step(self, longest_wait: float) -> None:
        """Moves everything on by one step, waiting at most so many seconds for something to happen."""
        ...

    def close(self) -> None:
        """Lets go of everything; attempts under way stay open in the store and leave again after a start."""
        ...
