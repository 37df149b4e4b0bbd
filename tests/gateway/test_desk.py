"""The desk: the one way by which a refusal leaves, and what is kept of it."""

import asyncio
import json

import pytest
import structlog

from salio.core.access.apps import Throttle
from salio.core.access.throttles import ThrottleVerdict
from salio.gateway.desk import Desk, require_method
from salio.gateway.http import ClientGoneError, Receive, Scope, Send
from salio.gateway.refused import Refused
from salio.wire.apis import Api
from salio.wire.refusals import Refusal
from tests.builders import TODAY, an_app
from tests.gateway.asgi import Exchange
from tests.gateway.desks import a_desk, noted

APP = an_app(throttle=Throttle(per_second=None, per_day=1))


def attended(desk: Desk, error: Exception | None, api: Api | None = Api.ACCOUNT_BALANCE) -> Exchange:
    """The exchange with a step that ends in this way."""

    async def step(_scope: Scope, _receive: Receive, _send: Send) -> None:
        if error is not None:
            raise error

    exchange = Exchange(path="/a\x1b[31m")
    asyncio.run(desk.attend(api, step, exchange.scope, exchange.receive, exchange.send))
    return exchange


def test_a_refusal_is_answered_and_noted() -> None:
    """The caller gets the code, the log the cause; both have the same requestId, and the path is harmless."""
    desk = a_desk()
    exchange = attended(desk, Refused(Refusal.FIELD_INVALID, "Remarks: is null", detail="Remarks"))
    answer = json.loads(exchange.body)
    assert (exchange.status, answer["errorCode"]) == (400, "400.002.02")
    (kept,) = desk.refusals.take()
    assert (kept.request_id, kept.cause, kept.field) == (answer["requestId"], "Remarks: is null", "Remarks")
    assert (kept.method, kept.path, kept.app_number) == ("POST", "/a\\x1b[31m", None)
    assert desk.counters.refused == 1


def test_the_profile_of_a_refusal_is_the_apps() -> None:
    """Before the app is known it is the platform's."""
    desk = a_desk()
    for app, code in ((None, "400.003.02"), (an_app(profile="observed"), "400.002.02")):
        refused = Refused(Refusal.FIELD_INVALID, "x", detail="Remarks", app=app)
        assert json.loads(attended(desk, refused, Api.TRANSACTION_STATUS).body)["errorCode"] == code


@pytest.mark.parametrize(("counted", "verdict"), [(True, "PASS"), (False, "QUOTA")])
def test_a_refused_request_gives_its_place_back(counted: bool, verdict: str) -> None:
    """If it held one: the next request finds the quota as it was."""
    desk = a_desk(APP)
    assert desk.throttles.admit(APP, monotonic=0, today=TODAY) is ThrottleVerdict.PASS
    refused = Refused(Refusal.PAYLOAD_INVALID, "x", app=APP)
    refused.counted = counted
    attended(desk, refused)
    assert desk.throttles.admit(APP, monotonic=0, today=TODAY) is ThrottleVerdict[verdict]


@pytest.mark.parametrize("error", [ValueError("the secret"), RecursionError(), MemoryError(), KeyError("x")])
def test_the_unexpected_is_the_documented_internal_error(error: Exception) -> None:
    """HTTP 500 without a trace of what it was; the connection ends, for nobody knows what was read."""
    desk = a_desk()
    with structlog.testing.capture_logs() as logs:
        exchange = attended(desk, error)
    answer = json.loads(exchange.body)
    assert (exchange.status, answer["errorCode"]) == (500, "500.003.1001")
    assert answer["errorMessage"] == "Internal Server Error"
    assert exchange.headers[b"connection"] == b"close"
    assert noted(desk) == [f"{type(error).__name__} in the gateway"]
    assert desk.counters.failed == 1
    assert [(each["event"], each["request_id"]) for each in logs] == [("internal_error", answer["requestId"])]


def test_who_hung_up_is_told_nothing() -> None:
    """There is nobody to tell, and nothing to keep."""
    desk = a_desk()
    exchange = attended(desk, ClientGoneError())
    assert exchange.sent == []
    assert noted(desk) == []


@pytest.mark.parametrize(
    ("method", "shown"), [("GET", "GET"), ("get", "get"), ("X" * 30, "X" * 13 + "..."), ("\x1b", "\\x1b")]
)
def test_another_method_is_named(method: str, shown: str) -> None:
    """Shortened and harmless."""
    with pytest.raises(Refused) as refused:
        require_method(Exchange(method=method).scope, "POST")
    assert (refused.value.refusal, refused.value.detail) == (Refusal.METHOD_NOT_ALLOWED, shown)
    require_method(Exchange(method="POST").scope, "POST")


def test_a_reason_is_told_only_where_it_is_told() -> None:
    """In the sandbox's header, as it is kept; by default in none."""
    refused = Refused(Refusal.PAYLOAD_INVALID, "the body is\r\nempty")
    told = attended(a_desk(reasons_told=True), refused).headers
    assert told[b"x-salio-reason"] == rb"the body is\x0d\x0aempty"
    assert b"x-salio-reason" not in attended(a_desk(), refused).headers


def test_an_accepted_step_tells_no_reason() -> None:
    """There is none."""
    assert attended(a_desk(reasons_told=True), None).sent == []
