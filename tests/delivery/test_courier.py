"""The courier against real sockets: one POST, one end, whatever the receiver does."""

import re
import select
import socket
import time
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from itertools import repeat

import msgspec
import pytest

from salio import __version__
from salio.core.requests.deliveries import AttemptEnd
from salio.delivery.addresses import PRODUCTION, SANDBOX, AddressRules
from salio.delivery.courier import Courier
from salio.delivery.lines import CourierSettings
from salio.platform.threads import Threads
from tests.delivery.receivers import (
    OK,
    Behaviour,
    answering,
    answering_once_then,
    deaf,
    receiving,
    resetting,
    sending,
    silent,
)
from tests.delivery.samples import attempt

QUICK = CourierSettings(connect_seconds=0.2, total_seconds=0.3)
BESIDE = Threads("names")


class WallClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Now."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds."""
        return time.monotonic()


class Driven:
    """A courier and its ends, stepped by the test."""

    def __init__(self, rules: AddressRules = SANDBOX, settings: CourierSettings = QUICK) -> None:
        self.ends: list[AttemptEnd] = []
        self.courier = Courier(
            clock=WallClock(),
            rules=rules,
            ended=self.ends.extend,
            beside=BESIDE.begin,
            seconds=time.monotonic,
            settings=settings,
        )

    def step(self) -> None:
        """One step, and if nothing ended in it, a wait for something to happen."""
        patience = None if self.courier.step() else self.courier.patience()
        watch = self.courier.watch
        if patience is not None and watch.descriptor is not None:
            select.select([watch.descriptor], [], [], patience)
            watch.clear()

    def post(self, *urls: str) -> list[AttemptEnd]:
        """Posts one attempt to each and steps until all ended; their ends in the order of the attempts."""
        self.ends.clear()
        self.courier.post([attempt(number, url) for number, url in enumerate(urls)])
        limit = time.monotonic() + 10
        while len(self.ends) < len(urls) and time.monotonic() < limit:
            self.step()
        self.courier.step()
        assert self.courier.busy() == 0
        assert sorted(end.number for end in self.ends) == list(range(len(urls)))
        return sorted(self.ends, key=lambda end: end.number)


@pytest.fixture
def driven() -> Generator[Driven, None, None]:
    """A courier of the sandbox with short limits."""
    made = Driven()
    yield made
    made.courier.close()


def test_one_post_leaves_as_it_was_given(driven: Driven) -> None:
    """Method, path, headers and body, and nothing that nobody asked for."""
    with receiving(answering()) as receiver:
        [end] = driven.post(receiver.url("/result?x=1"))
    [request] = receiver.requests
    head, _, body = request.partition(b"\r\n\r\n")
    line, *headers = head.decode().split("\r\n")
    assert end.delivered
    assert line == "POST /result?x=1 HTTP/1.1"
    assert body == b'{"Result":{}}'
    assert {each.partition(": ")[0]: each.partition(": ")[2] for each in headers} == {
        "Host": f"127.0.0.1:{receiver.port}",
        "User-Agent": f"Salio/{__version__}",
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Content-Length": "13",
    }


def test_a_reason_goes_with_its_own_attempt(driven: Driven) -> None:
    """On a line that is used again, neither the next attempt nor a success inherits it."""
    reasons = ["why", None, "another why", "another why", None]
    with receiving(answering()) as receiver:
        for number, reason in enumerate(reasons):
            told = msgspec.structs.replace(attempt(number, receiver.url()), reason=reason)
            driven.courier.post([told])
            while len(driven.ends) <= number:
                driven.step()
    sent = [re.search(rb"X-Salio-Reason: ([^\r]*)\r\n", each) for each in receiver.requests]
    assert [found and found[1].decode() for found in sent] == reasons
    assert all(b"Content-Type: application/json\r\n" in each for each in receiver.requests)


STATUSES = [200, 201, 202, 204, 299, 300, 304, 400, 401, 404, 429, 500, 503]


@pytest.mark.parametrize("status", STATUSES)
def test_p16_the_status_decides(driven: Driven, status: int) -> None:
    """Any 2xx is delivered; anything else is not, and is never tried again, Retry-After or not."""
    answer = f"HTTP/1.1 {status} X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n".encode()
    with receiving(answering(answer)) as receiver:
        [end] = driven.post(receiver.url())
    assert (end.status, end.fault, end.delivered) == (status, None, 200 <= status <= 299)
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_p13_redirects_are_not_followed(driven: Driven, status: int) -> None:
    """No second request leaves, to whatever address it was sent on."""
    with receiving(answering()) as elsewhere:
        answer = f"HTTP/1.1 {status} X\r\nLocation: {elsewhere.url()}\r\nContent-Length: 0\r\n\r\n".encode()
        with receiving(answering(answer)) as receiver:
            [end] = driven.post(receiver.url())
    assert (end.status, end.delivered) == (status, False)
    assert elsewhere.connections == 0
    assert len(receiver.requests) == 1


def endless(start: bytes, piece: bytes) -> Callable[[], Iterator[bytes]]:
    """A start and then the same piece for ever."""

    def pieces() -> Iterator[bytes]:
        yield start
        yield from repeat(piece)

    return pieces


HUGE = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
ENDLESS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BOMB = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4096\r\n\r\n" + bytes(4096)

LONG_ANSWERS = {
    "1-gb": sending(endless(HUGE, b"x" * 65536)),
    "endless-chunks": sending(endless(ENDLESS, b"1000\r\n" + b"x" * 4096 + b"\r\n")),
    "endless-until-close": sending(endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536)),
    "gzip-bomb": answering(BOMB),
    "100-continue": answering(b"HTTP/1.1 100 Continue\r\n\r\n" + OK),
}


@pytest.mark.parametrize("behaviour", LONG_ANSWERS.values(), ids=LONG_ANSWERS)
def test_p14_success_is_judged_by_the_status_alone(driven: Driven, behaviour: Behaviour) -> None:
    """A body beyond the cap is cut off early; the 2xx before it stands."""
    began = time.monotonic()
    with receiving(behaviour) as receiver:
        [end] = driven.post(receiver.url())
    assert (end.status, end.fault) == (200, None)
    assert time.monotonic() - began < 5


BAD_ANSWERS = {
    "p11-never-answers": (silent, "timed out after 0.3 s"),
    "p11-never-reads": (deaf, "timed out after 0.3 s"),
    "p11-a-byte-now-and-then": (sending(lambda: iter([b"H", b"T", b"T", b"P"] * 9), 0.1), "timed out"),
    "p11-headers-now-and-then": (
        sending(endless(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"), 0.1),
        "timed out after 0.3 s",
    ),
    "p10-reset-before-the-answer": (resetting(b""), "connection reset"),
    "p10-reset-mid-body": (
        resetting(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"),
        "connection reset",
    ),
    "p10-closed-without-a-word": (sending(lambda: iter([])), "closed without an answer"),
    "p10-closed-mid-body": (sending(lambda: iter([OK.replace(b"2", b"9")])), ""),
    "p14-endless-headers": (
        sending(endless(b"HTTP/1.1 200 OK\r\n", b"X-Y: " + b"z" * 1000 + b"\r\n")),
        "header",
    ),
    "p14-one-endless-header": (sending(endless(b"HTTP/1.1 200 OK\r\nX-Y: ", b"z" * 4096)), "header"),
    "p14-1xx-flood": (sending(endless(b"", b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\n" * 100)), ""),
    "not-http": (sending(lambda: iter([b"SSH-2.0-OpenSSH_9.2\r\n"])), "not HTTP"),
}


@pytest.mark.parametrize(("behaviour", "words"), BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_a_bad_answer_is_a_fault(driven: Driven, behaviour: Behaviour, words: str) -> None:
    """Each ends once, undelivered, with a reason, within its limits, after one request."""
    with receiving(behaviour) as receiver:
        [end] = driven.post(receiver.url())
        assert end.fault is not None
        assert words in end.fault
        assert not end.delivered
        assert len(receiver.requests) <= 1


def test_p10_nobody_listens(driven: Driven) -> None:
    """A refused connection says so."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    [end] = driven.post(f"http://127.0.0.1:{port}/")
    assert end.fault == "connection refused"


def test_p17_an_unknown_name(driven: Driven) -> None:
    """A name that does not resolve is a fault of its own."""
    [end] = driven.post("http://no-such-name.invalid/")
    assert end.fault in ("no such host", "host name not resolved within 0.2 s")


def test_p12_an_answer_just_in_time_counts(driven: Driven) -> None:
    """A slow answer within the limit is delivered."""
    with receiving(sending(lambda: iter([b"", OK]), 0.15)) as receiver:
        [end] = driven.post(receiver.url())
    assert end.delivered


GARBAGE = [
    "",
    "nonsense",
    "http://",
    "ftp://127.0.0.1/",
    "file:///etc/passwd",
    "http://\x00/",
    "http://é/",
    "x" * 9000,
]


@pytest.mark.parametrize("url", GARBAGE, ids=range(len(GARBAGE)))
def test_garbage_ends_too(driven: Driven, url: str) -> None:
    """Every attempt ends exactly once, and the others are not hurt."""
    with receiving(answering()) as receiver:
        first, second = driven.post(url, receiver.url())
    assert first.fault is not None
    assert first.fault.startswith("address not allowed: ")
    assert second.delivered


@pytest.mark.parametrize("host", ["169.254.169.254", "0.0.0.0", "[fe80::1]", "[::ffff:169.254.169.254]"])  # noqa: S104 - refused
def test_b_i19_metadata_is_never_called(driven: Driven, host: str) -> None:
    """Refused when the socket would be opened."""
    [end] = driven.post(f"http://{host}/")
    assert end.fault is not None
    assert end.fault.startswith("address not allowed: ")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_b_p17_the_resolved_address_is_judged(host: str) -> None:
    """In production a name that leads inside is refused at connect time; nothing arrives."""
    inside = AddressRules(https_only=False, public_only=True)
    driven = Driven(inside)
    with receiving(answering()) as receiver:
        [end] = driven.post(receiver.url(host=host))
    driven.courier.close()
    assert end.fault is not None
    assert "is loopback" in end.fault
    assert receiver.connections == 0


def test_b_production_wants_https() -> None:
    """Plain http does not leave."""
    driven = Driven(PRODUCTION)
    with receiving(answering()) as receiver:
        [end] = driven.post(receiver.url())
    driven.courier.close()
    assert end.fault == "address not allowed: https is required here"
    assert receiver.connections == 0


def test_b_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing goes through a proxy, however it is named."""
    with receiving(answering()) as proxy, receiving(answering()) as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url(""))
        driven = Driven()
        [end] = driven.post(receiver.url())
        driven.courier.close()
    assert end.delivered
    assert (proxy.connections, receiver.connections) == (0, 1)


def test_connections_are_kept(driven: Driven) -> None:
    """One attempt after another uses one connection."""
    with receiving(answering()) as receiver:
        assert all(driven.post(receiver.url())[0].delivered for _ in range(20))
    assert len(receiver.requests) == 20
    assert receiver.connections == 1


def test_a_kept_connection_that_the_receiver_has_ended_is_not_used_again(driven: Driven) -> None:
    """It says nothing of ending it; libcurl would look a second later, and the result would be lost."""
    with receiving(sending(lambda: iter([OK]))) as ending, receiving(answering()) as keeping:
        for _ in range(3):
            ended = driven.post(ending.url(), keeping.url())
            assert [end.status for end in ended] == [200, 200]
            watch = driven.courier.watch
            assert watch.descriptor is not None
            while not watch.has_ended(ending.url("")):
                assert select.select([watch.descriptor], [], [], 5)[0]
                watch.clear()
    assert (ending.connections, keeping.connections) == (3, 1)


def test_cookies_are_not_kept(driven: Driven) -> None:
    """What one answer sets, no request sends."""
    with receiving(answering(OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n", 1))) as receiver:
        driven.post(receiver.url())
        driven.post(receiver.url())
    assert len(receiver.requests) == 2
    assert not any(b"cookie" in request.lower() for request in receiver.requests)


@pytest.mark.parametrize("rest", [b"", b"HTTP/1.1 "], ids=["silent", "half-a-line"])
@pytest.mark.parametrize("kept", [1, 3], ids=["one-kept", "three-kept"])
def test_promise_3_a_kept_connection_that_dies_is_not_tried_again(
    driven: Driven, rest: bytes, kept: int
) -> None:
    """libcurl would send the POST again on another connection, new or kept; the receiver may have acted."""
    for _ in range(20):
        with receiving(answering_once_then(rest)) as receiver:
            assert all(end.delivered for end in driven.post(*[receiver.url()] * kept))
            connections = receiver.connections
            [end] = driven.post(receiver.url())
        assert end.fault is not None
        assert len(receiver.requests) == kept + 1
        assert receiver.connections == connections


def test_p18_a_dead_receiver_among_ten(driven: Driven) -> None:
    """Nine answer at once while the tenth has not answered at all."""
    with receiving(silent) as dead, receiving(answering()) as alive:
        ends = driven.post(dead.url(), *[alive.url(f"/{number}") for number in range(9)])
    assert [end.delivered for end in ends] == [False] + [True] * 9
    assert max(end.ended_at for end in ends[1:]) < ends[0].ended_at


def test_many_at_once(driven: Driven) -> None:
    """A thousand attempts end a thousand times."""
    with receiving(answering()) as receiver:
        driven = Driven(settings=CourierSettings(connect_seconds=5, total_seconds=9))
        for _ in range(10):
            ends = driven.post(*[receiver.url()] * 100)
            assert all(end.delivered for end in ends)
        driven.courier.close()
    assert len(receiver.requests) == 1000


def test_a_broken_libcurl_ends_what_is_under_way(driven: Driven, monkeypatch: pytest.MonkeyPatch) -> None:
    """If libcurl itself fails, each attempt ends with that fault and the next ones leave again."""
    with receiving(silent) as dead, receiving(answering()) as alive:
        driven.courier.post([attempt(1, dead.url())])
        driven.courier.step()
        driven.courier._multi.close()
        while not driven.ends:
            driven.step()
        [end] = driven.ends
        assert end.fault is not None
        assert end.fault.startswith("the courier failed: ")
        assert driven.post(alive.url())[0].delivered


def test_promise_3_a_line_that_cannot_be_made_is_a_fault(
    driven: Driven, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of descriptors: the attempt ends, and is not lost."""

    def unable(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("salio.delivery.courier.Line", unable)
    [end] = driven.post("http://127.0.0.1:9/")
    assert end.fault == "it cannot be posted: no room"
