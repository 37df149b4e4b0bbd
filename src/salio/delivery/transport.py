"""What carries attempts: the courier, or a simulated network in its place."""

from collections.abc import Sequence
from typing import Protocol

from salio.core.requests.deliveries import Attempt


class Transport(Protocol):
    """Every attempt that is posted ends in exactly one AttemptEnd, told to whoever built the transport."""

    def post(self, attempts: Sequence[Attempt]) -> None:
        """Takes attempts and returns at once."""
        ...
