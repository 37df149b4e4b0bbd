"""Cents to text and back. Money is a whole number of cents everywhere inside; no float on the way."""

import re

_AMOUNT = re.compile(r"(-?)(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,2}))?")


class MalformedAmount(ValueError):  # noqa: N818  # says what is the matter
    """The text is not an amount with at most two decimals."""


def to_text(cents: int) -> str:
    """Cents with two decimals: -154000 is `-1540.00` (AB, Result body)."""
    if not cents:
        return "0.00"  # half of the amounts in a balance are
    digits = str(abs(cents)).rjust(3, "0")
    return f"{'-' if cents < 0 else ''}{digits[:-2]}.{digits[-2:]}"


def from_text(text: str) -> int:
    """Cents of `-1540.00`, `300.5` or `300`.

    ASCII digits only, no leading zero, plus sign, exponent, underscore or space; below 10^18.

    Raises:
        MalformedAmount: anything else.
    """
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise MalformedAmount("not an amount: digits with at most two decimals, such as 300.50, expected")
    sign, whole, decimals = match.groups()
    cents = int(whole) * 100 + int((decimals or "").ljust(2, "0"))
    return -cents if sign else cents
