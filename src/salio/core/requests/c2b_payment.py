"""*This customer pays.* — decided (C2B, How It Works; M-PESA Express, FAQ 5 for the limits).

No operator asks: there is nobody to check but the app. No result tells of a refusal: the log has its cause.

Where external validation is switched on, the amount is set aside in the customer's account, the transaction
is Authorized, and the organization is asked; what it says, or its default action if it says nothing, ends it.
An organization that instructs by hand where it could not be asked has an hour: meanwhile the transaction is
Pending Authorized, and then it expires (TS, FAQ 3).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from salio.core.ledger.accounts import KES, Account, AccountKind, Bucket
from salio.core.ledger.day_totals import day_of
from salio.core.ledger.ledger import Ledger, Movement
from salio.core.ledger.postings import Entry
from salio.core.ledger.tariffs import Limit, Shares
from salio.core.parties.directory import Directory
from salio.core.parties.organizations import OrganizationKind
from salio.core.parties.registration import DefaultAction, Registration
from salio.core.requests import commands, payments
from salio.core.requests.asking import Asking, own_party
from salio.core.requests.decided import Judged
from salio.core.requests.outcomes import ConfirmationFacts, Decision, Outcome
from salio.core.requests.queries import CustomerPayment, PaymentByCustomer, Request
from salio.core.requests.validation import Instruction, Question, ValidatorWord
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import ChargedSide, Transaction

FEE = "Fee For C2B Payment"
INSTRUCTED_WITHIN = timedelta(hours=1)
"""Of the payment's beginning; the documents name no figure (docs/decisions/0006)."""


class Service(msgspec.Struct, frozen=True):
    """One of the two ways to pay an organization."""

    kind: OrganizationKind
    """Of short code that it is for."""
    account: AccountKind
    """Where the money comes in."""
    reason_type: str
    """What a status query tells; the first was seen on the wire."""


SERVICES: Mapping[str, Service] = {
    "CustomerPayBillOnline": Service(OrganizationKind.PAYBILL, AccountKind.UTILITY, "Pay Bill Online"),
    "CustomerBuyGoodsOnline": Service(OrganizationKind.BUY_GOODS, AccountKind.MERCHANT, "Buy Goods Online"),
}
"""By command."""


class Sides(msgspec.Struct, frozen=True):
    """Both accounts, and the charge: who bears it is the organization's tariff."""

    payer: Account
    receiver: Account
    charge: Shares


End = Judged | tuple[Question | Instruction, Movement | None]
"""The decision and what it does to the books; or whom to ask first, and what is set aside meanwhile."""


def decide(
    request: Request, query: CustomerPayment, asking: Asking, ledger: Ledger, registered: Registration
) -> End:
    """Of a payment that nobody was asked about."""
    receipt = receipt_of(request, ledger)
    service = SERVICES.get(query.command)
    if service is None:
        return payments.refused(commands.unknown(query.command, *SERVICES), receipt, None)
    refusal = own_party(query, asking, "ShortCode")
    if refusal is not None:
        return payments.refused(refusal, receipt, None)
    sides = sides_of(query, service, asking.directory, asking.now, ledger)
    if isinstance(sides, Decision):
        return payments.refused(sides, receipt, None)
    transaction = begun(request, query, service, asking, receipt)
    refusal = not_payable(query, sides, asking.now, ledger)
    if refusal is not None:
        return payments.declined(refusal, transaction, None)
    transaction = payments.priced(transaction, FEE, sides.charge, ChargedSide.CREDIT)
    if registered.validated and registered.validation_url:
        return _authorized(query, transaction, sides, registered.validation_url)
    return _paid(query, transaction, sides, ledger, registered)


def receipt_of(request: Request, ledger: Ledger) -> str:
    """The receipt of the payment, whenever it is decided first."""
    return ledger.receipts.receipt(request.number, request.accepted_at)


def sides_of(
    query: PaymentByCustomer,
    service: Service,
    directory: Directory,
    now: datetime,
    ledger: Ledger,
) -> Sides | Decision:
    """Who pays and who receives, or why one of them cannot."""
    organization = directory.organization(query.party)
    receiver = ledger.book.account(query.party, service.account)
    if organization is None or organization.kind is not service.kind or receiver is None:
        kind = organization.kind.value if organization is not None else "unknown"
        return Decision(
            Outcome.PRODUCT_NOT_ASSIGNED,
            f"{query.party} is a {kind} short code: {query.command} pays a {service.kind.value} one",
        )
    payer = ledger.book.account(query.payer, AccountKind.CUSTOMER)
    if payer is None:
        return Decision(Outcome.DEBIT_PARTY_NOT_IN_ORDER, f"Msisdn {query.payer} has no M-PESA account")
    day, borne_by = day_of(now), organization.charges_borne_by
    charge = ledger.tariffs.charge(TransactionKind.C2B, query.cents, day, borne_by)
    return Sides(payer, receiver, charge)


def begun(
    request: Request, query: PaymentByCustomer, service: Service, asking: Asking, receipt: str
) -> Transaction:
    """The transaction that the payment is; nothing has moved."""
    name_of = asking.directory.name_of
    return Transaction(
        receipt=receipt,
        kind=TransactionKind.C2B,
        state=TransactionState.INITIATED,
        cents=query.cents,
        currency=KES,
        debit_party=query.payer,
        debit_party_name=name_of(query.payer),
        debit_account=AccountKind.CUSTOMER,
        credit_party=query.party,
        credit_party_name=name_of(query.party),
        reason_type=service.reason_type,
        initiated_at=request.accepted_at,
        finalised_at=asking.now,
        originator_conversation_id=request.originator_conversation_id,
        conversation_id=request.conversation_id,
    )


def out_of_bounds(query: PaymentByCustomer, now: datetime, ledger: Ledger) -> Decision | None:
    """The refusal of an amount that nobody may pay."""
    day, cents = day_of(now), query.cents
    return payments.too_small(Limit.SMALLEST_C2B, cents, day, ledger) or payments.too_much(
        Limit.LARGEST_C2B, Outcome.AMOUNT_TOO_LARGE, cents, day, ledger
    )


def not_payable(query: PaymentByCustomer, sides: Sides, now: datetime, ledger: Ledger) -> Decision | None:
    """The refusal of an amount that this customer cannot pay now, its share of the charge included, or that
    the organization cannot take.
    """
    leaving = query.cents + sides.charge.customer
    return (
        out_of_bounds(query, now, ledger)
        or payments.more_than_may_go_out(sides.payer, leaving, now, ledger)
        or payments.more_than_may_be_held(sides.receiver, query.cents, now, ledger)
        or payments.not_covered(query.payer, AccountKind.CUSTOMER, leaving, ledger)
    )


def _authorized(query: CustomerPayment, transaction: Transaction, sides: Sides, url: str) -> End:
    """The amount is set aside until the organization has spoken, and the customer's share of the charge."""
    opened = msgspec.structs.replace(transaction, state=TransactionState.AUTHORIZED, finalised_at=None)
    entries = _shifted(opened, sides.payer, Bucket.AVAILABLE, Bucket.RESERVED)
    return _question(query, opened, url), Movement(
        transaction=opened, narrative=f"Set aside: {opened.reason_type}", entries=entries
    )


def _question(query: CustomerPayment, opened: Transaction, url: str) -> Question:
    return Question(
        url=url,
        transaction=opened,
        is_bill=_is_bill(query),
        bill_reference=query.bill_reference,
        whole_number_told=query.whole_number_told,
    )


def go_on(
    query: CustomerPayment,
    opened: Transaction,
    word: ValidatorWord | None,
    directory: Directory,
    now: datetime,
    ledger: Ledger,
    registered: Registration,
) -> End:
    """Of one that was authorized: the organization has spoken, or could not be reached. Without a word, this
    platform died before it heard one, and asks again; or the time for an instruction is over. The charge is
    that of its authorization.
    """
    if opened.state is TransactionState.PENDING_AUTHORIZED and word is None:
        return _still_pending(opened, now, ledger)
    if word is None and registered.validated and registered.validation_url:
        return _question(query, opened, registered.validation_url), None
    if word is None:
        word = ValidatorWord(accepts=None, said="nobody is asked any more")
    if word.accepts is None and registered.instructs:
        return _pending(opened, word)
    sides = sides_of(query, SERVICES[query.command], directory, now, ledger)
    default = registered.default_action is DefaultAction.COMPLETED
    taken = default if word.accepts is None else word.accepts
    said = word.said if word.accepts is not None else f"{word.said}: {registered.default_action.value}"
    if isinstance(sides, Decision) or not taken:
        return _cancelled(opened, said, now, ledger)
    refusal = payments.more_than_may_be_held(sides.receiver, opened.cents, now, ledger)
    if refusal is not None:  # it is full since the amount was set aside
        reason = payments.reason_of(refusal.outcome)
        declined = freed(opened, TransactionState.DECLINED, reason, now, ledger)
        return msgspec.structs.replace(refusal, receipt=opened.receipt), None, declined
    ended = msgspec.structs.replace(opened, finalised_at=now, reason=None)
    judged = _paid(query, ended, sides, ledger, registered, opened=opened, word=word)
    return msgspec.structs.replace(judged[0], cause=said), *judged[1:]


def _pending(opened: Transaction, word: ValidatorWord) -> End:
    pending = msgspec.structs.replace(
        opened, state=TransactionState.PENDING_AUTHORIZED, reason=f"{word.said}: waits for an instruction"
    )
    movement = Movement(transaction=pending, before=opened)
    return Instruction(pending, pending.initiated_at + INSTRUCTED_WITHIN), movement


def _still_pending(opened: Transaction, now: datetime, ledger: Ledger) -> End:
    until = opened.initiated_at + INSTRUCTED_WITHIN
    if now < until:
        return Instruction(opened, until), None
    said = f"expired: no instruction came within {INSTRUCTED_WITHIN.total_seconds() / 60:.0f} minutes"
    expired = freed(opened, TransactionState.EXPIRED, said, now, ledger)
    return Decision(Outcome.PAYMENT_EXPIRED, said, receipt=opened.receipt), None, expired


def _cancelled(opened: Transaction, said: str, now: datetime, ledger: Ledger) -> Judged:
    cancelled = freed(opened, TransactionState.CANCELLED, said, now, ledger)
    return Decision(Outcome.PAYMENT_CANCELLED, said, receipt=opened.receipt), None, cancelled


def freed(opened: Transaction, state: TransactionState, said: str, now: datetime, ledger: Ledger) -> Movement:
    """The payment ends in that state, unpaid; what was set aside, if it was, is the customer's again."""
    set_aside = opened.state is not TransactionState.INITIATED
    payer = ledger.book.account(opened.debit_party, AccountKind.CUSTOMER)
    assert payer is not None  # noqa: S101 - accounts are never closed
    ended = msgspec.structs.replace(opened, state=state, finalised_at=now, reason=said)
    return Movement(
        transaction=msgspec.structs.replace(ended, charge=None, other_charge=None),
        narrative=f"Free again: {opened.reason_type}",
        entries=_shifted(opened, payer, Bucket.RESERVED, Bucket.AVAILABLE) if set_aside else (),
        before=opened,
    )


def _shifted(transaction: Transaction, payer: Account, source: Bucket, target: Bucket) -> tuple[Entry, ...]:
    """The amount, and what the payer bears of the charge, from one of its buckets into another."""
    parts = (transaction.cents, transaction.charged(ChargedSide.DEBIT))
    return tuple(
        Entry(payer.number, bucket, cents)
        for part in parts
        if part
        for bucket, cents in ((source, -part), (target, part))
    )


def _paid(
    query: CustomerPayment,
    transaction: Transaction,
    sides: Sides,
    ledger: Ledger,
    registered: Registration,
    *,
    opened: Transaction | None = None,
    word: ValidatorWord | None = None,
) -> Judged:
    bucket = Bucket.AVAILABLE if opened is None else Bucket.RESERVED
    charge = sides.charge if opened is None else _agreed(opened)
    entries = (
        Entry(sides.payer.number, bucket, -transaction.cents),
        Entry(sides.receiver.number, Bucket.AVAILABLE, transaction.cents),
        *payments.charged(charge, query.party, ledger, sides.payer, bucket),
    )
    completed = payments.completed(transaction)
    facts = ConfirmationFacts(
        transaction=completed,
        is_bill=_is_bill(query),
        bill_reference=query.bill_reference,
        whole_number_told=query.whole_number_told,
        balance=ledger.book.balance(sides.receiver.number).available + transaction.cents,
        url=registered.confirmation_url,
        third_party_id=word.third_party_id if word is not None else None,
    )
    return payments.made(completed, entries, facts, None, before=opened)


def _agreed(opened: Transaction) -> Shares:
    return Shares(opened.charged(ChargedSide.CREDIT), opened.charged(ChargedSide.DEBIT))


def _is_bill(query: CustomerPayment) -> bool:
    return SERVICES[query.command].kind is OrganizationKind.PAYBILL
