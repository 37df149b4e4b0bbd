"""What the gateway serves besides the APIs."""

import asyncio
import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from salio.gateway.pages import Certificate, UnknownPath, routes, wrong_method
from tests.gateway.asgi import Exchange
from tests.gateway.desks import a_desk, noted

CERTIFICATE = Certificate(b"PEM", b"DER", b"PUBLIC")


def client(ready: bool = True) -> TestClient:
    """Asks the pages."""
    table = routes(certificate=CERTIFICATE, ready=lambda: ready, metrics=lambda: b"m 1\n", openapi=b"{}")
    return TestClient(Starlette(routes=table))


@pytest.mark.parametrize(
    ("path", "content", "media_type"),
    [
        ("/healthz", b"ok\n", "text/plain; charset=utf-8"),
        ("/readyz", b"ready\n", "text/plain; charset=utf-8"),
        ("/metrics", b"m 1\n", "text/plain; version=0.0.4; charset=utf-8"),
        ("/openapi.json", b"{}", "application/json"),
        ("/certificate.pem", b"PEM", "application/x-pem-file"),
        ("/certificate.cer", b"DER", "application/pkix-cert"),
        ("/public-key.pem", b"PUBLIC", "application/x-pem-file"),
    ],
)
def test_each_page(path: str, content: bytes, media_type: str) -> None:
    """Its content under its media type."""
    answer = client().get(path)
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == media_type


def test_not_ready() -> None:
    """HTTP 503 while the store cannot commit; the process is healthy all the same."""
    assert client(ready=False).get("/readyz").status_code == 503
    assert client(ready=False).get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/mpesa/accountbalance/x", "404.002.01"),
        ("/mpesa/transactionstatus", "404.003.01"),
        ("/x", "404.001.01"),
    ],
)
def test_an_unknown_path(path: str, code: str) -> None:
    """In the words of the API that it lies under."""
    desk = a_desk()
    exchange = asyncio.run(Exchange(path=path).run(UnknownPath(desk)))
    assert (exchange.status, json.loads(exchange.body)["errorCode"]) == (404, code)
    assert noted(desk) == ["nothing answers on this path"]


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_another_method_on_a_page(method: str, told: bool) -> None:
    """405.001 names the method, says which there are, and the cause is kept, and told where it is told."""
    desk = a_desk(reasons_told=told)
    table = routes(certificate=CERTIFICATE, ready=lambda: True, metrics=lambda: b"", openapi=b"{}")
    app = Starlette(routes=table, exception_handlers={405: wrong_method(desk)})
    answer = TestClient(app).request(method, "/healthz")
    assert (answer.status_code, answer.json()["errorCode"]) == (405, "405.001")
    assert answer.json()["errorMessage"] == f"{method} Method Not Allowed"
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
    cause = f"{method} on a page that has no such method"
    assert noted(desk) == [cause]
    assert answer.headers.get("x-salio-reason") == (cause if told else None)
