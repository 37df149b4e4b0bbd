"""``salio pending``: what an organization's record has open, and what a person has to look at."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from salio.cli.options import Json
from salio.cli.record import DEFAULT_RECORD, RecordFile, opened_before

if TYPE_CHECKING:
    from salio.tracker.looking import Pending

EXAMPLES = """Examples:

  salio pending
  salio pending --record payments.db
  salio pending --record postgresql://shop@localhost/shop
  salio pending --json            for programs, one JSON object a line"""


def pending(
    *,
    record: RecordFile = DEFAULT_RECORD,
    trail: Annotated[
        bool, Parameter(negative="", help="What was done by hand instead: who, when and why.")
    ] = False,
    json: Json = False,
) -> None:
    """List requests without an end: those whose result is waited for, those that need a person, and those
    whose handler failed. Below them: how many callbacks are kept apart, since nothing speaks for them.
    """
    from salio.tracker import looking

    if trail:
        _print_trail(record, json=json)
        return
    with closing(opened_before(record)) as opened:
        found, apart = looking.pending(opened), looking.apart(opened)
    if json:
        _print_json(found, apart)
        return
    if found:
        print("\n".join(_lines(found, get_terminal_size().columns)))
    else:
        print("nothing is pending")
    if apart:
        counted = ", ".join(f"{count} {verdict}" for verdict, count in apart.items())
        print(f"kept apart, and nothing was done upon them: {counted}")


def _print_trail(record: str, *, json: bool) -> None:
    import msgspec

    from salio.tracker import by_hand
    from salio.wire.wording import shown

    with closing(opened_before(record)) as opened:
        acts = by_hand.trail(opened)
    for each in acts:
        at = _moment(each.done_at)
        if json:
            print(msgspec.json.encode(msgspec.structs.asdict(each) | {"done_at": at}).decode())
            continue
        which = "many" if each.request is None else f"request {each.request}"
        print(f"{at}  {shown(each.who)}  {which}: {each.what}, because {shown(each.because, 300)}")
    if not acts and not json:
        print("nothing was done by hand")


def _print_json(found: "Sequence[Pending]", apart: dict[str, int]) -> None:
    import msgspec

    for each in found:
        members = msgspec.structs.asdict(each)
        moments = {name: members[name] and _moment(members[name]) for name in ("asked_at", "look_at")}
        print(msgspec.json.encode(members | moments).decode())
    print(msgspec.json.encode({"apart": apart}).decode())


def _lines(found: "Sequence[Pending]", width: int) -> Iterator[str]:
    """What each is and how it stands, in columns; below it when it was asked, and why it has no end."""
    from salio.wire.wording import shown

    heads = [(str(each.request), each.kind, shown(each.about), each.state) for each in found]
    number, kind, about = (max(len(head[column]) for head in heads) for column in range(3))
    for each, head in zip(found, heads, strict=True):
        yield f"{head[0]:>{number}}  {head[1]:<{kind}}  {head[2]:<{about}}  {head[3]}"
        yield f"{'':>{number}}  {_when(each)}"
        why = shown(" - ".join(part for part in (each.cause, each.handler) if part), 300)
        for line in wrap(why, width - number - 2, break_on_hyphens=False):
            yield f"{'':>{number}}  {line}"


def _when(pending: "Pending") -> str:
    asked = _moment(pending.asked_at)
    said = {0: f"told at {asked}", 1: f"asked at {asked}"}.get(
        pending.tries, f"asked {pending.tries} times, first at {asked}"
    )
    if not pending.look_at:
        return said
    following = _moment(pending.look_at)
    day = len("2026-09-21T")
    return f"{said}; next at {following[day:] if following[:day] == asked[:day] else following}"


def _moment(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
