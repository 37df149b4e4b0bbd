"""The calls of the control that show and move the time, and the one that waits."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from salio.sandbox.clock import ClockError, SandboxClock
from salio.sandbox.control.calls import Call, Control, Nothing
from salio.sandbox.control.guard import Refused
from salio.wire.times import local

FLUSH_SECONDS = 30.0
LONGEST_ADVANCE = 10 * 366 * 86_400
"""Seconds. Receipts can tell fifteen years."""


class NewTime(msgspec.Struct, forbid_unknown_fields=True):
    """What the wall clock is to show."""

    to: Annotated[datetime, msgspec.Meta(tz=True, description="The moment, RFC 3339 with its offset.")]


class Passing(msgspec.Struct, forbid_unknown_fields=True):
    """How much time passes."""

    seconds: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_ADVANCE)]


class Time(msgspec.Struct):
    """How the time stands."""

    now: Annotated[datetime, msgspec.Meta(tz=True, description="In UTC.")]
    east_africa: Annotated[str, msgspec.Meta(description="The same moment as it reads in Nairobi.")]
    stopped: bool
    ahead_seconds: Annotated[float, msgspec.Meta(description="Before the machine's; negative behind it.")]


class AtRest(msgspec.Struct):
    """Nothing waits to be decided, delivered or recorded."""

    idle: bool


async def show_clock(control: Control, words: Nothing) -> Time:
    """How the time stands."""
    del words
    return _time(control.clock)


async def stop_clock(control: Control, words: Nothing) -> Time:
    """Time stands still."""
    del words
    control.clock.stop()
    return _time(control.clock)


async def run_clock(control: Control, words: Nothing) -> Time:
    """Time goes on."""
    del words
    control.clock.run()
    return _time(control.clock)


async def set_clock(control: Control, words: NewTime) -> Time:
    """The wall clock shows another moment."""
    return _moved(control, lambda: control.clock.set(words.to))


async def advance_clock(control: Control, words: Passing) -> Time:
    """Time passes at once."""
    return _moved(control, lambda: control.clock.advance(timedelta(seconds=words.seconds)))


async def flush(control: Control, words: Nothing) -> AtRest:
    """Waits until nothing is under way."""
    del words
    if await control.flush(FLUSH_SECONDS):
        return AtRest(idle=True)
    late = f"something is still under way after {FLUSH_SECONDS:.0f} s"
    raise Refused(503, f"{late}: see `salio log`, and ask again")


def _moved(control: Control, move: Callable[[], None]) -> Time:
    try:
        move()
    except ClockError as error:
        raise Refused(409, str(error)) from None
    control.wake()
    return _time(control.clock)


def _time(clock: SandboxClock) -> Time:
    now = clock.now()
    ahead = round(clock.ahead.total_seconds(), 6)
    return Time(now=now, east_africa=local(now).isoformat(), stopped=clock.stopped, ahead_seconds=ahead)


_TOPIC = "Time"
_NO_RECEIPT = {409: "A year that no receipt can tell."}

CALLS = (
    Call(method="GET", path="clock", topic=_TOPIC, summary="How the time stands", carry_out=show_clock),
    Call(
        method="POST",
        path="clock/stop",
        topic=_TOPIC,
        summary="Let time stand still: what is asked is answered, but nothing ages",
        carry_out=stop_clock,
    ),
    Call(
        method="POST",
        path="clock/run",
        topic=_TOPIC,
        summary="Let time go on from where it stands",
        carry_out=run_clock,
    ),
    Call(
        method="POST",
        path="clock/advance",
        topic=_TOPIC,
        summary="Let time pass at once: tokens and passwords age, throttles fill up",
        carry_out=advance_clock,
        errors=_NO_RECEIPT,
    ),
    Call(
        method="POST",
        path="clock/set",
        topic=_TOPIC,
        summary="Set the wall clock, back too; throttles do not notice",
        carry_out=set_clock,
        errors=_NO_RECEIPT,
    ),
    Call(
        method="POST",
        path="flush",
        topic=_TOPIC,
        summary="Wait until nothing is left to be decided, delivered or recorded",
        carry_out=flush,
        errors={503: f"Something is still under way after {FLUSH_SECONDS:.0f} s."},
    ),
)
