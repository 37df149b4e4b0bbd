"""What a connection may cost: the head's size, and the time until a request has come."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from uvicorn.server import ServerState

from salio.gateway.http import Endpoint, Receive, Scope, Send, send_json
from salio.platform.http.connection import AT_ONCE as PARSED_AT_ONCE
from salio.platform.http.connection import (
    LONGEST_IDLE,
    LONGEST_SILENCE,
    MOST_AFTER_ANSWER,
    Connection,
)
from salio.platform.http.heads import LARGEST_HEAD, MOST_HEADERS
from salio.platform.http.rests import AT_ONCE, EVERY, Rests
from salio.platform.http.served import Served
from salio.platform.http.silence import end_silent
from salio.platform.http.sources import Sources
from tests.platform.http.test_corked import Wire

FIRST = b"GET / HTTP/1.1\r\nHost: x\r\n"
SHORTEST = FIRST + b"\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


class Loop(asyncio.SelectorEventLoop):
    """A loop whose time the test alone moves on."""

    passed = 0.0

    def time(self) -> float:
        """What was let pass."""
        return self.passed


async def answer(_scope: Scope, receive: Receive, send: Send) -> None:
    """Says yes to everything, and gives the body back."""
    body = (await receive())["body"] or b""
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200 if body else 204, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def answer_at_once(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Says no and never reads the body."""
    await send({"type": "http.response.start", "status": 401, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


async def answer_whole(scope: Scope, _receive: Receive, send: Send) -> None:
    """As the gateway answers."""
    await send_json(scope, send, 200, b"{}")


def unread(method: str, path: str, cause: str) -> tuple[int, bytes, list[tuple[bytes, bytes]]]:
    """Answers with what it was told."""
    return 400, f"{method} {path}: {cause}".encode(), [(b"a", b"b")]


def opened(
    wire: Wire,
    sources: Sources | None = None,
    app: Endpoint = answer,
    protocol: type[Connection] = Connection,
) -> Connection:
    """A new connection."""
    made = protocol(Served(app, ServerState(), unread, sources or Sources(9), Rests()))
    made.connection_made(wire)
    return made


def heard_after(pieces: list[bytes], app: Endpoint) -> bytes:
    """Everything that comes back when the pieces come one in each turn of the loop, and ``close``."""
    wire = Wire()

    async def main() -> None:
        protocol = opened(wire, app=app)
        for piece in pieces:
            if not wire.is_closing():
                protocol.data_received(piece)
            for _ in range(5):
                await asyncio.sleep(0)

    asyncio.run(main())
    return heard(wire)


def heard(wire: Wire) -> bytes:
    """What a connection's far end saw."""
    return b"".join(each for each in wire.happened if isinstance(each, bytes)) + (
        b"close" if wire.is_closing() else b""
    )


def connected(test: Callable[[Connection, Loop], None]) -> bytes:
    """Runs a test on a new connection; everything that was answered, and ``close`` at its end."""
    wire = Wire()

    async def main() -> None:
        protocol = opened(wire)
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        test(protocol, loop)
        await asyncio.sleep(0)

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(main())
    return heard(wire)


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

    def send(protocol: Connection, _loop: Loop) -> None:
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
        pytest.param(
            [b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n", b"half"], True, id="t11-half a body"
        ),
        pytest.param([FIRST + b"\r\n"], False, id="a whole request"),
        pytest.param([FIRST + b"\r\n", FIRST], True, id="t11-and half of another"),
    ],
)
def test_silence(pieces: list[bytes], ended: bool) -> None:
    """A request has so long to come whole; nothing is owed while it is answered."""
    state: list[bool] = []

    def wait(protocol: Connection, loop: Loop) -> None:
        for piece in pieces:
            protocol.data_received(piece)
        for passing in (LONGEST_SILENCE - 1, 2):
            loop.passed += passing
            end_silent([protocol, object()])
            state.append(protocol.transport.is_closing())

    connected(wait)
    assert state == [False, ended]


OWED = {
    "the next request": ([SHORTEST], LONGEST_IDLE),
    "t11-a body that its answer did not wait for": ([CHUNKED], LONGEST_SILENCE),
    "t11-the next request after such a body": ([CHUNKED, b"0\r\n\r\n"], LONGEST_IDLE),
    "t11-the rest of the next request": ([SHORTEST + FIRST], LONGEST_SILENCE),
}


@pytest.mark.parametrize(("pieces", "longest"), OWED.values(), ids=OWED)
def test_after_an_answer(pieces: list[bytes], longest: float) -> None:
    """Whatever a connection owes then, it is hung up on when that has not come in time, and not before."""
    wire = Wire()
    state: list[bool] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        protocol = opened(wire, app=answer_at_once)
        for piece in pieces:
            protocol.data_received(piece)
            for _ in range(3):
                await asyncio.sleep(0)
        for passing in (longest - 1, 2):
            loop.passed += passing
            end_silent([protocol])
            state.append(wire.is_closing())

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(main())
    assert state == [False, True]


def test_t4_a_connection_rests_and_goes_on() -> None:
    """Only after many refusals; a second one meanwhile makes it rest longer, not shorter."""
    wire = Wire()

    async def main() -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        protocol = opened(wire)
        for _ in range(AT_ONCE - 1):
            protocol.rest(1)
        assert wire.happened == []
        for _ in range(3):
            protocol.rest(1)
        assert wire.happened == ["pause"]
        for passing, happened in ((1.5 * EVERY, ["pause"]), (EVERY, ["pause", "resume"])):
            loop.passed += passing
            for _ in range(3):
                await asyncio.sleep(0)
            assert wire.happened == happened
        protocol.transport.close()
        protocol.rest(1)
        assert wire.happened[2:] == ["close"]

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(main())


def test_p26_a_lack_of_memory_is_no_bad_request() -> None:
    """Whoever runs the loop ends the process; the caller is not told that its request was wrong."""
    wire = Wire()

    class Exhausted(Connection):
        def on_message_begin(self) -> None:
            """Finds no memory."""
            raise MemoryError

    async def main() -> None:
        protocol = opened(wire, protocol=Exhausted)
        with pytest.raises(MemoryError):
            protocol.data_received(FIRST + b"\r\n")

    asyncio.run(main())
    assert heard(wire) == b""


OFFER = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([OFFER + b"Content-Length: 4\r\n\r\nbody"], id="as Java sends it"),
        pytest.param([OFFER.upper() + b"Content-Length: 4\r\n\r\n", b"body"], id="body apart, in capitals"),
        pytest.param(
            [OFFER.replace(b"Upgrade", b"uPgRaDe") + b"Content-Length: 4\r\n\r\nbody"], id="both mixed"
        ),
        pytest.param([b"A: b\r\n", b"Content-Length: 4\r\n" + OFFER + b"\r\nbo", b"dy"], id="in pieces"),
        pytest.param(
            [b"Connection: Upgrade\r\n", b"Upgrade: h2c\r\nContent-Length: 4\r\n\r\nbody"], id="by lines"
        ),
        pytest.param([b"Content-Length: 28\r\n\r\n", b"a\r\nUpgrade: the text\r\n\r\nbody"], id="in a body"),
        pytest.param([b"Content-Length: 28\r\n\r\na\r\nUpgrade: the text\r\n\r\nbody"], id="at once"),
    ],
)
def test_an_offer_to_upgrade_is_ignored(pieces: list[bytes]) -> None:
    """The request is answered as any other, with its body; a body is never touched."""

    def send(protocol: Connection, _loop: Loop) -> None:
        protocol.data_received(b"POST / HTTP/1.1\r\nHost: x\r\n" + pieces[0])
        for piece in pieces[1:]:
            protocol.data_received(piece)

    heard = connected(send)
    assert heard.startswith(b"HTTP/1.1 200")
    assert heard.endswith(b"body")
    assert (b"Upgrade: the text" in heard) == (b"the text" in b"".join(pieces))


CHUNK = b"400\r\n" + bytes(0x400) + b"\r\n"
ALLOWED = MOST_AFTER_ANSWER // len(CHUNK)


@pytest.mark.parametrize(
    ("chunks", "ended"), [(ALLOWED, False), (ALLOWED + 1, True)], ids=["i4-as much as may be", "i4-more"]
)
def test_a_body_after_its_answer(chunks: int, ended: bool) -> None:
    """So much of it is let come, and the next request is served; then the connection ends."""
    pieces = [CHUNKED, *[CHUNK] * chunks, b"0\r\n\r\n" + FIRST + b"\r\n"]
    came = heard_after(pieces, answer_at_once)
    assert came.startswith(b"HTTP/1.1 401")
    assert came.count(b"HTTP/1.1") == (1 if ended else 2)
    assert came.endswith(b"close") == ended


def test_i4_a_body_that_came_before_its_answer() -> None:
    """As much of it as may wait for its reader is taken before anybody reads; the answer lets go of it."""
    came = heard_after([CHUNKED + CHUNK * 4 * ALLOWED], answer_at_once)
    assert came.startswith(b"HTTP/1.1 401")
    assert came.endswith(b"close")


HEADS = {
    "i25-no host": (b"GET / HTTP/1.1\r\n\r\n", b"no Host header"),
    "i25-two hosts": (FIRST + b"HOST: y\r\n\r\n", b"2 Host headers"),
    "i25-another coding": (
        FIRST + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
        b"a Transfer-Encoding that is not chunked alone",
    ),
    "i25-two codings": (
        FIRST + b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"a Transfer-Encoding that is not chunked alone",
    ),
    "no host in HTTP/1.0": (b"GET / HTTP/1.0\r\n\r\n", b""),
    "an empty host": (b"GET / HTTP/1.1\r\nHost:\r\n\r\n", b""),
    "chunked": (FIRST + b"Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", b""),
    "another header twice": (FIRST + b"A: b\r\nA: b\r\n\r\n", b""),
}


@pytest.mark.parametrize(("sent", "cause"), HEADS.values(), ids=HEADS)
def test_heads_that_two_readers_read_differently(sent: bytes, cause: bytes) -> None:
    """Refused with their cause, and the connection ends; what is in order is not hurt."""
    came = heard_after([sent], answer)
    assert came.startswith(b"HTTP/1.1 " + (b"400" if cause else b"204"))
    assert came.endswith(b"GET /: " + cause + b"close" if cause else b"\r\n\r\n") or b"/1.0" in sent
    assert (b"\r\na: b\r\n" in came) == bool(cause)


BROKEN = {
    "i25-while it is read": ([CHUNKED, b"zz\r\n"], answer, [b"400"]),
    "i25-after its answer": ([CHUNKED, b"zz\r\n"], answer_at_once, [b"401"]),
    "i25-behind one not yet answered": ([FIRST + b"\r\n\x00"], answer, [b"204"]),
    "i25-behind two not yet answered": ([(FIRST + b"\r\n") * 2 + b"\x00"], answer, [b"204", b"204"]),
    "i25-behind one that was answered": ([FIRST + b"\r\n", b"\x00"], answer, [b"204", b"400"]),
    "i25-a target that is none": (
        [SHORTEST, b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n"],
        answer,
        [b"204", b"400"],
    ),
    "i25-and more of it": ([FIRST + b"\r\n\x00", b"\x00"], answer, [b"204"]),
}


@pytest.mark.parametrize(("pieces", "app", "statuses"), BROKEN.values(), ids=BROKEN)
def test_every_answer_is_its_own_requests(pieces: list[bytes], app: Endpoint, statuses: list[bytes]) -> None:
    """What cannot be read is answered where no other answer is due; the connection ends in any case."""
    came = heard_after(pieces, app)
    assert [each[:3] for each in came.split(b"HTTP/1.1 ")[1:]] == statuses
    assert came.endswith(b"close")


READINGS = [SHORTEST * 1_000] * 5


def in_few_readings(spoil: Callable[[Connection], None] = lambda _: None) -> tuple[list[int], list[Any]]:
    """Thousands of requests, read when that is wanted: how many waited in each turn, and what happened."""
    wire = Wire()
    waited: list[int] = []
    happened: list[Any] = []

    async def main() -> None:
        protocol = opened(wire, app=answer_whole)
        spoil(protocol)
        for reading in READINGS:
            protocol.data_received(reading)
            while protocol.read_paused and len(waited) < 10_000:
                waited.append(len(protocol.pipeline))
                await asyncio.sleep(0)
        await asyncio.sleep(0)  # the last request
        await asyncio.sleep(0)  # its answer leaves at the end of its turn
        happened.extend(wire.happened)
        protocol.connection_lost(None)
        await asyncio.sleep(0)

    asyncio.run(main())
    return waited, happened


def test_t11_thousands_of_requests_in_one_go_take_little_memory() -> None:
    """Few become requests before those ahead are answered; nothing more is read until all are."""
    waited, happened = in_few_readings()
    assert max(waited) <= PARSED_AT_ONCE // len(SHORTEST)
    assert len(waited) >= len(READINGS) * 1_000 - len(READINGS)
    assert b"".join(each for each in happened if isinstance(each, bytes)).count(b" 200 ") == 5_000


def test_t11_who_does_not_read_is_not_read_from() -> None:
    """Answers that nobody takes do not pile up here: none is put together, and nothing more is read."""
    waited, happened = in_few_readings(lambda protocol: protocol.pause_writing())
    assert len(set(waited)) == 1
    assert happened == ["pause"]
