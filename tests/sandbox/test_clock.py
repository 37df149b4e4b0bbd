"""The sandbox's time against the machine's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from salio.sandbox.clock import ClockError, SandboxClock
from tests.builders import NOW, FakeClock

HOUR = timedelta(hours=1)


@pytest.fixture
def machine() -> FakeClock:
    """The machine's time, moved by the test."""
    return FakeClock()


@pytest.fixture
def clock(machine: FakeClock) -> SandboxClock:
    """Fresh from the start."""
    return SandboxClock(machine)


def both(clock: SandboxClock) -> tuple[timedelta, float]:
    """How far both clocks are from where they began."""
    return clock.now() - NOW, clock.monotonic() - 1000.0


def test_untouched_it_is_the_machines(clock: SandboxClock, machine: FakeClock) -> None:
    """To the microsecond, and for ever."""
    machine.advance(hours=1)
    assert both(clock) == (HOUR, 3600.0)
    assert (clock.ahead, clock.stopped) == (timedelta(), False)


def test_stopped_it_stands(clock: SandboxClock, machine: FakeClock) -> None:
    """Both clocks; a second stop changes nothing, and it goes on from where it stood."""
    clock.stop()
    machine.advance(hours=1)
    clock.stop()
    assert both(clock) == (timedelta(), 0.0)
    assert (clock.ahead, clock.stopped) == (-HOUR, True)
    clock.run()
    clock.run()
    assert both(clock) == (timedelta(), 0.0)
    machine.advance(hours=1)
    assert both(clock) == (HOUR, 3600.0)
    assert not clock.stopped


@pytest.mark.parametrize("stopped", [False, True], ids=["running", "stopped"])
def test_advanced_both_clocks_move(clock: SandboxClock, machine: FakeClock, stopped: bool) -> None:
    """Whether time runs or stands; and what was let pass stays passed."""
    if stopped:
        clock.stop()
    clock.advance(HOUR)
    assert both(clock) == (HOUR, 3600.0)
    assert clock.ahead == HOUR
    clock.run()
    machine.advance(hours=1)
    assert both(clock) == (2 * HOUR, 7200.0)


@pytest.mark.parametrize(
    ("moment", "distance"),
    [
        pytest.param(NOW + HOUR, HOUR, id="ahead"),
        pytest.param(NOW - HOUR, -HOUR, id="behind"),
        pytest.param(datetime.fromisoformat("2026-08-16T13:30:00+03:00"), HOUR, id="in East Africa"),
    ],
)
def test_set_the_wall_clock_alone_jumps(
    clock: SandboxClock, machine: FakeClock, moment: datetime, distance: timedelta
) -> None:
    """The monotonic clock never steps, and time goes on."""
    clock.set(moment)
    assert both(clock) == (distance, 0.0)
    assert clock.now().tzinfo is UTC
    machine.advance(hours=1)
    assert both(clock) == (distance + HOUR, 3600.0)


@pytest.mark.parametrize("stopped", [False, True], ids=["running", "stopped"])
def test_reset_it_is_the_machines_again(clock: SandboxClock, machine: FakeClock, stopped: bool) -> None:
    """The wall clock, whatever was done to it; the monotonic one has not stepped back."""
    if stopped:
        clock.stop()
    clock.advance(HOUR)
    clock.set(NOW - HOUR)
    machine.advance(hours=1)
    monotonic = clock.monotonic()
    clock.reset()
    assert clock.now() == machine.now() == clock.machine_now()
    assert (clock.ahead, clock.stopped) == (timedelta(), False)
    assert clock.monotonic() == monotonic


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(lambda clock: clock.advance(-HOUR), "forwards only", id="back by advancing"),
        pytest.param(lambda clock: clock.set(datetime(2026, 8, 16)), "offset", id="no offset"),  # noqa: DTZ001 - it is what is refused
        pytest.param(
            lambda clock: clock.set(datetime(2016, 12, 31, tzinfo=UTC)), "2017 to 2031", id="too early"
        ),
        pytest.param(
            lambda clock: clock.set(datetime(2032, 1, 1, tzinfo=UTC)), "2017 to 2031", id="too late"
        ),
        pytest.param(
            lambda clock: clock.advance(timedelta(days=3_000_000)), "2017 to 2031", id="no calendar"
        ),
    ],
)
def test_impossible_times(clock: SandboxClock, change: Callable[[SandboxClock], None], words: str) -> None:
    """Each is refused in words, and nothing moves."""
    with pytest.raises(ClockError, match=words):
        change(clock)
    assert both(clock) == (timedelta(), 0.0)
