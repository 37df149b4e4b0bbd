"""``salio fault``: what goes wrong in a running sandbox, on demand."""

from collections.abc import Mapping
from typing import Annotated, Any

import cyclopts
import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number

from salio.cli import control
from salio.cli.options import DEFAULT_DATA, Data, Json

EXAMPLES = """Examples:

  salio fault add --lose result --next 1           the next callback never comes
  salio fault add --refuse spike_arrest --share 0.1
  salio fault add --decline overloaded --api balance --app 2
  salio fault add --end queue_timed_out --short-code 600000
  salio fault add --delay result --seconds 90      or: salio clock advance 90s
  salio fault add --double result --app 2
  salio fault add --contradict declined            what a status query is told
  salio fault add --connection drip --seconds 0.2
  salio fault add --hold queue                     then: salio clock advance 2m
  salio fault add --refuse oauth_credentials_wrong
  salio fault list
  salio fault remove 3
  salio fault clear

  salio fault COMMAND --help      the options of a command
  salio log                       names the fault beside what it touched"""

_PATH = "/_salio/faults"

_Lose = Annotated[str | None, Parameter(help="What is lost on its way: result, or acknowledgement.")]
_Delay = Annotated[str | None, Parameter(help="What leaves --seconds later: result, or acknowledgement.")]
_Connection = Annotated[
    str | None, Parameter(help="What the caller's connection does: drop, reset, or drip.")
]
_From = Annotated[str | None, Parameter(name="--from", help="Not before this time, with its offset.")]
_Contradict = Annotated[
    str | None, Parameter(help="The state that a status query is told, against the records: declined, …")
]
_Seconds = Annotated[
    float | None, Parameter(validator=Number(gt=0), help="How late, or from one byte that drips to the next.")
]
_Next = Annotated[
    int | None, Parameter(name="--next", validator=Number(gte=1), help="So many requests, then no more.")
]
_Share = Annotated[
    float | None, Parameter(validator=Number(gt=0, lte=1), help="Of the requests: 0.1 is one in ten.")
]


def build(*, sort_key: int) -> cyclopts.App:
    """The group of commands."""
    group = cyclopts.App(
        name="fault",
        help="Make requests to a running sandbox fail as you say.",
        help_epilogue=EXAMPLES,
        sort_key=sort_key,
    )
    group.command(add, sort_key=1)
    group.command(list_, name="list", sort_key=2)
    group.command(remove, sort_key=3)
    group.command(clear, sort_key=4)
    return group


def add(  # noqa: PLR0913 - an option each
    *,
    refuse: Annotated[str | None, Parameter(help="An HTTP refusal, by name: spike_arrest, …")] = None,
    decline: Annotated[str | None, Parameter(help="A ResponseCode other than 0: overloaded, …")] = None,
    end: Annotated[str | None, Parameter(help="How accepted requests end: queue_timed_out, …")] = None,
    lose: _Lose = None,
    delay: _Delay = None,
    double: Annotated[str | None, Parameter(help="What is told twice: result.")] = None,
    early: Annotated[str | None, Parameter(help="What overtakes the acknowledgement: result.")] = None,
    contradict: _Contradict = None,
    connection: _Connection = None,
    hold: Annotated[str | None, Parameter(help="What stands still until the fault ends: queue.")] = None,
    seconds: _Seconds = None,
    detail: Annotated[str, Parameter(help="What the refusal's text names: a field, a rate.")] = "",
    app: Annotated[int | None, Parameter(help="Only this app's requests, by its number.")] = None,
    short_code: Annotated[str | None, Parameter(help="Only requests about this PartyA.")] = None,
    api: Annotated[str | None, Parameter(help="Only this API: balance, status or token.")] = None,
    next_: _Next = None,
    share: _Share = None,
    from_: _From = None,
    until: Annotated[str | None, Parameter(help="No more from this time on, with its offset.")] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Put a fault in force. A name that is not known is answered with those that are."""
    given = {
        "refuse": refuse,
        "decline": decline,
        "end": end,
        "lose": lose,
        "delay": delay,
        "double": double,
        "early": early,
        "contradict": contradict,
        "connection": connection,
        "hold": hold,
        "seconds": seconds,
        "detail": detail or None,
        "app": app,
        "short_code": short_code,
        "api": api,
        "next": next_,
        "share": share,
        "from": from_,
        "until": until,
    }
    wanted = {name: value for name, value in given.items() if value is not None}
    _print([control.call(data, "POST", _PATH, wanted)], json=json)


def list_(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List the faults in force and how many requests each has touched; as JSON one object a line."""
    faults = control.call(data, "GET", _PATH)["faults"]
    _print(faults, json=json)
    if not faults and not json:
        print("no faults")


def remove(
    number: Annotated[int, Parameter(help="The fault's number.")],
    /,
    *,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Take one fault away."""
    _print([control.call(data, "DELETE", f"{_PATH}/{number}")], json=json)


def clear(*, data: Data = DEFAULT_DATA) -> None:
    """Take all faults away."""
    control.call(data, "DELETE", _PATH)
    print("no faults")


def _print(faults: list[Mapping[str, Any]], *, json: bool) -> None:
    for fault in faults:
        print(msgspec.json.encode(fault).decode() if json else _line(fault))


def _line(fault: Mapping[str, Any]) -> str:
    """``fault 3: lose result, next 1 (touched 0)``."""
    apart = {"number", "touched", "spent"}
    said = ", ".join(f"{name} {value}" for name, value in fault.items() if name not in apart)
    spent = ", spent" if fault["spent"] else ""
    return f"fault {fault['number']}: {said} (touched {fault['touched']}{spent})"
