"""A statement: an account's entries in the order in which they were made, each with the balance after it."""

from datetime import datetime

import msgspec

from salio.core.ledger.accounts import Account, Bucket
from salio.core.transactions.kinds import TransactionKind


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries of an account are wanted, and from which end."""

    account: Account
    since: datetime | None = None
    until: datetime | None = None
    """The first moment that is not wanted any more."""
    kind: TransactionKind | None = None
    party: str | None = None
    """Who paid the account's holder, or was paid by it."""
    receipt: str | None = None
    newest_first: bool = False


class StatementLine(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as a statement shows it; money in cents."""

    number: int
    """Its place in the journal: the lines of an account ascend by it."""
    at: datetime
    narrative: str
    bucket: Bucket
    cents: int
    balance: int
    """Of the account after it: available and reserved together; what is uncleared does not change it."""
    receipt: str | None = None
    kind: TransactionKind | None = None
    party: str | None = None
    """The other party; the payer, where the account's holder is neither."""
    party_name: str | None = None

    @property
    def paid_in(self) -> int | None:
        """What came into the bucket; ``None`` where something went out."""
        return self.cents if self.cents > 0 else None

    @property
    def withdrawn(self) -> int | None:
        """What went out of the bucket, without a sign; ``None`` where something came in."""
        return -self.cents if self.cents < 0 else None
