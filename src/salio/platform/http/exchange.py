"""One request and its answer, as ASGI sees them.

An endpoint of the gateway answers whole, by :meth:`Exchange.answer`; a page sends its head and its body.
"""

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import Protocol

import structlog

from salio.gateway.http import CLOSE, Endpoint, Header, Message, Scope

_STATUS_LINES = {each.value: f"HTTP/1.1 {each.value} {each.phrase}\r\n".encode() for each in HTTPStatus}
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_FAILED = b"Internal Server Error"
_BODILESS = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


@lru_cache(maxsize=256)  # but for their length, a second's answers have the same
def head_of(status: int, headers: tuple[Header, ...]) -> bytes:
    """Everything of an answer that stands before its body."""
    lines = [b"%b: %b\r\n" % each for each in headers]
    return b"".join([_STATUS_LINES[status], *lines, b"\r\n"])


class Carrier(Protocol):
    """The connection by which a request came, and its answer goes."""

    write_paused: bool
    """Whether the other side does not read what was sent."""

    @property
    def default_headers(self) -> Sequence[Header]:
        """Of every answer."""
        ...

    def write(self, data: bytes) -> None:
        """Sends bytes."""
        ...

    def completed(self, exchange: "Exchange") -> None:
        """The answer is whole: the connection goes on, or ends."""
        ...

    def taken(self) -> None:
        """What came of the body was read: more may come."""
        ...

    def wait(self) -> "asyncio.Future[None]":
        """Something to wait for."""
        ...

    async def drain(self) -> None:
        """Until the other side has read what was sent."""
        ...

    def close(self) -> None:
        """Ends the connection when everything has left."""
        ...


class Exchange:
    """From the request's head to the end of its answer."""

    __slots__ = (
        "_body",
        "_carrier",
        "_chunked",
        "_heard",
        "_waiter",
        "complete",
        "expects_continue",
        "gone",
        "keep_alive",
        "scope",
        "started",
        "whole",
    )

    def __init__(self, carrier: Carrier, scope: Scope, *, keep_alive: bool, expects_continue: bool) -> None:
        self._carrier = carrier
        self.scope = scope
        self.keep_alive = keep_alive
        self.expects_continue = expects_continue
        self._body: bytes | bytearray = b""
        self._heard = True
        """Whether the application knows of all that came."""
        self._waiter: asyncio.Future[None] | None = None
        self._chunked = False
        self.whole = False
        """Whether the body has come to its end."""
        self.gone = False
        """Whether nobody is there to be answered any more."""
        self.started = False
        """Whether the answer has begun."""
        self.complete = False
        """Whether the answer has come to its end."""

    def unread(self) -> int:
        """Bytes of the body that came and were not read."""
        return len(self._body)

    def come(self, data: bytes) -> None:
        """More of the body came."""
        if self._body:
            self._body = bytearray(self._body) if isinstance(self._body, bytes) else self._body
            self._body += data
        else:
            self._body = data
        self._tell()

    def end(self) -> None:
        """The body came to its end."""
        self.whole = True
        self._tell()

    def leave(self) -> None:
        """Nobody is there any more."""
        self.gone = True
        self._tell()

    async def run(self, application: Endpoint) -> None:
        """Lets the application answer; if it does not, the answer is that it failed."""
        try:
            await application(self.scope, self.receive, self.send)
        except Exception:  # an endpoint answers its own faults: this is one of the server's
            structlog.get_logger().exception("unanswered")
        if self.complete or self.gone:
            return
        if self.started or not self.answer(500, [(b"content-length", b"%d" % len(_FAILED)), CLOSE], _FAILED):
            self._carrier.close()

    async def receive(self) -> Message:
        """ASGI's: what came of the body since it was last called, or that nobody is there any more."""
        if self.expects_continue and not self.started:
            self._carrier.write(CONTINUE)
            self.expects_continue = False
        while self._heard and not (self.gone or self.complete):
            self._waiter = self._carrier.wait()
            await self._waiter
        if self.gone or self.complete:
            return {"type": "http.disconnect"}
        body, self._body, self._heard = self._body, b"", True
        self._carrier.taken()
        return {"type": "http.request", "body": bytes(body), "more_body": not self.whole}

    async def send(self, message: Message) -> None:
        """ASGI's: the head of the answer, or a piece of its body."""
        if self._carrier.write_paused and not self.gone:
            await self._carrier.drain()
        if self.gone:
            return
        if not self.started:
            self._begin(message["status"], list(message.get("headers", ())))
        else:
            self._continue(message.get("body", b""), last=not message.get("more_body", False))

    def answer(self, status: int, headers: Sequence[Header], body: bytes) -> bool:
        """Sends a whole answer (:class:`salio.gateway.http.Connection`); not to a HEAD, which gets no body,
        nor to somebody who does not read what was sent before.
        """
        if self.started or self._carrier.write_paused or self.scope["method"] == "HEAD":
            return False
        if self.gone:
            return True
        self.started = True
        self._carrier.write(self._head(status, headers) + body)
        self._end()
        return True

    def _begin(self, status: int, headers: list[Header]) -> None:
        self.started = True
        lengths = (b"content-length", b"transfer-encoding")
        bodiless = self.scope["method"] == "HEAD" or status in _BODILESS
        if not bodiless and not any(name.lower() in lengths for name, _ in headers):
            self._chunked = True
            headers.append((b"transfer-encoding", b"chunked"))
        self._carrier.write(self._head(status, headers))

    def _continue(self, body: bytes, *, last: bool) -> None:
        if self.scope["method"] == "HEAD":
            body = b""
        elif self._chunked:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (b"0\r\n\r\n" if last else b"")
        if body:
            self._carrier.write(body)
        if last:
            self._end()

    def _head(self, status: int, headers: Sequence[Header]) -> bytes:
        if CLOSE in headers:
            self.keep_alive = False
        elif not self.keep_alive:
            headers = [*headers, CLOSE]
        return head_of(status, (*self._carrier.default_headers, *headers))

    def _end(self) -> None:
        self.complete = True
        self._body = b""  # nobody reads it any more, so nothing waits for that
        self._tell()
        self._carrier.completed(self)

    def _tell(self) -> None:
        self._heard = False
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
