"""An organization gives a customer's payment back: every code that has a cause, and what is found later."""

import json
import re
from typing import Any

import pytest

from salio.core.requests.outcomes import Outcome
from salio.wire.apis import Api
from salio.wire.balance_text import read_accounts
from salio.wire.result_codes import ResultCode
from tests.journeys.conftest import Fresh
from tests.journeys.provoking import put
from tests.journeys.reaching import reaches
from tests.journeys.receiver import Callback
from tests.journeys.running import ABSENT, BALANCE, PAYMENT, STATUS, Platform
from tests.journeys.subjects import C2B_RECEIPT, TRANSACTIONS
from tests.journeys.test_samples import sample

REVERSAL = Api.REVERSAL
BILL = next(each for each in TRANSACTIONS if each.receipt == C2B_RECEIPT)
"""A customer's payment to 600000, with a charge."""
AMOUNT = f"{BILL.cents / 100:.2f}"
OURS = {
    "Initiator": "testapiuser",
    "ReceiverParty": "600000",
    "TransactionID": C2B_RECEIPT,
    "Amount": AMOUNT,
}


def ask(platform: Platform, **changes: Any) -> Callback:
    """A reversal of the payment to 600000, or with these members."""
    return platform.result(REVERSAL, OURS | changes)


def balances(platform: Platform, short_code: str = "600000") -> dict[str, int]:
    """What a balance query tells, available, by the name of the account."""
    initiator = "testapiuser" if short_code == "600000" else "testapi"
    changes = {"PartyA": short_code, "Initiator": initiator}
    text = platform.result(BALANCE, changes).parameters["AccountBalance"]
    return {each.name: each.available for each in read_accounts(text)}


def status(platform: Platform, **subject: str) -> dict[str, Any]:
    """What a status query of 600000 tells about it."""
    told = platform.result(STATUS, {"TransactionID": ABSENT, **subject})
    assert told.code == "0"
    return dict(told.parameters)


def test_the_pages_request_is_reversed(fresh: Fresh) -> None:
    """As printed, with a credential that is whole; the result has the sample's members in its order."""
    platform = fresh()
    ours = {
        "SecurityCredential": platform.credential(),
        "ResultURL": platform.receiver.url("/result"),
        "QueueTimeOutURL": platform.receiver.url("/timeout"),
    }
    answer = platform.post(REVERSAL, json.dumps(sample("reversal_request") | ours).encode())
    assert list(answer.json) == list(sample("reversal_acknowledgement"))
    result = platform.receiver.wait(answer.json["ConversationID"]).result
    sampled = sample("reversal_result")["Result"]
    assert list(result) == list(sampled)
    listed, expected = (each["ResultParameters"]["ResultParameter"] for each in (result, sampled))
    assert [each["Key"] for each in listed] == [each["Key"] for each in expected]
    assert [type(each["Value"]) for each in listed] == [type(each["Value"]) for each in expected]
    assert result["ReferenceData"] == sampled["ReferenceData"]


def test_the_pages_result_comes_out(fresh: Fresh) -> None:
    """The payment of its result, at 600992: only time and balance are ours."""
    changes = {"Initiator": "testapi", "ReceiverParty": "600992", "TransactionID": "SKC82PACB8", "Amount": 1}
    told = ask(fresh(), **changes).parameters
    assert told == {
        "DebitAccountBalance": "Utility Account|KES|68179.00|61979.00|6200.00|0.00",
        "Amount": 1.00,
        "TransCompletedTime": 20260816123000,
        "OriginalTransactionID": "SKC82PACB8",
        "Charge": 0.00,
        "CreditPartyPublicName": "254705912645 - NICHOLAS JOHN SONGOK",
        "DebitPartyPublicName": "600992 - Safaricom Daraja 992",
    }


@pytest.mark.parametrize("wire", ["documented", "observed"])
@reaches(Outcome.ALREADY_REVERSED, ResultCode.ALREADY_REVERSED)
def test_reverse_look_and_add_up(fresh: Fresh, wire: str) -> None:
    """Result, status by both ids, balances and journal tell one story; a second time nothing moves."""
    platform = fresh(wire)
    before = balances(platform)
    made = ask(platform)
    receipt = made.result["TransactionID"]
    assert (made.code, re.fullmatch(r"UHG[0-9A-Z]{7}", receipt) is not None) == ("0", True)
    after = balances(platform)
    moved = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert moved == {"Utility Account": -BILL.cents, "Charges Paid Account": 500}
    held = f"{after['Utility Account'] / 100:.2f}"
    assert made.parameters["DebitAccountBalance"] == f"Utility Account|KES|{held}|{held}|0.00|0.00"

    found = status(platform, TransactionID=receipt)
    assert found == status(platform, OriginalConversationID=made.result["OriginatorConversationID"])
    assert (found["TransactionStatus"], found["ReceiptNo"]) == ("Completed", receipt)
    assert found["DebitPartyName"] == "600000 - Safaricom Daraja 000"
    assert found["CreditPartyName"] == "254708374149 - John Doe"
    assert found["DebitAccountType"] == "Utility Account"
    assert status(platform, TransactionID=C2B_RECEIPT)["TransactionStatus"] == "Completed"

    platform = platform.restarted()
    again = ask(platform)
    assert (again.code, again.result["TransactionID"]) == ("R000001", "UHG0000000")
    assert ask(platform, TransactionID=receipt).code == "R000002"
    assert balances(platform) == after
    assert platform.rows("SELECT sum(available + reserved + uncleared) FROM account") == [(0,)]
    assert platform.on_loop(platform.sandbox.store.check_journal).holds


REFUSED = [
    pytest.param({"TransactionID": "UHG1234567"}, ResultCode.ORIGINAL_INVALID, id="R000002"),
    pytest.param({"TransactionID": "NEF61H8J60"}, ResultCode.ORIGINAL_INVALID, id="R000002-another's"),
    pytest.param({"Amount": "1"}, ResultCode.PARAMETERS_INVALID, id="25"),
    pytest.param({"ReceiverParty": "699999"}, ResultCode.PRIMARY_PARTY_NOT_PERMITTED, id="21-not own"),
    pytest.param({"Initiator": "norole"}, ResultCode.PRIMARY_PARTY_NOT_PERMITTED, id="21"),
    pytest.param({"Initiator": "nobody"}, ResultCode.INITIATOR_INFORMATION_INVALID, id="2001"),
    pytest.param(
        {"ReceiverParty": "600997", "Initiator": "testapi"}, ResultCode.PRODUCT_NOT_ASSIGNED, id="2028"
    ),
]


@reaches(Outcome.ORIGINAL_INVALID, ResultCode.ORIGINAL_INVALID)
@pytest.mark.parametrize(("changes", "code"), REFUSED)
def test_a_reversal_is_refused(platform: Platform, changes: dict[str, Any], code: ResultCode) -> None:
    """Acknowledged, then told with the page's code and text under the id of a request; nothing moves."""
    rows = platform.rows("SELECT count(*), sum(cents) FROM entry")
    result = ask(platform, **changes).result
    assert (str(result["ResultCode"]), result["ResultDesc"]) == (code.code, code.description)
    assert result["TransactionID"] == "UHG0000000"
    assert platform.rows("SELECT count(*), sum(cents) FROM entry") == rows


def test_wrong_passwords_lock(fresh: Fresh) -> None:
    """After five, the right one is not looked at."""
    platform = fresh()
    wrong = platform.credential("wrong")
    assert [ask(platform, SecurityCredential=wrong).code for _ in range(5)] == ["2001"] * 5
    assert ask(platform).code == "8006"


def test_what_was_paid_out_is_not_reversed(fresh: Fresh) -> None:
    """Neither by its payer, a B2C short code, nor by anybody else (FAQ 9)."""
    platform = fresh()
    paid = platform.result(PAYMENT, {"PartyA": "600310"}).result["TransactionID"]
    payer = {"ReceiverParty": "600310", "Initiator": "testapi"}
    assert ask(platform, TransactionID=paid, Amount="10", **payer).code == "2028"
    assert ask(platform, TransactionID=paid, Amount="10").code == "R000002"


@pytest.mark.parametrize(
    ("word", "code"), [("debit_party_not_in_order", "11"), ("account_not_in_order", "2006")]
)
def test_what_has_no_cause_here(faulty: Platform, word: str, code: str) -> None:
    """Only on demand: no organization and no account is out of order."""
    put(faulty, end=word, api="reversal", next=1)
    assert ask(faulty).code == code


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"RecieverIdentifierType": ABSENT, "ReceiverIdentifierType": "11"}, "", id="spelling"),
        pytest.param({"RecieverIdentifierType": "4"}, "", id="another type"),
        pytest.param({"TransactionID": ABSENT}, "TransactionID", id="no receipt"),
        pytest.param({"Remarks": "x"}, "Remarks", id="one character"),
        pytest.param({"Amount": "0"}, "Amount", id="nothing"),
    ],
)
def test_a_bad_member_is_refused_by_name(platform: Platform, changes: dict[str, Any], field: str) -> None:
    """At the door, and nothing is kept."""
    kept = platform.kept()
    answer = platform.ask(REVERSAL, changes)
    name = field or "RecieverIdentifierType"
    assert answer.error == (400, "400.002.02", f"Bad Request - Invalid {name}")
    assert platform.kept() == kept


def test_a_wrong_content_type(platform: Platform) -> None:
    """As the page's FAQ says it; the true cause is told beside."""
    answer = platform.post(REVERSAL, platform.post_body(REVERSAL), headers=[("Content-Type", "text/plain")])
    assert answer.error == (400, "400.002.02", "Bad Request - Invalid RecieverIdentifierType")
    assert "text/plain" in platform.refusal(answer).cause
