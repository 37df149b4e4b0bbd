"""Customers pay: where it is registered, what is told, what is found later, and that the books agree."""

import json
from itertools import count
from typing import Any

import pytest

from salio.wire.apis import Api
from salio.wire.balance_text import read_accounts
from salio.wire.refusals import Refusal
from tests.journeys.client import Answer
from tests.journeys.conftest import Fresh
from tests.journeys.controlling import call
from tests.journeys.reaching import reaches
from tests.journeys.running import ABSENT, BALANCE, JSON, STATUS, Platform
from tests.journeys.test_samples import sample

PAYBILL, TILL = "600984", "600996"
JOHN, STRANGER = "254708374149", "254799999999"
SIMULATION = {"ShortCode": PAYBILL, "CommandID": "CustomerPayBillOnline", "Amount": 100, "Msisdn": JOHN}
PLACES = (f"/place-{number}" for number in count(1))
"""Paths of the shared receiver that no other test is told at."""
TO_TILL = {"ShortCode": TILL, "CommandID": "CustomerBuyGoodsOnline"}


def post(platform: Platform, path: str, members: dict[str, Any]) -> Answer:
    """One request to that path."""
    headers = [("Authorization", f"Bearer {platform.token()}"), JSON]
    return platform.send("POST", path, headers, json.dumps(members).encode())


def register(platform: Platform, confirmed: str, short_code: str = PAYBILL, **changes: Any) -> Answer:
    """Registers the receiver, to be told at that path."""
    members = {
        "ShortCode": short_code,
        "ResponseType": "Completed",
        "ConfirmationURL": platform.receiver.url(confirmed),
        "ValidationURL": platform.receiver.url("/validation"),
    }
    return post(platform, Api.C2B_REGISTER.path, members | changes)


def pay(platform: Platform, path: str = Api.C2B.path, **changes: Any) -> str:
    """A payment that is taken; the id in its acknowledgement."""
    answer = post(platform, path, SIMULATION | changes)
    assert (answer.status, answer.json["ResponseCode"]) == (200, "0")
    return str(answer.json["OriginatorCoversationID"])


def received(platform: Platform, short_code: str, name: str) -> int:
    """What that account has available, in cents."""
    changes = {"PartyA": short_code, "Initiator": "testapi"}
    text = platform.result(BALANCE, changes).parameters["AccountBalance"]
    return next(each.available for each in read_accounts(text) if each.name == name)


def status(platform: Platform, short_code: str, **subject: str) -> dict[str, Any]:
    """What a status query tells about it."""
    subject = {"TransactionID": ABSENT, **subject}  # type: ignore[dict-item] # it is left out
    return platform.result(STATUS, {"PartyA": short_code, "Initiator": "testapi", **subject}).parameters


def test_the_pages_requests_are_answered(documented: Platform) -> None:
    """As printed; the acknowledgements have the pages' members in their order, misspelling and all."""
    for path, name in (
        (Api.C2B_REGISTER.path, "c2b_register"),
        (Api.C2B_REGISTER.paths[1], "c2b_v1_register"),
        (Api.C2B.path, "c2b_simulate"),
    ):
        answer = post(documented, path, dict(sample(f"{name}_request")))
        printed = sample(f"{name}_acknowledgement")
        own_id = {"OriginatorCoversationID": answer.json["OriginatorCoversationID"]}
        assert list(answer.json.items()) == list((printed | own_id).items())


@pytest.mark.parametrize(
    ("changes", "account", "kind"),
    [
        pytest.param({"BillRefNumber": "invoice008"}, "Utility Account", "Pay Bill", id="paybill"),
        pytest.param(TO_TILL, "Merchant Account", "Buy Goods", id="till"),
    ],
)
def test_pay_look_and_add_up(fresh: Fresh, changes: dict[str, Any], account: str, kind: str) -> None:
    """The confirmation, the status by receipt and by conversation, the balance and the journal agree."""
    platform = fresh()
    short_code = changes.get("ShortCode", PAYBILL)
    before, place = received(platform, short_code, account), next(PLACES)
    assert register(platform, place, short_code).status == 200
    own_id = pay(platform, **changes)
    told = json.loads(platform.receiver.wait(place).raw)
    after = received(platform, short_code, account)
    assert after - before == 10_000
    assert told["OrgAccountBalance"] == f"{after // 100}.{after % 100:02}"
    assert (told["TransactionType"], told["TransAmount"]) == (kind, "100.00")
    assert (told["BusinessShortCode"], told["MSISDN"]) == (short_code, "2547 ***** 149")
    assert (told["FirstName"], told["LastName"]) == ("John", "Doe")
    assert told["BillRefNumber"] == changes.get("BillRefNumber", "")

    found = status(platform, short_code, TransactionID=told["TransID"])
    assert found == status(platform, short_code, OriginalConversationID=own_id)
    assert (found["TransactionStatus"], found["Amount"]) == ("Completed", "100")
    assert found["DebitPartyName"] == "254708374149 - John Doe"
    assert "CreditPartyCharges" in found
    assert platform.rows("SELECT sum(available + reserved + uncleared) FROM account") == [(0,)]
    assert platform.on_loop(platform.sandbox.store.check_journal).holds


def test_v1_tells_more_of_the_number(fresh: Fresh) -> None:
    """Its SHA-256 (C2B, FAQ 3)."""
    platform, place = fresh(), next(PLACES)
    register(platform, place)
    pay(platform, Api.C2B.paths[1])
    assert len(json.loads(platform.receiver.wait(place).raw)["MSISDN"]) == 64


def test_a_registration_may_be_replaced_and_outlives_a_restart(fresh: Fresh) -> None:
    """In the sandbox as often as one likes; the last one holds."""
    platform, first, second = fresh(), next(PLACES), next(PLACES)
    register(platform, first)
    register(platform, second)
    platform = platform.restarted()
    pay(platform)
    platform.receiver.wait(second)
    assert platform.receiver.heard(first) == []


@reaches(Refusal.URLS_REGISTERED)
def test_urls_of_production_are_registered_once(fresh: Fresh) -> None:
    """Again is refused in the page's words, over a restart too, and the first are told; what is switched
    beside them may change. Another short code has its own first time. A public URL tester has none.
    """
    platform, first, second = fresh(registered_once=True), next(PLACES), next(PLACES)
    tester = register(platform, first, ConfirmationURL="https://a1b2.ngrok.io/paid")
    assert tester.error == (400, "400.003.02", "Bad Request - Invalid ConfirmationURL")
    assert register(platform, first).status == 200
    again = (500, "500.003.1001", "Urls are already registered.")
    assert register(platform, second).error == again
    switched = {"short_code": PAYBILL, "validated": True}
    for validated in (True, False):
        changed = switched | {"validated": validated}
        assert call(platform, "POST", "/_salio/registrations/validation", changed).status == 200
    platform = platform.restarted()
    assert register(platform, second).error == again
    assert register(platform, second, "600966").status == 200
    pay(platform)
    platform.receiver.wait(first)
    assert platform.receiver.heard(second) == []


def test_nobody_registered(fresh: Fresh) -> None:
    """The payment is made, and its story says why nobody was told (C2B, How It Works 7)."""
    platform = fresh()
    before = received(platform, PAYBILL, "Utility Account")
    own_id = pay(platform)
    assert received(platform, PAYBILL, "Utility Account") == before + 10_000
    assert status(platform, PAYBILL, OriginalConversationID=own_id)["TransactionStatus"] == "Completed"
    ends = platform.rows("SELECT fault FROM attempt_end WHERE fault IS NOT NULL")
    assert ends == [("nobody is told: no ConfirmationURL is registered",)]


DECLINED = {
    "too much": {"Amount": 250_001},
    "not covered": {"Amount": 249_999},
}


@pytest.mark.parametrize("changes", DECLINED.values(), ids=DECLINED)
def test_a_declined_payment(fresh: Fresh, changes: dict[str, Any]) -> None:
    """Nothing moves and nobody is told; a status query finds it declined."""
    platform, place = fresh(), next(PLACES)
    register(platform, place)
    own_id = pay(platform, **changes)
    assert status(platform, PAYBILL, OriginalConversationID=own_id)["TransactionStatus"] == "Declined"
    assert platform.receiver.heard(place) == []
    assert platform.rows("SELECT sum(available + reserved + uncleared) FROM account") == [(0,)]


WRONG = {
    "a stranger's short code": ({"ShortCode": "999999"}, Api.C2B_REGISTER, "ShortCode"),
    "an amount with cents": ({"Amount": "1.5"}, Api.C2B, "Amount"),
    "a forbidden word": ({"ValidationURL": "http://shop/mpesa"}, Api.C2B_REGISTER, "ValidationURL"),
}


@pytest.mark.parametrize(("changes", "api", "named"), WRONG.values(), ids=WRONG)
def test_what_is_refused(documented: Platform, changes: dict[str, Any], api: Api, named: str) -> None:
    """400.003.02, naming the field."""
    if api is Api.C2B:
        answer = post(documented, api.path, SIMULATION | changes)
    else:
        answer = register(documented, next(PLACES), **changes)
    assert (answer.status, answer.json["errorCode"]) == (400, "400.003.02")
    assert answer.json["errorMessage"] == f"Bad Request - Invalid {named}"


def test_who_cannot_pay(fresh: Fresh) -> None:
    """No transaction comes of it; the log has the cause."""
    platform = fresh()
    pay(platform, Msisdn=STRANGER)
    platform.result(BALANCE)  # decided after it
    (outcome, cause) = platform.rows("SELECT outcome, cause FROM conclusion ORDER BY number")[0]
    assert outcome == "debit party not in order"
    assert cause == f"Msisdn {STRANGER} has no M-PESA account"
