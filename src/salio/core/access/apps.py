"""Apps: what a consumer key and secret stand for."""

import enum
from datetime import datetime
from typing import Self

import msgspec


class Product(enum.Enum):
    """An API that an app may be given."""

    __hash__ = object.__hash__  # one object for each member: Enum hashes its name anew each time

    word: str
    """What the commands and the sandbox's control call it."""

    def __new__(cls, value: str, word: str = "") -> Self:  # the default lets mypy read Product("B2C")
        member = object.__new__(cls)
        member._value_ = value
        member.word = word
        return member

    ACCOUNT_BALANCE = ("Account Balance", "balance")
    TRANSACTION_STATUS = ("Transaction Status", "status")
    B2C = ("B2C", "b2c")
    B2B = ("B2B", "b2b")
    TAX_REMITTANCE = ("Tax Remittance", "tax")
    C2B = ("C2B", "c2b")
    EXPRESS = ("M-PESA Express", "express")
    REVERSAL = ("Reversal", "reversal")


class Throttle(msgspec.Struct, frozen=True, kw_only=True):
    """An app's limits (rulings, Answers, "throttle of a new app"); ``None`` lifts one."""

    per_second: int | None = 25
    """Spike arrest: requests a second, smoothed."""
    burst: int = 25
    """How many may come at once after a pause."""
    per_day: int | None = 100_000
    """Quota: accepted requests from midnight to midnight, UTC."""

    @property
    def limits(self) -> bool:
        """Whether there is a limit at all."""
        return self.per_second is not None or self.per_day is not None


UNTHROTTLED = Throttle(per_second=None, per_day=None)
"""The test data's app: nothing but the machine limits it."""


class App(msgspec.Struct, frozen=True, kw_only=True):
    """One app. Its secret is kept twice: a digest to compare with, and sealed for its owner to read."""

    number: int
    name: str
    consumer_key: str
    secret_digest: bytes
    secret_sealed: bytes
    products: frozenset[Product]
    short_codes: frozenset[str]
    profile: str
    throttle: Throttle = Throttle()
    enabled: bool = True
    tokens_valid_from: datetime | None = None
    """Tokens issued before this instant are void (secret rotated, all revoked)."""
