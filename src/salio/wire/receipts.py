"""Receipts: ten upper-case letters and digits, the first three of which are the date.

Year `L` = 2017 to `Z` = 2031, month `A` to `L`, day `1` to `9` then `A` to `V`; seven more in base 36
(rulings, Answers; checked there against dated samples of 2017 to 2026).
"""

import re
from datetime import date, datetime
from functools import lru_cache

from salio.wire import times

FIRST_YEAR, LAST_YEAR = 2017, 2031
SERIAL_LIMIT = 36**7
"""One more than the largest serial: 78 thousand million receipts a day."""

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PAIRS = [first + second for first in _DIGITS for second in _DIGITS]
_YEARS = "LMNOPQRSTUVWXYZ"
_MONTHS = "ABCDEFGHIJKL"
_DAYS = "123456789ABCDEFGHIJKLMNOPQRSTUV"
_RECEIPT = re.compile(r"[L-Z][A-L][1-9A-V][0-9A-Z]{7}")


class MalformedReceipt(ValueError):  # noqa: N818  # says what is the matter
    """The text does not have the form of a receipt, or carries no real date."""


class UndatableReceipt(ValueError):  # noqa: N818  # says what is the matter
    """The year has no letter: receipts are known from 2017 to 2031."""


@lru_cache(maxsize=64)  # a batch is decided at one moment
def date_prefix(moment: datetime) -> str:
    """`UHP` for 25 August 2026 in East Africa.

    Raises:
        UndatableReceipt: a year before 2017 or after 2031.
        UntellableTime: a naive moment.
    """
    day = times.local(moment)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UndatableReceipt(f"no letter for the year {day.year}: {FIRST_YEAR} to {LAST_YEAR} have one")
    return _YEARS[day.year - FIRST_YEAR] + _MONTHS[day.month - 1] + _DAYS[day.day - 1]


def make(moment: datetime, serial: int) -> str:
    """The receipt with that serial among the day's, from 1: serial 0 is the id of the day's queries.

    Raises:
        ValueError: the serial is out of range; or as `date_prefix`.
    """
    if not 0 < serial < SERIAL_LIMIT:
        raise ValueError(f"a receipt's serial is 1 to {SERIAL_LIMIT - 1}, not {serial}")
    rest, third = divmod(serial, 1296)
    rest, second = divmod(rest, 1296)
    digit, first = divmod(rest, 1296)
    return f"{date_prefix(moment)}{_DIGITS[digit]}{_PAIRS[first]}{_PAIRS[second]}{_PAIRS[third]}"


def query_transaction_id(moment: datetime) -> str:
    """`UHP0000000`: what a query's own result carries as TransactionID (rulings, Answers).

    Raises as `date_prefix`.
    """
    return date_prefix(moment) + "0000000"


def date_of(receipt: str) -> date:
    """The day, in East Africa, that a receipt was made on.

    Raises:
        MalformedReceipt: not ten upper-case letters and digits that begin with a real date.
    """
    if _RECEIPT.fullmatch(receipt) is None:
        raise MalformedReceipt("not a receipt: ten upper-case letters and digits that begin with a date")
    year, month, day = _YEARS.index(receipt[0]), _MONTHS.index(receipt[1]), _DAYS.index(receipt[2])
    try:
        return date(FIRST_YEAR + year, month + 1, day + 1)
    except ValueError:
        raise MalformedReceipt("not a receipt: its first three letters are no date") from None


def is_receipt(text: str) -> bool:
    """Whether the text has a receipt's form and a real date."""
    try:
        date_of(text)
    except MalformedReceipt:
        return False
    return True
