"""A bulk payment: many customers paid at once, initiated by one operator, approved by another (B2C, How To).

The rules alone: whoever uploads a list is told everything that is wrong with it before anybody approves. Who
may do either stands in :mod:`salio.core.parties.approvals`; each row that is paid is a B2C payment.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import msgspec

from salio.core.ledger.accounts import AccountKind
from salio.core.ledger.ledger import Ledger
from salio.core.parties.directory import Directory
from salio.core.requests import b2c_payment, payments
from salio.core.requests.outcomes import Decision, Outcome


class BulkRow(msgspec.Struct, frozen=True):
    """One payment of the list."""

    receiver: str
    """MSISDN."""
    cents: int


class BulkFault(msgspec.Struct, frozen=True):
    """What is wrong with a row, as the payment alone would end; ``row`` counts from 1."""

    row: int
    outcome: Outcome
    cause: str


class BulkJudged(msgspec.Struct, frozen=True, kw_only=True):
    """A list, looked through."""

    cents: int
    """What all rows come to."""
    charges: int
    """What the organization owes for them, in cents; charges need no cover."""
    missing: int
    """What the Utility account lacks for them, in cents."""
    faults: tuple[BulkFault, ...]

    @property
    def is_payable(self) -> bool:
        """Whether it may be approved: every row can be paid, and there is a row."""
        return self.cents > 0 and not self.faults and not self.missing


def judge(
    short_code: str, rows: Sequence[BulkRow], directory: Directory, now: datetime, ledger: Ledger
) -> BulkJudged:
    """Every row is judged as if those before it were paid: a customer's limits hold for all of its rows."""
    gained: Counter[str] = Counter()
    seen: set[BulkRow] = set()
    charges, faults = 0, []
    for number, row in enumerate(rows, 1):
        sides = b2c_payment.sides_of(short_code, row.receiver, row.cents, directory, now, ledger)
        if isinstance(sides, Decision):
            faults.append(BulkFault(number, sides.outcome, sides.cause))
            continue
        charges += sides.charge.organization
        gained[row.receiver] += sides.gained(row.cents)
        refusal = (
            b2c_payment.out_of_bounds(row.cents, now, ledger)
            or payments.more_than_may_come_in(sides.receiver, gained[row.receiver], now, ledger)
            or b2c_payment.not_borne(row.receiver, gained[row.receiver], ledger)
        )
        if refusal is None and row in seen:
            refusal = Decision(Outcome.DUPLICATE, "the same amount to the same customer stands above")
        if refusal is not None:
            faults.append(BulkFault(number, refusal.outcome, refusal.cause))
        seen.add(row)
    cents = sum(each.cents for each in rows)
    account = ledger.book.account(short_code, AccountKind.UTILITY)
    available = ledger.book.balance(account.number).available if account is not None else 0
    return BulkJudged(cents=cents, charges=charges, missing=max(0, cents - available), faults=tuple(faults))
