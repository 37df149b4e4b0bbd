"""The gateway's routes: by the very bytes of the path."""

import asyncio

import pytest

from salio.gateway.app import Gateway, api_endpoints
from salio.gateway.http import Endpoint, Receive, Scope, Send
from tests.gateway.asgi import Exchange
from tests.gateway.desks import a_desk


def answering(name: str, met: list[str]) -> Endpoint:
    """An endpoint that says that it was met."""

    async def endpoint(_scope: Scope, _receive: Receive, _send: Send) -> None:
        met.append(name)

    return endpoint


@pytest.mark.parametrize(
    ("path", "met"),
    [
        ("/a/b", "api"),
        ("/a%2Fb", "pages"),
        ("//a/b", "pages"),
        ("/a/b/", "pages"),
        ("/A/b", "pages"),
        ("/", "pages"),
    ],
)
def test_an_api_has_one_path(path: str, met: str) -> None:
    """Encoded, doubled or ended otherwise it is another."""
    seen: list[str] = []
    gateway = Gateway({b"/a/b": answering("api", seen)}, answering("pages", seen))
    asyncio.run(Exchange(path=path).run(gateway))
    assert seen == [met]


def test_what_is_not_http_goes_to_the_pages() -> None:
    """A lifespan or a socket has no path of an API."""
    seen: list[str] = []
    exchange = Exchange()
    exchange.scope = {"type": "lifespan"}
    asyncio.run(exchange.run(Gateway({}, answering("pages", seen))))
    assert seen == ["pages"]


def test_another_takes_its_place() -> None:
    """From then on; and back again by what was noted before."""
    seen: list[str] = []
    gateway = Gateway({b"/a": answering("api", seen)}, answering("pages", seen))
    before = Gateway.like(gateway)
    gateway.become(Gateway({}, answering("others", seen)))
    asyncio.run(Exchange(path="/a").run(gateway))
    gateway.become(before)
    asyncio.run(Exchange(path="/a").run(gateway))
    asyncio.run(Exchange(path="/b").run(gateway))
    assert seen == ["others", "api", "pages"]


def test_the_apis() -> None:
    """The token, the questions, and payments in all their versions."""
    assert set(api_endpoints(a_desk())) == {
        b"/oauth/v1/generate",
        b"/mpesa/accountbalance/v1/query",
        b"/mpesa/transactionstatus/v1/query",
        b"/mpesa/b2c/v1/paymentrequest",
        b"/mpesa/b2c/v3/paymentrequest",
        b"/mpesa/b2b/v1/paymentrequest",
        b"/mpesa/b2b/v1/remittax",
        b"/mpesa/c2b/v1/simulate",
        b"/mpesa/c2b/v2/simulate",
        b"/mpesa/c2b/v1/registerurl",
        b"/mpesa/c2b/v2/registerurl",
        b"/mpesa/stkpush/v1/processrequest",
        b"/mpesa/stkpushquery/v1/query",
        b"/mpesa/reversal/v1/request",
    }
