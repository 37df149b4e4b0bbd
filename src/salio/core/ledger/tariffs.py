"""Tariffs and limits: versioned rows, each in force from a day on until a later one of its name.

An organization is on one of three tariffs: charges are borne by itself, by its customers, or by both.
"""

import enum
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import msgspec

from salio.core.parties.organizations import ChargeBearer
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
    CUSTOMER_DAY_SENT = "what a customer may send in a day"
    CUSTOMER_BALANCE = "what a customer may hold"
    REVENUE_BALANCE = "what a revenue account may hold"


class TariffBand(msgspec.Struct, frozen=True, kw_only=True):
    """One band of a tariff: what an amount costs that is larger than the band below, up to this."""

    kind: TransactionKind
    effective_from: date
    up_to: int
    """Cents, the bound included."""
    charge: int
    """Cents, the customer's share among them."""
    borne_by: ChargeBearer = ChargeBearer.ORGANIZATION
    """Which of an organization's possible tariffs it belongs to."""
    customer_share: int = 0
    """Cents of the charge that the customer bears; the organization bears the rest."""


class Shares(msgspec.Struct, frozen=True):
    """What each side bears of a charge, in cents."""

    organization: int = 0
    customer: int = 0


def customer_share(borne_by: ChargeBearer, charge: int) -> int:
    """Of a charge in cents; of what does not halve the organization bears the odd cent."""
    match borne_by:
        case ChargeBearer.ORGANIZATION:
            return 0
        case ChargeBearer.CUSTOMER:
            return charge
        case ChargeBearer.SPLIT:
            return charge // 2


class LimitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A limit in cents, the bound itself allowed."""

    limit: Limit
    effective_from: date
    cents: int


FREE = Shares()


class Tariffs:
    """The rows in force on any day."""

    def __init__(self, bands: Sequence[TariffBand] = (), limits: Sequence[LimitRow] = ()) -> None:
        self._bands = sorted(bands, key=lambda band: band.up_to)
        self._limits = sorted(limits, key=lambda row: row.effective_from)
        self._bands_on = lru_cache(DAYS_REMEMBERED)(self._find_bands)
        self._limit_on = lru_cache(DAYS_REMEMBERED)(self._find_limit)

    def charge(
        self,
        kind: TransactionKind,
        cents: int,
        day: date,
        borne_by: ChargeBearer = ChargeBearer.ORGANIZATION,
    ) -> Shares:
        """What an amount costs on that day, by that tariff; above the highest band as much as in it."""
        bands = self._bands_on(kind, borne_by, day)
        if not bands:
            return FREE
        return next((shares for up_to, shares in bands if cents <= up_to), bands[-1][1])

    def limit(self, limit: Limit, day: date) -> int | None:
        """The bound in force on that day, in cents; ``None`` if there is none."""
        return self._limit_on(limit, day)

    def _find_bands(
        self, kind: TransactionKind, borne_by: ChargeBearer, day: date
    ) -> Sequence[tuple[int, Shares]]:
        """Bounds and charges, the lowest first."""
        tariff = [each for each in self._bands if (each.kind, each.borne_by) == (kind, borne_by)]
        begun = [each for each in tariff if each.effective_from <= day]
        latest = max((each.effective_from for each in begun), default=day)
        return [
            (each.up_to, Shares(each.charge - each.customer_share, each.customer_share))
            for each in begun
            if each.effective_from == latest
        ]

    def _find_limit(self, limit: Limit, day: date) -> int | None:
        begun = [each.cents for each in self._limits if each.limit is limit and each.effective_from <= day]
        return begun[-1] if begun else None
