"""What was answered, for a person: labelled lines, pairs below each other, accounts in a table."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salio.wire.answered import Balance

_WIDTH = 80
_INDENT = 10
_UNBROKEN = "\N{NO-BREAK SPACE}"


def folded(label: str, text: str) -> Iterator[str]:
    """Lines below each other, the label at the left of the first; a command between backticks stays whole."""
    kept = "`".join(
        part.replace(" ", _UNBROKEN) if number % 2 else part for number, part in enumerate(text.split("`"))
    )
    for number, line in enumerate(wrap(kept, _WIDTH - _INDENT, break_on_hyphens=False)):
        yield f"  {'' if number else label:<{_INDENT - 2}}{line.replace(_UNBROKEN, ' ')}"


def pairs(said: Iterable[tuple[str, str]]) -> None:
    """Names and values below each other; a value is never broken, for it is there to be copied."""
    listed = list(said)
    width = max((len(name) for name, _ in listed), default=0)
    for name, value in listed:
        print(f"  {name:<{width}}  {value}".rstrip())


def print_balance(balance: "Balance") -> None:
    """A row for each account."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from salio.wire.wording import shown

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Account", overflow="fold")
    table.add_column("Currency", no_wrap=True)
    for column in ("Available", "Current", "Reserved", "Uncleared"):
        table.add_column(column, justify="right", no_wrap=True)
    for each in balance.accounts:
        figures = (each.available, each.current, each.reserved, each.uncleared)
        table.add_row(shown(each.name.removesuffix(" Account")), shown(each.currency), *map(_amount, figures))
    Console(highlight=False, markup=False, emoji=False).print(table)


def _amount(amount: Decimal) -> str:
    return f"{amount:,.2f}"
