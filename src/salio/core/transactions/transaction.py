"""The transaction: what a status query reports."""

import enum
from datetime import datetime

import msgspec

from salio.core.ledger.accounts import AccountKind
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState


class ChargedSide(enum.Enum):
    """Which party bears a charge."""

    DEBIT = "debit"
    CREDIT = "credit"


class Charge(msgspec.Struct, frozen=True):
    """A charge as a result prints it: name of the fee, cents, and who bears it."""

    name: str
    cents: int
    side: ChargedSide


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """One transaction; parties are short codes or MSISDNs, the amount is in cents."""

    receipt: str
    kind: TransactionKind
    state: TransactionState
    cents: int
    currency: str
    debit_party: str
    debit_party_name: str
    debit_account: AccountKind
    credit_party: str
    credit_party_name: str
    reason_type: str
    initiated_at: datetime
    finalised_at: datetime | None = None
    charge: Charge | None = None
    other_charge: Charge | None = None
    """Of a charge that both sides bear, the other one's share."""
    reason: str | None = None
    originator_conversation_id: str | None = None
    conversation_id: str | None = None
    reverses: str | None = None
    """Of a reversal that was made: the receipt of what it put back."""

    def charged(self, side: ChargedSide) -> int:
        """What that side bears of the charge, in cents."""
        borne = (each for each in (self.charge, self.other_charge) if each is not None)
        return sum(each.cents for each in borne if each.side is side)

    def involves(self, party: str) -> bool:
        """Whether the short code or MSISDN is one of the two parties."""
        return party in (self.debit_party, self.credit_party)

    def other_than(self, party: str) -> str:
        """The party that is not this one."""
        return self.credit_party if party == self.debit_party else self.debit_party
