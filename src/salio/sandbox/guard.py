"""Who may call the control, and in what form.

A page in a browser on this machine must not reach it: a request without the key has to name this machine as
its host, and every POST has to be JSON, which no page of another origin may send unasked.
"""

import hmac
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

KEY_HEADER = "X-Salio-Key"
LARGEST_BODY = 64 * 1024
"""Bytes. The largest body that any of these calls needs is under 1 KiB."""

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Who sends one of these speaks for somebody else, who may be anywhere."""

B = TypeVar("B", bound=msgspec.Struct)
Endpoint = Callable[[Request], Awaitable[Response]]


class Refused(Exception):  # noqa: N818  # says what happens
    """A call of the control that is not carried out: HTTP status, and what to do."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def guarded(endpoint: Endpoint, key: str, *impossible: type[Exception]) -> Endpoint:
    """Lets in who may; what cannot be done, by :class:`Refused` or one of ``impossible``, is said."""

    async def call(request: Request) -> Response:
        try:
            _admit(request, key)
            return await endpoint(request)
        except Refused as refused:
            return as_json({"error": refused.reason}, refused.status)
        except impossible as error:
            return as_json({"error": str(error)}, 400)

    return call


def _admit(request: Request, key: str) -> None:
    given = request.headers.get(KEY_HEADER)
    if given is not None:
        if not hmac.compare_digest(given.encode("utf-8", "replace"), key.encode()):
            raise Refused(
                403, f"the {KEY_HEADER} is wrong: `salio testdata` on the platform's machine shows it"
            )
    elif not _comes_from_here(request):
        shown = "which `salio testdata` shows"
        raise Refused(403, f"only this machine may call without a key: send {KEY_HEADER}, {shown}")


def _comes_from_here(request: Request) -> bool:
    """Whether the caller sits on this machine, speaks for nobody else, and meant this machine by its name."""
    peer = request.client.host if request.client is not None else ""
    forwarded = any(name in request.headers for name in _FORWARDED)
    return is_loopback(peer) and is_loopback(request.url.hostname or "") and not forwarded


def is_loopback(host: str) -> bool:
    """Whether a host, by name or address, is this machine speaking to itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


async def read_body(request: Request, form: type[B]) -> B:
    """The call's words; raises :class:`Refused` for anything but JSON of that form."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refused(415, "send JSON with Content-Type: application/json, {} if there is nothing to say")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Refused(413, f"the body is larger than {LARGEST_BODY // 1024} KiB")
    try:
        return msgspec.json.decode(body, type=form)
    except msgspec.DecodeError as error:
        raise Refused(400, f"{error}") from None


def as_json(value: object, status: int = 200) -> Response:
    """An answer."""
    return Response(msgspec.json.encode(value) + b"\n", status, media_type="application/json")
