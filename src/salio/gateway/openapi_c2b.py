"""C2B in the OpenAPI document: what has no result, but whom it tells was registered before."""

from datetime import datetime

import msgspec

from salio.gateway.openapi_errors import OF_A_QUERY, OF_A_REGISTRATION, REASON_HEADER, error_responses
from salio.gateway.openapi_schemas import Json, body, content
from salio.gateway.routes import QUESTIONS, Question
from salio.wire import c2b_notice, times
from salio.wire.acknowledgements import acknowledge
from salio.wire.apis import Api
from salio.wire.profile import DOCUMENTED

_PAID: datetime = times.from_text("20231121121325")
_NOTICE = c2b_notice.Notice(
    transaction_type="Pay Bill",
    receipt="RKL51ZDR4F",
    paid_at=_PAID,
    cents=500,
    short_code="600966",
    bill_reference="Sample Transaction",
    balance=2_500,
    third_party_id=None,
    msisdn="254700000126",
    masked=True,
    name="NICHOLAS",
)
_OWN_ID = "53e3-4aa8-9fe0-8fb5e4092cdd3405976"

_ACCEPTED: Json = {"ResultCode": "0", "ResultDesc": "Accepted"}

SIMULATION: Json = {
    "ShortCode": 600984,
    "CommandID": "CustomerPayBillOnline",
    "Amount": 1,
    "Msisdn": 254708374149,
    "BillRefNumber": "Test Ref",
}
REGISTRATION: Json = {
    "ShortCode": "600984",
    "ResponseType": "Completed",
    "ConfirmationURL": "https://mydomain.com/confirmation",
    "ValidationURL": "https://mydomain.com/validation",
}


def paths() -> Json:
    """The four paths."""
    simulations = {each.path: _simulation(each) for each in QUESTIONS if each.api is Api.C2B}
    names = ("registerUrls", "registerUrlsV1")
    registrations = zip(Api.C2B_REGISTER.paths, names, strict=True)
    return simulations | {path: _registration(path, name) for path, name in registrations}


def _simulation(question: Question) -> Json:
    return {
        "post": {
            "tags": ["Payments"],
            "operationId": question.operation,
            "summary": "Have a customer pay a paybill or a till; a sandbox's alone",
            "description": "The body has at most 64 KiB. No result follows: a payment that is made is told "
            "to the ConfirmationURL that the short code has registered, one that is not made to nobody.",
            "security": [{"token": []}],
            "requestBody": body(question.schema, {"sample": {"value": SIMULATION}}),
            "responses": _answers(Api.C2B),
        }
    }


def _registration(path: str, name: str) -> Json:
    return {
        "post": {
            "tags": ["Payments"],
            "operationId": name,
            "summary": "Register where a short code's payments are validated and confirmed",
            "description": "The body has at most 64 KiB. What was registered before is replaced.",
            "security": [{"token": []}],
            "requestBody": body("C2BRegisterRequest", {"sample": {"value": REGISTRATION}}),
            "responses": _answers(Api.C2B_REGISTER, earlier=path != Api.C2B_REGISTER.path),
            "callbacks": {
                "validation": {"{$request.body#/ValidationURL}": _asked()},
                "confirmation": {"{$request.body#/ConfirmationURL}": _told()},
            },
        }
    }


def _answers(api: Api, *, earlier: bool = False) -> Json:
    ids = {"originator_conversation_id": _OWN_ID, "conversation_id": ""}
    taken = acknowledge(api, DOCUMENTED, **ids, earlier=earlier)
    shown = {"accepted": {"value": msgspec.json.decode(taken)}}
    return {
        "200": {
            "description": "Taken, or declined by the core: ResponseCode says which.",
            "headers": REASON_HEADER,
            "content": content("C2BAcknowledgement", shown),
        },
        **error_responses(api, OF_A_REGISTRATION if api is Api.C2B_REGISTER else OF_A_QUERY),
    }


def _asked() -> Json:
    question = msgspec.structs.replace(_NOTICE, balance=None)
    shown = {"payment": {"value": msgspec.json.decode(c2b_notice.body(question, DOCUMENTED))}}
    return {
        "post": {
            "summary": "Whether a payment is taken; asked where external validation is switched on",
            "description": "Answered within 8 seconds. Whatever is no answer leaves it to ResponseType.",
            "requestBody": body("CustomerPayment", shown),
            "responses": {
                "200": {
                    "description": "ResultCode 0 takes the payment, any other refuses it.",
                    "content": content("Verdict", {"accepted": {"value": _ACCEPTED}}),
                }
            },
        }
    }


def _told() -> Json:
    shown = {"payment": {"value": msgspec.json.decode(c2b_notice.body(_NOTICE, DOCUMENTED))}}
    return {
        "post": {
            "summary": "A payment was made",
            "description": "Sent once. An attempt that fails is recorded and not repeated.",
            "requestBody": body("CustomerPayment", shown),
            "responses": {
                "2XX": {"description": "Delivered, whatever the body says."},
                "default": {"description": "Not delivered; redirects are not followed."},
            },
        }
    }
