"""How a request ended, as the body that is posted to ResultURL or QueueTimeOutURL.

Here is what all APIs share; what the success of one tells is its own module's: `account_balance.result`.
Which member stands where, and what is text or number, is the profile's data.

Source: AB, Result body; TS and B2C, Callback payload; wire facts 2.5, 2.6 and 5.1; rulings, Two wire profiles
and Results.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

import msgspec

from salio.wire import times
from salio.wire.apis import Api
from salio.wire.profile import BILL_REFERENCE_NUMBER, DOCUMENTED, QUEUE_TIMEOUT_URL, Page, Profile
from salio.wire.result_codes import ResultCode

WITH_RESULT = tuple(api for api in Api if DOCUMENTED.pages[api].success_keys)
"""The APIs whose requests end with a result; of the others' nobody is told, or somebody else."""
TIMED_OUT = "The request waited too long in the queue and was not processed."
"""Our own wording: no page shows the body of a queue timeout, and none was ever captured."""

_encode = msgspec.json.Encoder().encode

Value = str | int | msgspec.Raw | None


class Parameter(msgspec.Struct, frozen=True, omit_defaults=True, rename="pascal"):
    """A key and its value; a parameter with nothing to say is sent without the member `Value`."""

    key: str
    value: Value = None


class ResultHead(msgspec.Struct, frozen=True):
    """The ids of the request that ended: those of its acknowledgement, and the query's own TransactionID."""

    originator_conversation_id: str
    conversation_id: str
    transaction_id: str
    """See `query_transaction_id`; never the receipt that was asked about. Of a payment its own receipt."""
    reference: Mapping[str, str | None] = {}
    """What of the request comes back in ReferenceData, by key; a key with nothing has no value."""


def success(head: ResultHead, api: Api, values: Mapping[str, Value], profile: Profile) -> bytes:
    """The result of a request that was done as asked; of the values those that the profile's page has."""
    page = profile.pages[api]
    parameters = _parameters(page.success_keys, values, page)
    return _envelope(head, api, profile, ResultCode.SUCCESS, page.success_text, parameters)


def failed_result(
    head: ResultHead,
    api: Api,
    code: ResultCode,
    profile: Profile,
    *,
    fields: Sequence[str] = (),
    completed_at: datetime,
) -> bytes:
    """The result of a request that the core refused. `fields` are the names that 24 and 25 tell.

    Raises:
        ValueError: the code is SUCCESS, or `completed_at` is naive where the profile sends it.
    """
    if code is ResultCode.SUCCESS:
        raise ValueError("success is no failure")
    page = profile.pages[api]
    ended = times.to_number(completed_at) if page.failed_as_observed else moment(completed_at, profile)
    values: dict[str, Value] = {
        "ActionType": api.command,
        "ErrorMsg": ", ".join(fields) if code.names_fields and fields else code.description,
        "BOCompletedTime": ended,
    }
    keys = page.failed_keys_naming_fields if code.names_fields else page.failed_keys
    return _envelope(head, api, profile, code, page.text(code), _parameters(keys, values, page))


def timeout_notice(head: ResultHead, api: Api, profile: Profile) -> bytes:
    """What QueueTimeOutURL is told: it waited too long, and no result will follow (rulings, Results)."""
    return _envelope(head, api, profile, ResultCode.INTERNAL_FAILURE, TIMED_OUT, [])


def _envelope(
    head: ResultHead,
    api: Api,
    profile: Profile,
    code: ResultCode,
    text: str,
    parameters: list[Parameter],
) -> bytes:
    page = profile.pages[api]
    members = _frame(page, code, text).copy()
    members["OriginatorConversationID"] = head.originator_conversation_id
    members["ConversationID"] = head.conversation_id
    members["TransactionID"] = head.transaction_id
    if parameters:
        lone = len(parameters) == 1 and (profile.lone_parameter_as_object or _as_observed(page, code))
        members["ResultParameters"] = {"ResultParameter": parameters[0] if lone else parameters}
    else:
        del members["ResultParameters"]
    if head.reference:
        members["ReferenceData"] = {"ReferenceItem": _reference(head.reference, page, code)}
    return _encode({"Result": members})


@lru_cache(maxsize=512)  # some thirty codes of two dozen pages
def _frame(page: Page, code: ResultCode, text: str) -> dict[str, object]:
    """The members in their order, with all that requests which end like this have in common."""
    as_text = page.codes_as_text and not _as_observed(page, code)
    said = {
        "ResultType": "0" if as_text else 0,
        "ResultCode": code.code if as_text or not code.code.isdecimal() else int(code.code),
        "ResultDesc": text,
        "ReferenceData": {"ReferenceItem": _reference({}, page, code)},
    }
    return {name: said.get(name) for name in page.result_order}


def _as_observed(page: Page, code: ResultCode) -> bool:
    return page.failed_as_observed and code is not ResultCode.SUCCESS


def _reference(told: Mapping[str, str | None], page: Page, code: ResultCode) -> Parameter | list[Parameter]:
    keys = page.reference_keys
    if code is not ResultCode.SUCCESS and page.failed_reference_keys is not None:
        keys = page.failed_reference_keys
    values = {**told, **({QUEUE_TIMEOUT_URL: page.internal_url} if page.internal_url else {})}
    said = [key for key in keys if values.get(key) or key != BILL_REFERENCE_NUMBER]
    items = [Parameter(key, values.get(key) or None) for key in said]
    return items[0] if len(items) == 1 else items


def _parameters(keys: Iterable[str], values: Mapping[str, Value], page: Page) -> list[Parameter]:
    nothing = "" if page.empty_values else None
    return [Parameter(key, values[key] or nothing) for key in keys if key in values]


def moment(at: datetime, profile: Profile) -> str | int:
    """A moment of a result: text or a number, as the profile has it. Raises ValueError if it is naive."""
    return times.to_number(at) if profile.times_as_numbers else times.to_text(at)
