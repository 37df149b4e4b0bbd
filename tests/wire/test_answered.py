"""What a result answers is typed; what cannot be read of it is named, or stays as it came."""

from decimal import Decimal

import pytest

from salio.wire.answered import Charge, Party, Unreadable
from salio.wire.callbacks import read_result
from salio.wire.errors import UnreadableAnswer
from tests.wire import captures
from tests.wire.changing import changed, with_parameters


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("Working Account|KES|1.00|1.00|0.00", "5 pieces", id="an amount is missing"),
        pytest.param("Working Account|KES|1.00|1.00|0.00|0.00|0.00", "7 pieces", id="an amount too many"),
        pytest.param("Work|ing|KES|1.00|1.00|0.00|0.00", "7 pieces", id="a bar in a name"),
        pytest.param("|KES|1.00|1.00|0.00|0.00", "no name", id="no name"),
        pytest.param("Working Account|KES|1,0|1.00|0.00|0.00", "not an amount", id="a comma"),
        pytest.param("", "without a value", id="nothing"),
        pytest.param("garbage", "1 pieces", id="garbage"),
    ],
)
def test_c12_a_balance_that_cannot_be_read(text: str, reason: str) -> None:
    """The result stands, with its ids and parameters; the answer says why, and asking for it raises that."""
    parameters = {"ResultParameter": [{"Key": "AccountBalance", "Value": text}]}
    raw = changed(captures.BALANCE_2026, ResultParameters=parameters)
    result = read_result(raw)
    assert isinstance(result.answer, Unreadable)
    assert reason in result.answer.reason
    assert result.value("AccountBalance") == text
    assert result.raw is raw
    assert result.conversation_id == "AG_20260825_010020480ucukatfpxp2"
    with pytest.raises(UnreadableAnswer, match=reason):
        _ = result.balance


def test_c12_an_unknown_account_survives() -> None:
    """Accounts are told by name, whatever it is."""
    parameters = {"ResultParameter": {"Key": "AccountBalance", "Value": "Wallet à part|KES|1.5|2|0|0"}}
    result = read_result(changed(captures.BALANCE_2026, ResultParameters=parameters))
    (account,) = result.balance.accounts
    assert (account.name, account.current, account.available) == (
        "Wallet à part",
        Decimal("1.50"),
        Decimal(2),
    )


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ([("ReceiptNo", "A"), ("Amount", "a lot")], "Amount: not an amount"),
        ([("ReceiptNo", "A"), ("Amount", "1"), ("Amount", "2")], "Amount is said twice"),
        ([("ReceiptNo", "A"), ("DebitPartyName", "1 - a")] + [("DebitPartyName", "2 - b")] * 2, "said twice"),
        ([("ReceiptNo", "A"), ("Amount", 1e300)], "Amount: not an amount"),
    ],
    ids=["amount", "doubled", "three parties", "beyond bounds"],
)
def test_a_transaction_that_cannot_be_read(parameters: list[tuple[str, object]], reason: str) -> None:
    """Half an answer could pass for a whole one: the key at fault is named instead."""
    answer = read_result(with_parameters(*parameters)).answer
    assert isinstance(answer, Unreadable)
    assert reason in answer.reason


@pytest.mark.parametrize(
    "beside",
    [
        [("InitiatedTime", 2025)],
        [("FinalisedTime", "soon")],
        [("FinalisedTime", "20250117170614"), ("FinalisedTime", "20250117170615")],
        [("DebitPartyCharges", "A|KES|1"), ("DebitPartyCharges", "B|KES|2")],
        [("ReasonType", "a"), ("ReasonType", "b")],
        [("NeverSeen", 1), ("NeverSeen", 2)],
    ],
    ids=["a year", "a word", "two moments", "two charges", "two reasons", "unknown"],
)
def test_what_is_told_beside_a_transaction(beside: list[tuple[str, object]]) -> None:
    """Is none in a form that nobody has seen, and takes nothing from the answer; it stays as it came."""
    result = read_result(with_parameters(("ReceiptNo", "A"), ("Amount", "1"), *beside))
    transaction = result.transaction
    assert (transaction.receipt, transaction.amount) == ("A", Decimal("1.00"))
    found = (
        transaction.initiated_at,
        transaction.finalised_at,
        transaction.debit_charge,
        transaction.reason_type,
    )
    assert found == (None, None, None, None)
    assert len(result.parameters) == 2 + len(beside)


@pytest.mark.parametrize("said", ["soon", 20260825, "20269925140947", [1]])
def test_a_balance_without_its_moment(said: object) -> None:
    """Accounts count: when they were read is told beside them, and stays as it came if it cannot be read."""
    accounts = ("AccountBalance", "Working Account|KES|1.00|1.00|0.00|0.00")
    result = read_result(with_parameters(accounts, ("BOCompletedTime", said)))
    assert result.balance.accounts[0].current == Decimal("1.00")
    assert result.balance.completed_at is None
    assert result.parameters[1].value is not None


def test_a_charge_of_another_form_is_kept() -> None:
    """No more than its text is known."""
    transaction = read_result(
        with_parameters(("ReceiptNo", "A"), ("CreditPartyCharges", "KES 5"))
    ).transaction
    assert transaction.credit_charge == Charge("KES 5", None, None, None)
    assert transaction.debit_party is None


def test_a_party_without_a_number() -> None:
    """All of it is the name."""
    transaction = read_result(
        with_parameters(("ReceiptNo", "A"), ("DebitPartyName", "Some - One"))
    ).transaction
    assert transaction.debit_party == Party("Some - One", None, "Some - One")
