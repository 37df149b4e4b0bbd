"""From a POST to its answer: kept before it is answered, and little spent on what is no callback."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from salio.receiver.app import Answer, Limits, Receiver
from salio.receiver.arrivals import Arrival, Kind
from salio.receiver.keys import ENDPOINT, Keys
from tests.receiver.posting import SENDER, posted

KEYS = Keys(b"s" * 32)
NONCE = b"n" * 12
RESULT = f"https://shop.example/callbacks/result/{KEYS.key(NONCE)}"
TIMEOUT = f"https://shop.example/callbacks/timeout/{KEYS.key(NONCE)}"
ANYONES = f"https://shop.example/callbacks/result/{KEYS.key()}"


class Kept:
    """A store that notes each group."""

    def __init__(self, error: Exception | None = None) -> None:
        self.groups: list[list[Arrival]] = []
        self.error = error

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Takes a moment, in which others come."""
        self.groups.append(list(arrivals))
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error


def receiver(store: Kept, **settings: Any) -> Receiver:
    """With this store."""
    return Receiver(store, KEYS, **settings)


@pytest.mark.parametrize(
    ("url", "kind", "nonce"),
    [(RESULT, Kind.RESULT, NONCE), (TIMEOUT, Kind.NOTICE, NONCE), (ANYONES, Kind.RESULT, ENDPOINT)],
)
def test_a_callback_is_kept_as_it_came(url: str, kind: Kind, nonce: bytes) -> None:
    """Before anybody has read it: what it says does not matter."""
    store = Kept()
    body = b'\xef\xbb\xbf {"half a'
    assert asyncio.run(posted(receiver(store), url, body)) == 200
    assert store.groups == [[Arrival(kind, nonce, SENDER, body)]]


def test_many_share_a_commit() -> None:
    """Whoever comes while one is under way waits for the next, and all of those for the same."""
    store = Kept()

    async def journey() -> list[int]:
        app = receiver(store)
        return await asyncio.gather(*(posted(app, RESULT, b'{"%d":1}' % each) for each in range(100)))

    assert asyncio.run(journey()) == [200] * 100
    assert sum(map(len, store.groups)) == 100
    assert len(store.groups) <= 3


def test_what_is_not_kept_is_not_accepted() -> None:
    """The platform is told so, as all who shared the commit; the next one is tried anew."""
    store = Kept(OSError("disk full"))
    app = receiver(store)

    async def journey() -> list[int]:
        failed = await asyncio.gather(*(posted(app, RESULT) for _ in range(3)))
        store.error = None
        return [*failed, await posted(app, RESULT)]

    assert asyncio.run(journey()) == [503, 503, 503, 200]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        pytest.param({"url": "/result/" + "0" * 48}, 404, id="a key of nobody's"),
        pytest.param({"url": "/result/" + KEYS.key(NONCE)[:-1]}, 404, id="a key cut short"),
        pytest.param({"url": "/result/"}, 404, id="no key"),
        pytest.param({"url": "/"}, 404, id="no path"),
        pytest.param({"url": "/other/" + KEYS.key(NONCE)}, 404, id="another word"),
        pytest.param({"url": RESULT, "method": "GET"}, 405, id="no POST"),
        pytest.param({"url": RESULT, "body": b""}, 400, id="c11-nothing"),
        pytest.param({"url": RESULT, "body": b"\0" * 2000}, 400, id="c11-garbage"),
        pytest.param({"url": RESULT, "body": b"[" * 2000}, 400, id="c11-no object"),
        pytest.param({"url": RESULT, "body": b"{" * 65_537}, 413, id="c11-too large"),
        pytest.param({"url": RESULT, "body": [b"{" * 60_000] * 1_700}, 413, id="c11-a hundred megabytes"),
        pytest.param({"url": RESULT, "body": [b'{"a":']}, 400, id="c11-broken off"),
        pytest.param(
            {"url": RESULT, "headers": [(b"content-length", b"104857600")]}, 413, id="c11-said to be large"
        ),
    ],
)
def test_c6_c11_what_is_no_callback_leaves_nothing(request_: dict[str, Any], status: int) -> None:
    """Refused, counted, and not kept."""
    store = Kept()
    app = receiver(store)
    assert asyncio.run(posted(app, **request_)) == status
    assert store.groups == []
    assert [answer.value[0] for answer in app.answers.elements()] == [status]


def test_c11_a_slow_sender() -> None:
    """Its time ends."""

    async def for_ever() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError("it never comes here")

    async def journey() -> list[Any]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope: dict[str, Any] = {
            "type": "http",
            "method": "POST",
            "path": RESULT,
            "headers": [],
            "client": None,
        }
        await receiver(Kept(), limits=Limits(seconds=0.001))(scope, for_ever, send)
        return sent

    assert asyncio.run(journey())[0]["status"] == 408


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("196.201.214.200", 200),
        ("::ffff:196.201.214.200", 200),
        ("10.1.2.3", 200),
        ("196.201.214.201", 403),
        ("2001:db8::1", 403),
        ("testclient", 403),
        (None, 403),
    ],
)
def test_c6_only_from_the_networks_on_the_list(source: str | None, status: int) -> None:
    """Addresses and networks, of IPv4 in either clothing."""
    app = receiver(Kept(), allowed=["196.201.214.200", "10.0.0.0/8"])
    assert asyncio.run(posted(app, RESULT, source=source)) == status


def test_a_list_that_cannot_be_read() -> None:
    """Is no list of nobody."""
    with pytest.raises(ValueError, match="safaricom"):
        receiver(Kept(), allowed=["safaricom"])


def test_it_serves_alone_too() -> None:
    """A server tells it of its beginning and end; a WebSocket is closed."""
    sent: list[Any] = []
    messages = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    async def receive() -> dict[str, str]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message["type"])

    async def journey() -> None:
        app = receiver(Kept())
        await app({"type": "lifespan"}, receive, send)
        await app({"type": "websocket"}, receive, send)

    asyncio.run(journey())
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete", "websocket.close"]


def test_a_store_that_is_ended_from_outside() -> None:
    """Whoever waits is told, and is not left to wait."""

    class Ended(Kept):
        async def keep(self, arrivals: Sequence[Arrival]) -> None:
            del arrivals
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(posted(receiver(Ended()), RESULT))


def test_answers_have_a_status_each() -> None:
    """No two answers are one."""
    assert len(Answer) == 9
