"""An organization pays organizations and taxes, and moves its own money: over HTTP, and found again later."""

import json
import re
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest

from salio.core.access.apps import Product
from salio.core.requests.outcomes import Outcome
from salio.sandbox.testdata.operators import PASSWORD
from salio.wire.apis import Api
from salio.wire.balance_text import read_accounts
from salio.wire.result_codes import ResultCode
from tests.journeys.client import bearer
from tests.journeys.conftest import Fresh
from tests.journeys.reaching import reaches
from tests.journeys.receiver import Callback
from tests.journeys.running import ABSENT, BALANCE, BILL, JSON, STATUS, TAX, Platform
from tests.journeys.subjects import BILLING_SHORT_CODE, PAYING_SHORT_CODE
from tests.journeys.test_samples import sample

STALL, TILL, COLLECTOR = "600996", "7001101", "572572"
TO_UTILITY, TO_WORKING = "BusinessTransferFromMMFToUtility", "MerchantTransferFromMerchantToWorking"
RECEIPT = r"UHG[0-9A-Z]{7}"


def balances(platform: Platform, short_code: str) -> dict[str, int]:
    """What a balance query tells, available, by the name of the account."""
    initiator = {"600772": "Testapi772"}.get(short_code, "testapi")
    text = platform.result(BALANCE, {"PartyA": short_code, "Initiator": initiator}).parameters
    accounts = read_accounts(text["AccountBalance"])
    return {each.name.removesuffix(" Account"): each.available for each in accounts}


def status(platform: Platform, short_code: str = PAYING_SHORT_CODE, **subject: str) -> Callback:
    """What a status query tells about it."""
    subject = {"TransactionID": ABSENT, **subject}  # type: ignore[dict-item] # it is left out
    return platform.result(STATUS, {"PartyA": short_code, "Initiator": "testapi", **subject})


# --- the pages -------------------------------------------------------------------------------------------

WORKS: Mapping[str, tuple[Api, Mapping[str, str]]] = {
    "top_up": (BILL, {}),
    "pay_bill": (BILL, {"Initiator": "testapi", "PartyA": "600979", "PartyB": "600000"}),
    "buy_goods": (BILL, {"Initiator": "testapi", "PartyA": "600979", "PartyB": STALL}),
    "tax": (TAX, {"Initiator": "testapi", "PartyA": "600979"}),
}
"""The one that works as printed; of the others' parties nobody has PartyA, and 000000 is no PartyB."""


@pytest.mark.parametrize("name", WORKS)
def test_the_pages_request_is_paid(fresh: Fresh, name: str) -> None:
    """With a credential that is whole, and a receiver of ours; told in the members of the page's result."""
    platform, (api, parties) = fresh(), WORKS[name]
    ours = {
        **parties,
        "SecurityCredential": platform.credential(),
        "ResultURL": platform.receiver.url("/result"),
        "QueueTimeOutURL": platform.receiver.url("/timeout"),
    }
    answer = platform.post(api, json.dumps(sample(f"{name}_request") | ours).encode())
    printed = sample(f"{name}_acknowledgement")
    assert list(answer.json) == list(printed)
    assert answer.json["ResponseDescription"] == printed["ResponseDescription"]
    result = platform.receiver.wait(answer.json["ConversationID"]).result
    sampled = sample(f"{name}_result")["Result"]
    assert list(result) == list(sampled)
    assert [result[each] for each in list(result)[:3]] == [sampled[each] for each in list(sampled)[:3]]
    listed, expected = (each["ResultParameters"]["ResultParameter"] for each in (result, sampled))
    assert [each["Key"] for each in listed] == [each["Key"] for each in expected]
    assert [type(each["Value"]) for each in listed] == [type(each["Value"]) for each in expected]
    assert result["ReferenceData"] == {
        "ReferenceItem": [
            {"Key": "BillReferenceNumber", "Value": "353353"},
            {"Key": "QueueTimeoutURL", "Value": platform.receiver.url("/timeout")},
        ]
    }


# --- what moves ------------------------------------------------------------------------------------------

MOVES = [
    pytest.param(
        BILL,
        {"CommandID": "BusinessPayToBulk", "PartyA": "600772", "Initiator": "Testapi772", "PartyB": "600310"},
        ("Working", "Utility"),
        "Business Pay to Bulk via API",
        id="top up",
    ),
    pytest.param(BILL, {}, ("Working", "Utility"), "Business Pay Bill via API", id="bill"),
    pytest.param(
        BILL,
        {"CommandID": "BusinessBuyGoods", "PartyB": TILL, "RecieverIdentifierType": 2},
        ("Working", "Merchant"),
        "Business Buy Goods via API",
        id="till",
    ),
    pytest.param(TAX, {}, ("Working", "Utility"), "Pay Tax to KRA via API", id="tax"),
    pytest.param(
        BILL,
        {"CommandID": TO_UTILITY, "PartyB": PAYING_SHORT_CODE},
        ("Working", "Utility"),
        "Business Transfer from MMF to Utility via API",
        id="Working to Utility",
    ),
    pytest.param(
        BILL,
        {"CommandID": TO_WORKING, "PartyA": STALL, "PartyB": STALL},
        ("Merchant", "Working"),
        "Merchant Transfer from Merchant to Working via API",
        id="Merchant to Working",
    ),
]


@pytest.mark.parametrize(("api", "changes", "accounts", "reason_type"), MOVES)
def test_pay_look_and_add_up(
    fresh: Fresh, api: Api, changes: Mapping[str, Any], accounts: tuple[str, str], reason_type: str
) -> None:
    """The result, the status by receipt and by conversation, the balances and the journal tell one story."""
    platform = fresh()
    body = platform.body(api, changes)
    payer, receiver, initiator = body["PartyA"], body["PartyB"], body["Initiator"]
    before = {each: balances(platform, each) for each in {payer, receiver}}
    paid = platform.result(api, {**changes, "Amount": "1500.50"})
    receipt = paid.result["TransactionID"]
    assert (paid.code, re.fullmatch(RECEIPT, receipt) is not None) == ("0", True)

    after = {each: balances(platform, each) for each in before}
    wanted = {each: dict(before[each]) for each in before}
    wanted[payer][accounts[0]] -= 150_050
    wanted[receiver][accounts[1]] += 150_050
    assert after == wanted
    left = after[payer][accounts[0]]
    told = paid.parameters
    compound = f"{{Amount={{CurrencyCode=KES, MinimumAmount={left}, BasicAmount={left / 100:.2f}}}}}"
    assert (told["DebitAccountBalance"], told["InitiatorAccountCurrentBalance"]) == (compound, compound)
    (affected,) = read_accounts(told["DebitPartyAffectedAccountBalance"])
    assert (affected.name, affected.available) == (f"{accounts[0]} Account", left)
    assert (told["Amount"], told["Currency"], told["DebitPartyCharges"]) == ("1500.50", "KES", "")
    assert told["TransCompletedTime"] == "20260816123000"
    assert told["ReceiverPartyPublicName"].startswith(f"{receiver} - ")

    asking = {"PartyA": payer, "Initiator": initiator}
    by_receipt = platform.result(STATUS, {**asking, "TransactionID": receipt}).parameters
    conversation = paid.result["OriginatorConversationID"]
    by_conversation = platform.result(
        STATUS, {**asking, "TransactionID": ABSENT, "OriginalConversationID": conversation}
    ).parameters
    assert by_receipt == by_conversation
    assert (by_receipt["TransactionStatus"], by_receipt["ReceiptNo"]) == ("Completed", receipt)
    assert (by_receipt["Amount"], by_receipt["ReasonType"]) == ("1500.50", reason_type)
    assert by_receipt["DebitAccountType"] == f"{accounts[0]} Account"
    assert by_receipt["CreditPartyName"].startswith(f"{receiver} - ")
    assert platform.rows("SELECT sum(available + reserved + uncleared) FROM account") == [(0,)]
    assert platform.on_loop(platform.sandbox.store.check_journal).holds


def test_the_receiver_finds_it_too(platform: Platform) -> None:
    """By the receipt that it was told."""
    receipt = platform.result(BILL).result["TransactionID"]
    found = status(platform, BILLING_SHORT_CODE, TransactionID=receipt)
    assert found.parameters["ReceiptNo"] == receipt


def test_what_the_wire_sends(observed: Platform) -> None:
    """Numbers, the other name of the balance, and three references, of which goods lack the bill's."""
    for api in (BILL, TAX):
        told = observed.result(api).result
        listed = {each["Key"]: each.get("Value") for each in told["ResultParameters"]["ResultParameter"]}
        assert (told["ResultCode"], listed["Amount"], listed["DebitPartyCharges"]) == (0, 10.0, None)
        assert "DebitAccountCurrentBalance" in listed
        items = told["ReferenceData"]["ReferenceItem"]
        assert [each["Key"] for each in items] == ["BillReferenceNumber", "QueueTimeoutURL", "Occassion"]
        assert items[1]["Value"].endswith("/mpesa/b2bresults/v1/submit")
    goods = observed.result(BILL, {"CommandID": "BusinessBuyGoods", "PartyB": STALL}).result
    assert [each["Key"] for each in goods["ReferenceData"]["ReferenceItem"]] == [
        "QueueTimeoutURL",
        "Occassion",
    ]


# --- refusals --------------------------------------------------------------------------------------------

NOT_OWN, UNKNOWN = ResultCode.PRIMARY_PARTY_NOT_PERMITTED, ResultCode.INITIATOR_INFORMATION_INVALID
INVALID, NO_PRODUCT = ResultCode.OPERATOR_UNKNOWN, ResultCode.PRODUCT_NOT_ASSIGNED
NATURAL = [
    pytest.param(BILL, {"Amount": "10000000"}, ResultCode.BALANCE_INSUFFICIENT, id="1"),
    pytest.param(TAX, {"Amount": "10000000"}, ResultCode.BALANCE_INSUFFICIENT, id="1-tax"),
    pytest.param(BILL, {"PartyB": "700400", "Amount": "1001"}, ResultCode.BALANCE_LIMIT_EXCEEDED, id="8"),
    pytest.param(
        BILL, {"CommandID": TO_WORKING, "PartyB": PAYING_SHORT_CODE}, NO_PRODUCT, id="2028-no Merchant"
    ),
    pytest.param(
        BILL, {"CommandID": TO_UTILITY, "PartyA": STALL, "PartyB": STALL}, NO_PRODUCT, id="2028-no Utility"
    ),
    pytest.param(BILL, {"PartyB": "699999"}, INVALID, id="SFC_IC0003-nobody"),
    pytest.param(BILL, {"PartyB": STALL}, INVALID, id="SFC_IC0003-no paybill"),
    pytest.param(BILL, {"RecieverIdentifierType": 2}, INVALID, id="SFC_IC0003-no till"),
    pytest.param(BILL, {"PartyB": PAYING_SHORT_CODE}, INVALID, id="SFC_IC0003-itself"),
    pytest.param(BILL, {"CommandID": TO_UTILITY}, INVALID, id="SFC_IC0003-not one's own"),
    pytest.param(TAX, {"PartyB": BILLING_SHORT_CODE}, INVALID, id="SFC_IC0003-no tax collector"),
    pytest.param(BILL, {"Initiator": "nobody"}, UNKNOWN, id="2001"),
    pytest.param(TAX, {"Initiator": "nobody"}, UNKNOWN, id="2001-tax"),
    pytest.param(BILL, {"PartyA": "699999"}, NOT_OWN, id="21-not own"),
    pytest.param(
        BILL, {"PartyA": "600000", "Initiator": "only-tax_remittance_api"}, NOT_OWN, id="21-another role"
    ),
    pytest.param(TAX, {"PartyA": "600000", "Initiator": "only-paybill_api_initiator"}, NOT_OWN, id="21-tax"),
]


@reaches(Outcome.RECEIVER_INVALID)
@pytest.mark.parametrize(("api", "changes", "code"), NATURAL)
def test_it_is_refused(platform: Platform, api: Api, changes: Mapping[str, Any], code: ResultCode) -> None:
    """Acknowledged, then told with the code and its text, a receipt, and when it ended; nothing moves."""
    rows = platform.rows("SELECT count(*), sum(cents) FROM entry")
    result = platform.result(api, changes).result
    text = "Receiver party is invalid" if code is INVALID else code.description
    assert (str(result["ResultCode"]), result["ResultDesc"]) == (code.code, text)
    assert isinstance(result["ResultCode"], str) == (code is INVALID)
    assert re.fullmatch(RECEIPT, result["TransactionID"])
    ended = {"Key": "BOCompletedTime", "Value": 20260816123000}
    assert result["ResultParameters"] == {"ResultParameter": ended}
    assert platform.rows("SELECT count(*), sum(cents) FROM entry") == rows


@pytest.mark.parametrize(
    ("api", "command"),
    [(BILL, "PayTaxToKRA"), (BILL, "MerchantServicesMMFAccountTransfer"), (TAX, "BusinessPayBill")],
)
def test_anothers_command(documented: Platform, observed: Platform, api: Api, command: str) -> None:
    """29 by the pages, and on the wire refused at the door."""
    assert documented.result(api, {"CommandID": command}).code == "29"
    error = observed.ask(api, {"CommandID": command}).error
    assert error == (400, "400.002.02", "Bad Request - Invalid CommandID")


def test_a_wrong_password(fresh: Fresh) -> None:
    """2001 as often as it takes, then 8006 for the right one, on either path."""
    platform = fresh()
    wrong = {"SecurityCredential": platform.credential("wrong")}
    assert [platform.result(api, wrong).code for api in (BILL, TAX, BILL, TAX, BILL)] == ["2001"] * 5
    assert [
        platform.result(api, {"SecurityCredential": platform.credential(PASSWORD)}).code
        for api in (BILL, TAX)
    ] == ["8006"] * 2


def test_a_declined_payment_is_found(platform: Platform) -> None:
    """The query about it succeeds, and says what became of it and why; of a refused one there is nothing."""
    refused = platform.result(TAX, {"Amount": "10000000"}).result
    told = status(platform, TransactionID=refused["TransactionID"]).parameters
    assert (told["TransactionStatus"], told["TransactionReason"]) == ("Declined", "Balance insufficient.")
    unheard = platform.result(BILL, {"PartyB": "699999"}).result
    assert status(platform, TransactionID=unheard["TransactionID"]).code == "2032"


@pytest.mark.parametrize("api", [BILL, TAX], ids=lambda api: api.name)
def test_one_id_pays_once(platform: Platform, api: Api) -> None:
    """A caller may bring its own id; the second is refused at the door."""
    body = {"OriginatorConversationID": f"{api.name}-once-{platform.profile}"}
    assert platform.ask(api, body).json["OriginatorConversationID"] == body["OriginatorConversationID"]
    assert platform.ask(api, body).error == (500, "500.002.1001", "Duplicate OriginatorConversationID")


@pytest.mark.parametrize(
    ("api", "product"), [(BILL, Product.TAX_REMITTANCE), (TAX, Product.B2B)], ids=["B2B", "tax"]
)
def test_one_product_is_not_the_other(platform: Platform, api: Api, product: Product) -> None:
    """Though both live under one prefix; what neither answers to is B2B's."""
    app = platform.add_app(products=frozenset({product}))
    answer = platform.ask(api, app=app)
    assert answer.error[:2] == (401, "401.002.01")
    headers = [("Authorization", bearer(platform.token())), JSON]
    assert platform.send("POST", "/mpesa/b2b/v2/remittax", headers, b"{}").error[:2] == (404, "404.002.01")


BAD: Mapping[Api, Mapping[str, tuple[object, ...]]] = {
    BILL: {
        "Amount": ("0", "ten", 1.234),
        "PartyA": ("254708374149", "000000"),
        "PartyB": ("254708374149", ABSENT),
        "SenderIdentifierType": (1, "2", ABSENT),
        "RecieverIdentifierType": (1, ABSENT),
        "AccountReference": ("x" * 14, ABSENT, 353353),
        "Requester": ("0708374149", 600000),
        "Remarks": ("x" * 101, ABSENT),
        "Occassion": ("x" * 101,),
    },
    TAX: {"AccountReference": (ABSENT, "x" * 14), "RecieverIdentifierType": (2, ABSENT), "PartyB": ("KRA",)},
}


@pytest.mark.parametrize(
    ("api", "name", "value"),
    [(api, name, value) for api in BAD for name, values in BAD[api].items() for value in values],
    ids=lambda value: value.name if isinstance(value, Api) else repr(value)[:20],
)
def test_a_bad_member_is_refused_by_name(platform: Platform, api: Api, name: str, value: object) -> None:
    """At the door, and nothing is kept."""
    kept = platform.kept()
    answer = platform.ask(api, {name: value})
    assert answer.error == (400, "400.002.02", f"Bad Request - Invalid {name}")
    assert platform.kept() == kept


def test_the_right_spelling_is_refused(platform: Platform) -> None:
    """Whoever spells the receiver as the dictionary does is told which field is missing, and why."""
    answer = platform.ask(BILL, {"RecieverIdentifierType": ABSENT, "ReceiverIdentifierType": 4})
    assert answer.error == (400, "400.002.02", "Bad Request - Invalid RecieverIdentifierType")
    assert "you sent `ReceiverIdentifierType`" in platform.refusal(answer).cause


def test_a_restart_goes_on(fresh: Fresh) -> None:
    """What was kept of both APIs is read again, and told as before."""
    platform = fresh()
    paid = [platform.result(api).result["TransactionID"] for api in (BILL, TAX)]
    held = balances(platform, COLLECTOR)
    platform = platform.restarted()
    platform.forget_tokens()
    assert balances(platform, COLLECTOR) == held
    for receipt in paid:
        assert status(platform, TransactionID=receipt).parameters["TransactionStatus"] == "Completed"
    with closing(platform.stories()) as stories:
        told = stories.latest(20)[0]
    assert {"b2b", "tax"} <= {each.request.product.word for each in told}
