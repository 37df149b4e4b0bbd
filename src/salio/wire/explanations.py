"""Every code with what it means: where it stands, its wordings, when this platform sends it, what to do.

Codes and wordings are those of `refusals`, `acknowledgements` and `result_codes`, asked for in each profile;
the sentences are those of `meanings_of_refusals` and `meanings_of_codes`.

Source: AB, Response Error Codes, Error Codes; TS, Error Codes, Response codes, Result codes; rulings.
"""

import difflib
import enum
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from salio.wire.acknowledgements import ResponseCode
from salio.wire.apis import Api
from salio.wire.meanings_of_codes import OF_RESPONSE_CODES, OF_RESULT_CODES, SAMPLE_RESPONSE_CODES
from salio.wire.meanings_of_refusals import OF_REFUSALS, Meaning
from salio.wire.profile import PROFILES, Profile
from salio.wire.refusals import Refusal, answer, message_rate
from salio.wire.result_codes import ResultCode

SPELT_OTHERWISE: Mapping[str, str] = {
    "00.002.1001": "500.002.1001",  # AB, Error Codes, prints it without its first digit
    "429": "policies.ratelimit.SpikeArrestViolation",  # whose body has no errorCode that one could look up
}
"""Codes that people find written in another way than they travel."""

_DOORS: Mapping[str, Api | None] = {
    "Account Balance": Api.ACCOUNT_BALANCE,
    "Transaction Status": Api.TRANSACTION_STATUS,
    "B2C": Api.B2C,
    "B2B": Api.B2B,
    "Tax Remittance": Api.TAX_REMITTANCE,
    "Reversal": Api.REVERSAL,
    "M-PESA Express": Api.EXPRESS,
    "M-PESA Express query": Api.EXPRESS_QUERY,
    "C2B": Api.C2B,
    "C2B register": Api.C2B_REGISTER,
    "token endpoint": None,
    "other paths": None,
}
_TOKEN, _OTHER = [where for where, api in _DOORS.items() if api is None]
_NAMES: Mapping[Api, str] = {api: where for where, api in _DOORS.items() if api is not None}
_APIS = tuple(_NAMES.values())
_PROMPT, _PROMPT_QUERY = _NAMES[Api.EXPRESS], _NAMES[Api.EXPRESS_QUERY]
_WHERE: Mapping[Refusal, tuple[str, ...]] = {
    Refusal.PATH_UNKNOWN: (*_APIS, _OTHER),
    Refusal.METHOD_NOT_ALLOWED: (*_APIS, _TOKEN, _OTHER),
    Refusal.PAYLOAD_INVALID: (*_APIS, _TOKEN, _OTHER),
    Refusal.INTERNAL_ERROR: (*_APIS, _TOKEN),
    Refusal.SPIKE_ARREST: (*_APIS, _TOKEN),
    Refusal.QUOTA_EXCEEDED: (*_APIS, _TOKEN),
    Refusal.MAINTENANCE: (*_APIS, _TOKEN),
    Refusal.MERCHANT_UNKNOWN: (_PROMPT, _PROMPT_QUERY),
    Refusal.MERCHANT_CREDENTIALS_WRONG: (_PROMPT, _PROMPT_QUERY),
    Refusal.SUBSCRIBER_LOCKED: (_PROMPT,),
    Refusal.CHECKOUT_UNKNOWN: (_PROMPT_QUERY,),
    Refusal.URLS_REGISTERED: (_NAMES[Api.C2B_REGISTER],),
    Refusal.OAUTH_AUTHENTICATION_INVALID: (_TOKEN,),
    Refusal.OAUTH_CREDENTIALS_WRONG: (_TOKEN,),
    Refusal.OAUTH_GRANT_INVALID: (_TOKEN,),
}
"""Where a refusal can happen that cannot happen on every API, or on more than the APIs."""
_DETAILS: Mapping[Refusal, str] = {
    Refusal.FIELD_INVALID: "NAME",
    Refusal.METHOD_NOT_ALLOWED: "METHOD",
    Refusal.SPIKE_ARREST: message_rate(25, 1_000_000, 25),
}
_PROMPTED = frozenset(
    {
        ResultCode.BALANCE_INSUFFICIENT,
        ResultCode.AMOUNT_TOO_SMALL,
        ResultCode.AMOUNT_TOO_LARGE,
        ResultCode.DAY_LIMIT_EXCEEDED,
        ResultCode.BALANCE_LIMIT_EXCEEDED,
        ResultCode.PRODUCT_NOT_ASSIGNED,
        ResultCode.OPERATOR_UNKNOWN,
        ResultCode.RULE_LIMITED,
        ResultCode.SUBSCRIBER_LOCKED,
        ResultCode.TRANSACTION_EXPIRED,
        ResultCode.PUSH_FAILED,
        ResultCode.PROMPT_CANCELLED,
        ResultCode.PHONE_UNREACHABLE,
    }
)
OWN_CODES: Mapping[Api, frozenset[ResultCode]] = {
    Api.ACCOUNT_BALANCE: frozenset(),
    Api.TRANSACTION_STATUS: frozenset({ResultCode.PARAMETERS_INVALID, ResultCode.RECEIPT_UNKNOWN}),
    Api.B2C: frozenset(
        {
            ResultCode.BALANCE_INSUFFICIENT,
            ResultCode.AMOUNT_TOO_SMALL,
            ResultCode.AMOUNT_TOO_LARGE,
            ResultCode.DAY_LIMIT_EXCEEDED,
            ResultCode.BALANCE_LIMIT_EXCEEDED,
            ResultCode.DEBIT_PARTY_INVALID,
            ResultCode.ACCOUNT_STATUS_INVALID,
            ResultCode.PRODUCT_NOT_ASSIGNED,
            ResultCode.CUSTOMER_TYPE_UNSUPPORTED,
            ResultCode.OPERATOR_UNKNOWN,
        }
    ),
    Api.B2B: frozenset(
        {
            ResultCode.BALANCE_INSUFFICIENT,
            ResultCode.BALANCE_LIMIT_EXCEEDED,
            ResultCode.PRODUCT_NOT_ASSIGNED,
            ResultCode.OPERATOR_UNKNOWN,
        }
    ),
    Api.TAX_REMITTANCE: frozenset(
        {
            ResultCode.BALANCE_INSUFFICIENT,
            ResultCode.BALANCE_LIMIT_EXCEEDED,
            ResultCode.OPERATOR_UNKNOWN,
        }
    ),
    Api.EXPRESS: _PROMPTED,
    Api.EXPRESS_QUERY: _PROMPTED | {ResultCode.STILL_UNDER_PROCESSING},
    Api.REVERSAL: frozenset(
        {
            ResultCode.BALANCE_INSUFFICIENT,
            ResultCode.DEBIT_PARTY_INVALID,
            ResultCode.ACCOUNT_STATUS_INVALID,
            ResultCode.PRODUCT_NOT_ASSIGNED,
            ResultCode.PARAMETERS_INVALID,
            ResultCode.ALREADY_REVERSED,
            ResultCode.ORIGINAL_INVALID,
        }
    ),
}
"""Results that not all APIs have, besides those of a refused initiator."""
_CODES_OF_SOME = frozenset().union(
    *OWN_CODES.values(),
    *(page.initiator_codes.values() for profile in PROFILES.values() for page in profile.pages.values()),
)
_GUESSES = message_rate(1, 1_000_000, 25)
"""The rate that the token endpoint names: of wrong secrets, for it has no other."""


class Place(enum.Enum):
    """Where a code stands. Its value is the member that carries it."""

    ERROR_CODE = "errorCode"
    """Of an HTTP answer: the request was refused."""

    FAULT = "fault.detail.errorcode"
    """Of an HTTP answer with a `fault` body (profile `observed`): refused as well."""

    RESPONSE_CODE = "ResponseCode"
    """Of an acknowledgement, HTTP 200: whether the core takes the request."""

    RESULT_CODE = "ResultCode"
    """Of a result at ResultURL, or of a notice at QueueTimeOutURL: how the request ended."""

    @property
    def words(self) -> str:
        """The member and the message that it is part of."""
        match self:
            case Place.ERROR_CODE:
                return f"{self.value} of an HTTP answer"
            case Place.FAULT:
                return f"{self.value} of an answer"
            case Place.RESPONSE_CODE:
                return f"{self.value} of an acknowledgement"
            case Place.RESULT_CODE:
                return f"{self.value} of a result"


class Form(msgspec.Struct, frozen=True):
    """One wording of a code, and who says it so."""

    text: str
    """As it travels, with NAME or METHOD in the place of a detail; empty for an answer without a body."""
    http_status: int | None
    """None for a result, which is a request of the platform's own."""
    where: tuple[str, ...]
    profiles: tuple[str, ...]


class Explanation(msgspec.Struct, frozen=True):
    """One meaning of one code at one place; a code can have several."""

    code: str
    place: Place
    forms: tuple[Form, ...]
    """Empty for a code that the pages mention and this platform has no words for."""
    meaning: str
    when: str
    remedy: str


class _Sight(msgspec.Struct, frozen=True):
    """A code as one door, or one API's result, says it in one profile."""

    code: str
    place: Place
    text: str
    http_status: int | None
    where: str
    profile: str


def explanations() -> tuple[Explanation, ...]:
    """All of them: refusals, then acknowledgements, then results, each in the order of its enum."""
    found: list[Explanation] = []
    for refusal in Refusal:
        found += _explained(_sights_of_refusal(refusal), OF_REFUSALS[refusal])
    for response in ResponseCode:
        found += _explained(_sights_of_response(response), OF_RESPONSE_CODES[response])
    found += [_unsent(code, Place.RESPONSE_CODE, meaning) for code, meaning in SAMPLE_RESPONSE_CODES.items()]
    for result in ResultCode:
        found += _explained(_sights_of_result(result), OF_RESULT_CODES[result])
    return tuple(found)


def explain(code: str) -> tuple[Explanation, ...]:
    """Everything that a code means, in the order of its journey; empty for a code that nobody knows.

    Capitals and spaces around it do not matter.
    """
    asked = _folded(SPELT_OTHERWISE.get(code.strip(), code))
    return tuple(each for each in explanations() if _folded(each.code) == asked)


def nearest(code: str) -> list[str]:
    """Up to three known codes that look most like this one, best first; empty if none is near."""
    known = {_folded(each): each for each in [*SPELT_OTHERWISE, *(each.code for each in explanations())]}
    return [known[each] for each in difflib.get_close_matches(_folded(code), known, n=3, cutoff=0.5)]


def _folded(code: str) -> str:
    return code.strip().casefold()


def _unsent(code: str, place: Place, meaning: Meaning) -> Explanation:
    return Explanation(code, place, (), meaning.meaning, meaning.when, meaning.remedy)


def _explained(sights: Iterable[_Sight], meaning: Meaning) -> list[Explanation]:
    """One explanation for each code and place among the sights."""
    grouped: dict[tuple[str, Place], list[_Sight]] = {}
    for each in sights:
        grouped.setdefault((each.code, each.place), []).append(each)
    return [
        Explanation(code, place, _forms(group), meaning.meaning, meaning.when, meaning.remedy)
        for (code, place), group in grouped.items()
    ]


def _forms(sights: Iterable[_Sight]) -> tuple[Form, ...]:
    """The sights of one code, put together where they say the same in the same profiles."""
    profiles: dict[tuple[str, int | None, str], list[str]] = {}
    for each in sights:
        profiles.setdefault((each.text, each.http_status, each.where), []).append(each.profile)
    alike: dict[tuple[str, int | None, tuple[str, ...]], list[str]] = {}
    for (text, status, where), names in profiles.items():
        alike.setdefault((text, status, tuple(names)), []).append(where)
    return tuple(Form(text, status, tuple(where), names) for (text, status, names), where in alike.items())


def _sights_of_refusal(refusal: Refusal) -> Iterator[_Sight]:
    for where in _doors_of(refusal):
        for profile in PROFILES.values():
            detail = _detail(refusal, where)
            said = answer(refusal, api=_DOORS[where], profile=profile, request_id="", detail=detail)
            body = msgspec.json.decode(said.body or b'{"errorMessage": ""}', type=dict)
            fault = body.get("fault")
            place = Place.ERROR_CODE if fault is None else Place.FAULT
            text = body["errorMessage"] if fault is None else fault["faultstring"]
            yield _Sight(said.code, place, text, said.status, where, profile.name)


def _detail(refusal: Refusal, where: str) -> str:
    at_tokens = refusal is Refusal.SPIKE_ARREST and where == _TOKEN
    return _GUESSES if at_tokens else _DETAILS.get(refusal, "")


def _doors_of(refusal: Refusal) -> tuple[str, ...]:
    """Where a refusal can happen."""
    return _WHERE.get(refusal, _APIS)


def _sights_of_response(response: ResponseCode) -> Iterator[_Sight]:
    for api, name in _NAMES.items():
        for profile in PROFILES.values():
            accepted = response is ResponseCode.ACCEPTED
            page = profile.pages[api]
            said = (page.accepted_text, page.earlier_accepted_text) if accepted else (response.wording,)
            for text in filter(None, said):
                yield _Sight(
                    response.code,
                    Place.RESPONSE_CODE,
                    text.replace("%1", "NAME"),
                    200,
                    name,
                    profile.name,
                )


def _sights_of_result(result: ResultCode) -> Iterator[_Sight]:
    for api, name in _NAMES.items():
        for profile in PROFILES.values():
            if _has(result, api, profile):
                text = profile.pages[api].text(result)
                yield _Sight(result.code, Place.RESULT_CODE, text, None, name, profile.name)


def _has(result: ResultCode, api: Api, profile: Profile) -> bool:
    """Whether a profile knows this result on this API; one without a natural cause is known everywhere."""
    if api not in OWN_CODES:
        return False  # no result follows
    if result in OWN_CODES[api] or result in profile.pages[api].initiator_codes.values():
        return True
    if result is ResultCode.COMMAND_INVALID:  # M-PESA Express refuses a foreign one at the door
        return profile.foreign_command_accepted and _NAMES[api] not in (_PROMPT, _PROMPT_QUERY)
    return result not in _CODES_OF_SOME
