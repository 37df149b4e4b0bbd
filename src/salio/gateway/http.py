"""Plain ASGI: reading a bounded body, one header, and sending an answer whole."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Endpoint = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 64 * 1024
"""Bytes. The largest request that the tables allow is under 8 KiB."""

Header = tuple[bytes, bytes]
JSON: Header = (b"content-type", b"application/json")
CLOSE: Header = (b"connection", b"close")
NO_STORE: Header = (b"cache-control", b"no-store")


class BodyTooLargeError(Exception):
    """The body passed LARGEST_BODY; the rest is not read and the connection ends."""


class ClientGoneError(Exception):
    """The client hung up before its request was whole."""


def header(scope: Scope, name: bytes) -> list[str]:
    """Every value of a header (name in lower case), as text."""
    return [value.decode("latin-1") for each, value in scope["headers"] if each == name]


async def read_body(receive: Receive) -> bytes:
    """The whole body; raises :class:`BodyTooLargeError` or :class:`ClientGoneError`."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body", False) and len(body) <= LARGEST_BODY:
        message = await receive()
        body += message.get("body", b"")
    if message["type"] == "http.disconnect":
        raise ClientGoneError
    if len(body) > LARGEST_BODY:
        raise BodyTooLargeError
    return body


async def send_json(send: Send, status: int, body: bytes, *more: Header) -> None:
    """One JSON answer, with more headers than those of every answer."""
    headers = [JSON, (b"content-length", b"%d" % len(body)), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
