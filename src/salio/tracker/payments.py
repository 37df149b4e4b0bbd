"""A customer's payment: what makes two of them one, what is asked about it, and whether the answer confirms
it.

Anybody who learns the address could tell of a payment that never was; the platform's own word decides.
"""

import enum

import msgspec

from salio.wire.answered import Transaction
from salio.wire.asked import StatusQuery
from salio.wire.callbacks import Result
from salio.wire.payments import CustomerPayment
from salio.wire.wording import shown

KIND = "CustomerPayment"
"""What the record calls such a request."""


_NEVER_PAID = frozenset({"Cancelled", "Declined", "Expired"})
"""The final states but one (TS, TransactionStatus); any other may still become `Completed`."""


class Confirmation(enum.Enum):
    """What a status says of a payment."""

    CONFIRMED = enum.auto()
    CONTRADICTED = enum.auto()
    UNKNOWN = enum.auto()


class Finding(msgspec.Struct, frozen=True):
    """The confirmation, and for people why it is none."""

    confirmation: Confirmation
    why: str = ""


def subject(payment: CustomerPayment) -> str:
    """The same for two tellings of one payment; another amount makes another, to be confirmed itself."""
    return f"{payment.receipt} {payment.amount} {payment.short_code}"


def question(payment: CustomerPayment) -> StatusQuery | None:
    """What is asked about it; None if it does not say whose it is."""
    if payment.short_code is None:
        return None
    return StatusQuery(party_a=payment.short_code, receipt=payment.receipt)


def confirmed(payment: CustomerPayment, result: Result) -> Finding:
    """What the answer says. That there is no such receipt does not contradict: it may be too new."""
    found = result.answer
    if not result.succeeded or not isinstance(found, Transaction):
        said = f"ResultCode {shown(result.code)}: {shown(result.description, 200)}"
        return Finding(Confirmation.UNKNOWN, said)
    contradiction = _contradiction(payment, found)
    if contradiction:
        return Finding(Confirmation.CONTRADICTED, contradiction)
    if found.status == "Completed" and found.amount is not None:
        return Finding(Confirmation.CONFIRMED)
    return Finding(Confirmation.UNKNOWN, f"the transaction is {shown(found.status or 'in no state')}")


def _contradiction(payment: CustomerPayment, found: Transaction) -> str:
    if found.status in _NEVER_PAID:
        return f"the transaction is {found.status}"
    if found.amount is not None and found.amount != payment.amount:
        return f"{found.amount} was paid, and not {payment.amount}"
    credited = found.credit_party.number if found.credit_party else None
    if credited and credited != payment.short_code:
        return f"{shown(credited)} was paid, and not this short code"
    return ""
