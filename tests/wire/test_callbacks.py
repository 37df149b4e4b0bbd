"""A callback in: every form that was seen becomes the same typed result, and nothing else is raised."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire.answered import Account, Balance, Charge, Party, Transaction
from salio.wire.callbacks import Result, read_result
from salio.wire.errors import UnreadableAnswer, UnreadableBody
from salio.wire.members import Parameter
from salio.wire.paid import Payment
from tests.wire import captures
from tests.wire.changing import changed

SUCCESS = "The service request is processed successfully."


@pytest.mark.parametrize(
    ("name", "code", "answer"),
    [
        ("AB page", "0", Balance),
        ("TS page", "0", Transaction),
        ("balance 2026", "0", Balance),
        ("balance failed 2020", "2001", type(None)),
        ("balance locked 2026", "8006", type(None)),
        ("status 2025", "0", Transaction),
        ("status 2017", "0", Transaction),
        ("status failed 2018", "2001", type(None)),
        ("receipt unknown", "2032", type(None)),
        ("payment to customer", "0", Payment),
        ("payment to business", "0", Payment),
        ("reversal failed", "R000002", type(None)),
        ("push", "0", Payment),
        ("push cancelled", "1032", type(None)),
    ],
)
def test_every_capture_is_read(name: str, code: str, answer: type) -> None:
    """Its code as text, its ids, its answer; what it was read from stays at hand."""
    raw = captures.RESULTS[name]
    result = read_result(raw)
    assert (result.code, type(result.answer)) == (code, answer)
    assert result.succeeded is (code == "0")
    assert bool(result.mitigation) is (code != "0")
    assert result.final
    assert result.conversation_id
    assert result.originator_conversation_id
    assert result.raw is raw


def test_every_capture_has_its_row() -> None:
    """The table above names them all."""
    (table,) = (mark for mark in test_every_capture_is_read.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]  # pytest's own
    assert [row[0] for row in table.args[1]] == list(captures.RESULTS)


def test_text_is_a_body_too() -> None:
    """As some frameworks hand it on; anything else is no callback."""
    text = captures.BALANCE_2026.decode()
    assert read_result(text).balance == read_result(captures.BALANCE_2026).balance
    for other in ([1], None, 5):
        with pytest.raises(UnreadableBody, match="not an object"):
            read_result(other)  # type: ignore[arg-type]  # what a JSON reader can return


@pytest.mark.parametrize("name", captures.RESULTS)
def test_members_that_somebody_else_parsed(name: str) -> None:
    """A framework's own JSON reader, floats and all, leads to the same result."""
    raw = captures.RESULTS[name]
    ours, theirs = read_result(raw), read_result(json.loads(raw))
    assert msgspec.structs.replace(theirs, raw=raw) == ours


def test_the_balance_of_the_page() -> None:
    """Exact to the cent, aware, by name."""
    balance = read_result(captures.RESULTS["AB page"]).balance
    assert balance.completed_at == datetime(2020, 1, 9, 9, 57, 10, tzinfo=UTC)
    zero = Decimal("0.00")
    assert balance.account("Charges Paid") == Account(
        "Charges Paid Account", "KES", Decimal("-1540.00"), Decimal("-1540.00"), zero, zero
    )
    working = balance.account("Working Account")
    assert working is not None
    assert working.amounts == (Decimal("700000.00"), Decimal("700000.00"), zero, zero)
    assert balance.account("Savings") is None
    assert [account.name.removesuffix(" Account") for account in balance.accounts] == [
        "Working",
        "Float",
        "Utility",
        "Charges Paid",
        "Organization Settlement",
    ]


def test_c10_the_transaction_of_the_page() -> None:
    """Two DebitPartyName: the second is the credit party. A key without a value, an amount that is text."""
    result = read_result(captures.RESULTS["TS page"])
    moment = datetime(2018, 2, 23, 2, 41, 12, tzinfo=UTC)
    assert result.transaction == Transaction(
        receipt="MBN31H462N",
        status="Completed",
        amount=Decimal("300.00"),
        debit_party=Party("600310 - Safaricom333", "600310", "Safaricom333"),
        credit_party=Party("254708374149 - John Doe", "254708374149", "John Doe"),
        debit_charge=Charge("Fee For B2C Payment|KES|22.40", "Fee For B2C Payment", "KES", Decimal("22.40")),
        credit_charge=None,
        debit_account_type="Utility Account",
        reason=None,
        reason_type="Business Payment to Customer via API",
        initiated_at=moment,
        finalised_at=moment,
        originator_conversation_id="3211-416020-3",
        conversation_id="AG_20180223_000041b09c22e613d6c9",
    )
    assert result.transaction_id == "MBN0000000"
    assert [each.key for each in result.parameters[:2]] == ["DebitPartyName"] * 2
    assert result.references == (Parameter("Occasion", None),)


def test_the_transactions_of_the_wire() -> None:
    """Numbers for text, spaced keys, doubled spaces in names, another order: the same type."""
    new, old = (read_result(captures.RESULTS[name]).transaction for name in ("status 2025", "status 2017"))
    assert new.amount == Decimal("1.00")
    assert new.debit_party == Party("0790000000 - JANE  DOE", "0790000000", "JANE  DOE")
    assert new.credit_party == Party("4100000 -  SOME ENTERPRISE", "4100000", "SOME ENTERPRISE")
    assert new.credit_charge is None
    assert old.conversation_id == "AG_20170727_00004492b1b6d0078fbe"
    assert old.originator_conversation_id == "19455-773836-1"
    assert old.credit_party == Party("254708374149 - John Doe", "254708374149", "John Doe")


def test_another_apis_result() -> None:
    """Its parameters are told one by one: exact amounts, both forms of a moment, text as it came."""
    customer, business = (
        read_result(captures.RESULTS[name]) for name in ("payment to customer", "payment to business")
    )
    assert customer.amount("B2CChargesPaidAccountAvailableFunds") == Decimal("-4510.00")
    assert customer.moment("TransactionCompletedDateTime") == datetime(2019, 12, 19, 8, 45, 50, tzinfo=UTC)
    assert customer.value("TransactionReceipt") == "NLJ41HAY6Q"
    assert business.amount("Amount") == Decimal("190.00")
    assert business.moment("TransCompletedTime") == datetime(2022, 11, 10, 8, 7, 17, tzinfo=UTC)
    assert business.amount("DebitPartyCharges") is None
    assert business.value("NotThere") is None
    assert [each.key for each in business.references] == [
        "BillReferenceNumber",
        "QueueTimeoutURL",
        "Occassion",
    ]
    with pytest.raises(UnreadableAnswer, match="DebitAccountBalance"):
        business.amount("DebitAccountBalance")


def test_the_callback_of_a_push() -> None:
    """Its two ids stand in the places of the conversation ids."""
    result = read_result(captures.RESULTS["push"])
    assert result.originator_conversation_id == "29115-34620561-1"
    assert result.conversation_id == "ws_CO_191220191020363925"
    assert result.amount("Amount") == Decimal("1.00")
    assert result.value("PhoneNumber") == 254708374149
    assert result.parameters[2] == Parameter("Balance", None)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(changed(captures.BALANCE_2026, ResultCode="0", ResultType="0"), id="text for numbers"),
        pytest.param(json.dumps(json.loads(captures.BALANCE_2026)["Result"]).encode(), id="no envelope"),
        pytest.param(b"\xef\xbb\xbf" + captures.BALANCE_2026, id="a byte order mark"),
        pytest.param(
            captures.BALANCE_2026.replace(b'"ResultCode"', b'"Result Code"').replace(
                b'"ConversationID"', b'"Conversation ID"'
            ),
            id="spaced names",
        ),
        pytest.param(captures.BALANCE_2026.replace(b"20260825140947", b'"20260825140947"'), id="a text time"),
        pytest.param(changed(captures.BALANCE_2026, ReferenceData=None), id="no references"),
        pytest.param(changed(captures.BALANCE_2026, ReferenceData=["?"]), id="references of another form"),
        pytest.param(
            captures.BALANCE_2026.replace(b"20260825140947", b'"20260825140947.0"'),
            id="a time with a fraction",
        ),
        pytest.param(captures.BALANCE_2026.replace(b"20260825140947", b"20260825140947.0"), id="a float"),
        pytest.param(
            captures.BALANCE_2026.replace(b'|0.00"', b'|0.00&"'), id="a separator after the last account"
        ),
    ],
)
def test_c10_forms_that_mean_the_same(body: bytes) -> None:
    """All lead to the balance of the capture."""
    plain, result = read_result(captures.BALANCE_2026), read_result(body)
    assert result.balance == plain.balance
    assert (result.code, result.conversation_id) == (plain.code, plain.conversation_id)


def test_c10_an_alphanumeric_code() -> None:
    """Codes are text, known or not."""
    assert read_result(changed(captures.RECEIPT_UNKNOWN, ResultCode="SFC_IC0003")).code == "SFC_IC0003"
    assert read_result(changed(captures.RECEIPT_UNKNOWN, ResultCode=987654321)).code == "987654321"


@pytest.mark.parametrize(("said", "final"), [(0, True), ("0", True), (None, True), (1, False), ("1", False)])
def test_c9_more_may_follow(said: object, final: bool) -> None:
    """ResultType 1 says that this is not the end."""
    assert read_result(changed(captures.STATUS_2025, ResultType=said)).final is final


def test_the_answer_to_another_question() -> None:
    """Who asks for what is not there learns what is."""
    with pytest.raises(UnreadableAnswer, match=r"no balance: ResultCode 2001, The initiator information"):
        _ = read_result(captures.BALANCE_FAILED_2020).balance
    with pytest.raises(UnreadableAnswer, match="no transaction: ResultCode 0"):
        _ = read_result(captures.BALANCE_2026).transaction


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b"<html></html>", "not JSON", id="a page"),
        pytest.param(b"[]", "not an object", id="a list"),
        pytest.param(b"{}", "no ResultCode", id="an empty object"),
        pytest.param(b'{"Result":{}}', "no ResultCode", id="an empty result"),
        pytest.param(b'{"Result":{"ResultCode":true}}', "no ResultCode", id="a code that is none"),
        pytest.param(b'{"Result":{"ResultCode":0,"ResultCode":1}}', "two members", id="two codes"),
        pytest.param(b'{"Result":{"ResultCode":0,"Result Code":1}}', "two members", id="two spellings"),
        pytest.param(b'{"Result":{"ResultCode":0,"ResultParameters":[1]}}', "no object", id="a bare list"),
        pytest.param(
            b'{"Result":{"ResultCode":0,"ResultParameters":{"ResultParameter":[1]}}}',
            "no object",
            id="a number",
        ),
        pytest.param(
            b'{"Result":{"ResultCode":0,"ResultParameters":{"ResultParameter":{}}}}', "no `Key`", id="no key"
        ),
        pytest.param(b'{"Result":' * 100_000, "nested", id="nesting"),
        pytest.param(b'{"ResultCode":' + b"9" * 5000 + b"}", "digits", id="digits"),
    ],
)
def test_c11_what_is_no_callback(body: bytes, reason: str) -> None:
    """Refused in words, by the one error that a caller has to expect."""
    with pytest.raises(UnreadableBody, match=reason):
        read_result(body)


@pytest.mark.parametrize(
    "value",
    [True, [1, 2], {"a": {"b": 1.5}}, 10**5000, object(), float("inf"), 1e16],
    ids=["true", "list", "object", "digits", "foreign", "infinite", "exponent"],
)
def test_strange_values_are_kept(value: object) -> None:
    """A value of no known kind is told as text, never lost and never in the way."""
    members = {"ResultCode": 0, "ResultParameters": {"ResultParameter": [{"Key": "X", "Value": value}]}}
    assert isinstance(read_result(members).value("X"), str)


KEYS = ["AccountBalance", "ReceiptNo", "TransactionStatus", "Amount", "InitiatedTime", "DebitPartyName", "X"]
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text(max_size=20)
    | st.sampled_from(["0", "Working Account|KES|1.00|1.00|0.00|0.00", "20180223054112", "1e999999999"])
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner))
PARAMETERS = st.fixed_dictionaries({"Key": st.sampled_from(KEYS) | VALUES}, optional={"Value": VALUES})
RESULTS = st.fixed_dictionaries(
    {"ResultCode": st.sampled_from([0, "0", 2001]) | VALUES},
    optional={
        "ResultType": VALUES,
        "ResultDesc": VALUES,
        "ConversationID": VALUES,
        "ResultParameters": st.fixed_dictionaries(
            {"ResultParameter": st.lists(PARAMETERS, max_size=5) | PARAMETERS | VALUES}
        )
        | VALUES,
        "ReferenceData": VALUES,
    },
)
MEMBERS = (
    st.fixed_dictionaries({"Result": RESULTS | VALUES})
    | RESULTS
    | st.fixed_dictionaries({"Body": st.fixed_dictionaries({"stkCallback": RESULTS | VALUES})})
)


def used(result: Result) -> None:
    """Everything that a caller can ask of a result."""
    assert isinstance(result.code, str)
    for ask in (lambda: result.balance, lambda: result.transaction, lambda: result.amount("X")):
        with suppress(UnreadableAnswer):
            ask()
    repr(result)


@given(members=MEMBERS)
def test_members_of_any_kind(members: dict[str, Any]) -> None:
    """A result, or the one error."""
    with suppress(UnreadableBody):
        used(read_result(members))


@given(body=st.binary(max_size=300) | MEMBERS.map(lambda members: json.dumps(members, default=str).encode()))
def test_bytes_of_any_kind(body: bytes) -> None:
    """A result, or the one error."""
    with suppress(UnreadableBody):
        used(read_result(body))
