"""A head that comes again is not read again, and nobody can tell by the answers."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.gateway.http import Endpoint, Receive, Scope, Send, once, read_body, send_json
from salio.platform.http.connection import Connection
from tests.platform.http.test_connection import Loop, heard, opened
from tests.platform.http.test_corked import Wire


def request(head: bytes = b"POST /a HTTP/1.1\r\nHost: x\r\n", body: bytes = b"{}") -> bytes:
    """A whole request."""
    return head + b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class Reading(Connection):
    """Counts the heads that were read."""

    heads = 0

    def on_headers_complete(self) -> None:
        """One more."""
        Reading.heads += 1
        super().on_headers_complete()


class Forgetful(Connection):
    """Reads every head."""

    def _knows(self, data: bytes) -> bool:
        del data
        return False


async def say_all(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with everything that it was given, and spoils it."""
    body = await read_body(receive)
    given = [scope[each] for each in ("method", "raw_path", "http_version", "headers")]
    said = repr((given, body, "state" in scope)).encode()
    scope["state"] = scope["raw_path"] = b"spoilt"
    await send_json(scope, send, 200, said)


def told(
    pieces: list[bytes], protocol: type[Connection], app: Endpoint = say_all, turns: int = 4
) -> list[Any]:
    """What the far end saw so many turns of the loop after each piece, and what the connection waits for."""
    wire, seen = Wire(), list[Any]()

    async def main() -> None:
        connection = opened(wire, app=app, protocol=protocol)
        for piece in [*pieces, b""]:
            if piece and not wire.is_closing() and not connection.read_paused:
                connection.data_received(piece)
            due = connection.due_by, connection.read_paused
            for _ in range(turns if piece else 10 * len(pieces)):
                await asyncio.sleep(0)
            seen.append((heard(wire), due, connection.due_by, connection.read_paused))

    with asyncio.Runner(loop_factory=Loop) as runner:
        runner.run(main())
    return seen


AGAIN = {
    "the same": ([request(), request()], 1),
    "another body of that length": ([request(), request(body=b"[]")], 1),
    "another length": ([request(), request(body=b"[1]")], 2),
    "another path": ([request(), request(b"POST /b HTTP/1.1\r\nHost: x\r\n")], 2),
    "back and forth": ([request(), request(b"POST /b HTTP/1.1\r\nHost: x\r\n"), request()], 3),
    "no body": ([request(body=b""), request(body=b"")], 1),
    "in two pieces": ([request(), request()[:-1], request()[-1:], request()], 3),
    "with the next": ([request(), request() + request(), request()], 4),
    "a GET": ([request(b"GET /a HTTP/1.1\r\nHost: x\r\n")] * 2, 2),
    "asks before its body": ([request(b"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n")] * 2, 2),
    "an offer to upgrade": ([request(b"POST /a HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n")] * 2, 2),
    "another case": ([request(), request().replace(b"Host", b"host")], 2),
    "an unknown method": ([request(b"BREW /a HTTP/1.1\r\nHost: x\r\n")] * 2, 2),
    "a known one behind it": (
        [request(b"BREW /a HTTP/1.1\r\nHost: x\r\n"), request(b"PUT /a HTTP/1.1\r\nHost: x\r\n")],
        2,
    ),
    "an end": ([request(b"POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n")] * 2, 1),
    "chunked": (
        [b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"] * 2,
        2,
    ),
    "half a line's end before it": ([request(), b"\r", request(), b"\n", request()], 3),
    "something behind it": ([request(), request() + b"\r\n", request()], 3),
}


@pytest.mark.parametrize(("pieces", "heads"), AGAIN.values(), ids=AGAIN)
def test_a_head_that_comes_again(pieces: list[bytes], heads: int) -> None:
    """It is read once, where it came whole with its body and nothing else; the answers are the same."""
    Reading.heads = 0
    assert told(pieces, Reading) == told(pieces, Forgetful)
    assert Reading.heads == heads


def test_a_tail_is_no_head() -> None:
    """The end of one body and the next request in one piece: no later request begins with that end."""
    first = request(body=b"GET / HTTP/1.1\r\n")
    pieces = [first[:-4], first[-4:] + request(), first[-4:] + request()]
    assert told(pieces, Connection) == told(pieces, Forgetful)
    assert b"400" in told(pieces, Connection)[-1][0]


def test_what_was_read_of_a_head_is_known_to_the_next() -> None:
    """An endpoint reads it once; of another head it reads anew, and so on another connection."""
    read: list[bytes] = []

    def path(scope: Scope) -> bytes:
        read.append(scope["raw_path"])
        return read[-1]

    async def say_path(scope: Scope, receive: Receive, send: Send) -> None:
        await read_body(receive)
        await send_json(scope, send, 200, once(scope, path))

    pieces = [request(), request(body=b"[]"), request(b"POST /b HTTP/1.1\r\nHost: x\r\n")]
    for _ in range(2):
        came = told(pieces, Connection, say_path)[-1][0]
        assert [each[:2] for each in came.split(b"\r\n\r\n")[1:]] == [b"/a", b"/a", b"/b"]
    assert read == [b"/a", b"/b"] * 2


WHOLE = st.sampled_from(
    [
        *[request(), request(), request(body=b"[]"), request(body=b"")],
        request(b"POST /b HTTP/1.1\r\nHost: x\r\n"),
        request(b"GET /b HTTP/1.1\r\nHost: x\r\n"),
        request(b"BREW /a HTTP/1.1\r\nHost: x\r\n"),
        request(b"PUT /a HTTP/1.1\r\nHost: x\r\n"),
        request(b"POST /a HTTP/1.0\r\nHost: x\r\n"),
        request(b"POST /a HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n"),
        request(b"POST /a HTTP/1.1\r\nHost: x\r\nHost: x\r\n"),
        b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"\r\n",
        b"\x00",
        b"POST",
    ]
)


@given(st.data())
def test_nobody_can_tell(data: st.DataObject) -> None:
    """Whatever comes, in whatever pieces, is answered as by a connection that reads every head."""
    requests = data.draw(st.lists(WHOLE, min_size=1, max_size=6))
    ends = [sum(map(len, requests[:index])) for index in range(len(requests) + 1)]
    stream = b"".join(requests)
    kept = data.draw(st.sets(st.sampled_from(ends)))
    cut = data.draw(st.sets(st.integers(0, len(stream)), max_size=2))
    at = sorted({0, len(stream)} | kept | cut)
    pieces = [stream[start:end] for start, end in pairwise(at)]
    turns = data.draw(st.integers(0, 4))
    assert told(pieces, Connection, turns=turns) == told(pieces, Forgetful, turns=turns)
