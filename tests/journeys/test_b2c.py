"""An organization pays its customers: every code that has a cause, both versions, what is found later."""

import json
import re
from typing import Any

import pytest

from salio.core.requests.outcomes import Outcome
from salio.sandbox.testdata.operators import PASSWORD
from salio.wire.apis import Api
from salio.wire.balance_text import read_accounts
from salio.wire.result_codes import ResultCode
from tests.journeys.client import Answer
from tests.journeys.conftest import Fresh
from tests.journeys.provoking import put
from tests.journeys.reaching import reaches
from tests.journeys.receiver import Callback
from tests.journeys.running import ABSENT, BALANCE, JSON, PAYMENT, STATUS, Platform
from tests.journeys.subjects import PAYING_SHORT_CODE
from tests.journeys.test_samples import sample

OF_PAGE = {"PartyA": PAYING_SHORT_CODE, "PartyB": "254708374149"}
"""The sample's own PartyA is a paybill here, and nobody has its PartyB."""
TOM, JANE = "254722111111", "254700000000"
"""They hold nothing, and KES 8,300."""
RICHEST, SECOND = "600310", "600978"
"""Short codes whose Utility Accounts hold KES 401,250.75 and KES 125,000.00."""


def balances(platform: Platform, short_code: str) -> dict[str, int]:
    """What a balance query tells, available, by the name of the account."""
    changes = {"PartyA": short_code, "Initiator": "testapi"}
    text = platform.result(BALANCE, changes).parameters["AccountBalance"]
    return {each.name: each.available for each in read_accounts(text)}


def status(platform: Platform, short_code: str = PAYING_SHORT_CODE, **subject: str) -> Callback:
    """What a status query tells about it."""
    subject = {"TransactionID": ABSENT, **subject}  # type: ignore[dict-item] # it is left out
    return platform.result(STATUS, {"PartyA": short_code, "Initiator": "testapi", **subject})


def test_the_pages_request_is_paid(documented: Platform) -> None:
    """As printed, with a credential that is whole, and parties that the test data have."""
    ours = {
        **OF_PAGE,
        "SecurityCredential": documented.credential(),
        "ResultURL": documented.receiver.url("/result"),
        "QueueTimeOutURL": documented.receiver.url("/timeout"),
    }
    answer = documented.post(PAYMENT, json.dumps(sample("b2c_request") | ours).encode())
    printed = sample("b2c_acknowledgement")
    assert answer.json == printed | {"ConversationID": answer.json["ConversationID"]}
    assert list(answer.json) == list(printed)
    result = documented.receiver.wait(answer.json["ConversationID"]).result
    sampled = sample("b2c_result")["Result"]
    assert list(result) == list(sampled)
    listed, expected = (each["ResultParameters"]["ResultParameter"] for each in (result, sampled))
    assert [each["Key"] for each in listed] == [each["Key"] for each in expected]
    assert [type(each["Value"]) for each in listed] == [type(each["Value"]) for each in expected]
    assert result["ReferenceData"] == sampled["ReferenceData"]


@pytest.mark.parametrize("command", PAYMENT.commands)
def test_pay_look_and_add_up(fresh: Fresh, command: str) -> None:
    """The result, the status by receipt and by conversation, both balances and the journal tell one story."""
    platform = fresh()
    before = balances(platform, PAYING_SHORT_CODE)
    paid = platform.result(PAYMENT, {"Amount": "1500.50", "CommandID": command})
    receipt = paid.result["TransactionID"]
    assert (paid.code, re.fullmatch(r"UHG[0-9A-Z]{7}", receipt) is not None) == ("0", True)
    told = paid.parameters
    assert (told["TransactionAmount"], told["TransactionReceipt"]) == (1500.5, receipt)
    assert told["ReceiverPartyPublicName"] == "254708374149 - John Doe"
    assert told["TransactionCompletedDateTime"] == "16.08.2026 12:30:00"

    after = balances(platform, PAYING_SHORT_CODE)
    moved = {name: after[name] - before[name] for name in after}
    assert moved == {"Working Account": 0, "Utility Account": -150_050, "Charges Paid Account": -900}
    assert told["B2CUtilityAccountAvailableFunds"] == after["Utility Account"] / 100
    assert told["B2CChargesPaidAccountAvailableFunds"] == after["Charges Paid Account"] / 100

    by_receipt = status(platform, TransactionID=receipt).parameters
    assert (
        by_receipt
        == status(platform, OriginalConversationID=paid.result["OriginatorConversationID"]).parameters
    )
    assert (by_receipt["TransactionStatus"], by_receipt["ReceiptNo"]) == ("Completed", receipt)
    assert by_receipt["Amount"] == "1500.50"
    assert by_receipt["DebitPartyCharges"] == "Fee For B2C Payment|KES|9.00"
    assert by_receipt["ConversationID"] == paid.result["ConversationID"]

    entries = platform.rows(
        "SELECT cents FROM entry JOIN posting ON posting = posting.number WHERE receipt = ?", [receipt]
    )
    assert sorted(cents for (cents,) in entries) == [-150_050, -900, 900, 150_050]
    assert platform.rows("SELECT sum(available + reserved + uncleared) FROM account") == [(0,)]
    assert platform.on_loop(platform.sandbox.store.check_journal).holds


def test_a_restart_goes_on(fresh: Fresh) -> None:
    """Balances, numbers and receipts: nothing is given twice, and the day's total is not forgotten."""
    platform = fresh()
    first = platform.result(PAYMENT, {"PartyA": RICHEST, "PartyB": TOM, "Amount": 250_000})
    platform = platform.restarted()
    again = platform.result(PAYMENT, {"PartyA": RICHEST, "PartyB": TOM, "Amount": 150_000})
    assert again.code == "0"
    assert again.result["TransactionID"] != first.result["TransactionID"]
    last = platform.result(PAYMENT, {"PartyA": SECOND, "PartyB": TOM, "Amount": 100_001})
    assert last.code == "4"
    assert platform.on_loop(platform.sandbox.store.check_journal).holds


NATURAL = [
    pytest.param({"Amount": "9.99"}, ResultCode.AMOUNT_TOO_SMALL, "", id="2"),
    pytest.param({"Amount": "250000.01", "PartyA": RICHEST}, ResultCode.AMOUNT_TOO_LARGE, "", id="3"),
    pytest.param({"Amount": "100000"}, ResultCode.BALANCE_INSUFFICIENT, "", id="1"),
    pytest.param(
        {"PartyA": "600000", "InitiatorName": "only-b2c_api_initiator"},
        ResultCode.PRODUCT_NOT_ASSIGNED,
        "",
        id="2028",
    ),
    pytest.param({"PartyB": "254722999999"}, ResultCode.CUSTOMER_TYPE_UNSUPPORTED, "", id="2040"),
    pytest.param({"PartyB": "254202222222"}, ResultCode.OPERATOR_UNKNOWN, "", id="SFC_IC0003"),
    pytest.param({"InitiatorName": "nobody"}, ResultCode.INITIATOR_INFORMATION_INVALID, "", id="2001"),
    pytest.param({"PartyA": SECOND}, ResultCode.INITIATOR_INFORMATION_INVALID, "wrong", id="2001-password"),
    pytest.param(
        {"PartyA": "600997", "InitiatorName": "norole"},
        ResultCode.PRIMARY_PARTY_NOT_PERMITTED,
        "norole of 600997 lacks the role ORG B2C API Initiator",
        id="21, of a B2C short code",
    ),
    pytest.param(
        {"PartyA": "600000", "InitiatorName": "norole"}, ResultCode.PRIMARY_PARTY_NOT_PERMITTED, "", id="21"
    ),
    pytest.param({"PartyA": "699999"}, ResultCode.PRIMARY_PARTY_NOT_PERMITTED, "", id="21-not own"),
]


@reaches(
    Outcome.AMOUNT_TOO_SMALL,
    Outcome.AMOUNT_TOO_LARGE,
    Outcome.BALANCE_INSUFFICIENT,
    Outcome.PRODUCT_NOT_ASSIGNED,
    Outcome.RECEIVER_UNREGISTERED,
    Outcome.RECEIVER_UNKNOWN,
    ResultCode.AMOUNT_TOO_SMALL,
    ResultCode.AMOUNT_TOO_LARGE,
    ResultCode.BALANCE_INSUFFICIENT,
    ResultCode.PRODUCT_NOT_ASSIGNED,
    ResultCode.CUSTOMER_TYPE_UNSUPPORTED,
)
@pytest.mark.parametrize(("changes", "code", "password"), NATURAL)
def test_a_payment_is_refused(
    platform: Platform, changes: dict[str, Any], code: ResultCode, password: str
) -> None:
    """Acknowledged, then told with the page's code and text, a receipt and no parameters; nothing moves."""
    credential = platform.credential(password or PASSWORD)
    rows = platform.rows("SELECT count(*), sum(cents) FROM entry")
    result = platform.result(PAYMENT, {**changes, "SecurityCredential": credential}).result
    assert (str(result["ResultCode"]), result["ResultDesc"]) == (code.code, code.description)
    assert re.fullmatch(r"UHG[0-9A-Z]{7}", result["TransactionID"])
    assert "ResultParameters" not in result
    assert platform.rows("SELECT count(*), sum(cents) FROM entry") == rows


def pay(platform: Platform, *payments: tuple[str, str, str]) -> list[str]:
    """The codes of payments, each from a short code to a customer."""
    return [
        platform.result(PAYMENT, {"PartyA": payer, "PartyB": receiver, "Amount": amount}).code
        for payer, receiver, amount in payments
    ]


@reaches(
    Outcome.DAY_LIMIT_EXCEEDED,
    Outcome.BALANCE_LIMIT_EXCEEDED,
    ResultCode.DAY_LIMIT_EXCEEDED,
    ResultCode.BALANCE_LIMIT_EXCEEDED,
)
@pytest.mark.parametrize(
    ("customer", "last", "code"),
    [pytest.param(TOM, "100000", "4", id="4"), pytest.param(JANE, "91700", "8", id="8")],
)
def test_a_customers_limits(fresh: Fresh, customer: str, last: str, code: str) -> None:
    """What Tom may get in a day, and what Jane may hold: to the shilling, from whomever it comes."""
    paid = [(RICHEST, customer, "250000"), (RICHEST, customer, "150000"), (SECOND, customer, last)]
    assert pay(fresh(), *paid, (SECOND, customer, "10")) == ["0", "0", "0", code]


def test_wrong_passwords_lock(fresh: Fresh) -> None:
    """After five, the right one is not looked at."""
    platform = fresh()
    wrong = {"SecurityCredential": platform.credential("wrong")}
    assert [platform.result(PAYMENT, wrong).code for _ in range(5)] == ["2001"] * 5
    assert platform.result(PAYMENT).code == "8006"


@reaches(
    Outcome.DEBIT_PARTY_NOT_IN_ORDER,
    Outcome.ACCOUNT_NOT_IN_ORDER,
    ResultCode.DEBIT_PARTY_INVALID,
    ResultCode.ACCOUNT_STATUS_INVALID,
)
@pytest.mark.parametrize(
    ("word", "code"), [("debit_party_not_in_order", "11"), ("account_not_in_order", "2006")]
)
def test_what_has_no_cause_here(faulty: Platform, word: str, code: str) -> None:
    """Only on demand: no organization and no account is out of order."""
    put(faulty, end=word, api="b2c", next=1)
    assert faulty.result(PAYMENT).code == code


def test_a_declined_payment_is_found(platform: Platform) -> None:
    """The query about it succeeds, and says what became of it and why."""
    refused = platform.result(PAYMENT, {"Amount": "100000"}).result
    told = status(platform, TransactionID=refused["TransactionID"])
    assert told.code == "0"
    assert (told.parameters["TransactionStatus"], told.parameters["TransactionReason"]) == (
        "Declined",
        "Balance insufficient.",
    )


def test_a_refused_initiators_payment_is_no_transaction(platform: Platform) -> None:
    """Whoever may not ask leaves none."""
    refused = platform.result(PAYMENT, {"InitiatorName": "nobody"}).result
    assert status(platform, TransactionID=refused["TransactionID"]).code == "2032"


def test_one_id_pays_once(platform: Platform) -> None:
    """The second is refused at the door, in the page's words, and no money moves."""
    body = platform.body(PAYMENT)
    assert platform.post(PAYMENT, json.dumps(body).encode()).json["ResponseCode"] == "0"
    again = platform.post(PAYMENT, json.dumps(body).encode())
    assert again.error == (500, "500.002.1001", "Duplicate OriginatorConversationID.")


def at(platform: Platform, path: str, body: dict[str, Any]) -> Answer:
    """A payment to this version."""
    token = ("Authorization", f"Bearer {platform.token()}")
    return platform.send("POST", path, [token, JSON], json.dumps(body).encode())


def test_v1_needs_no_id(platform: Platform) -> None:
    """It gives one; v3 refuses a payment without."""
    body = platform.body(PAYMENT, {"OriginatorConversationID": ABSENT})
    newest, first = (at(platform, path, body) for path in Api.B2C.paths)
    assert newest.error == (400, "400.002.02", "Bad Request - Invalid OriginatorConversationID")
    assert first.json["ResponseCode"] == "0"
    assert platform.receiver.wait(first.json["ConversationID"]).code == "0"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("Amount", value) for value in ("0", "-10", "ten", "10.123", "1e3", True, None)),
        *(("PartyB", value) for value in ("0708374149", "600000", "+254708374149")),
        *(("PartyA", value) for value in ("254708374149", "60")),
        *(("Remarks", value) for value in ("", "x", "x" * 101, 12)),
        *(
            ("InitiatorName", ABSENT),
            ("CommandID", ABSENT),
            ("ResultURL", "mailto:x"),
            ("Occassion", "x" * 101),
        ),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_bad_member_is_refused_by_name(platform: Platform, name: str, value: object) -> None:
    """At the door, and nothing is kept."""
    kept = platform.kept()
    answer = platform.ask(PAYMENT, {name: value})
    assert answer.error == (400, "400.002.02", f"Bad Request - Invalid {name}")
    assert platform.kept() == kept
