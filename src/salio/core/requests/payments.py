"""What all payments have in common: the transaction that one becomes, refused, declined or made.

Whoever may not ask learns nothing of the receiver, and leaves no transaction; only the result has a receipt.
A payment that is refused after that is a transaction that was declined: a status query finds it.
"""

from datetime import date, datetime

import msgspec

from salio.core.ledger.accounts import KES, PLATFORM_HOLDER, Account, AccountKind, Bucket
from salio.core.ledger.day_totals import day_of
from salio.core.ledger.ledger import Ledger, Movement
from salio.core.ledger.postings import Entry
from salio.core.ledger.tariffs import FREE, Limit, Shares
from salio.core.requests.asking import Asking, Identified
from salio.core.requests.decided import Judged
from salio.core.requests.outcomes import Decision, Facts, Outcome
from salio.core.requests.queries import Payment, Request
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Charge, ChargedSide, Transaction


def begun(
    request: Request,
    query: Payment,
    asking: Asking,
    receipt: str,
    *,
    kind: TransactionKind,
    account: AccountKind,
    reason_type: str,
) -> Transaction:
    """The transaction that the payment is, out of that account of the payer's; nothing has moved."""
    return Transaction(
        receipt=receipt,
        kind=kind,
        state=TransactionState.INITIATED,
        cents=query.cents,
        currency=KES,
        debit_party=query.party,
        debit_party_name=asking.directory.name_of(query.party),
        debit_account=account,
        credit_party=query.receiver,
        credit_party_name=asking.directory.name_of(query.receiver),
        reason_type=reason_type,
        initiated_at=request.accepted_at,
        finalised_at=asking.now,
        originator_conversation_id=request.originator_conversation_id,
        conversation_id=request.conversation_id,
    )


def refused(refusal: Decision, receipt: str, identified: Identified | None) -> Judged:
    """Nothing became of it."""
    return msgspec.structs.replace(refusal, receipt=receipt), identified, None


def declined(refusal: Decision, transaction: Transaction, identified: Identified | None) -> Judged:
    """A transaction that moved nothing."""
    ended = msgspec.structs.replace(
        transaction, state=TransactionState.DECLINED, reason=reason_of(refusal.outcome)
    )
    decision = msgspec.structs.replace(refusal, receipt=transaction.receipt)
    return decision, identified, Movement(transaction=ended)


def reason_of(outcome: Outcome) -> str:
    """TransactionReason of one that was not made: `Balance insufficient.`"""
    return f"{outcome.value[0].upper()}{outcome.value[1:]}."


def completed(transaction: Transaction) -> Transaction:
    """The same, at its end."""
    return msgspec.structs.replace(transaction, state=TransactionState.COMPLETED)


def made(
    transaction: Transaction,
    entries: tuple[Entry, ...],
    facts: Facts,
    identified: Identified | None,
    before: Transaction | None = None,
) -> Judged:
    """A transaction that moved its amount; ``before`` is the state that it waited in, if it did."""
    done = completed(transaction)
    movement = Movement(transaction=done, narrative=done.reason_type, entries=entries, before=before)
    return Decision(Outcome.SUCCEEDED, facts=facts, receipt=done.receipt), identified, movement


def priced(transaction: Transaction, fee: str, shares: Shares, organization: ChargedSide) -> Transaction:
    """The same, with what each side bears; ``organization`` is the side that it is on."""
    customer = ChargedSide.CREDIT if organization is ChargedSide.DEBIT else ChargedSide.DEBIT
    owed = Charge(fee, shares.organization, organization) if shares.organization else None
    paid = Charge(fee, shares.customer, customer) if shares.customer else None
    if owed is None:
        return msgspec.structs.replace(transaction, charge=paid) if paid is not None else transaction
    return msgspec.structs.replace(transaction, charge=owed, other_charge=paid)


def charged(
    shares: Shares,
    organization: str,
    ledger: Ledger,
    customer: Account | None = None,
    bucket: Bucket = Bucket.AVAILABLE,
) -> tuple[Entry, ...]:
    """The organization owes its share, the customer pays out of that bucket; the platform has earned both."""
    if shares is FREE:
        return ()
    owes = ledger.book.account(organization, AccountKind.CHARGES_PAID)
    earns = ledger.book.account(PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE)
    entries: tuple[Entry, ...] = ()
    if earns is None:
        return entries
    if shares.organization and owes is not None:
        entries += (
            Entry(owes.number, Bucket.AVAILABLE, -shares.organization),
            Entry(earns.number, Bucket.AVAILABLE, shares.organization),
        )
    if shares.customer and customer is not None:
        entries += (
            Entry(customer.number, bucket, -shares.customer),
            Entry(earns.number, Bucket.AVAILABLE, shares.customer),
        )
    return entries


def too_small(limit: Limit, cents: int, day: date, ledger: Ledger) -> Decision | None:
    """The refusal of an amount below that limit."""
    smallest = ledger.tariffs.limit(limit, day)
    if smallest is None or cents >= smallest:
        return None
    return Decision(Outcome.AMOUNT_TOO_SMALL, f"{shillings(cents)} is less than {shillings(smallest)}")


def too_much(limit: Limit, outcome: Outcome, reached: int, day: date, ledger: Ledger) -> Decision | None:
    """The refusal, by that outcome, of what would go beyond the limit."""
    most = ledger.tariffs.limit(limit, day)
    if most is None or reached <= most:
        return None
    return Decision(outcome, f"{limit.value}: {shillings(reached)} would be more than {shillings(most)}")


def more_than_may_come_in(receiver: Account, cents: int, now: datetime, ledger: Ledger) -> Decision | None:
    """The refusal of what would go beyond a customer's limits: of the day, and of what it may hold."""
    day, holds = day_of(now), ledger.book.balance(receiver.number)
    received = ledger.totals.of(receiver.number, now).received + cents
    would_hold = holds.current + holds.uncleared + cents
    return too_much(Limit.CUSTOMER_DAY, Outcome.DAY_LIMIT_EXCEEDED, received, day, ledger) or too_much(
        Limit.CUSTOMER_BALANCE, Outcome.BALANCE_LIMIT_EXCEEDED, would_hold, day, ledger
    )


def more_than_may_go_out(payer: Account, cents: int, now: datetime, ledger: Ledger) -> Decision | None:
    """The refusal of what would go beyond what a customer may send in a day (M-PESA Express, FAQ 5)."""
    sent = ledger.totals.of(payer.number, now).sent + cents
    return too_much(Limit.CUSTOMER_DAY_SENT, Outcome.DAY_LIMIT_EXCEEDED, sent, day_of(now), ledger)


def more_than_may_be_held(revenue: Account, cents: int, now: datetime, ledger: Ledger) -> Decision | None:
    """The refusal of more than a revenue account may hold (M-PESA Express, Result codes, 8)."""
    holds = ledger.book.balance(revenue.number)
    would_hold = holds.current + holds.uncleared + cents
    return too_much(Limit.REVENUE_BALANCE, Outcome.BALANCE_LIMIT_EXCEEDED, would_hold, day_of(now), ledger)


def not_covered(holder: str, kind: AccountKind, cents: int, ledger: Ledger) -> Decision | None:
    """The refusal of an amount that the account has not available."""
    account = ledger.book.account(holder, kind)
    available = ledger.book.balance(account.number).available if account is not None else 0
    if available >= cents:
        return None
    held = f"the {kind.value} of {holder} holds {shillings(available)}"
    return Decision(Outcome.BALANCE_INSUFFICIENT, f"{held}, {shillings(cents)} is asked for")


def shillings(cents: int) -> str:
    """`KES 1,050.00`."""
    return f"{KES} {cents // 100:,}.{cents % 100:02}"
