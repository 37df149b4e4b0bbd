"""The public API as an OpenAPI 3.1 document; `docs/openapi.json` is what `make openapi` keeps of it."""

from collections.abc import Mapping

import msgspec

from salio.gateway import openapi_c2b, openapi_express
from salio.gateway import openapi_examples as examples
from salio.gateway.openapi_errors import (
    OF_A_GRANT,
    OF_A_QUERY,
    REASON_HEADER,
    error_responses,
    other_method,
    reason,
    unknown_path,
    unread,
)
from salio.gateway.openapi_schemas import RESULT_NAMES, Json, body, content, ref, schemas
from salio.gateway.routes import QUESTIONS, Question
from salio.wire.apis import OAUTH_PATH, Api
from salio.wire.reason import REASON

_ABOUT = """\
M-PESA's Daraja as its documentation describes it: a token, two queries, payments to customers, to
organizations, of taxes and of customers, reversals, and their callbacks.

A request is answered twice: at once with an acknowledgement, and later with a callback to its ResultURL (or,
if it waited too long, to its QueueTimeOutURL). Each app has a wire profile: `documented` says what the
documentation says, `observed` what Safaricom's servers were seen to send; where they differ, both are here.

On every path another method gets 405, but a page answers HEAD as it answers GET. A path that does not exist
gets 404 (the response PathUnknown, or that of the API whose prefix it has). What is no HTTP at all, or could
be read as two requests, gets 400 (the response Unread, or that of the API whose prefix it has)."""

_TITLES: Mapping[Api, str] = {
    Api.ACCOUNT_BALANCE: "Account balance",
    Api.TRANSACTION_STATUS: "Transaction status",
    Api.B2C: "Payment to a customer",
    Api.B2B: "Payment to an organization",
    Api.TAX_REMITTANCE: "Tax remittance",
    Api.REVERSAL: "Reversal of a customer's payment",
}
_SUMMARIES: Mapping[Api, str] = {
    Api.ACCOUNT_BALANCE: "Ask what an organization's accounts hold",
    Api.TRANSACTION_STATUS: "Ask what became of a transaction",
    Api.B2C: "Pay a customer out of a B2C short code's Utility account",
    Api.B2B: "Pay a bill, goods or a B2C account's top up out of Working; or move one's own money",
    Api.TAX_REMITTANCE: "Pay a tax to the Kenya Revenue Authority out of Working",
    Api.REVERSAL: "Put a customer's payment back, whole and once",
}
_TAGS: Mapping[Api, str] = {
    Api.B2C: "Payments",
    Api.B2B: "Payments",
    Api.TAX_REMITTANCE: "Payments",
    Api.REVERSAL: "Payments",
}
_WITH_RESULT = [each for each in QUESTIONS if each.api in RESULT_NAMES]


def document(version: str) -> bytes:
    """The document, the same bytes for the same version."""
    whole: Json = {
        "openapi": "3.1.0",
        "info": {
            "title": "Salio",
            "version": version,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "Where this document was fetched."}],
        "tags": [{"name": name} for name in ("Token", "Queries", "Payments", "Keys", "Inbox", "Operation")],
        "paths": {
            OAUTH_PATH: _oauth(),
            **{each.path: _query(each) for each in _WITH_RESULT},
            **openapi_c2b.paths(),
            **openapi_express.paths(),
            **_pages(),
        },
        "components": {
            "schemas": schemas() | openapi_express.schemas(),
            "responses": {"PathUnknown": unknown_path(), "Unread": unread()},
            "headers": {"Reason": reason()},
            "securitySchemes": {
                "consumer": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "The app's consumer key as user name, its consumer secret as password.",
                },
                "token": {"type": "http", "scheme": "bearer", "description": f"From {OAUTH_PATH}."},
            },
        },
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def _oauth() -> Json:
    grant_type = {
        "name": "grant_type",
        "in": "query",
        "required": True,
        "description": "Given exactly once.",
        "schema": {"type": "string", "enum": ["client_credentials"]},
    }
    granted = {
        "description": "A new token; earlier ones stay valid until they expire.",
        "content": {"application/json": {"schema": ref("Grant"), "example": examples.GRANT}},
    }
    return {
        "get": {
            "tags": ["Token"],
            "operationId": "generateToken",
            "summary": "Get an access token",
            "description": "In the profile `observed` a wrong key or secret gets 400 with an empty body. "
            "Wrong secrets for one key beyond 25 at once and one a second are refused as a spike; the right "
            "one is granted all the same.",
            "security": [{"consumer": []}],
            "parameters": [grant_type],
            "responses": {"200": granted, **error_responses(None, OF_A_GRANT)},
        }
    }


def _query(question: Question) -> Json:
    api = question.api
    return {
        "post": {
            "tags": [_TAGS.get(api, "Queries")],
            "operationId": question.operation,
            "summary": _SUMMARIES[api],
            "description": "The body has at most 64 KiB. The answer does not depend on the password in the "
            "SecurityCredential, on whose PartyA is or on what is asked about: that is decided later.",
            "security": [{"token": []}],
            "requestBody": body(question.schema, {"sample": {"value": examples.REQUESTS[api]}}),
            "responses": {
                "200": {
                    "description": "Taken, or declined by the core: ResponseCode says which.",
                    "headers": REASON_HEADER,
                    "content": content("Acknowledgement", examples.acknowledgements(api)),
                },
                **error_responses(api, OF_A_QUERY),
            },
            "callbacks": {
                "result": {"{$request.body#/ResultURL}": _callback(api, RESULT_NAMES[api])},
                "queueTimeout": {"{$request.body#/QueueTimeOutURL}": _callback(api, "TimeoutNotice")},
            },
        }
    }


def _callback(api: Api, schema: str) -> Json:
    in_time = schema != "TimeoutNotice"
    return {
        "post": {
            "summary": f"{_TITLES[api]}: {'the result' if in_time else 'no result will follow'}",
            "description": "Sent once. An attempt that fails is recorded and not repeated.",
            "parameters": [{"name": REASON, "in": "header", **reason()}],
            "requestBody": body(schema, examples.callbacks(api) if in_time else examples.timeout(api)),
            "responses": {
                "2XX": {"description": "Delivered, whatever the body says."},
                "default": {"description": "Not delivered; redirects are not followed."},
            },
        }
    }


# --- everything else -------------------------------------------------------------------------------------


def _pages() -> Json:
    pem, der, text = "application/x-pem-file", "application/pkix-cert", "text/plain"
    certificate = "The certificate to encrypt an initiator's password with"
    stopped = {"503": _text("Its store is out of reach: queries are refused.")}
    return {
        "/certificate.pem": _page("certificatePem", "Keys", f"{certificate}, as PEM", pem),
        "/certificate.cer": _page("certificateDer", "Keys", f"{certificate}, as X.509 in DER", der),
        "/public-key.pem": _page("publicKey", "Keys", "The certificate's public key alone, as PEM", pem),
        "/inbox/{name}": _inbox(),
        "/": _page("front", "Operation", "A page that says what this is and how to start", "text/html"),
        "/openapi.json": _page("openapi", "Operation", "This document", "application/json"),
        "/healthz": _page("healthz", "Operation", "Whether the platform runs", text),
        "/readyz": _page("readyz", "Operation", "Whether the platform takes requests", text, stopped),
        "/metrics": _page("metrics", "Operation", "What it has done, in Prometheus' text format", text),
    }


def _page(identifier: str, tag: str, summary: str, media_type: str, more: Json | None = None) -> Json:
    schema = {"type": "object"} if media_type == "application/json" else {"type": "string"}
    held = {} if media_type == "application/pkix-cert" else {"schema": schema}
    return {
        "get": {
            "tags": [tag],
            "operationId": identifier,
            "summary": summary,
            "security": [],
            "responses": {
                "200": {"description": summary, "content": {media_type: held}},
                **(more or {}),
                "405": other_method(),
                "500": _text("A fault of the platform's own."),
            },
        }
    }


def _inbox() -> Json:
    shown = {
        "text/html": {"schema": {"type": "string"}},
        "application/json": {"schema": ref("ReceivedCallbacks")},
    }
    wrong_name = {"404": _text("No inbox can have this name.")}
    taken = {
        "tags": ["Inbox"],
        "operationId": "postToInbox",
        "summary": "Take a callback; give this address as ResultURL or QueueTimeOutURL",
        "security": [],
        "requestBody": {"content": {"*/*": {}}, "description": "Anything, up to 64 KiB."},
        "responses": {
            "200": _receipt("Kept, durably.", 0, "Accepted"),
            **wrong_name,
            "413": _receipt("More than 64 KiB.", 1, "The body is larger than 64 KiB"),
            "503": _receipt("Not kept.", 1, "Not kept: the store is out of reach"),
            "405": other_method(),
            "500": _text("A fault of the platform's own."),
        },
    }
    page = _page(
        "showInbox", "Inbox", "The newest callbacks, for people or as JSON", "text/html", wrong_name
    )["get"]
    page["responses"]["200"]["content"] = shown
    page["parameters"] = [
        {
            "name": "format",
            "in": "query",
            "description": "Without it, the Accept header decides.",
            "schema": {"type": "string", "enum": ["json", "html"]},
        }
    ]
    name = {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"}
    return {
        "parameters": [{"name": "name", "in": "path", "required": True, "schema": name}],
        "get": page,
        "post": taken,
    }


def _receipt(description: str, code: int, text: str) -> Json:
    example = {"ResultCode": code, "ResultDesc": text}
    return {"description": description, "content": {"application/json": {"example": example}}}


def _text(description: str) -> Json:
    return {"description": description, "content": {"text/plain": {"schema": {"type": "string"}}}}
