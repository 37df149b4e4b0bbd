"""Plain ASGI: reading a bounded body, one header, sending an answer whole, and the connection beneath."""

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, Protocol, TypeVar, cast

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Endpoint = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

T = TypeVar("T")

LARGEST_BODY = 64 * 1024
"""Bytes. The largest request that the tables allow is under 8 KiB."""

CONNECTION = "salio.connection"
"""The server's extension of an ASGI scope: a :class:`Connection`."""

KNOWN = "salio.known"
"""The server's own of an ASGI scope: a dictionary of what was read of this head, by who read it. Requests
that have one head, on one connection, have it in common.
"""

JSON: Header = (b"content-type", b"application/json")
CLOSE: Header = (b"connection", b"close")
NO_STORE: Header = (b"cache-control", b"no-store")


class Connection(Protocol):
    """What a server lets be done to the connection that a request came by."""

    def answer(self, status: int, headers: Sequence[Header], body: bytes) -> bool:
        """Sends a whole answer to the request that is being answered; ``False`` if it has to go the long way:
        by ASGI's messages, one for the head and one for the body.
        """
        ...

    def rest(self, app_number: int) -> None:
        """An app met its throttle on it: the next request may have to wait, if there were many such."""
        ...


class BodyTooLargeError(Exception):
    """The body passed LARGEST_BODY; the rest is not read and the connection ends."""


class ClientGoneError(Exception):
    """The client hung up before its request was whole."""


def header(scope: Scope, name: bytes) -> list[str]:
    """Every value of a header (name in lower case), as text."""
    values = []
    for each, value in scope["headers"]:
        if each == name:
            values.append(value.decode("latin-1"))
    return values


def once(scope: Scope, read: Callable[[Scope], T]) -> T:
    """What ``read`` makes of the request's head, and nothing but its head; raises whatever that raises."""
    known: dict[object, object] | None = scope.get(KNOWN)
    if known is None:
        return read(scope)
    if read not in known:
        known[read] = read(scope)
    return cast("T", known[read])


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


async def send_json(scope: Scope, send: Send, status: int, body: bytes, *more: Header) -> None:
    """One JSON answer, with more headers than those of every answer."""
    headers = [JSON, (b"content-length", b"%d" % len(body)), *more]
    connection: Connection | None = scope.get("extensions", {}).get(CONNECTION)
    if connection is not None and connection.answer(status, headers, body):
        return
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
