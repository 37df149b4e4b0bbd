"""Clocks: the machine's, and one that follows the store's."""

from datetime import UTC, datetime, timedelta

import pytest

from salio.platform.clock import StoreClock, SystemClock
from tests.builders import NOW, FakeClock


@pytest.mark.parametrize("off", [timedelta(minutes=-5), timedelta(0), timedelta(minutes=5)], ids=str)
def test_p22_the_stores_time_counts_whatever_the_machine_shows(off: timedelta) -> None:
    """Two machines whose clocks disagree show the same time, and go on with their own until the next look."""
    machine = FakeClock()
    machine.set_wall(NOW + off)
    clock = StoreClock(machine)
    clock.set(int(NOW.timestamp()) * 1_000_000 + 250_000)
    assert clock.now() == NOW.replace(microsecond=0) + timedelta(microseconds=250_000)
    machine.advance(seconds=2)
    assert clock.now() == NOW.replace(microsecond=0) + timedelta(seconds=2, microseconds=250_000)


def test_no_step_of_the_stores_time_moves_what_is_measured() -> None:
    """Limits and waits go by the machine's monotonic time."""
    machine = FakeClock()
    clock, before = StoreClock(machine), machine.monotonic()
    clock.set(0)
    assert clock.now() == datetime.fromtimestamp(0, UTC)
    assert clock.monotonic() == before


def test_the_machines_clock_is_aware() -> None:
    """In UTC."""
    assert SystemClock().now().tzinfo is UTC
