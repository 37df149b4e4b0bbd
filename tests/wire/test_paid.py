"""What a payment's own result tells of it, and what a status query has found in its place."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from salio.wire.callbacks import read_result
from salio.wire.errors import UnreadableAnswer
from salio.wire.paid import Funds
from tests.wire import captures
from tests.wire.captures import sample


def with_status(status: object) -> bytes:
    """A status result about a transaction in that state."""
    body = json.loads(captures.STATUS_2025)
    for each in body["Result"]["ResultParameters"]["ResultParameter"]:
        if each["Key"] == "TransactionStatus":
            each["Value"] = status
    return json.dumps(body).encode()


def changed(body: bytes, **values: Any) -> bytes:
    """A result with the values of these parameters changed."""
    members = json.loads(body)
    for each in members["Result"]["ResultParameters"]["ResultParameter"]:
        each["Value"] = values.get(each["Key"], each["Value"])
    return json.dumps(members).encode()


def test_to_a_customer() -> None:
    """Receipt, amount, moment, receiver and three accounts; nobody says who paid, or what it cost."""
    paid = read_result(sample("b2c_result")).payment
    assert (paid.receipt, paid.amount) == ("SG632NMUAB", Decimal("10.00"))
    assert paid.completed_at == datetime(2024, 7, 6, 19, 48, 52, tzinfo=UTC)
    assert paid.receiver is not None
    assert (paid.receiver.number, paid.receiver.name) == ("254705912645", "NICHOLAS JOHN SONGOK")
    assert paid.funds == (
        Funds("Utility Account", None, Decimal("8959269.60")),
        Funds("Working Account", None, Decimal("1199371.00")),
        Funds("Charges Paid Account", None, Decimal("-1980.00")),
    )
    assert (paid.payer, paid.charge, paid.original_receipt) == (None, None, None)


@pytest.mark.parametrize("name", ["pay_bill", "buy_goods", "top_up", "tax"])
def test_to_an_organization(name: str) -> None:
    """The receipt is that of the envelope; the account that paid is told whole."""
    paid = read_result(sample(f"{name}_result")).payment
    assert (paid.receipt, paid.amount, paid.charge) == ("QKA81LK5CY", Decimal("190.00"), None)
    assert paid.completed_at == datetime(2022, 11, 10, 8, 7, 17, tzinfo=UTC)
    assert paid.funds == (Funds("Working Account", "KES", Decimal("6186.83")),)
    assert paid.receiver is not None


def test_a_reversal() -> None:
    """With both parties, and what it gave back."""
    paid = read_result(sample("reversal_result")).payment
    assert (paid.receipt, paid.original_receipt, paid.amount) == (
        "SKE52PAWR9",
        "SKC82PACB8",
        Decimal("1.00"),
    )
    assert (paid.payer and paid.payer.number, paid.receiver and paid.receiver.number) == (
        "600992",
        "254705912645",
    )
    assert (paid.charge and paid.charge.amount) == Decimal("0.00")
    assert paid.funds == (Funds("Utility Account", "KES", Decimal("7722179.62")),)


@pytest.mark.parametrize("body", [captures.PUSH, sample("express_callback")], ids=["seen", "page"])
def test_a_prompt(body: bytes) -> None:
    """Who paid is a telephone number without a name."""
    paid = read_result(body).payment
    assert (paid.receipt, paid.amount) == ("NLJ7RT61SV", Decimal("1.00"))
    assert paid.completed_at == datetime(2019, 12, 19, 7, 21, 15, tzinfo=UTC)
    assert (paid.payer and paid.payer.number) == "254708374149"


def test_found_by_a_status_query() -> None:
    """A completed one is a payment like any other."""
    paid = read_result(captures.STATUS_2025).payment
    assert (paid.receipt, paid.amount) == ("TAH5J2K991", Decimal("1.00"))
    assert (paid.receiver and paid.receiver.number) == "4100000"


@pytest.mark.parametrize("status", ["Declined", "Initiated", "", None])
def test_found_and_not_completed(status: object) -> None:
    """Nobody takes it for one."""
    with pytest.raises(UnreadableAnswer, match="nothing was paid"):
        _ = read_result(with_status(status)).payment


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (captures.REVERSAL_FAILED, "holds no payment: ResultCode R000002"),
        (captures.PUSH_CANCELLED, "holds no payment: ResultCode 1032"),
        (captures.BALANCE_2026, "holds no payment"),
        (sample("top_up_failed_result"), "holds no payment: ResultCode 2001"),
        (changed(captures.PAYMENT_TO_CUSTOMER, TransactionAmount="ten"), "TransactionAmount"),
    ],
)
def test_none_is_told(body: bytes, words: str) -> None:
    """A failure, another answer, or a form that nobody has seen, which is named."""
    with pytest.raises(UnreadableAnswer, match=words):
        _ = read_result(body).payment


def test_what_is_told_beside_a_payment() -> None:
    """Is missing in a form that nobody has seen, and takes nothing from the payment."""
    strange = {"TransactionCompletedDateTime": "soon", "B2CUtilityAccountAvailableFunds": "much"}
    paid = read_result(changed(captures.PAYMENT_TO_CUSTOMER, **strange)).payment
    assert (paid.receipt, paid.amount, paid.completed_at) == ("NLJ41HAY6Q", Decimal("10.00"), None)
    assert [each.account for each in paid.funds] == ["Working Account", "Charges Paid Account"]
    given_back = read_result(changed(sample("reversal_result"), DebitAccountBalance="Utility|KES")).payment
    assert given_back.original_receipt
    assert given_back.funds == ()


def test_an_unknown_key_stays() -> None:
    """Among the parameters."""
    body = json.loads(captures.PAYMENT_TO_CUSTOMER)
    body["Result"]["ResultParameters"]["ResultParameter"].append({"Key": "New", "Value": "said"})
    result = read_result(json.dumps(body))
    assert (result.payment.receipt, result.value("New")) == ("NLJ41HAY6Q", "said")
