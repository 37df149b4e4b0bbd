"""Every refusal that an endpoint can give, by HTTP status, in both wire profiles."""

from collections.abc import Iterator, Mapping

import msgspec

from salio.gateway.oauth import GUESS_RATE
from salio.gateway.openapi_schemas import Json, ref
from salio.wire.apis import Api
from salio.wire.profile import PROFILES
from salio.wire.reason import LIMIT, REASON
from salio.wire.refusals import HttpAnswer, Refusal, answer, message_rate

OF_A_GRANT = (
    Refusal.OAUTH_AUTHENTICATION_INVALID,
    Refusal.OAUTH_CREDENTIALS_WRONG,
    Refusal.OAUTH_GRANT_INVALID,
    Refusal.METHOD_NOT_ALLOWED,
    Refusal.PAYLOAD_INVALID,
    Refusal.SPIKE_ARREST,
    Refusal.QUOTA_EXCEEDED,
    Refusal.MAINTENANCE,
    Refusal.INTERNAL_ERROR,
)
"""Quota and maintenance only where a sandbox is told to refuse tokens so."""
_OF_MERCHANTS = (Refusal.MERCHANT_UNKNOWN, Refusal.MERCHANT_CREDENTIALS_WRONG)
_OF_PROMPTS = (*_OF_MERCHANTS, Refusal.SUBSCRIBER_LOCKED, Refusal.CHECKOUT_UNKNOWN)
_NOT_OF_ALL = (*_OF_PROMPTS, Refusal.URLS_REGISTERED)
OF_A_QUERY = tuple(each for each in Refusal if not each.name.startswith("OAUTH_") and each not in _NOT_OF_ALL)
OF_A_REGISTRATION = (*OF_A_QUERY, Refusal.URLS_REGISTERED)
OF_A_PROMPT = (*OF_A_QUERY, *_OF_MERCHANTS, Refusal.SUBSCRIBER_LOCKED)
OF_A_PROMPT_QUERY = (*OF_A_QUERY, *_OF_MERCHANTS, Refusal.CHECKOUT_UNKNOWN)

REASON_HEADER: Json = {REASON: {"$ref": "#/components/headers/Reason"}}
"""Of every answer that refuses."""

_REQUEST_ID = "37412-5258779-3"
_DETAILS: Mapping[Refusal, str] = {
    Refusal.FIELD_INVALID: "PartyA",
    Refusal.METHOD_NOT_ALLOWED: "PUT",
    Refusal.SPIKE_ARREST: message_rate(25, 1_000_000, 25),
}


def error_responses(api: Api | None, refusals: tuple[Refusal, ...]) -> dict[str, Json]:
    """The responses of one endpoint, by status."""
    answers = dict(_answers(api, refusals))
    statuses = sorted({each.status for each in answers.values()})
    return {str(status): _response(status, answers) for status in statuses}


def reason() -> Json:
    """The header of our own, which Daraja does not have."""
    return {
        "description": "The cause in words, for whoever reads along; programs decide by the codes. A sandbox "
        "sends it, production never does.",
        "schema": {"type": "string", "maxLength": LIMIT, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    }


def unknown_path() -> Json:
    """What any path that nothing answers on gives."""
    return error_responses(None, (Refusal.PATH_UNKNOWN,))["404"]


def unread() -> Json:
    """What any path gives to what is no HTTP."""
    return error_responses(None, (Refusal.PAYLOAD_INVALID,))["400"]


def other_method() -> Json:
    """What every page gives to a method that it does not have."""
    return error_responses(None, (Refusal.METHOD_NOT_ALLOWED,))["405"]


def _answers(api: Api | None, refusals: tuple[Refusal, ...]) -> Iterator[tuple[str, HttpAnswer]]:
    """Each answer by the refusal's name; a second time where a profile differs from the first."""
    for refusal in refusals:
        seen: list[HttpAnswer] = []
        for profile in PROFILES.values():
            given = answer(
                refusal,
                api=api,
                profile=profile,
                request_id=_REQUEST_ID,
                detail=_detail(refusal, api),
            )
            if given in seen:
                continue
            yield (f"{refusal.name} ({profile.name})" if seen else refusal.name), given
            seen.append(given)


def _detail(refusal: Refusal, api: Api | None) -> str:
    if refusal is Refusal.SPIKE_ARREST and api is None:  # outside of both, only tokens have a limit
        return GUESS_RATE
    return _DETAILS.get(refusal, "")


def _response(status: int, answers: Mapping[str, HttpAnswer]) -> Json:
    here = {name: each for name, each in answers.items() if each.status == status}
    told = {name: msgspec.json.decode(each.body) for name, each in here.items() if each.body}
    codes = sorted({body["errorCode"] for body in told.values() if "errorCode" in body})
    coded = {"allOf": [ref("Error"), {"properties": {"errorCode": {"enum": codes}}}]}
    lines = [f"- `{each.code}` {_words(name)}" for name, each in here.items()]
    return {
        "description": "\n".join(lines),
        "headers": REASON_HEADER,
        "content": {
            "application/json": {
                "schema": coded if codes else ref("Fault"),
                "examples": {_key(name): {"value": body} for name, body in told.items()},
            }
        },
    }


def _words(name: str) -> str:
    """`TOKEN_INVALID` as a person says it."""
    refusal, _, profile = name.partition(" ")
    words = refusal.replace("_", " ").lower().replace("oauth ", "")
    return f"{words} in the profile `{profile.strip('()')}`" if profile else words


def _key(name: str) -> str:
    return name.lower().replace(" (", "_").replace(")", "")
