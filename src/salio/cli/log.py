"""``salio log``: what became of each request, in a line or whole, with the exact cause of every failure."""

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data, Json, databases_beside, started_before

if TYPE_CHECKING:
    from salio.cli.log_tail import Entry
    from salio.storage.ports import Stories

EXAMPLES = """Examples:

  salio log                            the latest twenty, oldest first
  salio log --follow                   and then whatever happens
  salio log 37412-5258779-3            one request whole, by any of its ids,
  salio log 5258779                    or by its number
  salio log --limit 1000 --json        for programs, one JSON object a line"""

LOOK_EVERY = 0.3
"""Seconds between two looks of --follow."""


def log(
    identifier: Annotated[
        str | None,
        Parameter(name="ID", help="An id from an answer, or a request's number: show it whole."),
    ] = None,
    /,
    *,
    follow: Annotated[
        bool, Parameter(negative="", show_default=False, help="Go on with what happens, until Ctrl-C.")
    ] = False,
    limit: Annotated[int, Parameter(validator=Number(gte=0), help="How many of the latest to show.")] = 20,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Show requests and refusals, each in a line with its exact cause; or one of them whole, by its id."""
    if identifier is not None and follow:
        raise CommandError("--follow shows everything that happens: leave the id out")
    if identifier is None and limit == 0 and not follow:
        raise CommandError(
            "--limit 0 shows nothing: it is for --follow, which goes on with what happens then"
        )
    with _reader(data) as reader:
        if identifier is not None:
            _show_whole(reader, identifier, json=json)
        else:
            _show_lines(reader, limit=limit, follow=follow, json=json)


@contextmanager
def _reader(data: Data) -> "Iterator[Stories]":
    with closing(databases_beside(started_before(data)).stories()) as reader:
        yield reader


def _show_whole(reader: "Stories", identifier: str, *, json: bool) -> None:
    from salio.cli.log_lines import as_json, whole
    from salio.platform.entries import find
    from salio.wire.wording import shown

    found = find(reader, identifier)
    if not found:
        raise CommandError(
            f"nothing here is called {shown(identifier)}: give an OriginatorConversationID, "
            "a ConversationID, a requestId or a request's number"
        )
    for entry in found:
        print(as_json(entry, everything=True) if json else "\n".join(whole(entry)))


def _show_lines(reader: "Stories", *, limit: int, follow: bool, json: bool) -> None:
    from salio.cli.log_tail import Tail

    tail = Tail(reader)
    _print(tail.latest(limit), json=json)
    if follow:
        with suppress(KeyboardInterrupt):
            while True:
                time.sleep(LOOK_EVERY)
                _print(tail.news(), json=json)


def _print(entries: "list[Entry]", *, json: bool) -> None:
    from salio.cli.log_lines import as_json, line

    for entry in entries:
        print(as_json(entry, everything=False) if json else line(entry), flush=True)
