"""The machine's own clock."""

import time
from datetime import UTC, datetime


class SystemClock:
    """Fits :class:`salio.core.ports.Clock`."""

    def now(self) -> datetime:
        """The wall clock in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never step back."""
        return time.monotonic()
