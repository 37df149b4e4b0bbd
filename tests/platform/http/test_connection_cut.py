"""However the bytes of some requests are cut, each answer is its own request's."""

import asyncio
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from salio.gateway.http import Receive, Scope, Send, read_body, send_json
from tests.platform.http.test_connection import opened
from tests.platform.http.test_corked import Wire

LONGEST = 1_000
"""Turns of the loop: far more than all requests need."""
bodies = st.binary(max_size=9_000)
methods = st.sampled_from(["GET", "POST", "PUT"])


@st.composite
def requests(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A request as it is sent, and its body."""
    method, body = draw(methods), draw(bodies)
    head = f"{method} /{len(body)} HTTP/1.1\r\nHost: x\r\n".encode()
    if draw(st.booleans()):
        return head + b"Content-Length: %d\r\n\r\n%b" % (len(body), body), body
    size = draw(st.integers(1, 5_000))
    chunks = [body[start : start + size] for start in range(0, len(body), size)]
    sent = b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in chunks)
    return head + b"Transfer-Encoding: chunked\r\n\r\n" + sent + b"0\r\n\r\n", body


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Gives the body back: whole, as the gateway does, or in two messages, as pages do."""
    body = await read_body(receive)
    if len(body) % 2:
        await send_json(scope, send, 200, body)
        return
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def answered(sent: bytes, cuts: list[int], turns: int) -> bytes:
    """What leaves when the bytes come in pieces, so many turns of the loop apart, while they are wanted."""
    wire = Wire()
    edges = [0, *sorted({each % (len(sent) + 1) for each in cuts}), len(sent)]
    pieces = [sent[start:end] for start, end in pairwise(edges)]

    async def main() -> None:
        protocol = opened(wire, app=echo)
        for piece in filter(None, pieces):
            protocol.data_received(piece)
            for _ in range(turns):
                await asyncio.sleep(0)
            for _ in range(LONGEST):
                await asyncio.sleep(0)
                if not protocol.read_paused:
                    break
        for _ in range(3):
            await asyncio.sleep(0)

    asyncio.run(main())
    return b"".join(each for each in wire.happened if isinstance(each, bytes))


@given(
    several=st.lists(requests(), min_size=1, max_size=6),
    cuts=st.lists(st.integers(min_value=0), max_size=8),
    turns=st.integers(0, 3),
)
def test_answers_come_whole_and_in_order(
    several: list[tuple[bytes, bytes]], cuts: list[int], turns: int
) -> None:
    """One after another, each with its request's own body and nothing between."""
    came = answered(b"".join(sent for sent, _ in several), cuts, turns)
    for _, body in several:
        head, _, came = came.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert head.endswith(b"content-length: %d" % len(body))
        assert came[: len(body)] == body
        came = came[len(body) :]
    assert came == b""
