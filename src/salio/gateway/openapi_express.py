"""M-PESA Express in the OpenAPI document: a prompt has a callback of its own, a query its answer at once."""

from datetime import datetime

import msgspec

from salio.gateway.openapi_errors import OF_A_PROMPT, OF_A_PROMPT_QUERY, REASON_HEADER, error_responses
from salio.gateway.openapi_schemas import Json, body, content
from salio.gateway.openapi_schemas import object_of as _object
from salio.gateway.openapi_schemas import request as _request
from salio.wire import express_push, express_query, times
from salio.wire.acknowledgements import ResponseCode, acknowledge
from salio.wire.apis import Api
from salio.wire.profile import DOCUMENTED
from salio.wire.result_codes import ResultCode

PUSH: Json = {
    "BusinessShortCode": 174379,
    "Password": "MTc0Mzc5YmZiMjc5ZjlhYTliZGJjZjE1OGU5N2RkNzFhNDY3Y2QyZTBjODkzMDU5YjEwZjc4ZTZiNzJhZGExZWQyYzkx"
    "OTIwMjEwNjI4MDkyNDA4",
    "Timestamp": "20210628092408",
    "TransactionType": "CustomerPayBillOnline",
    "Amount": "1",
    "PartyA": "254722000000",
    "PartyB": "174379",
    "PhoneNumber": "254722111111",
    "CallBackURL": "https://mydomain.com/path",
    "AccountReference": "accountref",
    "TransactionDesc": "txndesc",
}
"""The page's sample."""
QUERY: Json = {name: PUSH[name] for name in ("BusinessShortCode", "Password", "Timestamp")} | {
    "CheckoutRequestID": "ws_CO_260520211133524545"
}
_IDS = ("2654-4b64-97ff-b827b542881d3130", "ws_CO_1007202409152617172396192")
_PAID_AT: datetime = times.from_text("20191219102115")
_PAID = express_push.Paid(cents=100, receipt="NLJ7RT61SV", paid_at=_PAID_AT, payer="254708374149")


def paths() -> Json:
    """Both paths."""
    return {Api.EXPRESS.path: {"post": _push()}, Api.EXPRESS_QUERY.path: {"post": _query()}}


def schemas() -> Json:
    """What M-PESA Express alone has."""
    text: Json = {"type": "string"}
    ids = {"MerchantRequestID": text, "CheckoutRequestID": text}
    response = {"type": "string", "enum": [each.code for each in ResponseCode]}
    codes = [each.code for each in ResultCode]
    item = _object("Balance has no Value.", Name=text)
    item["properties"]["Value"] = {"type": ["string", "number"]}
    ended = _object(
        "How it ended; CallbackMetadata if it was paid.",
        **ids,
        ResultCode={"type": ["string", "integer"], "enum": [*codes, *map(int, filter(str.isdecimal, codes))]},
        ResultDesc=text,
    )
    answer = _object(
        "How the prompt ended, or 4999 while nobody has answered; with another ResponseCode than 0 neither.",
        **ids,
        ResponseCode=response,
        ResponseDescription=text,
    )
    answer["properties"] |= {"ResultCode": {"type": "string", "enum": codes}, "ResultDesc": text}
    ended["properties"]["CallbackMetadata"] = _object("", Item={"type": "array", "items": item})
    return {
        "ExpressQueryRequest": _request(express_query.TABLE),
        "ExpressAcknowledgement": _object(
            "Whether the request was taken. With ResponseCode 0 exactly one callback follows.",
            **ids,
            ResponseCode=response,
            ResponseDescription=text,
            CustomerMessage=text,
        ),
        "ExpressAnswer": answer,
        "ExpressCallback": _object("", Body=_object("", stkCallback=ended)),
    }


def _push() -> Json:
    taken = acknowledge(Api.EXPRESS, DOCUMENTED, originator_conversation_id=_IDS[0], conversation_id=_IDS[1])
    return {
        "tags": ["Payments"],
        "operationId": "promptCustomer",
        "summary": "Ask a customer for a payment, by a prompt on the phone",
        "description": "The body has at most 64 KiB. Password is base64 of BusinessShortCode, passkey and "
        "Timestamp. Whoever holds the phone has a minute to answer.",
        "security": [{"token": []}],
        "requestBody": body("ExpressRequest", {"sample": {"value": PUSH}}),
        "responses": {
            "200": {
                "description": "Taken, or declined by the core: ResponseCode says which.",
                "headers": REASON_HEADER,
                "content": content(
                    "ExpressAcknowledgement", {"accepted": {"value": msgspec.json.decode(taken)}}
                ),
            },
            **error_responses(Api.EXPRESS, OF_A_PROMPT),
        },
        "callbacks": {"ended": {"{$request.body#/CallBackURL}": _ended()}},
    }


def _ended() -> Json:
    codes = {"paid": ResultCode.SUCCESS, "cancelled": ResultCode.PROMPT_CANCELLED}
    shown = {
        name: {
            "value": msgspec.json.decode(
                express_push.callback(*_IDS, code, _PAID if name == "paid" else None, DOCUMENTED)
            )
        }
        for name, code in codes.items()
    }
    return {
        "post": {
            "summary": "How it ended",
            "description": "Sent once. An attempt that fails is recorded and not repeated.",
            "requestBody": body("ExpressCallback", shown),
            "responses": {
                "2XX": {"description": "Delivered, whatever the body says."},
                "default": {"description": "Not delivered; redirects are not followed."},
            },
        }
    }


def _query() -> Json:
    answered = express_query.answer(*_IDS, ResultCode.SUCCESS, DOCUMENTED)
    return {
        "tags": ["Queries"],
        "operationId": "queryPrompt",
        "summary": "Ask what became of a prompt",
        "description": "The body has at most 64 KiB. Answered at once; nothing follows.",
        "security": [{"token": []}],
        "requestBody": body("ExpressQueryRequest", {"sample": {"value": QUERY}}),
        "responses": {
            "200": {
                "description": "How it ended, or that it has not.",
                "headers": REASON_HEADER,
                "content": content("ExpressAnswer", {"paid": {"value": msgspec.json.decode(answered)}}),
            },
            **error_responses(Api.EXPRESS_QUERY, OF_A_PROMPT_QUERY),
        },
    }
