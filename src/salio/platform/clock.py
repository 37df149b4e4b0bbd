"""The machine's own clock."""

import time
from datetime import UTC, datetime, timedelta

from salio.core.ports import Clock


class SystemClock:
    """Fits :class:`salio.core.ports.Clock`."""

    def now(self) -> datetime:
        """The wall clock in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never step back."""
        return time.monotonic()


class StoreClock:
    """A clock set by the store's, so that processes on several machines have one time (fault catalogue, P22).

    Fits :class:`salio.core.ports.Clock`.
    """

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._ahead = timedelta()

    def set(self, microseconds: int) -> None:
        """The store's clock shows so much since 1970, UTC."""
        shown = datetime.fromtimestamp(microseconds // 1_000_000, UTC)
        self._ahead = shown + timedelta(microseconds=microseconds % 1_000_000) - self._machine.now()

    def now(self) -> datetime:
        """The store's wall clock, in UTC."""
        return self._machine.now() + self._ahead

    def monotonic(self) -> float:
        """The machine's: seconds that never step back."""
        return self._machine.monotonic()
