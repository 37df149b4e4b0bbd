"""What two readers of HTTP could read differently, and what comes after its answer (catalogue: I25, I4)."""

import json
import socket
from collections.abc import Callable, Iterator
from itertools import repeat

import pytest

from salio.wire.apis import OAUTH_PATH, Api
from tests.journeys.raw import Heard, exchange, head, hear
from tests.journeys.running import BALANCE, Platform
from tests.journeys.test_catalogue_input import LARGEST, dumped
from tests.journeys.test_requests import PAYLOAD
from tests.patience import PATIENCE

Frame = Callable[[bytes], bytes]
"""From a good body to the rest of the head and the body."""


def sized(*lines: bytes) -> Frame:
    """These lines, then the body as it is."""
    return lambda body: b"\r\n".join([*lines, b"", body]).replace(b"LENGTH", b"%d" % len(body))


def chunked(
    first: bytes, end: bytes = b"\r\n0\r\n\r\n", line: bytes = b"Transfer-Encoding: chunked"
) -> Frame:
    """The body as one chunk, its first line and its end as given."""
    return lambda body: line + b"\r\n\r\n" + first.replace(b"LENGTH", b"%x" % len(body)) + body + end


GOOD = b"LENGTH\r\n"
BOTH = b"Content-Length: 5\r\nTransfer-Encoding: chunked"
FRAMES = {
    "i25-a length and chunks": chunked(GOOD, line=BOTH),
    "i25-chunks and a length": chunked(GOOD, line=b"\r\n".join(reversed(BOTH.split(b"\r\n")))),
    "i25-two lengths": sized(b"Content-Length: LENGTH", b"Content-Length: 0"),
    "i25-two lengths alike": sized(b"Content-Length: LENGTH", b"Content-Length: LENGTH"),
    "i25-a list of lengths": sized(b"Content-Length: LENGTH, LENGTH"),
    "i25-a length below zero": sized(b"Content-Length: -1"),
    "i25-a length with a sign": sized(b"Content-Length: +LENGTH"),
    "i25-a length beyond all bounds": sized(b"Content-Length: " + b"9" * 30),
    "i25-a space before the colon": sized(b"Content-Length : LENGTH"),
    "i25-chunks twice": chunked(GOOD, line=b"Transfer-Encoding: chunked, chunked"),
    "i25-no chunks after all": chunked(GOOD, line=b"Transfer-Encoding: identity"),
    "i25-another coding": chunked(GOOD, line=b"Transfer-Encoding: xchunked"),
    "i25-a control character": chunked(GOOD, line=b"Transfer-Encoding:\x0bchunked"),
    "i25-a chunk's size is none": chunked(b"zz\r\n"),
    "i25-a chunk's size in another form": chunked(b"0xLENGTH\r\n"),
    "i25-a chunk's size beyond all bounds": chunked(b"f" * 17 + b"\r\n"),
    "i25-a chunk's end is missing": chunked(GOOD, b"0\r\n\r\n"),
    "i25-a chunk with bare line feeds": chunked(b"LENGTH\n", b"\n0\n\n"),
    "i25-a chunk's extension breaks the line": chunked(b"LENGTH;a\nb\r\n"),
    "i25-a bare line feed": sized(b"A: b\nContent-Length: LENGTH"),
    "i25-a bare carriage return": sized(b"A: b\rB: c", b"Content-Length: LENGTH"),
    "i25-a folded line": sized(b"A: b", b" c", b"Content-Length: LENGTH"),
    "i25-a NUL": sized(b"A: b\0", b"Content-Length: LENGTH"),
    "i25-another coding before the chunks": chunked(GOOD, line=b"Transfer-Encoding: gzip, chunked"),
    "i25-another coding in a line of its own": chunked(
        GOOD, line=b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked"
    ),
    "i25-a second host": sized(b"Host: y", b"Content-Length: LENGTH"),
    "i25-the same host again": sized(b"host: x", b"Content-Length: LENGTH"),
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_a_frame_that_can_be_read_twice(documented: Platform, api: Api, frame: Frame) -> None:
    """400 and the connection ends: nothing is kept, and what may be a second request is never one."""
    second = b"GET /second HTTP/1.1\r\nHost: x\r\n\r\n"
    kept, rest = documented.kept(), frame(dumped(documented, api))
    heard = exchange(documented.port, [head(documented, api) + rest + second])
    assert (heard.statuses, heard.closed) == ([400], True)
    assert told(heard) == PAYLOAD[api]
    assert documented.kept() == kept
    assert [each for each in documented.refusals() if each.path == "/second"] == []


def told(heard: Heard) -> tuple[int, str, str]:
    """What the only answer says, in the documents' shape."""
    said = json.loads(heard.content.partition(b"\r\n\r\n")[2])
    return heard.statuses[0], said["errorCode"], said["errorMessage"]


NOT_READ = {
    "i25-no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00", ("?", "?"), "not readable as HTTP: "),
    "i25-no method": (b"S(Y /x HTTP/1.1\r\nHost: x\r\n\r\n", ("?", "?"), "not readable as HTTP: "),
    "i25-no host": (b"GET /x?y HTTP/1.1\r\n\r\n", ("GET", "/x"), "no Host header"),
    "i25-two hosts": (b"GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", ("GET", "/x"), "2 Host headers"),
    "i25-a head without end": (
        b"GET /x HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 70_000,
        ("GET", "/x"),
        "the head is larger than 64 KiB",
    ),
    "i25-too many headers": (
        b"GET /x HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 101 + b"\r\n",
        ("GET", "/x"),
        "more than 100 headers",
    ),
}


@pytest.mark.parametrize(("sent", "where", "cause"), NOT_READ.values(), ids=NOT_READ)
def test_what_is_not_read_is_refused_by_the_book(
    documented: Platform, sent: bytes, where: tuple[str, str], cause: str
) -> None:
    """The documents' shape, counted and kept with its cause, and told with it; then the connection ends."""
    heard = exchange(documented.port, [sent])
    assert (told(heard), heard.closed) == (PAYLOAD[BALANCE], True)
    refused = documented.refusals()[0]
    assert ((refused.method, refused.path), refused.status) == (where, 400)
    assert refused.cause.startswith(cause)
    assert b"x-salio-reason: " + refused.cause.encode() in heard.content
    assert refused.request_id.encode() in heard.content


def test_i25_the_first_answer_is_the_first_requests(documented: Platform) -> None:
    """What cannot be read behind a request gets no answer that could be taken for the request's own."""
    good = f"GET {OAUTH_PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    for _ in range(20):
        heard = exchange(documented.port, [good * 3 + b"\x00\x01 nonsense\r\n\r\n" + good])
        assert (heard.statuses, heard.closed) == ([400] * 3, True)
        assert heard.content.count(b"400.008.01") == 3
        causes = [each.cause for each in documented.refusals()[:4]]
        assert sum(cause.startswith("not readable as HTTP: ") for cause in causes) == 1


def test_i4_an_endless_body_after_the_answer(documented: Platform, api: Api) -> None:
    """A refusal that comes before the body lets 64 KiB more come, and no more: the sender is cut off."""
    taken = 0

    def chunks() -> Iterator[bytes]:
        nonlocal taken
        first = f"POST {api.path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        yield first
        for chunk in repeat(b"400\r\n" + b" " * 0x400 + b"\r\n", 64_000):
            yield chunk
            taken += len(chunk)

    assert exchange(documented.port, chunks()).closed
    assert taken < 32 * 1024 * 1024


def test_i4_a_body_after_the_answer_hurts_nobody(documented: Platform, api: Api) -> None:
    """One of 64 KiB is let come, and the connection serves the next request."""
    first = f"POST {api.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {LARGEST}\r\n\r\n".encode()
    bye = f"GET {OAUTH_PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", documented.port), timeout=PATIENCE) as connection:
        connection.sendall(first)
        refused = connection.recv(65_536)
        connection.sendall(b" " * LARGEST + bye)
        heard = hear(connection)
    assert refused.startswith((b"HTTP/1.1 401", b"HTTP/1.1 404"))
    assert (heard.statuses, heard.closed) == ([400], True)


def test_i25_what_follows_a_short_length(documented: Platform, api: Api) -> None:
    """The rest of a body behind its stated length is no request: one answer to the first, 400 to the rest."""
    heard = exchange(documented.port, [head(documented, api, b"Content-Length: 2") + b"\r\n{}{}{}"])
    assert heard.statuses in ([400, 400], [400])
    assert heard.closed
