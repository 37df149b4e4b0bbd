"""What the gateway serves besides the APIs: health, certificate, OpenAPI; and the refusal of other paths."""

from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from salio.gateway.desk import Desk
from salio.gateway.http import JSON, Header, Receive, Scope, Send
from salio.gateway.refused import Refused
from salio.wire.apis import api_of
from salio.wire.refusals import Refusal
from salio.wire.wording import shown


class Certificate(msgspec.Struct, frozen=True):
    """The platform's own certificate in every form that a client may want."""

    x509_pem: bytes
    x509_der: bytes
    public_key_pem: bytes


def routes(
    *, certificate: Certificate, ready: Callable[[], bool], metrics: Callable[[], bytes], openapi: bytes
) -> list[Route]:
    """The route table of these pages; all of them are GET."""

    async def show_openapi(_request: Request) -> Response:
        return Response(openapi, media_type="application/json")

    return [
        *status(ready=ready, metrics=metrics),
        Route("/openapi.json", show_openapi),
        Route("/certificate.pem", _file(certificate.x509_pem, "application/x-pem-file")),
        Route("/certificate.cer", _file(certificate.x509_der, "application/pkix-cert")),
        Route("/public-key.pem", _file(certificate.public_key_pem, "application/x-pem-file")),
    ]


def status(*, ready: Callable[[], bool], metrics: Callable[[], bytes]) -> list[Route]:
    """How a process is: alive, able to work, and what it has done."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def readyz(_request: Request) -> Response:
        if ready():
            return PlainTextResponse("ready\n")
        return PlainTextResponse("the store is out of reach\n", 503)

    async def show_metrics(_request: Request) -> Response:
        return Response(metrics(), media_type="text/plain; version=0.0.4")

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", show_metrics)]


def _file(content: bytes, media_type: str) -> Callable[[Request], Response]:
    def serve(_request: Request) -> Response:
        return Response(content, media_type=media_type)

    return serve


def wrong_method(desk: Desk) -> Callable[[Request, Exception], Awaitable[Response]]:
    """The handler for a page that was asked with another method than its own."""

    async def refuse(request: Request, error: Exception) -> Response:
        method = shown(request.method, 16)
        refused = Refused(
            Refusal.METHOD_NOT_ALLOWED, f"{method} on a page that has no such method", detail=method
        )
        answer, _ = desk.record(None, refused, request.scope)
        response = Response(
            answer.body, answer.status, getattr(error, "headers", None), media_type="application/json"
        )
        response.raw_headers += desk.told(refused.cause)
        return response

    return refuse


def unread(present: Callable[[], Desk]) -> Callable[[str, str, str], tuple[int, bytes, list[Header]]]:
    """The answer to what is no HTTP, or could be read as two things: method, path and cause of it, where they
    are known, become status, body and headers. It is the documents' word for a body that cannot be read.
    """

    def refuse(method: str, path: str, cause: str) -> tuple[int, bytes, list[Header]]:
        desk = present()
        refused = Refused(Refusal.PAYLOAD_INVALID, cause)
        answer, _ = desk.record(api_of(path), refused, {"method": method, "path": path})
        return answer.status, answer.body, [JSON, *desk.told(cause)]

    return refuse


class UnknownPath:
    """Answers every path that nothing else answers, in the words of the API that it lies under."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI callable."""
        await self._desk.attend(api_of(scope["path"]), _refuse, scope, receive, send)


async def _refuse(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise Refused(Refusal.PATH_UNKNOWN, "nothing answers on this path")
