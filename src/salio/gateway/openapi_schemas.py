"""The bodies of the public API as JSON Schema, made from the wire's own tables."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from salio.gateway.routes import QUESTIONS
from salio.wire import (
    b2b_payment,
    b2c_payment,
    c2b_register,
    c2b_simulate,
    express_push,
    fields,
    reversal,
    transaction_status,
)
from salio.wire.acknowledgements import ResponseCode
from salio.wire.apis import Api
from salio.wire.fields import Field, Form, Table
from salio.wire.profile import PROFILES, Page, Profile
from salio.wire.result_codes import ResultCode
from salio.wire.urls import LENGTH_LIMIT

Json = dict[str, Any]

RESULT_NAMES: Mapping[Api, str] = {
    Api.ACCOUNT_BALANCE: "AccountBalanceResult",
    Api.TRANSACTION_STATUS: "TransactionStatusResult",
    Api.B2C: "B2CPaymentResult",
    Api.B2B: "B2BPaymentResult",
    Api.TAX_REMITTANCE: "TaxRemittanceResult",
    Api.REVERSAL: "ReversalResult",
}

_NOTICE = (
    "TransactionType",
    "TransID",
    "TransTime",
    "TransAmount",
    "BusinessShortCode",
    "BillRefNumber",
    "InvoiceNumber",
    "OrgAccountBalance",
    "ThirdPartyTransID",
    "MSISDN",
    "FirstName",
    "MiddleName",
    "LastName",
)
_TEXT_OF_100: Json = {"type": "string", "maxLength": 100, "pattern": r"^[^\u0000]*$"}
_FORMS: Mapping[Form, Json] = {
    fields.command: {"type": "string", "maxLength": 64},
    fields.party: {
        "type": ["string", "integer"],
        "pattern": "^[1-9][0-9]{4,11}$",
        "minimum": 10_000,
        "maximum": 999_999_999_999,
    },
    fields.short_code: {
        "type": ["string", "integer"],
        "pattern": "^[1-9][0-9]{4,8}$",
        "minimum": 10_000,
        "maximum": 999_999_999,
    },
    fields.msisdn: {
        "type": ["string", "integer"],
        "pattern": "^254[0-9]{9}$",
        "minimum": 254_000_000_000,
        "maximum": 254_999_999_999,
    },
    fields.amount: {
        "type": ["string", "number"],
        "pattern": r"^(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?$",
        "exclusiveMinimum": 0,
        "maximum": fields.LARGEST_AMOUNT // 100,
    },
    fields.whole_amount: {
        "type": ["string", "number"],
        "pattern": r"^[1-9][0-9]{0,12}(\.00?)?$",
        "exclusiveMinimum": 0,
        "maximum": fields.LARGEST_AMOUNT // 100,
    },
    c2b_simulate.BILL_REFERENCE.form: {**_TEXT_OF_100, "maxLength": 20},
    c2b_register.response_type: {
        "type": "string",
        "enum": [c2b_register.COMPLETED, c2b_register.CANCELLED],
    },
    c2b_register.url: {
        "type": "string",
        "format": "uri",
        "maxLength": LENGTH_LIMIT,
        "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s#\\]+$",
    },
    fields.identifier_type: {"type": ["string", "integer"], "enum": ["1", "2", "4", 1, 2, 4]},
    fields.REMARKS.form: _TEXT_OF_100,
    transaction_status.OCCASION.form: _TEXT_OF_100,
    b2c_payment.REMARKS.form: {**_TEXT_OF_100, "minLength": 2},
    b2c_payment.OCCASION.form: _TEXT_OF_100,
    b2b_payment.ACCOUNT_REFERENCE.form: {**_TEXT_OF_100, "maxLength": 13},
    b2b_payment.short_code_type: {"type": ["string", "integer"], "enum": ["4", 4]},
    b2b_payment.receiver_type: {"type": ["string", "integer"], "enum": ["2", "4", 2, 4]},
    reversal.RECEIVER_IDENTIFIER_TYPE.form: {"type": ["string", "integer"], "enum": ["11", 11]},
    reversal.REMARKS.form: {**_TEXT_OF_100, "minLength": 2},
    reversal.OCCASION.form: _TEXT_OF_100,
    express_push.timestamp: {
        "type": ["string", "integer"],
        "pattern": "^[0-9]{14}$",
        "minimum": 10_000_101_000_000,
        "maximum": 99_991_231_235_959,
    },
    express_push.password: {"type": "string", "pattern": "^[A-Za-z0-9+/]+={0,2}$"},
    express_push.transaction_type: {"type": "string", "enum": list(Api.EXPRESS.commands)},
    express_push.ACCOUNT_REFERENCE.form: {**_TEXT_OF_100, "maxLength": 12},
    express_push.DESCRIPTION.form: {**_TEXT_OF_100, "maxLength": 13},
    fields.initiator: {
        "type": "string",
        "maxLength": 64,
        "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$",
    },
    fields.security_credential: {
        "type": "string",
        "contentEncoding": "base64",
        "pattern": "^[A-Za-z0-9+/]+={0,2}$",
    },
    fields.url: {
        "type": "string",
        "format": "uri",
        "maxLength": LENGTH_LIMIT,
        "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s#\\]+$",
    },
    fields.identifier: {"type": "string", "maxLength": 64, "pattern": "^[!-~]*$"},
}
"""What a form accepts, as far as a schema can say it; a form without a row here stops the document."""


def ref(name: str) -> Json:
    """A reference to one of the schemas below."""
    return {"$ref": f"#/components/schemas/{name}"}


def body(schema: str, shown: Json) -> Json:
    """A body that has to be there, with examples."""
    return {"required": True, "content": content(schema, shown)}


def content(schema: str, shown: Json) -> Json:
    """JSON of that schema, with examples."""
    return {"application/json": {"schema": ref(schema), "examples": shown}}


def schemas() -> Json:
    """Every named schema."""
    named: Json = {each.schema: request(each.table) for each in QUESTIONS}
    named["Grant"] = object_of(
        "A token. It lives for an hour.",
        access_token={"type": "string", "description": "What the Authorization header of a query carries."},
        expires_in={"type": "string", "description": "Seconds, as text.", "pattern": "^[0-9]+$"},
    )
    named["Acknowledgement"] = acknowledgement()
    named["Error"] = object_of(
        "Why a request was refused; nothing of it is kept and nothing follows.",
        requestId={"type": "string", "description": "The id of the refused request."},
        errorCode={"type": "string"},
        errorMessage={"type": "string"},
    )
    named["Fault"] = object_of(
        "What the profile `observed` sends instead of an Error when the spike arrest strikes.",
        fault=object_of(
            "", faultstring={"type": "string"}, detail=object_of("", errorcode={"type": "string"})
        ),
    )
    named |= {name: result(api) for api, name in RESULT_NAMES.items()}
    named |= c2b_schemas()
    named["TimeoutNotice"] = timeout_notice()
    named["ReceivedCallbacks"] = received_callbacks()
    return named


def c2b_schemas() -> Json:
    """What C2B alone has."""
    text = {"type": "string"}
    return {
        "C2BRegisterRequest": request(c2b_register.TABLE),
        "C2BAcknowledgement": {
            "type": "object",
            "description": "Members as C2B spells them; a simulation's in the profile `observed` has a "
            "ConversationID too.",
            "required": ["OriginatorCoversationID", "ResponseCode", "ResponseDescription"],
            "properties": {
                "ConversationID": text,
                "OriginatorCoversationID": text,
                "ResponseCode": {"type": "string", "enum": [each.code for each in ResponseCode]},
                "ResponseDescription": text,
            },
        },
        "Verdict": {
            "type": "object",
            "description": "An organization's word on a payment.",
            "required": ["ResultCode"],
            "properties": {
                "ResultCode": {"type": ["string", "integer"]},
                "ResultDesc": text,
                "ThirdPartyTransID": {"type": ["string", "integer"]},
            },
        },
        "CustomerPayment": {
            "type": "object",
            "description": "A payment, to be validated or confirmed. All members are text; the profile "
            "`observed` leaves out the names that a customer has not.",
            "required": [name for name in _NOTICE if name not in ("MiddleName", "LastName")],
            "properties": dict.fromkeys(_NOTICE, text),
        },
    }


# --- requests --------------------------------------------------------------------------------------------


def request(rows: Table) -> Json:
    """The body of one API's request."""
    schema: Json = {
        "type": "object",
        "description": "Members that are not listed are ignored. A member must not occur twice.",
        "required": [field.name for field in rows.fields if field.required and not field.unless],
        "properties": dict(_properties(rows)),
    }
    alternatives = [field for field in rows.fields if field.unless]
    if alternatives:
        names = [(field.name, field.unless) for field in alternatives]
        schema["allOf"] = [{"anyOf": [{"required": [name]} for name in pair]} for pair in names]
    return schema


def _properties(rows: Table) -> Iterator[tuple[str, Json]]:
    for field in rows.fields:
        schema = _accepted(field, rows.api)
        yield field.name, schema
        if field.also:
            yield field.also, _other(field, schema, "")
        if field.spaced:
            yield field.spaced, _other(field, schema, "; the profile `observed` refuses it")


def _accepted(field: Field, api: Api) -> Json:
    schema = {"description": f"{field.meaning} ({field.kind})", **_FORMS[field.form]}
    if field.form is fields.command:
        schema["examples"] = list(api.commands)
    if field.required and not field.unless:
        return ({"minLength": 1} if schema["type"] == "string" else {}) | schema
    schema["description"] += " Null or an empty text counts as absent."
    if not re.search(schema.get("pattern", ""), ""):
        schema["pattern"] = f"^$|{schema['pattern']}"
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return schema | {"type": [*types, "null"]}


def _other(field: Field, schema: Json, note: str) -> Json:
    text = f"Another spelling, accepted in place of `{field.name}`{note}."
    return schema | {"description": text, "deprecated": True}


# --- answers ---------------------------------------------------------------------------------------------


def acknowledgement() -> Json:
    """The answer to a request that was well-formed."""
    codes = "\n".join(f"- `{each.code}` {each.wording}" for each in ResponseCode)
    return object_of(
        "Whether the request was taken. With ResponseCode 0 it is kept, and exactly one result or timeout "
        "notice follows; with any other code nothing is kept and nothing follows.",
        OriginatorConversationID={
            "type": "string",
            "description": "The request's id; the caller's own, if any.",
        },
        ConversationID={"type": "string", "description": "The id that M-PESA gave the request."},
        ResponseCode={
            "type": "string",
            "enum": [each.code for each in ResponseCode],
            "description": codes,
        },
        ResponseDescription={"type": "string"},
    )


def received_callbacks() -> Json:
    """What the built-in inbox lists."""
    return {
        "type": "array",
        "description": "Newest first.",
        "items": object_of(
            "",
            received_at={"type": "string", "format": "date-time"},
            body={"description": "The body, parsed if it is JSON, else as text."},
        ),
    }


# --- callbacks -------------------------------------------------------------------------------------------


def result(api: Api) -> Json:
    """The body that is posted to ResultURL."""
    keys = {key: None for profile in PROFILES.values() for key in _keys(api, profile)}
    return _result(
        "How the request ended. Numbers and texts, and their order, depend on the app's wire profile.",
        list(ResultCode),
        ResultParameters=object_of(
            "Absent from most failures.",
            ResultParameter={"oneOf": [{"type": "array", "items": _parameter(*keys)}, _parameter(*keys)]},
        ),
    )


def _pages() -> Iterator[Page]:
    for profile in PROFILES.values():
        yield from profile.pages.values()


def _keys(api: Api, profile: Profile) -> tuple[str, ...]:
    page = profile.pages[api]
    return (*page.success_keys, *page.failed_keys, *page.failed_keys_naming_fields)


def timeout_notice() -> Json:
    """The body that is posted to QueueTimeOutURL."""
    return _result(
        "The request waited too long and no result will follow: what became of it is unknown. "
        "Safaricom documents no body for this; this one is Salio's own ruling.",
        [ResultCode.INTERNAL_FAILURE],
    )


def _result(description: str, codes: list[ResultCode], **more: Json) -> Json:
    texts = [each.code for each in codes]
    numbers = [int(text) for text in texts if text.isdecimal()]
    wordings = "\n".join(f"- `{each.code}` {each.description}" for each in codes)
    item = _parameter(*dict.fromkeys(key for page in _pages() for key in page.reference_keys))
    reference = object_of("", ReferenceItem={"oneOf": [{"type": "array", "items": item}, item]})
    inner = object_of(
        "",
        ResultType={"type": ["string", "integer"], "enum": ["0", "1", 0, 1]},
        ResultCode={"type": ["string", "integer"], "enum": [*texts, *numbers], "description": wordings},
        ResultDesc={"type": "string"},
        OriginatorConversationID={"type": "string"},
        ConversationID={"type": "string"},
        TransactionID={
            "type": "string",
            "description": "A query's own, never the receipt asked about; of a payment its receipt.",
        },
        ReferenceData=reference,
    )
    inner["properties"] |= more
    return object_of(description, Result=inner)


def _parameter(*keys: str) -> Json:
    schema = object_of("", Key={"type": "string", "enum": list(keys)})
    schema["properties"]["Value"] = {
        "type": ["string", "number"],
        "description": "Absent where there is nothing to say.",
    }
    return schema


def object_of(description: str, **properties: Json) -> Json:
    """An object, all of whose properties have to be there."""
    head: Json = {"type": "object", "description": description} if description else {"type": "object"}
    return head | {"required": list(properties), "properties": properties}
