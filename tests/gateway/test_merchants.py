"""M-PESA Express at the door: who may prompt customers, and what the core is asked then."""

import asyncio
import json
from typing import Any

import pytest

from salio.core.requests.outcomes import Admission
from salio.core.requests.queries import ExpressPayment
from salio.gateway.app import api_endpoints
from salio.gateway.desk import Desk
from salio.wire.apis import Api
from tests.builders import SHORT_CODE, an_app
from tests.gateway.asgi import Exchange
from tests.gateway.desks import Core, a_desk, noted

HEADERS = [(b"authorization", b"Bearer app1-1"), (b"content-type", b"application/json")]
TIMESTAMP = "20260816123000"
SIGNED = {"BusinessShortCode": SHORT_CODE, "Password": SHORT_CODE + TIMESTAMP, "Timestamp": TIMESTAMP}
BODIES: dict[Api, dict[str, Any]] = {
    Api.EXPRESS: SIGNED
    | {
        "TransactionType": "CustomerBuyGoodsOnline",
        "Amount": "10",
        "PartyA": 254708374149,
        "PartyB": "6000001",
        "PhoneNumber": "254722111111",
        "CallBackURL": "http://shop/paid",
        "AccountReference": "invoice008",
        "TransactionDesc": "rent",
        "Surplus": 1,
    },
    Api.EXPRESS_QUERY: SIGNED | {"CheckoutRequestID": "ws_CO_20260816_1"},
}
BOTH = pytest.mark.parametrize("api", BODIES, ids=lambda api: api.name)


def asked(desk: Desk, api: Api = Api.EXPRESS, **changes: Any) -> Exchange:
    """One request; None takes a member out."""
    members = {name: value for name, value in (BODIES[api] | changes).items() if value is not None}
    exchange = Exchange(path=api.path, headers=HEADERS, pieces=[json.dumps(members).encode()])
    return asyncio.run(exchange.run(api_endpoints(desk)[api.path.encode()]))


async def unreached(_number: int) -> None:
    """A record that nobody is let in to."""
    raise AssertionError("looked up")


UNKNOWN, WRONG = "Merchant does not exist", "Wrong credentials"
NOT_OURS = "BusinessShortCode 600999 is not a short code of app "
MADE = "Password is not base64 of BusinessShortCode, passkey and Timestamp as they are in the request"
OTHERS = "600999" + TIMESTAMP
REFUSED = {
    "another's short code": ({"BusinessShortCode": "600999", "Password": OTHERS}, UNKNOWN, NOT_OURS),
    "another's, and no password": ({"BusinessShortCode": "600999", "Password": None}, UNKNOWN, NOT_OURS),
    "no password": ({"Password": None}, WRONG, MADE),
    "an empty password": ({"Password": ""}, WRONG, MADE),
    "no base64": ({"Password": "not base64"}, WRONG, MADE),
    "no text": ({"Password": 600000}, WRONG, MADE),
    "another short code's": ({"Password": OTHERS}, WRONG, MADE),
    "another moment's": ({"Timestamp": "20260816123001"}, WRONG, MADE),
}


@BOTH
@pytest.mark.parametrize(("changes", "message", "cause"), REFUSED.values(), ids=REFUSED)
def test_who_is_refused(api: Api, changes: dict[str, Any], message: str, cause: str) -> None:
    """HTTP 500 `500.001.1001`; nothing is looked up, the core hears nothing, the log has the cause."""
    core = Core()
    desk = a_desk(core=core, look_up=unreached)
    exchange = asked(desk, api, **changes)
    answer = json.loads(exchange.body)
    assert (exchange.status, answer["errorCode"]) == (500, "500.001.1001")
    assert answer["errorMessage"] == message
    assert core.accepted == []
    (said,) = noted(desk)
    assert said.startswith(cause)
    assert TIMESTAMP not in said


@BOTH
def test_the_form_comes_first(api: Api) -> None:
    """Whoever signs wrongly what is malformed hears of the form (Error Codes, 400.002.02)."""
    exchange = asked(a_desk(), api, BusinessShortCode="x", Password=None)
    assert (exchange.status, json.loads(exchange.body)["errorCode"]) == (400, "400.002.02")


@pytest.mark.parametrize("profile", ["documented", "observed"])
def test_what_the_core_is_asked(profile: str) -> None:
    """Numbers and texts became one form; the password is kept nowhere, and the ids are those of a prompt."""
    core = Core()
    exchange = asked(a_desk(an_app(profile=profile), core=core))
    (accepted,) = core.accepted
    assert accepted.request.query == ExpressPayment(
        command="CustomerBuyGoodsOnline",
        merchant=SHORT_CODE,
        party="6000001",
        payer="254708374149",
        phone="254722111111",
        cents=1_000,
        account_reference="invoice008",
        description="rent",
        result_url="http://shop/paid",
    )
    assert (accepted.credential, accepted.request.unknown_members) == ("", ("Surplus",))
    assert json.loads(exchange.body) == {
        "MerchantRequestID": accepted.request.originator_conversation_id,
        "CheckoutRequestID": "ws_CO_20260816_1",
        "ResponseCode": "0",
        "ResponseDescription": "Success. Request accepted for processing",
        "CustomerMessage": "Success. Request accepted for processing",
    }
    assert (accepted.request.conversation_id, accepted.request.chosen_by_caller) == (
        "ws_CO_20260816_1",
        False,
    )


def test_a_phone_that_shows_another_prompt() -> None:
    """HTTP 500 `500.001.1001` (Error Codes): nothing is kept, and no callback follows."""
    desk = a_desk(core=Core(Admission.SUBSCRIBER_LOCKED))
    exchange = asked(desk)
    answer = json.loads(exchange.body)
    assert (exchange.status, answer["errorCode"]) == (500, "500.001.1001")
    assert answer["errorMessage"].startswith("Unable to lock subscriber")
    assert noted(desk) == ["PhoneNumber: the phone shows another prompt"]


def test_the_core_may_decline() -> None:
    """With the same members."""
    answer = json.loads(asked(a_desk(core=Core(Admission.OVERLOADED))).body)
    assert (answer["CheckoutRequestID"], answer["ResponseCode"]) == ("ws_CO_20260816_1", "100000001")
