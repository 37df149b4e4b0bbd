"""Requests that succeed, one for each API."""

import json
from collections.abc import Callable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

from salio.sandbox.testdata.passkeys import PUBLISHED_PASSKEYS
from salio.wire.apis import Api
from salio.wire.express_push import make_password
from tests.journeys.subjects import BALANCE_SHORT_CODE, BILLING_SHORT_CODE, C2B_RECEIPT, PAYING_SHORT_CODE

if TYPE_CHECKING:
    from tests.journeys.running import Platform

IDS = ("ConversationID", "OriginatorConversationID")
PROMPT_IDS = ("MerchantRequestID", "CheckoutRequestID")
"""Of M-PESA Express. The first of both are unique among all platforms."""
MERCHANT, PAYER = "174379", "254722000000"
_PAYMENTS = count(1)
_JSON = ("Content-Type", "application/json")


def members(platform: "Platform", api: Api) -> dict[str, Any]:
    """A body.

    A reversal can succeed but once on a platform: it names the wrong amount, so that it never does. A prompt
    finds its phone free: whatever that showed is cancelled.
    """
    return _MADE.get(api, _query)(platform, api)


def answer_prompts(platform: "Platform", answer: str) -> None:
    """Every phone that shows a prompt is answered so."""
    assert platform.send("POST", "/_salio/flush", [_JSON], b"{}").json == {"idle": True}
    listed = platform.send("GET", "/_salio/prompts", [], b"").json["prompts"]
    for each in listed:
        words = {"msisdn": each["msisdn"], "answer": answer}
        sent = platform.send("POST", "/_salio/prompts/answer", [_JSON], json.dumps(words).encode())
        assert sent.status == 200


def _bill(platform: "Platform", api: Api) -> dict[str, Any]:
    return {
        "Initiator": "testapi",
        "SecurityCredential": platform.credential(),
        "CommandID": api.command,
        "SenderIdentifierType": "4",
        "RecieverIdentifierType": "4",
        "Amount": "10",
        "PartyA": PAYING_SHORT_CODE,
        "PartyB": "572572" if api is Api.TAX_REMITTANCE else BILLING_SHORT_CODE,
        "AccountReference": "353353",
        "Remarks": "ok",
        **_urls(platform),
    }


def _payment(platform: "Platform", api: Api) -> dict[str, Any]:
    return {
        "OriginatorConversationID": f"payment-{next(_PAYMENTS)}",
        "InitiatorName": "testapi",
        "SecurityCredential": platform.credential(),
        "CommandID": api.command,
        "Amount": "10",
        "PartyA": PAYING_SHORT_CODE,
        "PartyB": "254708374149",
        "Remarks": "ok",
        **_urls(platform),
    }


def _simulation(_platform: "Platform", _api: Api) -> dict[str, Any]:
    return {
        "ShortCode": BALANCE_SHORT_CODE,
        "CommandID": Api.C2B.command,
        "Amount": "1",
        "Msisdn": "254708374149",
        "BillRefNumber": "invoice008",
    }


def _registration(platform: "Platform", _api: Api) -> dict[str, Any]:
    return {
        "ShortCode": BALANCE_SHORT_CODE,
        "ResponseType": "Completed",
        "ConfirmationURL": platform.receiver.url("/confirmed"),
        "ValidationURL": platform.receiver.url("/asked"),
    }


def _push(platform: "Platform", api: Api) -> dict[str, Any]:
    answer_prompts(platform, "cancel")
    return {
        **_signed(),
        "TransactionType": api.command,
        "Amount": 1,
        "PartyA": PAYER,
        "PartyB": MERCHANT,
        "PhoneNumber": PAYER,
        "CallBackURL": platform.receiver.url("/result"),
        "AccountReference": "invoice008",
        "TransactionDesc": "txndesc",
    }


def _prompt_query(platform: "Platform", _api: Api) -> dict[str, Any]:
    if platform.checkout is None:
        platform.checkout = platform.ask(Api.EXPRESS).json["CheckoutRequestID"]
        answer_prompts(platform, "cancel")
    return {**_signed(), "CheckoutRequestID": platform.checkout}


def _signed() -> dict[str, Any]:
    at = "20210628092408"
    return {
        "BusinessShortCode": MERCHANT,
        "Password": make_password(MERCHANT, PUBLISHED_PASSKEYS[MERCHANT], at),
        "Timestamp": at,
    }


def _reversal(platform: "Platform", api: Api) -> dict[str, Any]:
    return {
        "Initiator": "apiop37",
        "SecurityCredential": platform.credential(),
        "CommandID": api.command,
        "TransactionID": "PDU91HIVIT",
        "Amount": "1",  # to succeed it needs 200
        "ReceiverParty": "603021",
        "RecieverIdentifierType": "11",
        "Remarks": "ok",
        **_urls(platform),
    }


def _query(platform: "Platform", api: Api) -> dict[str, Any]:
    about = {"TransactionID": C2B_RECEIPT} if api is Api.TRANSACTION_STATUS else {}
    return {
        "Initiator": "testapiuser",
        "SecurityCredential": platform.credential(),
        "CommandID": api.command,
        "PartyA": BALANCE_SHORT_CODE,
        "IdentifierType": "4",
        "Remarks": "ok",
        **_urls(platform),
        **about,
    }


def _urls(platform: "Platform") -> dict[str, Any]:
    return {
        "QueueTimeOutURL": platform.receiver.url("/timeout"),
        "ResultURL": platform.receiver.url("/result"),
    }


_MADE: Mapping[Api, Callable[["Platform", Api], dict[str, Any]]] = {
    Api.B2C: _payment,
    Api.B2B: _bill,
    Api.TAX_REMITTANCE: _bill,
    Api.C2B: _simulation,
    Api.C2B_REGISTER: _registration,
    Api.EXPRESS: _push,
    Api.EXPRESS_QUERY: _prompt_query,
    Api.REVERSAL: _reversal,
}
