"""A request and its answer as ASGI sees them: what leaves, and what the application is told."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from salio.gateway.http import CLOSE, CONNECTION, Connection, Message, Receive, Scope, Send
from tests.platform.http.test_connection import FIRST, SHORTEST, heard_after, opened
from tests.platform.http.test_corked import Wire

POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
HEAD = b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n"
LENGTH = (b"content-length", b"2")

Application = Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]


def page(*pieces: bytes, status: int = 200, headers: tuple[tuple[bytes, bytes], ...] = ()) -> Application:
    """An application that sends these pieces."""

    async def application(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for piece in pieces[:-1]:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"".join(pieces[-1:])})

    return application


async def silent(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Answers nothing."""


async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Fails before it answers."""
    raise ValueError


async def half(scope: Scope, receive: Receive, send: Send) -> None:
    """Fails in the midst of its answer."""
    await send({"type": "http.response.start", "status": 200, "headers": [LENGTH]})
    await broken(scope, receive, send)


ANSWERS = {
    "whole": (SHORTEST, page(b"ok", headers=(LENGTH,)), b"200 OK\r\ncontent-length: 2\r\n\r\nok"),
    "in pieces": (SHORTEST, page(b"o", b"k", headers=(LENGTH,)), b"content-length: 2\r\n\r\nok"),
    "of no known length": (
        SHORTEST,
        page(b"o", b"", b"k"),
        b"transfer-encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n",
    ),
    "a HEAD, which gets no body": (HEAD, page(b"ok", headers=(LENGTH,)), b"content-length: 2\r\n\r\n"),
    "a HEAD of no known length": (HEAD, page(b"ok"), b"200 OK\r\n\r\n"),
    "nothing to say": (SHORTEST, page(b"", status=204), b"204 No Content\r\n\r\n"),
    "and it closes": (
        SHORTEST,
        page(b"ok", headers=(LENGTH, CLOSE)),
        b"content-length: 2\r\nconnection: close\r\n\r\nokclose",
    ),
    "and the caller wants it closed": (
        FIRST + b"Connection: close\r\n\r\n",
        page(b"ok", headers=(LENGTH,)),
        b"content-length: 2\r\nconnection: close\r\n\r\nokclose",
    ),
    "to HTTP/1.0": (
        b"GET / HTTP/1.0\r\n\r\n",
        page(b"ok", headers=(LENGTH,)),
        b"content-length: 2\r\nconnection: close\r\n\r\nokclose",
    ),
    "none": (
        SHORTEST,
        silent,
        b"500 Internal Server Error\r\ncontent-length: 21\r\nconnection: close\r\n\r\n"
        b"Internal Server Errorclose",
    ),
    "a fault before it": (
        SHORTEST,
        broken,
        b"500 Internal Server Error\r\ncontent-length: 21\r\nconnection: close\r\n\r\n"
        b"Internal Server Errorclose",
    ),
    "a fault in it": (SHORTEST, half, b"200 OK\r\ncontent-length: 2\r\n\r\nclose"),
    "none to a HEAD": (HEAD, silent, b"close"),
}


@pytest.mark.parametrize(("sent", "application", "end"), ANSWERS.values(), ids=ANSWERS)
def test_answers(sent: bytes, application: Application, end: bytes) -> None:
    """What leaves is what the application said, in the form that the request asks for."""
    assert heard_after([sent], application).removeprefix(b"HTTP/1.1 ").endswith(end)


HEARD = {
    "without a body": ([SHORTEST], [(b"", False)]),
    "a body in one": ([POST + b"Content-Length: 2\r\n\r\nok"], [(b"ok", False)]),
    "a body behind its head": (
        [POST + b"Content-Length: 2\r\n\r\n", b"o", b"k"],
        [(b"o", True), (b"k", False)],
    ),
    "pieces that came together": (
        [POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n1\r\n!\r\n0\r\n\r\n"],
        [(b"ok!", False)],
    ),
}


@pytest.mark.parametrize(("pieces", "told"), HEARD.values(), ids=HEARD)
def test_bodies(pieces: list[bytes], told: list[tuple[bytes, bool]]) -> None:
    """The application is told of the body as it comes, then that its answer has left."""
    messages: list[Message] = []

    async def listening(scope: Scope, receive: Receive, send: Send) -> None:
        while not messages or messages[-1]["more_body"]:
            messages.append(await receive())
        await page(b"ok", headers=(LENGTH,))(scope, receive, send)
        messages.append(await receive())

    came = heard_after(pieces, listening)
    assert [(each["body"], each["more_body"]) for each in messages[:-1]] == told
    assert messages[-1] == {"type": "http.disconnect"}
    assert came.endswith(b"\r\n\r\nok")


def test_who_waits_for_leave_to_send_its_body_is_given_it() -> None:
    """Once, when the application wants the body; not if it answers without it."""
    asking = POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"

    async def reading(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await page(b"ok", headers=(LENGTH,))(scope, receive, send)

    assert heard_after([asking, b"hi"], reading).startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")
    assert b"100 Continue" not in heard_after([asking], page(b"ok", headers=(LENGTH,)))


@pytest.mark.parametrize("paused", [False, True], ids=["reading", "not reading"])
def test_who_hangs_up_is_told_of(paused: bool) -> None:
    """An application that waits learns it, and what it says then goes nowhere."""
    wire = Wire()
    messages: list[Message] = []
    left: list[bool] = []

    async def waiting(scope: Scope, receive: Receive, send: Send) -> None:
        if paused:
            await page(b"ok", headers=(LENGTH,))(scope, receive, send)
        messages.extend([await receive(), await receive()])
        connection: Connection = scope["extensions"][CONNECTION]
        left.append(connection.answer(200, [LENGTH], b"ok"))
        await send({"type": "http.response.start", "status": 200, "headers": [LENGTH]})

    async def main() -> None:
        protocol = opened(wire, app=waiting)
        protocol.data_received(SHORTEST)
        if paused:
            protocol.pause_writing()
        await asyncio.sleep(0)
        protocol.connection_lost(None)
        for _ in range(5):
            await asyncio.sleep(0)

    asyncio.run(main())
    assert messages[-1] == {"type": "http.disconnect"}
    assert left == [True]
    assert not [each for each in wire.happened if isinstance(each, bytes)]
