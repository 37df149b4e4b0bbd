"""Money from abroad, an international money transfer: it arrives uncleared, and is cleared by hand.

No API of Daraja brings it: here it is an act, on the same road as settlement and withdrawal. The pages know
the kind of transaction (TS, Good to Know) and uncleared funds (AB, Result Body Parameter Definition), and
nothing of their life: docs/decisions/0006.
"""

from datetime import datetime

import msgspec

from salio.core.ledger.accounts import KES, PLATFORM_HOLDER, Account, AccountKind, Bucket
from salio.core.ledger.ledger import Ledger, Movement
from salio.core.ledger.postings import Entry
from salio.core.parties.directory import Directory
from salio.core.requests import payments
from salio.core.requests.funds import (
    FundsCarriedOut,
    FundsMoved,
    FundsRefusal,
    FundsRefused,
    MoneyAct,
    shielded,
)
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Transaction

ARRIVAL, CLEARING = "International Money Transfer", "Clearing of Uncleared Funds"
"""What a status query tells as the reason type; no page shows one."""


class Arrival(MoneyAct, frozen=True, kw_only=True):
    """Money for a customer, or an organization, that somebody abroad sent."""

    through: str
    """The short code of the organization that brings it; it stands as the payer."""
    receiver: str
    cents: int
    sender: str
    country: str


class Clearing(MoneyAct, frozen=True, kw_only=True):
    """All that the holder has uncleared becomes available."""

    holder: str


AbroadAct = Arrival | Clearing


def carry_out(wanted: AbroadAct, directory: Directory, ledger: Ledger, now: datetime) -> FundsCarriedOut:
    """Moves the money in memory, or says why not. Never raises: decisions wait for the same commit."""
    return shielded(wanted, lambda: _carry_out(wanted, directory, ledger, now))


def _carry_out(wanted: AbroadAct, directory: Directory, ledger: Ledger, now: datetime) -> FundsCarriedOut:
    if isinstance(wanted, Arrival):
        holder, movement = wanted.receiver, _arrival(wanted, directory, ledger, now)
    else:
        holder, movement = wanted.holder, _clearing(wanted, directory, ledger, now)
    if isinstance(movement, FundsRefused):
        return FundsCarriedOut(wanted, movement)
    moved = ledger.make(movement, now) if movement is not None else None
    transaction = moved.transaction if moved is not None else None
    return FundsCarriedOut(wanted, FundsMoved(transaction, ledger.book.balances_of(holder)), moved)


def _arrival(
    wanted: Arrival, directory: Directory, ledger: Ledger, now: datetime
) -> Movement | FundsRefused | None:
    """Out of the platform's trust, through the Working account of who brings it; uncleared where it ends."""
    book = ledger.book
    trust = book.account(PLATFORM_HOLDER, AccountKind.TRUST)
    passage = book.account(wanted.through, AccountKind.WORKING)
    if trust is None or passage is None:
        cause = f"no organization has the short code {wanted.through}"
        return FundsRefused(FundsRefusal.ORGANIZATION_UNKNOWN, cause)
    receiver = _account_of(wanted.receiver, directory, ledger)
    if receiver is None:
        return FundsRefused(FundsRefusal.HOLDER_UNKNOWN, f"{wanted.receiver} has no M-PESA account")
    if receiver.kind is AccountKind.CUSTOMER:
        above = payments.more_than_may_come_in(receiver, wanted.cents, now, ledger)
        if above is not None:
            return FundsRefused(FundsRefusal.LIMIT_EXCEEDED, above.cause)
    entries = (
        Entry(trust.number, Bucket.AVAILABLE, -wanted.cents),
        Entry(passage.number, Bucket.AVAILABLE, wanted.cents),
        Entry(passage.number, Bucket.AVAILABLE, -wanted.cents),
        Entry(receiver.number, Bucket.UNCLEARED, wanted.cents),
    )
    made = _made(ARRIVAL, wanted.cents, passage, receiver, directory, ledger, now)
    sent = msgspec.structs.replace(made, reason=f"Sent by {wanted.sender}, {wanted.country}.")
    return Movement(transaction=sent, narrative=ARRIVAL, entries=entries)


def _account_of(holder: str, directory: Directory, ledger: Ledger) -> Account | None:
    """Where it arrives: a customer's own account, or a Working account, the other one that is called MMF."""
    is_customer = directory.customer(holder) is not None
    return ledger.book.account(holder, AccountKind.CUSTOMER if is_customer else AccountKind.WORKING)


def _clearing(
    wanted: Clearing, directory: Directory, ledger: Ledger, now: datetime
) -> Movement | FundsRefused | None:
    """All of it; nothing if all is clear. No limit stops it: the money is the holder's already."""
    account = _account_of(wanted.holder, directory, ledger)
    if account is None:
        return FundsRefused(FundsRefusal.HOLDER_UNKNOWN, f"{wanted.holder} has no M-PESA account")
    cents = ledger.book.balance(account.number).uncleared
    if not cents:
        return None
    entries = (
        Entry(account.number, Bucket.UNCLEARED, -cents),
        Entry(account.number, Bucket.AVAILABLE, cents),
    )
    cleared = _made(CLEARING, cents, account, account, directory, ledger, now)
    return Movement(transaction=cleared, narrative=CLEARING, entries=entries)


def _made(
    reason_type: str,
    cents: int,
    debited: Account,
    credited: Account,
    directory: Directory,
    ledger: Ledger,
    now: datetime,
) -> Transaction:
    return Transaction(
        receipt=ledger.receipt_of_next(now),
        kind=TransactionKind.IMT,
        state=TransactionState.COMPLETED,
        cents=cents,
        currency=KES,
        debit_party=debited.holder,
        debit_party_name=directory.name_of(debited.holder),
        debit_account=debited.kind,
        credit_party=credited.holder,
        credit_party_name=directory.name_of(credited.holder),
        reason_type=reason_type,
        initiated_at=now,
        finalised_at=now,
    )
