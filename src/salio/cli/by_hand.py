"""``salio end`` and ``salio forget``: what a person does to an organization's record."""

import getpass
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated, Literal

from cyclopts import Parameter

from salio.cli.errors import CommandError
from salio.cli.record import DEFAULT_RECORD, RecordFile, opened_before

END_EXAMPLES = """Examples:

  salio end 17 --as settled --because "paid, says the statement of 3 March"
  salio end 17 --as failed --because "Safaricom, ticket 4711" --by wanjiru
  salio pending --trail           what was done by hand, by whom and why"""

FORGET_EXAMPLES = """Examples:

  salio forget --before 2026-01-01 --because "kept for a year"
  salio forget --before 2026-01-01 --because "kept for a year" --untold"""

Because = Annotated[str, Parameter(help="Why; it is kept with what was done.")]
By = Annotated[str | None, Parameter(help="Who does it; this machine's user if nothing is said.")]


def end(
    request: Annotated[int, Parameter(help="Its number, as `salio pending` shows it.")],
    /,
    *,
    as_: Annotated[Literal["settled", "failed"], Parameter(name="--as", help="How it ends.")],
    because: Because,
    by: By = None,
    record: RecordFile = DEFAULT_RECORD,
) -> None:
    """End a request that is open or needs a person. Its handler is told; who, when and why is kept."""
    from salio.tracker.by_hand import end_by_hand
    from salio.tracker.ends import State
    from salio.wire.errors import SalioError

    with closing(opened_before(record)) as opened:
        try:
            end_by_hand(opened, request, State(as_), who=_who(by), because=_said(because))
        except SalioError as error:
            raise CommandError(str(error)) from None
    print(f"request {request} is {as_}, by hand; its handler is told next")


def forget(
    *,
    before: Annotated[datetime, Parameter(help="Only what ended before this moment, in UTC.")],
    because: Because,
    untold: Annotated[
        bool, Parameter(negative="", help="Also what no handler was told, where there is none.")
    ] = False,
    by: By = None,
    record: RecordFile = DEFAULT_RECORD,
) -> None:
    """Remove requests that ended and were handled before a moment, with their raw callbacks. What is open,
    needs a person or failed at its handler stays.
    """
    from salio.tracker import by_hand

    moment = before if before.tzinfo else before.replace(tzinfo=UTC)
    milliseconds = round(moment.timestamp() * 1000)
    with closing(opened_before(record)) as opened:
        if milliseconds > opened.now():
            raise CommandError("that moment is yet to come")
        count = by_hand.forget(opened, milliseconds, who=_who(by), because=_said(because), untold=untold)
    print(f"forgotten: {count} request{'' if count == 1 else 's'}")


def _who(by: str | None) -> str:
    try:
        return by or getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in containers
        raise CommandError("this machine's user has no name: say who with --by") from None


def _said(because: str) -> str:
    if not because.strip():
        raise CommandError("--because wants a reason")
    return because.strip()
