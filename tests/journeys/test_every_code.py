"""Every code that `salio explain` knows, said by the platform itself: plain HTTP, every door and profile.

What the two pages and the rulings list is checked against these tables in `tests/wire`; here each row of them
is provoked, by its natural cause where a request alone is one, and else by a call of the control.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from salio.core.access.apps import Product
from salio.core.requests.outcomes import Outcome
from salio.delivery.outcomes import result_code
from salio.gateway.admissions import response_code
from salio.gateway.oauth import GUESS_RATE
from salio.sandbox.kinds import ADMISSIONS, OUTCOMES, TOKEN_ALONE, TOKEN_REFUSALS
from salio.wire.acknowledgements import ResponseCode
from salio.wire.apis import OAUTH_PATH, Api
from salio.wire.explanations import Explanation, Form, Place, explanations
from salio.wire.profile import PROFILES
from salio.wire.refusals import Refusal, message_rate
from salio.wire.result_codes import ResultCode
from tests.journeys.bodies import answer_prompts
from tests.journeys.client import Answer, basic, bearer
from tests.journeys.provoking import put, remove_faults
from tests.journeys.running import JSON, Platform

DOORS = {
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
}
PRODUCTS = {Api[product.name]: product for product in Product} | {Api.EXPRESS_QUERY: Product.EXPRESS}
AMOUNTS = count(800)
"""The same amount twice within two minutes is refused, and time stands still: no other test pays these."""


@dataclass(frozen=True)
class Sight:
    """One code as one door says it in one profile."""

    code: str
    place: Place
    text: str
    status: int | None
    where: str
    profile: str

    def __str__(self) -> str:
        return f"{self.code}-{self.where}-{self.profile}-{self.text[:40]}"


def sights() -> Iterator[Sight]:
    """Every one; a code that this platform never sends has no form."""
    for each in explanations():
        yield from (sight for form in each.forms for sight in _sights(each, form))


def _sights(explanation: Explanation, form: Form) -> Iterator[Sight]:
    for where in form.where:
        for profile in form.profiles:
            status = form.http_status
            yield Sight(explanation.code, explanation.place, form.text, status, where, profile)


SIGHTS = sorted(set(sights()), key=str)


A_METHOD = "PATCH"
"""That nothing answers to; where it is told, the table has METHOD."""
UNEXPLAINED = {"errorCode": "400.008.01", "errorMessage": ""}
"""What an empty body stands for: only a wrong secret is answered so."""


# --- how each is provoked --------------------------------------------------------------------------------


def said(platform: Platform, sight: Sight) -> Iterator[Sight]:
    """What the platform says when whatever has that code is provoked, as often as there are ways."""
    ways = {Place.RESPONSE_CODE: acknowledgements, Place.RESULT_CODE: results}
    yield from ways.get(sight.place, refusals)(platform, sight)


def refusals(platform: Platform, sight: Sight) -> Iterator[Sight]:
    """By every named refusal, until one says it."""
    for refusal in Refusal:
        answer = _refused(platform, refusal, sight.where)
        if answer is not None:
            yield seen(answer, platform, sight.where)


def _refused(platform: Platform, refusal: Refusal, where: str) -> Answer | None:
    name = refusal.name.lower()
    if where in DOORS:
        if name in TOKEN_ALONE:
            return None
        put(platform, refuse=name, detail=_detail(refusal), next=1)
        return platform.ask(DOORS[where])
    if (where, refusal) in NATURAL:
        return platform.send(*NATURAL[where, refusal])
    if where == "other paths" or name not in TOKEN_REFUSALS:
        return None
    put(platform, refuse=name, api="token", detail=_detail(refusal, tokens=True), next=1)
    return platform.grant(basic(platform.app.key, platform.app.secret))


TWO_HOSTS = [("Host", "a"), ("Host", "b")]
NATURAL: dict[tuple[str, Refusal], tuple[str, str, list[tuple[str, str]]]] = {
    ("token endpoint", Refusal.METHOD_NOT_ALLOWED): (A_METHOD, OAUTH_PATH, []),
    ("token endpoint", Refusal.PAYLOAD_INVALID): ("GET", OAUTH_PATH, TWO_HOSTS),
    ("other paths", Refusal.PATH_UNKNOWN): ("GET", "/mpesa/qrcode/v1/generate", []),
    ("other paths", Refusal.METHOD_NOT_ALLOWED): (A_METHOD, "/certificate.pem", []),
    ("other paths", Refusal.PAYLOAD_INVALID): ("GET", "/certificate.pem", TWO_HOSTS),
}
"""What no fault refuses there: method, path and headers that do."""


def _detail(refusal: Refusal, *, tokens: bool = False) -> str:
    if refusal is Refusal.SPIKE_ARREST:
        return GUESS_RATE if tokens else message_rate(25, 1_000_000, 25)
    return {Refusal.FIELD_INVALID: "NAME", Refusal.METHOD_NOT_ALLOWED: "METHOD"}.get(refusal, "")


def seen(answer: Answer, platform: Platform, where: str) -> Sight:
    """A refusal as it came."""
    members: dict[str, Any] = answer.json if answer.body else UNEXPLAINED
    if "fault" in members:
        code, text = members["fault"]["detail"]["errorcode"], members["fault"]["faultstring"]
        return Sight(code, Place.FAULT, text, answer.status, where, platform.profile)
    code, text = members["errorCode"], members["errorMessage"].replace(A_METHOD, "METHOD")
    return Sight(code, Place.ERROR_CODE, text, answer.status, where, platform.profile)


def acknowledgements(platform: Platform, sight: Sight) -> Iterator[Sight]:
    """By the admissions that have this code; an acceptance has other words at an earlier path, perhaps."""
    code, api = ResponseCode(sight.code), DOORS[sight.where]
    if code is not ResponseCode.ACCEPTED:
        name = next(name for name, admission in ADMISSIONS.items() if response_code(admission) is code)
        put(platform, decline=name, next=1)
    for path in api.paths:
        headers = [("Authorization", bearer(platform.token())), JSON]
        answer = platform.send("POST", path, headers, platform.post_body(api))
        members = answer.json
        text = members["ResponseDescription"]
        text += "NAME" if text.endswith(":") else ""  # the place of a field, and no field is at fault here
        yield Sight(
            members["ResponseCode"], Place.RESPONSE_CODE, text, answer.status, sight.where, platform.profile
        )


def results(platform: Platform, sight: Sight) -> Iterator[Sight]:
    """By the outcomes that have this code; a success needs no help."""
    api = DOORS[sight.where]
    profile = PROFILES[platform.profile]
    if sight.code == ResultCode.STILL_UNDER_PROCESSING.code:
        yield _prompted(platform, sight, "")
    for name, outcome in {"": Outcome.SUCCEEDED, **OUTCOMES}.items():
        if result_code(outcome, PRODUCTS[api], profile).code != sight.code:
            continue
        if name:
            put(platform, end=name, next=1)
        if PRODUCTS[api] is Product.EXPRESS:
            yield _prompted(platform, sight, name)
            continue
        whole = {"Amount": "200"} if api is Api.REVERSAL and not name else {}
        callback = platform.result(api, whole)
        text = callback.result["ResultDesc"]
        yield Sight(callback.code, Place.RESULT_CODE, text, None, sight.where, platform.profile)


def _prompted(platform: Platform, sight: Sight, ends: str) -> Sight:
    """The end of a prompt, as its callback tells it or a query; without a fault the customer pays."""
    taken = platform.ask(Api.EXPRESS, {"Amount": next(AMOUNTS)}).json
    still = sight.code == ResultCode.STILL_UNDER_PROCESSING.code
    if not ends and not still:
        answer_prompts(platform, "right_pin")
    told = {} if still else platform.receiver.wait(taken["MerchantRequestID"]).result
    if DOORS[sight.where] is Api.EXPRESS_QUERY:
        told = platform.ask(Api.EXPRESS_QUERY, {"CheckoutRequestID": taken["CheckoutRequestID"]}).json
    code, text = str(told["ResultCode"]), told["ResultDesc"]
    return Sight(code, Place.RESULT_CODE, text, None, sight.where, platform.profile)


# --- the table -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sight", SIGHTS, ids=str)
def test_every_code_is_said_at_every_door(shared: Callable[[str], Platform], sight: Sight) -> None:
    """With that status and text, to a plain request."""
    platform = shared(sight.profile)
    if sight.where in DOORS:
        platform.body(DOORS[sight.where])  # what it needs is there before anything is provoked
    remove_faults(platform)
    try:
        assert sight in said(platform, sight)
    finally:
        remove_faults(platform)


def test_the_table_is_whole() -> None:
    """Every member of the wire's tables is in it, at every door that has it and in every profile."""
    for place, members in ((Place.RESPONSE_CODE, ResponseCode), (Place.RESULT_CODE, ResultCode)):
        assert {each.code for each in SIGHTS if each.place is place} == {each.code for each in members}
    assert {each.where for each in SIGHTS} == {*DOORS, "token endpoint", "other paths"}
    assert {each.profile for each in SIGHTS} == set(PROFILES)
