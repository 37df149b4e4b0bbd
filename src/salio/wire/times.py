"""Moments to the wire's text and back: YYYYMMDDHHmmss in East Africa Time, no offset (rulings, Answers)."""

import re
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

EAST_AFRICA = timezone(timedelta(hours=3), "EAT")
"""Three hours ahead of UTC all year round: a zone file is not needed."""

_MOMENT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})")


class MalformedTime(ValueError):  # noqa: N818  # says what is the matter
    """The text or number is not a moment in the form YYYYMMDDHHmmss."""


class UntellableTime(ValueError):  # noqa: N818  # says what is the matter
    """A moment without an offset, or one that East Africa's calendar cannot hold."""


def local(moment: datetime) -> datetime:
    """The moment as East Africa's clocks show it.

    Raises:
        UntellableTime: it is naive, or within hours of year 1 or 9999.
    """
    if moment.utcoffset() is None:
        raise UntellableTime("a moment needs an offset: naive datetimes are refused")
    try:
        return moment.astimezone(EAST_AFRICA)
    except OverflowError:
        raise UntellableTime("a moment at the calendar's very edge") from None


@lru_cache(maxsize=64)  # a batch is decided at one moment
def to_number(moment: datetime) -> int:
    """20200109125710 for 09:57:10 UTC that day; fractions of a second are dropped. Raises UntellableTime."""
    at = local(moment)
    day = (at.year * 100 + at.month) * 100 + at.day
    return ((day * 100 + at.hour) * 100 + at.minute) * 100 + at.second


@lru_cache(maxsize=64)
def to_text(moment: datetime) -> str:
    """`20200109125710` for 09:57:10 UTC that day. Raises UntellableTime."""
    return f"{to_number(moment):014d}"


@lru_cache(maxsize=64)
def to_dotted_text(moment: datetime) -> str:
    """`06.07.2024 22:48:52` (B2C, Callback payload). Raises UntellableTime."""
    return f"{local(moment):%d.%m.%Y %H:%M:%S}"


def to_date_text(moment: datetime) -> str:
    """`20200109`: the day in East Africa. Raises UntellableTime."""
    return _date_text(local(moment).date())


@lru_cache(maxsize=64)
def _date_text(day: date) -> str:
    return f"{(day.year * 100 + day.month) * 100 + day.day:08d}"


def from_text(text: str | int) -> datetime:
    """The moment of `20200109125710`, written as text or as a number, aware and in East Africa Time.

    Raises:
        MalformedTime: not exactly fourteen ASCII digits, or no such moment.
    """
    match = None if isinstance(text, bool) else _MOMENT.fullmatch(_digits(text))
    if match is None:
        raise MalformedTime("not a moment: fourteen digits, YYYYMMDDHHmmss, expected")
    try:
        year, month, day, hour, minute, second = map(int, match.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=EAST_AFRICA)
    except ValueError as error:
        raise MalformedTime(f"no such moment: {error}") from None


def _digits(text: str | int) -> str:
    if isinstance(text, str):
        return text
    return str(text) if 0 <= text < 10**14 else ""
