"""An order out: the platform's own strict reader reads it, and what no platform takes is refused."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire import amounts, b2b_payment, b2c_payment, reversal
from salio.wire.asked import KINDS, Callbacks, Signature, body_of
from salio.wire.errors import UnusableOrder
from salio.wire.orders import (
    PaymentOrder,
    PaymentToCustomer,
    PaymentToOrganization,
    Reversal,
    TaxRemittance,
    shillings,
)
from salio.wire.profile import PROFILES, Profile
from salio.wire.strict_json import read_object

CREDENTIAL = "A" * 342 + "=="
SIGNATURE = Signature("testapi", CREDENTIAL)
CALLBACKS = Callbacks("https://example.com/result", "https://example.com/timeout")
CUSTOMER = PaymentToCustomer(
    party_a="600997",
    msisdn="254708374149",
    amount=Decimal("10.50"),
    remarks="Remarks",
    occasion="Occasion",
    originator_conversation_id="mine-1",
)
ORGANIZATION = PaymentToOrganization(
    party_a="600979",
    party_b="600000",
    amount=Decimal(239),
    account_reference="353353",
    requester="254708374149",
    occasion="Occasion",
    originator_conversation_id="mine-2",
)
TAX = TaxRemittance(party_a="600979", amount=Decimal("0.5"), registration_number="2040000000000")
BACK = Reversal(party_a="600992", receipt="SKC82PACB8", amount=Decimal("1.00"))
ORDERS: dict[str, tuple[PaymentOrder, Any, dict[str, object]]] = {
    "to a customer": (
        CUSTOMER,
        b2c_payment.read,
        {
            "cents": 1_050,
            "party_a": "600997",
            "party_b": "254708374149",
            "command_id": "BusinessPayment",
            "remarks": "Remarks",
            "occasion": "Occasion",
            "originator_conversation_id": "mine-1",
        },
    ),
    "to a customer, version 1": (
        PaymentToCustomer(party_a="600997", msisdn="254708374149", amount=Decimal(10), version=1),
        b2c_payment.read_first,
        {"cents": 1_000, "originator_conversation_id": None},
    ),
    "to an organization": (
        ORGANIZATION,
        b2b_payment.read,
        {
            "cents": 23_900,
            "party_a": "600979",
            "sender_type": 4,
            "party_b": "600000",
            "receiver_type": 4,
            "account_reference": "353353",
            "requester": "254708374149",
            "command_id": "BusinessPayBill",
            "occasion": "Occasion",
            "originator_conversation_id": "mine-2",
        },
    ),
    "to a till": (
        PaymentToOrganization(
            party_a="600979",
            party_b="700101",
            amount=Decimal(1),
            command="BusinessBuyGoods",
            receiver_type=2,
        ),
        b2b_payment.read,
        {"receiver_type": 2, "account_reference": None, "requester": None},
    ),
    "a tax": (
        TAX,
        b2b_payment.read_tax,
        {"cents": 50, "party_b": "572572", "account_reference": "2040000000000"},
    ),
    "a reversal": (
        BACK,
        reversal.read,
        {
            "cents": 100,
            "receiver_party": "600992",
            "receiver_identifier_type": "11",
            "transaction_id": "SKC82PACB8",
            "command_id": "TransactionReversal",
        },
    ),
}


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
@pytest.mark.parametrize(("order", "read", "expected"), ORDERS.values(), ids=list(ORDERS))
def test_every_field_arrives(
    order: PaymentOrder, read: Any, expected: dict[str, object], profile: Profile
) -> None:
    """In both profiles, with the signature and the two addresses, and no unknown one with it."""
    found = read(read_object(body_of(order, SIGNATURE, CALLBACKS)), profile, 256)
    assert {name: getattr(found, name) for name in expected} == expected
    assert (found.initiator, found.security_credential) == ("testapi", CREDENTIAL)
    assert (found.result_url, found.queue_time_out_url) == (
        CALLBACKS.result_url,
        CALLBACKS.queue_time_out_url,
    )
    assert found.unknown_members == ()


def test_every_kind_of_order_is_tried() -> None:
    """In the table above."""
    assert {type(order) for order, _, _ in ORDERS.values()} == {
        kind for kind in KINDS.values() if issubclass(kind, PaymentOrder)
    }


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        (PaymentToCustomer, {"amount": 10.5}, "Amount"),
        (PaymentToCustomer, {"amount": "10"}, "Amount"),
        (PaymentToCustomer, {"amount": Decimal("10.505")}, "Amount"),
        (PaymentToCustomer, {"amount": Decimal(0)}, "Amount"),
        (PaymentToCustomer, {"amount": Decimal(-1)}, "Amount"),
        (PaymentToCustomer, {"amount": Decimal("NaN")}, "Amount"),
        (PaymentToCustomer, {"amount": Decimal("Infinity")}, "Amount"),
        (PaymentToCustomer, {"amount": Decimal("1E+1000000")}, "Amount"),
        (PaymentToCustomer, {"amount": Decimal(10**14)}, "Amount"),
        (PaymentToCustomer, {"msisdn": "0708374149"}, "PartyB"),
        (PaymentToCustomer, {"party_a": "254708374149"}, "PartyA"),
        (PaymentToCustomer, {"party_a": ""}, "PartyA"),
        (PaymentToCustomer, {"command": "BusinessPayBill"}, "CommandID"),
        (PaymentToCustomer, {"remarks": "x"}, "Remarks"),
        (PaymentToCustomer, {"remarks": ""}, "Remarks"),
        (PaymentToCustomer, {"occasion": "x" * 101}, "Occassion"),
        (PaymentToCustomer, {"originator_conversation_id": "with space"}, "OriginatorConversationID"),
        (PaymentToCustomer, {"version": 2}, "version"),
        (PaymentToOrganization, {"account_reference": None}, "AccountReference"),
        (PaymentToOrganization, {"account_reference": "x" * 14}, "AccountReference"),
        (PaymentToOrganization, {"receiver_type": 1}, "RecieverIdentifierType"),
        (PaymentToOrganization, {"requester": "0708"}, "Requester"),
        (TaxRemittance, {"registration_number": ""}, "AccountReference"),
        (Reversal, {"receipt": ""}, "TransactionID"),
        (Reversal, {"receipt": "SKC82 PACB8"}, "TransactionID"),
    ],
)
def test_what_no_platform_takes(kind: type[PaymentOrder], changes: dict[str, Any], field: str) -> None:
    """Is refused at once, by the field's own name, without the value."""
    usual = next(order for order, _, _ in ORDERS.values() if type(order) is kind)
    said = {name: getattr(usual, name) for name in usual.__struct_fields__} | changes
    with pytest.raises(UnusableOrder) as raised:
        kind(**said)
    assert raised.value.field == field
    assert raised.value.mitigation


@given(st.integers(1, 10**15), st.integers(0, 6))
def test_an_amount_is_said_exactly(cents: int, zeros: int) -> None:
    """However many zeros its Decimal ends in."""
    amount = Decimal(cents).scaleb(-2) * Decimal(f"1.{'0' * zeros}")
    assert amounts.from_text(shillings(amount)) == cents
