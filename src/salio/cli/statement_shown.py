"""A statement's lines for people and for programs."""

from collections.abc import Sequence

import msgspec

from salio.core.ledger.accounts import Account, Bucket
from salio.core.ledger.day_totals import EAST_AFRICA
from salio.core.ledger.statement import StatementLine
from salio.portal.statement_files import amounts_of
from salio.wire import amounts
from salio.wire.wording import shown

_COLUMNS = ("Date and time", "Receipt", "What", "Paid in", "Withdrawn", "Balance")
_WHAT = "What"
"""The one column that is folded where the terminal is narrow."""


def table(account: Account, lines: Sequence[StatementLine]) -> None:
    """Prints a table; texts of others in printable ASCII, so that no terminal obeys them."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for title in _COLUMNS:
        of_money = _COLUMNS.index(title) > _COLUMNS.index(_WHAT)
        made.add_column(
            title, justify="right" if of_money else "left", no_wrap=title != _WHAT, overflow="fold"
        )
    for line in lines:
        cents = ("" if each is None else amounts.to_text(each) for each in amounts_of(line))
        made.add_row(f"{line.at.astimezone(EAST_AFRICA):%Y-%m-%d %H:%M}", line.receipt, _what(line), *cents)
    console = Console(highlight=False, markup=False, emoji=False)
    console.print(f"{account.holder}, {account.kind.value}, {account.currency}, East Africa Time")
    console.print(made)


def _what(line: StatementLine) -> str:
    """The narrative; with whom, if there is somebody; and which bucket, if it is not the usual one."""
    whom = " ".join(each for each in (line.party, line.party_name) if each)
    bucket = "" if line.bucket is Bucket.AVAILABLE else line.bucket.value
    return shown(", ".join(each for each in (line.narrative, whom, bucket) if each), 200)


def as_json(line: StatementLine) -> str:
    """One JSON object in one line; amounts are texts, moments have their offset."""
    paid_in, withdrawn, balance = (
        None if each is None else amounts.to_text(each) for each in amounts_of(line)
    )
    told = {
        "number": line.number,
        "at": line.at.astimezone(EAST_AFRICA).isoformat(),
        "receipt": line.receipt,
        "kind": line.kind,
        "narrative": line.narrative,
        "party": line.party,
        "party_name": line.party_name,
        "bucket": line.bucket,
        "paid_in": paid_in,
        "withdrawn": withdrawn,
        "balance": balance,
    }
    return msgspec.json.encode(told).decode()
