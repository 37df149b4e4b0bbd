"""The AccountBalance parameter: accounts joined by `&`, each `NAME|KES|current|available|reserved|uncleared`.

Source: AB, Result body, with the four amounts named as in rulings, Answers, balance text.
"""

import re
from functools import lru_cache

import msgspec

from salio.wire import amounts

_CURRENCY = re.compile(r"[A-Z]{3}")


class AccountAmounts(msgspec.Struct, frozen=True):
    """One account as a balance result shows it. Amounts are cents; current = available + reserved."""

    name: str
    """`Working Account`."""
    currency: str
    """`KES`."""
    current: int
    available: int
    reserved: int
    uncleared: int


class MalformedBalance(ValueError):  # noqa: N818  # says what is the matter
    """The text is not a list of accounts. `reason` says why, `text` keeps it whole."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = text


@lru_cache(maxsize=4096)  # the same balances are asked for again and again
def print_accounts(accounts: tuple[AccountAmounts, ...]) -> str:
    """The parameter's text; empty without accounts.

    Raises:
        ValueError: an account's name holds one of the separators.
    """
    return "&".join([_print(account) for account in accounts])


def _print(account: AccountAmounts) -> str:
    if "|" in account.name or "&" in account.name:
        raise ValueError(f"an account's name holds a separator: {account.name!r}")
    text = amounts.to_text
    return (
        f"{account.name}|{account.currency}|{text(account.current)}|{text(account.available)}"
        f"|{text(account.reserved)}|{text(account.uncleared)}"
    )


def read_accounts(text: str) -> tuple[AccountAmounts, ...]:
    """The accounts of a balance result, at least one; a separator may end them. The sum current = available +
    reserved is not checked: the reader of a result wants to see what was sent.

    Raises:
        MalformedBalance: the text is not such a list.
    """
    return tuple(_read(part, text) for part in text.removesuffix("&").split("&"))


def _read(part: str, text: str) -> AccountAmounts:
    pieces = part.split("|")
    if len(pieces) != 6:
        raise MalformedBalance(f"an account has {len(pieces)} pieces between bars, 6 expected", text)
    name, currency, *figures = pieces
    if not name:
        raise MalformedBalance("an account has no name", text)
    if not _CURRENCY.fullmatch(currency):
        raise MalformedBalance("an account's currency is not three capital letters", text)
    try:
        current, available, reserved, uncleared = map(amounts.from_text, figures)
    except amounts.MalformedAmount as error:
        raise MalformedBalance(str(error), text) from None
    return AccountAmounts(name, currency, current, available, reserved, uncleared)
