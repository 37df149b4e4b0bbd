"""``salio clock``: the sandbox's time is shown, stopped, set, or let pass."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

import cyclopts
import msgspec
from cyclopts import Parameter

from salio.cli import control
from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data, Json

EXAMPLES = """Examples:

  salio clock show
  salio clock stop
  salio clock advance 1h          and every access token is dead
  salio clock advance 90d         and no initiator's password is valid
  salio clock set 2026-12-31T23:59:00+03:00
  salio clock run

  salio clock COMMAND --help      the options of a command"""

_UNITS: Mapping[str, str] = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_DURATION = re.compile(r"(?:([0-9]{1,9})d)?(?:([0-9]{1,9})h)?(?:([0-9]{1,9})m)?(?:([0-9]{1,9})s)?")


def build(*, sort_key: int) -> cyclopts.App:
    """The group of commands."""
    group = cyclopts.App(
        name="clock",
        help="Stop, set or advance the time of a running sandbox.",
        help_epilogue=EXAMPLES,
        sort_key=sort_key,
    )
    group.command(show, sort_key=1)
    group.command(stop, sort_key=2)
    group.command(run, sort_key=3)
    group.command(advance, sort_key=4)
    group.command(set_, name="set", sort_key=5)
    return group


def show(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Show the sandbox's time."""
    _print(control.call(data, "GET", "/_salio/clock"), json=json)


def stop(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Let time stand still: what is asked is answered, but nothing ages."""
    _print(control.call(data, "POST", "/_salio/clock/stop"), json=json)


def run(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Let time go on from where it stands."""
    _print(control.call(data, "POST", "/_salio/clock/run"), json=json)


def advance(
    duration: Annotated[str, Parameter(help="How long: 90d, 1h30m, 45s.")],
    /,
    *,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Let time pass at once: tokens and passwords age, throttles fill up again."""
    passing = {"seconds": read_duration(duration).total_seconds()}
    _print(control.call(data, "POST", "/_salio/clock/advance", passing), json=json)


def set_(
    moment: Annotated[
        str, Parameter(name="TIME", help="The time with its offset: 2026-12-31T23:59:00+03:00.")
    ],
    /,
    *,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Set the wall clock, back too; throttles and waits do not notice."""
    _print(control.call(data, "POST", "/_salio/clock/set", {"to": moment}), json=json)


def read_duration(text: str) -> timedelta:
    """``1h30m``: whole days, hours, minutes and seconds, largest first; raises CommandError."""
    match = _DURATION.fullmatch(text)
    if not text or match is None:
        raise CommandError(f"{text!r} is no duration: write it like 90d, 1h30m or 45s")
    parts = zip(_UNITS.values(), match.groups(default="0"), strict=True)
    return timedelta(**{unit: int(digits) for unit, digits in parts})


def _print(clock: Mapping[str, Any], *, json: bool) -> None:
    if json:
        print(msgspec.json.encode(clock).decode())
        return
    stands = "stopped" if clock["stopped"] else "running"
    ahead = timedelta(seconds=round(clock["ahead_seconds"]))
    against = (
        "as the machine's" if not ahead else f"{abs(ahead)} {'ahead' if ahead > timedelta() else 'behind'}"
    )
    print(f"{clock['east_africa']}  {stands}, {against}")
