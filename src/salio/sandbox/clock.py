"""The sandbox's time: the machine's, until somebody stops it, sets it or lets it pass."""

from datetime import UTC, datetime, timedelta

from salio.core.ports import Clock
from salio.wire.receipts import FIRST_YEAR, LAST_YEAR


class ClockError(Exception):
    """A time that the sandbox cannot have; the text says why."""


class SandboxClock:
    """Fits :class:`salio.core.ports.Clock`. A start takes the machine's time again."""

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._ahead = timedelta()
        """Of the wall clock, against the machine's."""
        self._passed = 0.0
        """Seconds that were let pass on both clocks."""
        self._stopped_at: tuple[datetime, float] | None = None
        """Both of the machine's clocks when they were stopped."""

    @property
    def stopped(self) -> bool:
        """Whether time stands still."""
        return self._stopped_at is not None

    @property
    def ahead(self) -> timedelta:
        """How far the wall clock is before the machine's; negative behind it."""
        return self.now() - self.machine_now()

    def machine_now(self) -> datetime:
        """The machine's wall clock."""
        return self._machine.now()

    def now(self) -> datetime:
        """The wall clock in UTC."""
        machine = self._machine.now() if self._stopped_at is None else self._stopped_at[0]
        return machine + self._ahead if self._ahead else machine

    def monotonic(self) -> float:
        """Seconds that never step back; they stop with the wall clock, and pass when it is advanced."""
        machine = self._machine.monotonic() if self._stopped_at is None else self._stopped_at[1]
        return machine + self._passed

    def stop(self) -> None:
        """Time stands still from here on."""
        if self._stopped_at is None:
            self._stopped_at = (self._machine.now(), self._machine.monotonic())

    def run(self) -> None:
        """Time goes on from where it stands."""
        if self._stopped_at is not None:
            wall, monotonic = self._stopped_at
            self._ahead -= self._machine.now() - wall
            self._passed -= self._machine.monotonic() - monotonic
            self._stopped_at = None

    def reset(self) -> None:
        """The wall clock shows the machine's time and runs."""
        self.run()
        self._ahead = timedelta()

    def set(self, moment: datetime) -> None:
        """The wall clock shows this moment, as if somebody had set it: nothing else passes.

        Raises :class:`ClockError` for a moment without an offset, or one that no receipt could tell.
        """
        if moment.utcoffset() is None:
            raise ClockError("a time needs its offset from UTC: 2026-11-21T09:30:00+03:00")
        try:
            distance = moment.astimezone(UTC) - self.now()
        except OverflowError:  # the last hours of the year 9999, west of Greenwich
            distance = timedelta.max
        self._jump(distance)

    def advance(self, passing: timedelta) -> None:
        """So much time passes at once: tokens and passwords age, throttles fill up again.

        Raises :class:`ClockError` for time that runs backwards, or beyond what a receipt can tell.
        """
        if passing < timedelta():
            raise ClockError("time passes forwards only: set the clock to go back")
        self._jump(passing)
        self._passed += passing.total_seconds()

    def _jump(self, distance: timedelta) -> None:
        try:
            year = (self.now() + distance).year
        except OverflowError:
            year = 0
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ClockError(
                f"receipts have letters for the years {FIRST_YEAR} to {LAST_YEAR}: choose among them"
            )
        self._ahead += distance
