"""The AccountBalance parameter: read to the cent, printed and read again to the same accounts.

The first byte chooses: a text as it came, or accounts made of the rest and printed.
"""

import re
from collections.abc import Callable
from decimal import Decimal

from salio.wire.balance_text import AccountAmounts, MalformedBalance, print_accounts, read_accounts
from tests.fuzz.targets.ways import way_of

AMOUNT = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d{1,2})?", re.ASCII)

Read = Callable[[str], tuple[AccountAmounts, ...]]


def check(data: bytes, *, read: Read = read_accounts) -> None:
    """Fails if a figure is misread, or a text is taken that is none, or refused that is one."""
    way = way_of(data, WAYS)
    if way is not None:
        way(data[1:], read)


def _as_it_came(data: bytes, read: Read) -> None:
    text = data.decode("utf-8", "replace")
    parts = text.removesuffix("&").split("&")
    try:
        accounts = read(text)
    except MalformedBalance as malformed:
        assert malformed.text == text
        assert str(malformed).isascii()
        assert not all(map(_well_formed, parts)), f"refused: {malformed}"
        return
    assert len(accounts) == len(parts)
    for account, part in zip(accounts, parts, strict=True):
        assert _well_formed(part)
        name, currency, *figures = part.split("|")
        assert (account.name, account.currency) == (name, currency)
        assert _figures(account) == [int(Decimal(figure) * 100) for figure in figures]
    assert read(print_accounts(accounts)) == accounts


def _well_formed(part: str) -> bool:
    pieces = part.split("|")
    return (
        len(pieces) == 6
        and pieces[0] != ""
        and re.fullmatch("[A-Z]{3}", pieces[1]) is not None
        and all(map(AMOUNT.fullmatch, pieces[2:]))
    )


def _figures(account: AccountAmounts) -> list[int]:
    return [account.current, account.available, account.reserved, account.uncleared]


def _printed(data: bytes, read: Read) -> None:
    """Four signed numbers of seven bytes from the start of the data, the whole of it as name."""
    name = data.decode("utf-8", "replace")
    numbers = [int.from_bytes(data[at : at + 7], signed=True) for at in range(0, 28, 7)]
    accounts = (AccountAmounts(name, "KES", *numbers), AccountAmounts("Float Account", "KES", *numbers[::-1]))
    try:
        text = print_accounts(accounts)
    except ValueError:
        assert "|" in name or "&" in name
        return
    if name:
        assert read(text) == accounts
        assert [Decimal(each) for each in text.split("|")[2:5]] == [Decimal(n) / 100 for n in numbers[:3]]


WAYS = (_as_it_came, _printed)
