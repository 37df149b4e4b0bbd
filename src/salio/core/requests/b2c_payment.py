"""*Pay this customer.* — decided (B2C, Result Codes and FAQ 9; rulings, "order of checks").

Whoever may not ask learns nothing of the receiver, and leaves no transaction. A payment that is refused after
that is a transaction that was declined: a status query finds it.
"""

import re
from collections.abc import Mapping
from datetime import date

import msgspec

from salio.core.ledger.accounts import KES, PLATFORM_HOLDER, Account, AccountKind, Bucket
from salio.core.ledger.day_totals import day_of
from salio.core.ledger.ledger import Ledger, Movement
from salio.core.ledger.postings import Entry
from salio.core.ledger.tariffs import Limit
from salio.core.parties.organizations import OrganizationKind
from salio.core.parties.roles import Right
from salio.core.requests import commands
from salio.core.requests.asking import Asking, Identified, identify, own_party
from salio.core.requests.outcomes import Decision, Outcome, PaymentFacts
from salio.core.requests.queries import B2CPayment, Request
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Charge, ChargedSide, Transaction

COMMANDS: Mapping[str, str] = {
    "BusinessPayment": "Business Payment to Customer via API",
    "SalaryPayment": "Salary Payment to Customer via API",
    "PromotionPayment": "Promotion Payment to Customer via API",
}
"""By command the reason type that a status query tells; the first was seen on the wire."""

FEE = "Fee For B2C Payment"
_MOBILE = re.compile(r"254[17][0-9]{8}")
"""Kenya's mobile numbers; any other cannot have an account."""

Judged = tuple[Decision, Identified | None, Movement | None]


class _Sides(msgspec.Struct, frozen=True):
    """Both accounts, and the charge in cents."""

    payer: Account
    receiver: Account
    charge: int


def decide(request: Request, query: B2CPayment, asking: Asking, ledger: Ledger) -> Judged:
    """The decision, what the checks found of the initiator, and what the payment does to the books."""
    receipt = ledger.receipts.receipt(request.number, asking.now)
    refusal, identified = _asked(query, asking)
    if refusal is not None:
        return msgspec.structs.replace(refusal, receipt=receipt), identified, None
    sides = _sides(query, asking, ledger)
    if isinstance(sides, Decision):
        return msgspec.structs.replace(sides, receipt=receipt), identified, None
    transaction = _transaction(request, query, asking, receipt)
    refusal = _limited(query, sides, asking, ledger)
    if refusal is not None:
        return _declined(refusal, transaction, identified)
    return _paid(transaction, sides, identified, ledger)


def _asked(query: B2CPayment, asking: Asking) -> tuple[Decision | None, Identified | None]:
    """The checks of who asks."""
    if query.command not in COMMANDS:
        return commands.unknown(query.command, *COMMANDS), None
    refusal = own_party(query, asking)
    if refusal is not None:
        return refusal, None
    identified = identify(query, [query.party], Right.PAY_CUSTOMER, asking)
    return identified.refusal, identified


def _sides(query: B2CPayment, asking: Asking, ledger: Ledger) -> _Sides | Decision:
    """Who pays and who receives, or why one of them cannot."""
    organization = asking.directory.organization(query.party)
    payer = ledger.book.account(query.party, AccountKind.UTILITY)
    if organization is None or organization.kind is not OrganizationKind.B2C or payer is None:
        kind = organization.kind.value if organization is not None else "unknown"
        return Decision(
            Outcome.PRODUCT_NOT_ASSIGNED, f"{query.party} is a {kind} short code: it may not pay customers"
        )
    if not _MOBILE.fullmatch(query.receiver):
        return Decision(Outcome.RECEIVER_UNKNOWN, f"PartyB {query.receiver} is no mobile number of Kenya's")
    receiver = ledger.book.account(query.receiver, AccountKind.CUSTOMER)
    if asking.directory.customer(query.receiver) is None or receiver is None:
        return Decision(Outcome.RECEIVER_UNREGISTERED, f"PartyB {query.receiver} has no M-PESA account")
    charge = ledger.tariffs.charge(TransactionKind.B2C, query.cents, day_of(asking.now))
    return _Sides(payer, receiver, charge)


def _limited(query: B2CPayment, sides: _Sides, asking: Asking, ledger: Ledger) -> Decision | None:
    """Limits first, for they hold whatever the payer has; then whether it has enough."""
    day, cents = day_of(asking.now), query.cents
    received = ledger.received.of(sides.receiver.number, asking.now) + cents
    holds = ledger.book.balance(sides.receiver.number)
    smallest = _bound(Limit.SMALLEST_B2C, day, ledger)
    if smallest is not None and cents < smallest:
        return Decision(Outcome.AMOUNT_TOO_SMALL, f"{_kes(cents)} is less than {_kes(smallest)}")
    for limit, outcome, reached in (
        (Limit.LARGEST_B2C, Outcome.AMOUNT_TOO_LARGE, cents),
        (Limit.CUSTOMER_DAY, Outcome.DAY_LIMIT_EXCEEDED, received),
        (Limit.CUSTOMER_BALANCE, Outcome.BALANCE_LIMIT_EXCEEDED, holds.current + holds.uncleared + cents),
    ):
        bound = _bound(limit, day, ledger)
        if bound is not None and reached > bound:
            return Decision(outcome, f"{limit.value}: {_kes(reached)} would be more than {_kes(bound)}")
    available = ledger.book.balance(sides.payer.number).available
    if available < cents:
        held = f"the Utility Account of {query.party} holds {_kes(available)}"
        return Decision(Outcome.BALANCE_INSUFFICIENT, f"{held}, {_kes(cents)} is asked for")
    return None


def _bound(limit: Limit, day: date, ledger: Ledger) -> int | None:
    return ledger.tariffs.limit(limit, day)


def _kes(cents: int) -> str:
    return f"{KES} {cents // 100:,}.{cents % 100:02}"


def _transaction(request: Request, query: B2CPayment, asking: Asking, receipt: str) -> Transaction:
    return Transaction(
        receipt=receipt,
        kind=TransactionKind.B2C,
        state=TransactionState.INITIATED,
        cents=query.cents,
        currency=KES,
        debit_party=query.party,
        debit_party_name=asking.directory.name_of(query.party),
        debit_account=AccountKind.UTILITY,
        credit_party=query.receiver,
        credit_party_name=asking.directory.name_of(query.receiver),
        reason_type=COMMANDS[query.command],
        initiated_at=request.accepted_at,
        finalised_at=asking.now,
        originator_conversation_id=request.originator_conversation_id,
        conversation_id=request.conversation_id,
    )


def _declined(refusal: Decision, transaction: Transaction, identified: Identified | None) -> Judged:
    reason = f"{refusal.outcome.value.capitalize()}."
    declined = msgspec.structs.replace(transaction, state=TransactionState.DECLINED, reason=reason)
    decision = msgspec.structs.replace(refusal, receipt=transaction.receipt)
    return decision, identified, Movement(transaction=declined)


def _paid(transaction: Transaction, sides: _Sides, identified: Identified | None, ledger: Ledger) -> Judged:
    charge = Charge(FEE, sides.charge, ChargedSide.DEBIT) if sides.charge else None
    done = msgspec.structs.replace(transaction, state=TransactionState.COMPLETED, charge=charge)
    entries = (
        Entry(sides.payer.number, Bucket.AVAILABLE, -done.cents),
        Entry(sides.receiver.number, Bucket.AVAILABLE, done.cents),
        *_charged(done.debit_party, sides.charge, ledger),
    )
    facts = PaymentFacts(
        done.cents,
        done.credit_party,
        done.credit_party_name,
        ledger.book.balances_after(done.debit_party, entries),
    )
    movement = Movement(transaction=done, narrative=done.reason_type, entries=entries)
    return Decision(Outcome.SUCCEEDED, facts=facts, receipt=done.receipt), identified, movement


def _charged(payer: str, charge: int, ledger: Ledger) -> tuple[Entry, ...]:
    """The organization owes the charge; the platform has earned it."""
    owes = ledger.book.account(payer, AccountKind.CHARGES_PAID)
    earns = ledger.book.account(PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE)
    if not charge or owes is None or earns is None:
        return ()
    return Entry(owes.number, Bucket.AVAILABLE, -charge), Entry(earns.number, Bucket.AVAILABLE, charge)
