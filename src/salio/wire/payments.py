"""A customer's payment as C2B tells it, to validate or to confirm: one flat object (wire facts 5.3)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import msgspec

from salio.wire import answered
from salio.wire.errors import UnreadableAnswer, UnreadableBody
from salio.wire.members import Given, by_name, read_members, text, unspaced

T = TypeVar("T")


class CustomerPayment(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer paid. None: not said, or said with nothing in it."""

    receipt: str
    amount: Decimal
    short_code: str | None
    paid_at: datetime | None
    kind: str | None
    """TransactionType: `Pay Bill`, `Buy Goods`."""
    bill_reference: str | None
    invoice_number: str | None
    organization_balance: Decimal | None
    """Nothing at validation."""
    third_party_id: str | None
    msisdn: str | None
    """As it came: whole, masked (`2547 ***** 126`) or a digest."""
    names: tuple[str, ...]
    """First, middle and last, those that there are."""
    raw: Given


def is_payment(members: Mapping[str, object]) -> bool:
    """Whether these members are a customer's payment. Spaces in their names do not count."""
    return {"TransID", "TransAmount"} <= {unspaced(str(name)) for name in members}


def read_payment(given: Given) -> CustomerPayment:
    """The payment that a validation or confirmation tells.

    Raises:
        UnreadableBody: it is no JSON object, or no payment.
        UnreadableAnswer: the amount has a form that nobody has seen.
    """
    return payment_of(read_members(given), given)


def payment_of(sent: Mapping[str, object], raw: Given) -> CustomerPayment:
    """The same of members that were read of `raw`."""
    members = by_name(sent)
    receipt, amount = _text(members, "TransID"), _read(members, "TransAmount", answered.amount)
    if receipt is None or amount is None:
        raise UnreadableBody("no payment: it has no TransID and TransAmount")
    named = (_text(members, name) for name in ("FirstName", "MiddleName", "LastName"))
    return CustomerPayment(
        receipt=receipt,
        amount=amount,
        short_code=_text(members, "BusinessShortCode"),
        paid_at=_aside(members, "TransTime", answered.moment),
        kind=_text(members, "TransactionType"),
        bill_reference=_text(members, "BillRefNumber"),
        invoice_number=_text(members, "InvoiceNumber"),
        organization_balance=_aside(members, "OrgAccountBalance", answered.amount),
        third_party_id=_text(members, "ThirdPartyTransID"),
        msisdn=_text(members, "MSISDN"),
        names=tuple(name for name in named if name),
        raw=raw,
    )


def _text(members: Mapping[str, object], name: str) -> str | None:
    return (text(members.get(name)) or "").strip() or None


def _read(members: Mapping[str, object], name: str, form: Callable[[str], T]) -> T | None:
    value = members.get(name)
    if value is not None and text(value) is None:
        raise UnreadableAnswer(f"{name}: neither text nor a number")
    return answered.read_value(name, _text(members, name), form)


def _aside(members: Mapping[str, object], name: str, form: Callable[[str], T]) -> T | None:
    """What is told beside the payment: None, too, if it cannot be read."""
    try:
        return _read(members, name, form)
    except UnreadableAnswer:
        return None
