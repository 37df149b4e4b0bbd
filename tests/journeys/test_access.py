"""Tokens and apps: how a token ends, what an app may call, and that one app's id is not another's."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from salio.core.access.apps import Product
from salio.core.requests.outcomes import Admission
from salio.wire.acknowledgements import ResponseCode
from salio.wire.apis import Api
from salio.wire.profile import PROFILES
from salio.wire.refusals import Refusal
from tests.builders import FakeClock
from tests.journeys.client import Answer, bearer
from tests.journeys.conftest import Fresh
from tests.journeys.reaching import reaches
from tests.journeys.running import BALANCE, JSON, QUERIES, STATUS, Platform
from tests.journeys.test_requests import TOKEN

DUPLICATE = (500, "500.002.1001", "Duplicate OriginatorConversationID")
NO_PRODUCT = "Error Occurred - Invalid Access Token - Invalid API call as no apiproduct match found"


def with_token(platform: Platform, api: Api, token: str) -> Answer:
    """An empty request under that token: a payload's refusal means that the token was honoured."""
    return platform.send("POST", api.path, [("Authorization", bearer(token)), JSON], b"{}")


@pytest.mark.parametrize("wire", list(PROFILES))
def test_a2_a_token_lives_for_an_hour(fresh: Fresh, wire: str) -> None:
    """3,599 seconds after its grant it works, at the 3,600th it is expired, on both APIs."""
    clock = FakeClock()
    platform = fresh(wire, clock=clock)
    token = platform.token()
    clock.advance(seconds=3599)
    assert [with_token(platform, api, token).status for api in QUERIES] == [400, 400]
    assert "Invalid CommandID" in with_token(platform, BALANCE, token).message
    clock.advance(seconds=1)
    for api in QUERIES:
        answer = with_token(platform, api, token)
        assert answer.error == TOKEN[api]
        assert platform.refusal(answer).cause.startswith("the token is expired since 2026-08-16 10:30:00 UTC")
    assert "Invalid CommandID" in with_token(platform, BALANCE, platform.token(new=True)).message


def test_a6_a_revoked_token_is_dead(platform: Platform, api: Api) -> None:
    """Revoked in the store beside: refused from then on, while another of the same app lives."""
    revoked, other = platform.token(new=True), platform.token(new=True)
    platform.revoke(revoked)
    answer = with_token(platform, api, revoked)
    assert answer.error == TOKEN[api]
    assert platform.refusal(answer).cause == "the token is revoked: ask for a new one"
    assert "Invalid CommandID" in with_token(platform, api, other).message


def test_under_the_policy_of_one_token_the_new_one_ends_the_old(fresh: Fresh) -> None:
    """`--token-policy single`: each grant invalidates the one before (Authorization, FAQ 3)."""
    platform = fresh(single_token=True)
    first, second = platform.token(), platform.token(new=True)
    assert with_token(platform, BALANCE, first).error == TOKEN[BALANCE]
    assert "Invalid CommandID" in with_token(platform, BALANCE, second).message


@reaches(Refusal.PRODUCT_MISSING)
@pytest.mark.parametrize(
    ("api", "product", "code"),
    [
        pytest.param(BALANCE, Product.TRANSACTION_STATUS, "401.002.01", id="balance"),
        pytest.param(STATUS, Product.ACCOUNT_BALANCE, "401.003.01", id="status"),
    ],
)
def test_a5_an_app_without_the_product(platform: Platform, api: Api, product: Product, code: str) -> None:
    """HTTP 401 "… Invalid API call as no apiproduct match found"; its other API works."""
    app = platform.add_app(products=frozenset({product}))
    answer = platform.ask(api, app=app)
    assert answer.error == (401, code, NO_PRODUCT)
    assert "lacks the product" in platform.refusal(answer).cause
    other = next(each for each in QUERIES if each is not api)
    assert platform.ask(other, app=app).json["ResponseCode"] == "0"


def test_an_app_without_any_product(platform: Platform, api: Api) -> None:
    """The log says that it has none."""
    answer = platform.ask(api, app=platform.add_app(products=frozenset()))
    assert answer.status == 401
    assert platform.refusal(answer).cause.endswith("it has: none")


@reaches(Refusal.DUPLICATE_CONVERSATION, Admission.DUPLICATE, Admission.ACCEPTED, ResponseCode.ACCEPTED)
def test_p20_an_own_id_is_accepted_once(platform: Platform, api: Api) -> None:
    """The caller's OriginatorConversationID comes back; a second time, on either API, it is refused."""
    own_id = f"rent-{api.name}-1"
    callback = platform.result(api, {"OriginatorConversationID": own_id})
    assert callback.result["OriginatorConversationID"] == own_id
    kept = platform.kept()
    for each in QUERIES:
        answer = platform.ask(each, {"OriginatorConversationID": own_id})
        assert answer.error == DUPLICATE
        assert platform.refusal(answer).cause.startswith("OriginatorConversationID: the app used this")
    assert platform.kept() == kept


def test_p20_another_app_may_use_the_same_id(platform: Platform, api: Api) -> None:
    """An id is unique within an app."""
    own_id = f"salary-{api.name}"
    assert platform.result(api, {"OriginatorConversationID": own_id}).code == "0"
    app = platform.add_app()
    assert platform.result(api, {"OriginatorConversationID": own_id}, app=app).code == "0"


def test_p20_of_many_at_once_one_is_accepted(platform: Platform, api: Api) -> None:
    """However close together the same id comes, it is kept once."""
    own_id = f"race-{api.name}"
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: platform.ask(api, {"OriginatorConversationID": own_id}), range(8)))
    assert sorted(answer.status for answer in answers) == [200] + [500] * 7


def test_an_id_given_by_the_platform_is_not_taken(platform: Platform, api: Api) -> None:
    """The ids that the platform gave are no ids that an app chose: nobody can block another's with them."""
    first = platform.ask(api).json["OriginatorConversationID"]
    assert platform.ask(api, {"OriginatorConversationID": first}).json["ResponseCode"] == "0"
