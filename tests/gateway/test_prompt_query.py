"""What became of a prompt: answered at once to whoever prompted, and to nobody else."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from salio.core.access.apps import Product
from salio.core.ports import StoreUnavailableError
from salio.core.requests.queries import Request
from salio.gateway.desk import Desk
from salio.gateway.on_demand import OnDemand
from salio.gateway.prompt_query import PromptQueryEndpoint
from salio.sandbox.fault import Fault
from salio.sandbox.faults import Faults
from salio.wire import identifiers
from salio.wire.apis import Api
from salio.wire.result_codes import ResultCode
from tests.builders import NOW, SHORT_CODE, FakeClock, a_request, an_app
from tests.core.requests.test_express_payment import a_push
from tests.gateway.asgi import Exchange
from tests.gateway.desks import a_desk, noted

HEADERS = [(b"authorization", b"Bearer app1-1"), (b"content-type", b"application/json")]
TIMESTAMP = "20260816123000"
CHECKOUT = identifiers.checkout_request_id(NOW, 7)
MEMBERS = {
    "BusinessShortCode": SHORT_CODE,
    "Password": SHORT_CODE + TIMESTAMP,
    "Timestamp": TIMESTAMP,
    "CheckoutRequestID": CHECKOUT,
}
OWN = a_request(number=7, conversation_id=CHECKOUT, query=a_push(merchant=SHORT_CODE))
CANCELLED, WAITING = ResultCode.PROMPT_CANCELLED, ResultCode.STILL_UNDER_PROCESSING

LookUp = Callable[[int], Awaitable[tuple[Request, ResultCode] | None]]


def holding(request: Request, code: ResultCode = CANCELLED) -> LookUp:
    """A record of this request alone."""

    async def look_up(number: int) -> tuple[Request, ResultCode] | None:
        return (request, code) if number == 7 else None

    return look_up


def asked(desk: Desk, **changes: Any) -> Exchange:
    """One query."""
    body = json.dumps(MEMBERS | changes).encode()
    exchange = Exchange(path=Api.EXPRESS_QUERY.path, headers=HEADERS, pieces=[body])
    return asyncio.run(exchange.run(PromptQueryEndpoint(desk)))


@pytest.mark.parametrize(
    ("profile", "code", "told"),
    [
        ("documented", ResultCode.SUCCESS, ("0", "The service request is processed successfully.")),
        ("documented", CANCELLED, ("1032", "Request canceled by the user")),
        ("observed", CANCELLED, ("1032", "Request cancelled by user.")),
        ("documented", WAITING, ("4999", "The transaction is still under processing")),
    ],
    ids=["paid", "cancelled", "cancelled, observed", "not answered yet"],
)
def test_how_it_stands(profile: str, code: ResultCode, told: tuple[str, str]) -> None:
    """The ids of the acknowledgement, and the result as text (Response Body)."""
    desk = a_desk(an_app(profile=profile), look_up=holding(OWN, code))
    exchange = asked(desk)
    assert (exchange.status, list(json.loads(exchange.body).items())) == (
        200,
        [
            ("ResponseCode", "0"),
            ("ResponseDescription", "The service request has been accepted successfully"),
            ("MerchantRequestID", OWN.originator_conversation_id),
            ("CheckoutRequestID", CHECKOUT),
            ("ResultCode", told[0]),
            ("ResultDesc", told[1]),
        ],
    )
    assert (desk.counters.acknowledged, noted(desk)) == (1, [])


NO_PROMPT = "CheckoutRequestID: no prompt has this id"
ANOTHERS = f"CheckoutRequestID: not a prompt of {SHORT_CODE} by app "
UNKNOWN: dict[str, tuple[Request, str, str]] = {
    "no id of ours": (OWN, "ws_CO_191220191020363925", NO_PROMPT),
    "nobody has the number": (OWN, identifiers.checkout_request_id(NOW, 8), NO_PROMPT),
    "the number at another moment": (
        a_request(number=7, conversation_id="AG_1", query=a_push(merchant=SHORT_CODE)),
        CHECKOUT,
        NO_PROMPT,
    ),
    "another app's": (
        a_request(number=7, conversation_id=CHECKOUT, query=a_push(merchant=SHORT_CODE), app_number=2),
        CHECKOUT,
        ANOTHERS,
    ),
    "another short code's": (
        a_request(number=7, conversation_id=CHECKOUT, query=a_push(merchant="600999", party=SHORT_CODE)),
        CHECKOUT,
        ANOTHERS,
    ),
    "no prompt": (a_request(number=7, conversation_id=CHECKOUT), CHECKOUT, ANOTHERS),
}


@pytest.mark.parametrize(("request_", "wanted", "cause"), UNKNOWN.values(), ids=UNKNOWN)
def test_no_such_prompt(request_: Request, wanted: str, cause: str) -> None:
    """Whatever is not one's own is as if it did not exist (P5): HTTP 500 `500.001.1001`."""
    desk = a_desk(look_up=holding(request_))
    exchange = asked(desk, CheckoutRequestID=wanted)
    answer = json.loads(exchange.body)
    assert (exchange.status, answer["errorCode"]) == (500, "500.001.1001")
    assert answer["errorMessage"] == "The transaction does not Exist"
    (said,) = noted(desk)
    assert said.startswith(cause)


def test_a_malformed_id() -> None:
    """Is named (wire facts 5.4)."""
    exchange = asked(a_desk(look_up=holding(OWN)), CheckoutRequestID=7)
    answer = json.loads(exchange.body)
    assert (exchange.status, answer["errorCode"]) == (400, "400.002.02")
    assert answer["errorMessage"] == "Bad Request - Invalid CheckoutRequestID"


def test_an_app_without_the_product() -> None:
    """As for every API."""
    app = an_app(products=frozenset({Product.B2C}))
    exchange = asked(a_desk(app, look_up=holding(OWN)))
    assert (exchange.status, json.loads(exchange.body)["errorCode"]) == (401, "401.002.01")


def test_a_store_that_is_away() -> None:
    """The documented internal error."""

    async def away(_number: int) -> None:
        raise StoreUnavailableError("gone")

    exchange = asked(a_desk(look_up=away))
    assert (exchange.status, json.loads(exchange.body)["errorCode"]) == (500, "500.003.1001")


def provoking(fault: Fault) -> OnDemand:
    """What a sandbox does that was asked for this fault."""
    faults = Faults(FakeClock(), lambda _: lambda: 0.0)
    faults.add(fault)
    return OnDemand(faults=faults)


def test_a_decline_that_was_asked_for() -> None:
    """Without a result."""
    desk = a_desk(look_up=holding(OWN), on_demand=provoking(Fault(decline="overloaded", api="express")))
    assert json.loads(asked(desk).body) == {
        "MerchantRequestID": OWN.originator_conversation_id,
        "CheckoutRequestID": CHECKOUT,
        "ResponseCode": "100000001",
        "ResponseDescription": "The system is overload",
    }


def test_a_refusal_that_was_asked_for() -> None:
    """In the words of M-PESA Express."""
    desk = a_desk(look_up=holding(OWN), on_demand=provoking(Fault(refuse="maintenance", api="express")))
    exchange = asked(desk)
    assert (exchange.status, json.loads(exchange.body)["errorCode"]) == (500, "500.003.02")
