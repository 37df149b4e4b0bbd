"""A customer's payment: both forms of the callback, and what is none."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire.callbacks import Result, read_callback
from salio.wire.errors import UnreadableAnswer, UnreadableBody
from salio.wire.payments import CustomerPayment, read_payment
from tests.wire.captures import RESULTS

PAGE: dict[str, Any] = {
    "TransactionType": "Pay Bill",
    "TransID": "RKTQDM7W6S",
    "TransTime": "20191122063845",
    "TransAmount": "10",
    "BusinessShortCode": "600638",
    "BillRefNumber": "invoice008",
    "InvoiceNumber": "",
    "OrgAccountBalance": "",
    "ThirdPartyTransID": "",
    "MSISDN": "2547 ***** 149",
    "FirstName": "John",
    "MiddleName": "",
    "LastName": "Doe",
}


def test_a_validation() -> None:
    """As the page prints it: what says nothing is None."""
    assert read_payment(PAGE) == CustomerPayment(
        receipt="RKTQDM7W6S",
        amount=Decimal("10.00"),
        short_code="600638",
        paid_at=datetime(2019, 11, 22, 3, 38, 45, tzinfo=UTC),
        kind="Pay Bill",
        bill_reference="invoice008",
        invoice_number=None,
        organization_balance=None,
        third_party_id=None,
        msisdn="2547 ***** 149",
        names=("John", "Doe"),
        raw=PAGE,
    )


def test_a_confirmation() -> None:
    """With a balance, numbers in the place of text, and no names."""
    sent = PAGE | {"OrgAccountBalance": "49197.00", "TransTime": 20191122063845, "TransAmount": 5.0}
    body = json.dumps({name: value for name, value in sent.items() if not name.endswith("Name")}).encode()
    payment = read_payment(body)
    assert (payment.amount, payment.organization_balance) == (Decimal("5.00"), Decimal("49197.00"))
    assert (payment.names, payment.raw) == ((), body)


def test_spaces_in_a_name() -> None:
    """Do not count, whichever reader meets them."""
    spaced = {name.replace("Trans", "Trans "): value for name, value in PAGE.items()}
    assert read_callback(spaced) == read_payment(spaced)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"TransID": ""}, UnreadableBody),
        ({"TransAmount": None}, UnreadableBody),
        ({"TransAmount": "a lot"}, UnreadableAnswer),
        ({"TransAmount": [5]}, UnreadableAnswer),
    ],
    ids=["no receipt", "no amount", "words", "a list"],
)
def test_what_is_no_payment(change: dict[str, object], error: type[Exception]) -> None:
    """Told by name."""
    with pytest.raises(error):
        read_payment(PAGE | change)


@pytest.mark.parametrize("said", ["yesterday", [1], 10**20])
def test_what_is_told_beside_it(said: object) -> None:
    """Is none in a form that nobody has seen: what was paid counts, and `raw` keeps the rest."""
    payment = read_payment(PAGE | {"TransTime": said, "OrgAccountBalance": [said]})
    assert (payment.paid_at, payment.organization_balance) == (None, None)
    assert payment.amount == read_payment(PAGE).amount


def test_any_callback() -> None:
    """One reader for an address that gets all of them."""
    assert isinstance(read_callback(PAGE), CustomerPayment)
    assert all(isinstance(read_callback(body), Result) for body in RESULTS.values())
    with pytest.raises(UnreadableBody):
        read_callback({})


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.lists(st.none())


@given(st.dictionaries(st.sampled_from(list(PAGE)), VALUES).map(lambda changes: PAGE | changes))
def test_members_of_any_kind(members: dict[str, Any]) -> None:
    """A payment, or one of the two errors."""
    with suppress(UnreadableBody, UnreadableAnswer):
        read_callback(members)
