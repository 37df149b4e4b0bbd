"""*This customer pays.* — decided (C2B, How It Works; M-PESA Express, FAQ 5 for the limits).

No operator asks: there is nobody to check but the app. No result tells of a refusal: the log has its cause.
"""

from collections.abc import Mapping

import msgspec

from salio.core.ledger.accounts import KES, Account, AccountKind, Bucket
from salio.core.ledger.day_totals import day_of
from salio.core.ledger.ledger import Ledger
from salio.core.ledger.postings import Entry
from salio.core.ledger.tariffs import Limit
from salio.core.parties.organizations import OrganizationKind
from salio.core.parties.registration import Registration
from salio.core.requests import commands, payments
from salio.core.requests.asking import Asking, own_party
from salio.core.requests.decided import Judged
from salio.core.requests.outcomes import ConfirmationFacts, Decision, Outcome
from salio.core.requests.queries import CustomerPayment, Request
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Charge, ChargedSide, Transaction

FEE = "Fee For C2B Payment"


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


class _Sides(msgspec.Struct, frozen=True):
    """Both accounts, and the charge in cents, which the organization bears."""

    payer: Account
    receiver: Account
    charge: int


def decide(
    request: Request, query: CustomerPayment, asking: Asking, ledger: Ledger, registered: Registration
) -> Judged:
    """The decision, and what the payment does to the books."""
    receipt = ledger.receipts.receipt(request.number, asking.now)
    service = SERVICES.get(query.command)
    if service is None:
        return payments.refused(commands.unknown(query.command, *SERVICES), receipt, None)
    refusal = own_party(query, asking)
    if refusal is not None:
        return payments.refused(refusal, receipt, None)
    sides = _sides(query, service, asking, ledger)
    if isinstance(sides, Decision):
        return payments.refused(sides, receipt, None)
    transaction = _begun(request, query, service, asking, receipt)
    refusal = _limited(query, asking, ledger)
    if refusal is not None:
        return payments.declined(refusal, transaction, None)
    return _paid(query, transaction, sides, ledger, registered)


def _sides(query: CustomerPayment, service: Service, asking: Asking, ledger: Ledger) -> _Sides | Decision:
    """Who pays and who receives, or why one of them cannot."""
    organization = asking.directory.organization(query.party)
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
    charge = ledger.tariffs.charge(TransactionKind.C2B, query.cents, day_of(asking.now))
    return _Sides(payer, receiver, charge)


def _begun(
    request: Request, query: CustomerPayment, service: Service, asking: Asking, receipt: str
) -> Transaction:
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


def _limited(query: CustomerPayment, asking: Asking, ledger: Ledger) -> Decision | None:
    day, cents = day_of(asking.now), query.cents
    return (
        payments.too_small(Limit.SMALLEST_C2B, cents, day, ledger)
        or payments.too_much(Limit.LARGEST_C2B, Outcome.AMOUNT_TOO_LARGE, cents, day, ledger)
        or payments.not_covered(query.payer, AccountKind.CUSTOMER, cents, ledger)
    )


def _paid(
    query: CustomerPayment, transaction: Transaction, sides: _Sides, ledger: Ledger, registered: Registration
) -> Judged:
    charge = Charge(FEE, sides.charge, ChargedSide.CREDIT) if sides.charge else None
    entries = (
        Entry(sides.payer.number, Bucket.AVAILABLE, -transaction.cents),
        Entry(sides.receiver.number, Bucket.AVAILABLE, transaction.cents),
        *payments.charged(query.party, sides.charge, ledger),
    )
    completed = payments.completed(msgspec.structs.replace(transaction, charge=charge))
    facts = ConfirmationFacts(
        transaction=completed,
        is_bill=SERVICES[query.command].kind is OrganizationKind.PAYBILL,
        bill_reference=query.bill_reference,
        whole_number_told=query.whole_number_told,
        balance=ledger.book.balance(sides.receiver.number).available + transaction.cents,
        url=registered.confirmation_url,
    )
    return payments.made(completed, entries, facts, None)
