"""What a connection may cost: the head's size, and the time until a request has come."""

import asyncio
from collections.abc import Callable

import pytest
import uvicorn
from uvicorn.server import ServerState

from salio.gateway.http import Receive, Scope, Send
from salio.platform.bounded import LARGEST_HEAD, LONGEST_SILENCE, MOST_HEADERS, BoundedProtocol, end_silent
from tests.platform.test_corked import Wire

FIRST = b"GET / HTTP/1.1\r\nHost: x\r\n"


class Loop(asyncio.SelectorEventLoop):
    """A loop whose time the test moves on."""

    passed = 0.0

    def time(self) -> float:
        """The machine's, and what was let pass."""
        return super().time() + self.passed


async def answer(_scope: Scope, receive: Receive, send: Send) -> None:
    """Says yes to everything, and gives the body back."""
    body = (await receive())["body"] or b""
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200 if body else 204, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def connected(test: Callable[[BoundedProtocol, Loop], None]) -> bytes:
    """Runs a test on a new connection; everything that was answered, and ``close`` at its end."""
    wire = Wire()

    async def main() -> None:
        config = uvicorn.Config(answer, ws="none", lifespan="off", log_config=None, access_log=False)
        config.load()
        protocol = BoundedProtocol(config, ServerState(), {})
        protocol.connection_made(wire)
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        test(protocol, loop)
        await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(main())
    return b"".join(each if isinstance(each, bytes) else str(each).encode() for each in wire.happened)


@pytest.mark.parametrize(
    ("pieces", "status"),
    [
        pytest.param([FIRST + b"\r\n"], b"204", id="small"),
        pytest.param([FIRST, b"A: b\r\n" * (MOST_HEADERS - 1), b"\r\n"], b"204", id="as many as may be"),
        pytest.param([FIRST, b"A: b\r\n" * MOST_HEADERS, b"\r\n"], b"400", id="i25-one header more"),
        pytest.param([FIRST + b"A: b\r\n" * 10_000 + b"\r\n"], b"400", id="i25-10,000 headers at once"),
        pytest.param(
            [FIRST, b"A: ", b"b" * (LARGEST_HEAD - 100), b"\r\n\r\n"], b"204", id="as long as may be"
        ),
        pytest.param([FIRST, b"A: ", b"b" * LARGEST_HEAD], b"400", id="i25-a header without end"),
        pytest.param([FIRST, *[b"A: b\r\n" * 1000] * 20], b"400", id="i25-headers without end"),
        pytest.param([b"GET /", b"a" * LARGEST_HEAD], b"400", id="i25-a path without end"),
    ],
)
def test_heads(pieces: list[bytes], status: bytes) -> None:
    """Too much is answered once with 400, and the connection ends."""

    def send(protocol: BoundedProtocol, _loop: Loop) -> None:
        for piece in pieces:
            if not protocol.transport.is_closing():
                protocol.data_received(piece)

    heard = connected(send)
    assert heard.startswith(b"HTTP/1.1 " + status)
    assert heard.count(b"HTTP/1.1") == 1
    assert heard.endswith(b"close") == (status == b"400")


@pytest.mark.parametrize(
    ("pieces", "ended"),
    [
        pytest.param([], True, id="t11-nothing ever"),
        pytest.param([FIRST], True, id="t11-half a head"),
        pytest.param([b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n", b"half"], True, id="t11-half a body"),
        pytest.param([FIRST + b"\r\n"], False, id="a whole request"),
        pytest.param([FIRST + b"\r\n", FIRST], True, id="t11-and half of another"),
    ],
)
def test_silence(pieces: list[bytes], ended: bool) -> None:
    """A request has so long to come whole; between requests the server's keep-alive counts instead."""
    state: list[bool] = []

    def wait(protocol: BoundedProtocol, loop: Loop) -> None:
        for piece in pieces:
            protocol.data_received(piece)
        for passing in (LONGEST_SILENCE - 1, 2):
            loop.passed += passing
            end_silent([protocol, object()])
            state.append(protocol.transport.is_closing())

    connected(wait)
    assert state == [False, ended]


OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([OFFER + b"Content-Length: 4\r\n\r\nbody"], id="as Java sends it"),
        pytest.param([OFFER.upper() + b"Content-Length: 4\r\n\r\n", b"body"], id="body apart, in capitals"),
        pytest.param([b"A: b\r\n", b"Content-Length: 4\r\n" + OFFER + b"\r\nbo", b"dy"], id="in pieces"),
        pytest.param([b"Content-Length: 28\r\n\r\n", b"a\r\nUpgrade: the text\r\n\r\nbody"], id="in a body"),
        pytest.param([b"Content-Length: 28\r\n\r\na\r\nUpgrade: the text\r\n\r\nbody"], id="at once"),
    ],
)
def test_an_offer_to_upgrade_is_ignored(pieces: list[bytes]) -> None:
    """The request is answered as any other, with its body; a body is never touched."""

    def send(protocol: BoundedProtocol, _loop: Loop) -> None:
        protocol.data_received(b"POST / HTTP/1.1\r\nHost: x\r\n" + pieces[0])
        for piece in pieces[1:]:
            protocol.data_received(piece)

    heard = connected(send)
    assert heard.startswith(b"HTTP/1.1 200")
    assert heard.endswith(b"body")
    assert (b"Upgrade: the text" in heard) == (b"the text" in b"".join(pieces))
