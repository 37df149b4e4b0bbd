"""M-PESA Express over HTTP: a prompt, a hand on the phone, the callback, the query, and the books."""

import json
from itertools import count
from typing import Any

import pytest

from salio.core.requests.outcomes import Admission, Outcome
from salio.wire.apis import Api
from salio.wire.refusals import Refusal
from salio.wire.result_codes import ResultCode
from tests.journeys.bodies import MERCHANT, PAYER, answer_prompts
from tests.journeys.client import Answer
from tests.journeys.conftest import Fresh
from tests.journeys.controlling import call
from tests.journeys.reaching import reaches
from tests.journeys.running import ABSENT, JSON, Platform
from tests.journeys.test_c2b import received, status
from tests.journeys.test_samples import sample

AMOUNTS = count(11)
"""The same amount twice within two minutes is refused."""
EXPRESS, QUERY = Api.EXPRESS, Api.EXPRESS_QUERY


def prompt(platform: Platform, **changes: Any) -> tuple[str, str]:
    """A prompt that was taken: its MerchantRequestID and its CheckoutRequestID."""
    answer = platform.ask(EXPRESS, {"Amount": next(AMOUNTS)} | changes)
    assert (answer.status, answer.json["ResponseCode"]) == (200, "0")
    return answer.json["MerchantRequestID"], answer.json["CheckoutRequestID"]


def asked(platform: Platform, checkout: str) -> tuple[str, str]:
    """What a query tells."""
    platform.checkout = checkout
    answer = platform.ask(QUERY, {"CheckoutRequestID": checkout})
    assert (answer.status, answer.json["ResponseCode"]) == (200, "0")
    return answer.json["ResultCode"], answer.json["ResultDesc"]


def test_the_pages_samples(documented: Platform) -> None:
    """As printed, Password and all: taken, acknowledged with the page's members and words."""
    answer_prompts(documented, "cancel")
    here = {"CallBackURL": documented.receiver.url("/result")}
    answer = documented.post(EXPRESS, json.dumps(sample("express_request") | here).encode())
    printed = sample("express_acknowledgement")
    assert list(answer.json) == list(printed)
    for name in ("ResponseCode", "ResponseDescription", "CustomerMessage"):
        assert answer.json[name] == printed[name]
    answer_prompts(documented, "right_pin")
    told = json.loads(documented.receiver.wait(answer.json["MerchantRequestID"]).raw)
    paid = sample("express_callback")
    names = [each["Name"] for each in paid["Body"]["stkCallback"]["CallbackMetadata"]["Item"]]
    items = {each["Name"]: each["Value"] for each in told["Body"]["stkCallback"]["CallbackMetadata"]["Item"]}
    assert list(items) == names
    assert (items["Amount"], items["PhoneNumber"]) == (1.00, 254722000000)
    assert list(told["Body"]["stkCallback"]) == list(paid["Body"]["stkCallback"])


@reaches(Refusal.SUBSCRIBER_LOCKED, Admission.SUBSCRIBER_LOCKED, ResultCode.STILL_UNDER_PROCESSING)
def test_pay_look_and_add_up(fresh: Fresh) -> None:
    """Callback, query, status by receipt and by request, balance and journal agree; meanwhile it waits."""
    platform = fresh()
    before = received(platform, MERCHANT, "Utility Account")
    taken = platform.ask(EXPRESS, {"Amount": 500}).json
    checkout = taken["CheckoutRequestID"]
    assert call(platform, "POST", "/_salio/flush").json == {"idle": True}
    (shown,) = call(platform, "GET", "/_salio/prompts").json["prompts"]
    assert (shown["msisdn"], shown["amount"], shown["checkout_request_id"]) == (PAYER, "500.00", checkout)
    assert asked(platform, checkout)[0] == "4999"
    by_request = {"OriginalConversationID": taken["MerchantRequestID"]}
    assert status(platform, MERCHANT, **by_request)["TransactionStatus"] == "Initiated"
    token = ("Authorization", f"Bearer {platform.token()}")
    members = {"BusinessShortCode": MERCHANT}
    again = platform.send("POST", EXPRESS.path, [token, JSON], _unanswered(platform, members))
    assert again.error == (
        500,
        "500.001.1001",
        "Unable to lock subscriber, a transaction is already in process for the current subscriber",
    )
    answer_prompts(platform, "right_pin")
    told = platform.receiver.wait(taken["MerchantRequestID"]).result
    receipt = told["CallbackMetadata"]["Item"][1]["Value"]
    assert (told["ResultCode"], told["MerchantRequestID"]) == (0, taken["MerchantRequestID"])
    assert asked(platform, checkout) == ("0", "The service request is processed successfully.")
    found = [status(platform, MERCHANT, **by_request), status(platform, MERCHANT, TransactionID=receipt)]
    assert found[0] == found[1]
    assert (found[0]["ReceiptNo"], found[0]["TransactionStatus"]) == (receipt, "Completed")
    assert received(platform, MERCHANT, "Utility Account") == before + 50_000
    assert platform.rows("SELECT sum(available + reserved + uncleared) FROM account") == [(0,)]


def _unanswered(platform: Platform, changes: dict[str, Any]) -> bytes:
    """A body that lets the phone ring on."""
    ringing = call(platform, "GET", "/_salio/prompts").json["prompts"]
    assert len(ringing) == 1
    members = {**sample("express_request"), "CallBackURL": platform.receiver.url("/result")}
    return json.dumps(members | {"PartyA": PAYER, "PhoneNumber": PAYER} | changes).encode()


ENDS = [
    pytest.param("wrong_pin", 2001, "The initiator information is invalid.", "Declined", id="wrong PIN"),
    pytest.param("locked_pin", 8006, "The security credential is locked.", "Declined", id="locked PIN"),
    pytest.param("cancel", 1032, "Request cancelled by user", "Cancelled", id="cancelled"),
    pytest.param("no_answer", 1037, "DS timeout user cannot be reached.", "Expired", id="no answer, at once"),
    pytest.param(None, 1037, "DS timeout user cannot be reached.", "Expired", id="no answer"),
]


@reaches(
    Outcome.PIN_WRONG,
    Outcome.PIN_LOCKED,
    Outcome.PROMPT_CANCELLED,
    Outcome.PHONE_UNREACHABLE,
    ResultCode.PROMPT_CANCELLED,
    ResultCode.PHONE_UNREACHABLE,
)
@pytest.mark.parametrize(("hand", "code", "words", "state"), ENDS)
def test_what_the_customer_does(fresh: Fresh, hand: str | None, code: int, words: str, state: str) -> None:
    """On the page that stands for the phone; a restart in between loses nothing, and nothing is paid."""
    platform = fresh()
    merchant, checkout = prompt(platform)
    platform = platform.restarted()
    assert call(platform, "POST", "/_salio/flush").json == {"idle": True}
    page = platform.send("GET", "/phone")
    assert (page.status, checkout in page.body.decode()) == (200, True)
    if hand is None:
        assert call(platform, "POST", "/_salio/clock/advance", {"seconds": 60}).status == 200
    else:
        form = [("Content-Type", "application/x-www-form-urlencoded")]
        pressed = platform.send("POST", f"/phone/{PAYER}", form, f"answer={hand}".encode())
        assert pressed.status == 303
    told = platform.receiver.wait(merchant).result
    assert (told["ResultCode"], told["ResultDesc"], "CallbackMetadata" in told) == (code, words, False)
    assert asked(platform, checkout)[0] == str(code)
    found = status(platform, MERCHANT, OriginalConversationID=told["MerchantRequestID"])
    assert found["TransactionStatus"] == state
    assert "No phone shows a prompt" in platform.send("GET", "/phone").body.decode()
    assert platform.rows("SELECT count(*) FROM request WHERE conversation_id = ?", [checkout]) == [(1,)]


@reaches(Outcome.RULE_LIMITED, ResultCode.RULE_LIMITED)
def test_the_same_amount_at_once(fresh: Fresh) -> None:
    """Code 17 for two minutes; the callback's words are the page's."""
    platform = fresh()
    first, _ = prompt(platform, Amount=700)
    answer_prompts(platform, "right_pin")
    platform.receiver.wait(first)
    told = platform.receiver.wait(prompt(platform, Amount=700)[0]).result
    assert (told["ResultCode"], told["ResultDesc"]) == (17, "Rule limited.")
    assert call(platform, "POST", "/_salio/clock/advance", {"seconds": 120}).status == 200
    prompt(platform, Amount=700)


REFUSED: dict[str, tuple[dict[str, Any], tuple[int, str, str]]] = {
    "not the app's": (
        {"BusinessShortCode": "999999"},
        (500, "500.001.1001", "Merchant does not exist"),
    ),
    "a wrong password": ({"Password": "TmV2ZXI="}, (500, "500.001.1001", "Wrong credentials")),
    "no password": ({"Password": ABSENT}, (500, "500.001.1001", "Wrong credentials")),
    "no base64": ({"Password": "!"}, (500, "500.001.1001", "Wrong credentials")),
    "another moment": ({"Timestamp": "20210628092409"}, (500, "500.001.1001", "Wrong credentials")),
    "no moment": ({"Timestamp": "20211328092408"}, (400, "400.002.02", "Bad Request - Invalid Timestamp")),
}


@reaches(Refusal.MERCHANT_UNKNOWN, Refusal.MERCHANT_CREDENTIALS_WRONG)
@pytest.mark.parametrize("api", [EXPRESS, QUERY], ids=["push", "query"])
@pytest.mark.parametrize(("changes", "error"), REFUSED.values(), ids=REFUSED)
def test_who_does_not_get_in(
    platform: Platform, api: Api, changes: dict[str, Any], error: tuple[int, str, str]
) -> None:
    """Error Codes: the page's status, code and words, on both paths."""
    assert platform.ask(api, changes).error == error


@reaches(Refusal.CHECKOUT_UNKNOWN)
@pytest.mark.parametrize("checkout", ["ws_CO_260520211133524545", "1-2-3", "another app's"])
def test_nobodys_prompt(platform: Platform, checkout: str) -> None:
    """W9: another app's looks like none."""
    other = platform.add_app()
    if checkout == "another app's":
        checkout = platform.ask(EXPRESS, app=other).json["CheckoutRequestID"]
        answer_prompts(platform, "cancel")
    answer = platform.ask(QUERY, {"CheckoutRequestID": checkout})
    assert answer.error == (500, "500.001.1001", "The transaction does not Exist")


@reaches(
    Outcome.SUBSCRIBER_LOCKED,
    Outcome.PUSH_FAILED,
    ResultCode.SUBSCRIBER_LOCKED,
    ResultCode.TRANSACTION_EXPIRED,
    ResultCode.PUSH_FAILED,
)
@pytest.mark.parametrize(
    ("outcome", "code"),
    [("subscriber_locked", 1001), ("push_failed", 1025), ("queue_timed_out", 1019)],
)
def test_what_needs_a_fault_to_be_seen(platform: Platform, outcome: str, code: int) -> None:
    """Two at once, a name too long for a phone, a core that is too slow: as `tests/core` has them."""
    members: dict[str, Any] = {"end": outcome, "api": "express", "next": 1}
    assert call(platform, "POST", "/_salio/faults", members).status == 200
    try:
        assert platform.receiver.wait(prompt(platform)[0]).result["ResultCode"] == code
    finally:  # others share the platform, and count its faults
        assert call(platform, "DELETE", "/_salio/faults").status == 200


def test_whom_the_control_cannot_answer_for(platform: Platform) -> None:
    """A phone that shows nothing, and a word that is none."""
    answer_prompts(platform, "cancel")
    for words, code in (
        ({"msisdn": PAYER, "answer": "right_pin"}, 404),
        ({"msisdn": PAYER, "answer": "perhaps"}, 400),
    ):
        refused: Answer = call(platform, "POST", "/_salio/prompts/answer", words)
        assert refused.status == code
