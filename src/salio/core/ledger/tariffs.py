"""Tariffs and limits: versioned rows, each in force from a day on until a later one of its name."""

import enum
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import msgspec

from salio.core.transactions.kinds import TransactionKind

DAYS_REMEMBERED = 64
"""Looking the rows of a day up for each payment would be a twentieth of its decision."""


class Limit(enum.Enum):
    """What is bounded."""

    SMALLEST_B2C = "smallest B2C payment"
    LARGEST_B2C = "largest B2C payment"
    SMALLEST_C2B = "smallest C2B payment"
    LARGEST_C2B = "largest C2B payment"
    CUSTOMER_DAY = "what a customer may receive in a day"
    CUSTOMER_BALANCE = "what a customer may hold"


class TariffBand(msgspec.Struct, frozen=True, kw_only=True):
    """One band of a tariff: what an amount costs that is larger than the band below, up to this."""

    kind: TransactionKind
    effective_from: date
    up_to: int
    """Cents, the bound included."""
    charge: int
    """Cents."""


class LimitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A limit in cents, the bound itself allowed."""

    limit: Limit
    effective_from: date
    cents: int


class Tariffs:
    """The rows in force on any day."""

    def __init__(self, bands: Sequence[TariffBand] = (), limits: Sequence[LimitRow] = ()) -> None:
        self._bands = sorted(bands, key=lambda band: band.up_to)
        self._limits = sorted(limits, key=lambda row: row.effective_from)
        self._bands_on = lru_cache(DAYS_REMEMBERED)(self._find_bands)
        self._limit_on = lru_cache(DAYS_REMEMBERED)(self._find_limit)

    def charge(self, kind: TransactionKind, cents: int, day: date) -> int:
        """What an amount costs on that day, in cents; above the highest band as much as in it."""
        bands = self._bands_on(kind, day)
        if not bands:
            return 0
        return next((each.charge for each in bands if cents <= each.up_to), bands[-1].charge)

    def limit(self, limit: Limit, day: date) -> int | None:
        """The bound in force on that day, in cents; ``None`` if there is none."""
        return self._limit_on(limit, day)

    def _find_bands(self, kind: TransactionKind, day: date) -> Sequence[TariffBand]:
        begun = [each for each in self._bands if each.kind is kind and each.effective_from <= day]
        latest = max((each.effective_from for each in begun), default=day)
        return [each for each in begun if each.effective_from == latest]

    def _find_limit(self, limit: Limit, day: date) -> int | None:
        begun = [each.cents for each in self._limits if each.limit is limit and each.effective_from <= day]
        return begun[-1] if begun else None
