"""Accounts: their kinds, who holds which, and what a balance is made of."""

import enum
from collections.abc import Mapping

import msgspec

from salio.core.parties.organizations import OrganizationKind

KES = "KES"
"""The one currency of both documents; the ledger keeps it with every account all the same."""


class AccountKind(enum.Enum):
    """A kind of account, by the name that results print.

    The order is the order of a balance result (rulings, "accounts sent").
    """

    __hash__ = object.__hash__  # one object for each member: Enum hashes its name anew each time

    WORKING = "Working Account"
    """Holds money on its way to the bank, also called MMF."""
    FLOAT = "Float Account"
    """Seen in AB's sample only."""
    UTILITY = "Utility Account"
    """Receives paybill payments; pays customers in B2C."""
    MERCHANT = "Merchant Account"
    """Receives buy goods payments."""
    CHARGES_PAID = "Charges Paid Account"
    """Runs negative until a settlement pays it."""
    ORGANIZATION_SETTLEMENT = "Organization Settlement Account"
    """Money passes through on its way from Utility to Working."""
    CUSTOMER = "MMF Account For Customer"
    """A customer's own money."""
    TRUST = "M-PESA Trust Account"
    """The platform's: what it owes to all holders together; negative by nature."""
    CHARGES_REVENUE = "M-PESA Charges Revenue Account"
    """The platform's: the charges that it earned."""


ACCOUNTS_HELD: Mapping[OrganizationKind, tuple[AccountKind, ...]] = {
    OrganizationKind.B2C: (AccountKind.WORKING, AccountKind.UTILITY, AccountKind.CHARGES_PAID),
    OrganizationKind.PAYBILL: (
        AccountKind.WORKING,
        AccountKind.UTILITY,
        AccountKind.CHARGES_PAID,
        AccountKind.ORGANIZATION_SETTLEMENT,
    ),
    OrganizationKind.BUY_GOODS: (AccountKind.WORKING, AccountKind.MERCHANT, AccountKind.CHARGES_PAID),
}
"""AB, table of accounts by kind of short code."""

PLATFORM_HOLDER = "M-PESA"
"""Who holds TRUST and CHARGES_REVENUE."""

FREE_TO_RUN_NEGATIVE = frozenset({AccountKind.CHARGES_PAID, AccountKind.TRUST, AccountKind.CHARGES_REVENUE})
"""Every other kind has its floor at zero."""


class Bucket(enum.Enum):
    """The part of an account's balance that an entry moves; in the order of :class:`Balance`."""

    __hash__ = object.__hash__  # one object for each member: Enum hashes its name anew each time

    AVAILABLE = "available"
    RESERVED = "reserved"
    """Set aside for a transaction that is not final."""
    UNCLEARED = "uncleared"
    """Received but not yet cleared; no part of the current balance."""


AVAILABLE, RESERVED, UNCLEARED = Bucket
"""For whatever runs for each entry: Python 3.11 looks longer for an enumeration's member than for a name."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One account: ``holder`` is a short code, an MSISDN or the platform; ``floor`` in cents or none."""

    number: int
    holder: str
    kind: AccountKind
    currency: str = KES

    @property
    def floor(self) -> int | None:
        """The lowest that any bucket may stand at, in cents; ``None`` for no bound."""
        return None if self.kind in FREE_TO_RUN_NEGATIVE else 0


class Balance(msgspec.Struct, frozen=True):
    """What an account holds, in cents."""

    available: int = 0
    reserved: int = 0
    uncleared: int = 0

    @property
    def current(self) -> int:
        """Current = available + reserved (rulings, "balance text")."""
        return self.available + self.reserved

    def moved(self, bucket: Bucket, cents: int) -> "Balance":
        """The same after an entry of so many cents in that bucket."""
        if bucket is AVAILABLE:
            return Balance(self.available + cents, self.reserved, self.uncleared)
        if bucket is RESERVED:
            return Balance(self.available, self.reserved + cents, self.uncleared)
        return Balance(self.available, self.reserved, self.uncleared + cents)


NOTHING_HELD = Balance()


class AccountBalance(msgspec.Struct, frozen=True):
    """One account's balance as a fact of a decision."""

    kind: AccountKind
    currency: str
    balance: Balance
