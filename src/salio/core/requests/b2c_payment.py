"""*Pay this customer.* — decided (B2C, Result Codes and FAQ 9; rulings, "order of checks")."""

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from salio.core.ledger.accounts import Account, AccountKind, Bucket
from salio.core.ledger.day_totals import day_of
from salio.core.ledger.ledger import Ledger
from salio.core.ledger.postings import Entry
from salio.core.ledger.tariffs import Limit, Shares
from salio.core.parties.directory import Directory
from salio.core.parties.organizations import OrganizationKind
from salio.core.parties.roles import Right
from salio.core.requests import commands, payments
from salio.core.requests.asking import Asking, Identified, identify, own_party
from salio.core.requests.decided import Judged
from salio.core.requests.outcomes import Decision, Outcome, PaymentFacts
from salio.core.requests.queries import B2CPayment, Request
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.transaction import ChargedSide, Transaction

COMMANDS: Mapping[str, str] = {
    "BusinessPayment": "Business Payment to Customer via API",
    "SalaryPayment": "Salary Payment to Customer via API",
    "PromotionPayment": "Promotion Payment to Customer via API",
}
"""By command the reason type that a status query tells; the first was seen on the wire."""

FEE = "Fee For B2C Payment"
_MOBILE = re.compile(r"254[17][0-9]{8}")
"""Kenya's mobile numbers; any other cannot have an account."""


class Sides(msgspec.Struct, frozen=True):
    """Both accounts, and the charge: who bears it is the organization's tariff."""

    payer: Account
    receiver: Account
    charge: Shares

    def gained(self, cents: int) -> int:
        """What the customer has of that amount."""
        return cents - self.charge.customer


def decide(request: Request, query: B2CPayment, asking: Asking, ledger: Ledger) -> Judged:
    """The decision, what the checks found of the initiator, and what the payment does to the books."""
    receipt = ledger.receipts.receipt(request.number, asking.now)
    refusal, identified = _asked(query, asking)
    if refusal is not None:
        return payments.refused(refusal, receipt, identified)
    sides = sides_of(query.party, query.receiver, query.cents, asking.directory, asking.now, ledger)
    if isinstance(sides, Decision):
        return payments.refused(sides, receipt, identified)
    transaction = payments.begun(
        request,
        query,
        asking,
        receipt,
        kind=TransactionKind.B2C,
        account=AccountKind.UTILITY,
        reason_type=COMMANDS[query.command],
    )
    refusal = _limited(query, sides, asking, ledger)
    if refusal is not None:
        return payments.declined(refusal, transaction, identified)
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


def sides_of(
    party: str, number: str, cents: int, directory: Directory, now: datetime, ledger: Ledger
) -> Sides | Decision:
    """Who pays and who receives, or why one of them cannot."""
    organization = directory.organization(party)
    payer = ledger.book.account(party, AccountKind.UTILITY)
    if organization is None or organization.kind is not OrganizationKind.B2C or payer is None:
        kind = organization.kind.value if organization is not None else "unknown"
        return Decision(
            Outcome.PRODUCT_NOT_ASSIGNED, f"{party} is a {kind} short code: it may not pay customers"
        )
    if not _MOBILE.fullmatch(number):
        return Decision(Outcome.RECEIVER_UNKNOWN, f"PartyB {number} is no mobile number of Kenya's")
    receiver = ledger.book.account(number, AccountKind.CUSTOMER)
    if directory.customer(number) is None or receiver is None:
        return Decision(Outcome.RECEIVER_UNREGISTERED, f"PartyB {number} has no M-PESA account")
    charge = ledger.tariffs.charge(TransactionKind.B2C, cents, day_of(now), organization.charges_borne_by)
    return Sides(payer, receiver, charge)


def out_of_bounds(cents: int, now: datetime, ledger: Ledger) -> Decision | None:
    """The refusal of an amount that nobody may pay."""
    day = day_of(now)
    return payments.too_small(Limit.SMALLEST_B2C, cents, day, ledger) or payments.too_much(
        Limit.LARGEST_B2C, Outcome.AMOUNT_TOO_LARGE, cents, day, ledger
    )


def _limited(query: B2CPayment, sides: Sides, asking: Asking, ledger: Ledger) -> Decision | None:
    """Limits first, for they hold whatever the payer has; then whether it has enough."""
    cents, gained = query.cents, sides.gained(query.cents)
    return (
        out_of_bounds(cents, asking.now, ledger)
        or payments.more_than_may_come_in(sides.receiver, gained, asking.now, ledger)
        or payments.not_covered(query.party, AccountKind.UTILITY, cents, ledger)
        or not_borne(query.receiver, gained, ledger)
    )


def not_borne(receiver: str, gained: int, ledger: Ledger) -> Decision | None:
    """The refusal where the customer's share of the charge is more than what comes in and what it has."""
    if gained >= 0:
        return None
    return payments.not_covered(receiver, AccountKind.CUSTOMER, -gained, ledger)


def _paid(transaction: Transaction, sides: Sides, identified: Identified | None, ledger: Ledger) -> Judged:
    payer = transaction.debit_party
    entries = (
        Entry(sides.payer.number, Bucket.AVAILABLE, -transaction.cents),
        Entry(sides.receiver.number, Bucket.AVAILABLE, transaction.cents),
        *payments.charged(sides.charge, payer, ledger, sides.receiver),
    )
    facts = PaymentFacts(
        transaction.cents,
        transaction.credit_party,
        transaction.credit_party_name,
        ledger.book.balances_after(payer, entries),
    )
    priced = payments.priced(transaction, FEE, sides.charge, ChargedSide.DEBIT)
    return payments.made(priced, entries, facts, identified)
