"""The state of the sandbox as a whole: snapshots of it, their return, and the test data anew."""

from datetime import datetime
from typing import Protocol

import msgspec


class StateError(Exception):
    """What cannot be done with the state; the text says why."""


class UnknownSnapshotError(StateError):
    """There is no snapshot of that name."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a snapshot."""

    name: str
    taken_at: datetime
    """By the sandbox's clock."""
    bytes: int
    requests: int


class State(Protocol):
    """What the control asks of the platform. Each raises StoreUnavailableError or OSError, and then has
    changed nothing.
    """

    def snapshots(self) -> list[Snapshot]:
        """The oldest first."""
        ...

    async def take(self, name: str, *, replace: bool) -> Snapshot:
        """Keeps the present state; raises :class:`StateError` for a name that is taken."""
        ...

    async def restore(self, name: str) -> Snapshot:
        """Goes back to that state; raises :class:`StateError`."""
        ...

    async def remove(self, name: str) -> Snapshot:
        """Forgets a snapshot; raises :class:`UnknownSnapshotError`."""
        ...

    async def reset(self) -> None:
        """Goes back to the test data, as a first start writes them."""
        ...
