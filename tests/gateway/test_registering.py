"""Registering URLs at the door: what is kept, what is answered, and what is refused."""

import asyncio
import json
from typing import Any

import pytest

from salio.core.access.apps import Product
from salio.core.parties.registration import DefaultAction, Registration
from salio.core.requests.registrations import RegistrationEnd, Registrations
from salio.gateway.desk import Desk
from salio.gateway.registering import RegisterEndpoint
from salio.wire.apis import Api
from tests.builders import SHORT_CODE, an_app
from tests.gateway.asgi import Exchange
from tests.gateway.desks import a_desk, noted

HEADERS = [(b"authorization", b"Bearer app1-1"), (b"content-type", b"application/json")]
MEMBERS = {
    "ShortCode": SHORT_CODE,
    "ResponseType": "Cancelled",
    "ConfirmationURL": "http://shop/paid",
    "ValidationURL": "http://shop/pay",
}


class Kept:
    """Fits ``Desk.register``."""

    def __init__(self, end: RegistrationEnd = RegistrationEnd.KEPT) -> None:
        self.end = end
        self.registrations: list[Registration] = []

    async def register(self, registration: Registration) -> RegistrationEnd:
        """Says the same to all."""
        self.registrations.append(registration)
        return self.end


def asked(desk: Desk, path: str = Api.C2B_REGISTER.path, **changes: Any) -> Exchange:
    """One request."""
    body = json.dumps(MEMBERS | changes).encode()
    exchange = Exchange(path=path, headers=HEADERS, pieces=[body])
    return asyncio.run(exchange.run(RegisterEndpoint(desk)))


def test_what_is_kept() -> None:
    """All of it, beside what somebody had switched on; the answer has the page's misspelt member."""
    kept = Kept()
    before = Registration(short_code=SHORT_CODE, validated=True)
    exchange = asked(a_desk(register=kept.register, registrations=Registrations([before], lambda _: None)))
    assert exchange.status == 200
    assert list(json.loads(exchange.body).items())[1:] == [
        ("ResponseCode", "0"),
        ("ResponseDescription", "Success"),
    ]
    assert next(iter(json.loads(exchange.body))) == "OriginatorCoversationID"
    assert kept.registrations == [
        Registration(
            short_code=SHORT_CODE,
            default_action=DefaultAction.CANCELLED,
            confirmation_url="http://shop/paid",
            validation_url="http://shop/pay",
            validated=True,
        )
    ]


def test_what_v1_says() -> None:
    """The page of v1 begins the word with a small letter."""
    answer = json.loads(asked(a_desk(register=Kept().register), Api.C2B_REGISTER.paths[1]).body)
    assert (answer["ResponseCode"], answer["ResponseDescription"]) == ("0", "success")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        pytest.param({"ShortCode": "600999"}, "ShortCode", id="not the app's"),
        pytest.param({"ResponseType": "completed"}, "ResponseType", id="malformed"),
    ],
)
def test_what_is_refused(changes: dict[str, Any], named: str) -> None:
    """400, naming the field; nothing is kept."""
    kept = Kept()
    desk = a_desk(register=kept.register)
    exchange = asked(desk, **changes)
    assert (exchange.status, json.loads(exchange.body)["errorCode"]) == (400, "400.003.02")
    assert named in json.loads(exchange.body)["errorMessage"]
    assert (len(noted(desk)), kept.registrations) == (1, [])


@pytest.mark.parametrize("name", ["ConfirmationURL", "ValidationURL"])
def test_a_public_tester(name: str) -> None:
    """Fine in a sandbox; in production it is refused, naming the field."""
    there = {name: "https://a1b2.ngrok.io/paid"}
    kept = Kept()
    assert asked(a_desk(register=kept.register), **there).status == 200
    rules = Registrations([], lambda _: None, once=True)
    desk = a_desk(register=kept.register, registrations=rules)
    exchange = asked(desk, **there)
    assert (exchange.status, json.loads(exchange.body)["errorMessage"]) == (
        400,
        f"Bad Request - Invalid {name}",
    )
    assert noted(desk) == [f"{name}: leads to ngrok, a public URL tester"]
    assert len(kept.registrations) == 1


def test_a_store_that_is_away() -> None:
    """The documented internal error, and it does not count."""
    exchange = asked(a_desk(register=Kept(RegistrationEnd.NOT_KEPT).register))
    assert (exchange.status, json.loads(exchange.body)["errorCode"]) == (500, "500.003.1001")


def test_an_app_without_the_product() -> None:
    """As for every API."""
    app = an_app(products=frozenset({Product.B2C}))
    assert json.loads(asked(a_desk(app)).body)["errorCode"] == "401.003.01"


def test_urls_that_stay() -> None:
    """As the page has it: HTTP 500 `500.003.1001`, and its words."""
    desk = a_desk(register=Kept(RegistrationEnd.THERE_BEFORE).register)
    exchange = asked(desk)
    answer = json.loads(exchange.body)
    assert (exchange.status, answer["errorCode"]) == (500, "500.003.1001")
    assert answer["errorMessage"] == "Urls are already registered."
    assert noted(desk) == [f"ShortCode: {SHORT_CODE} has URLs already"]
