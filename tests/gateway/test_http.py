"""Plain ASGI: headers, bounded bodies, whole answers."""

import asyncio

import pytest

from salio.gateway.http import (
    CLOSE,
    LARGEST_BODY,
    NO_STORE,
    BodyTooLargeError,
    ClientGoneError,
    Header,
    header,
    read_body,
    send_json,
)
from tests.gateway.asgi import Exchange


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([b""], id="empty"),
        pytest.param([b"{}"], id="one piece"),
        pytest.param([b"{", b'"a"', b"", b":1}"], id="four pieces"),
        pytest.param([b"x" * LARGEST_BODY], id="the largest"),
        pytest.param([b"x"] * 1000, id="byte by byte"),
    ],
)
def test_a_body_is_read_whole(pieces: list[bytes]) -> None:
    """However it is cut."""
    exchange = Exchange(pieces=pieces)
    assert asyncio.run(read_body(exchange.receive)) == b"".join(pieces)
    assert exchange.unread == 0


@pytest.mark.parametrize("pieces", [[b"x" * (LARGEST_BODY + 1)], [b"x" * LARGEST_BODY, b"x"]])
def test_a_body_that_is_too_large(pieces: list[bytes]) -> None:
    """A byte more than the largest is too many."""
    with pytest.raises(BodyTooLargeError):
        asyncio.run(read_body(Exchange(pieces=pieces).receive))


def test_what_is_too_large_is_not_read_to_its_end() -> None:
    """Nobody makes us read a gigabyte: what follows the excess stays unread."""
    exchange = Exchange(pieces=[b"x" * LARGEST_BODY] * 10)
    with pytest.raises(BodyTooLargeError):
        asyncio.run(read_body(exchange.receive))
    assert exchange.unread == 8


@pytest.mark.parametrize("pieces", [[b""], [b"{"], [b"{", b'"a"']])
def test_a_client_that_hangs_up(pieces: list[bytes]) -> None:
    """Half a body is no body."""
    with pytest.raises(ClientGoneError):
        asyncio.run(read_body(Exchange(pieces=pieces, gone=True).receive))


def test_every_value_of_a_header() -> None:
    """In their order, as text whatever the bytes; another header's are left."""
    headers = [(b"a", b"1"), (b"b", b"2"), (b"a", b"\xff")]
    assert header(Exchange(headers=headers).scope, b"a") == ["1", "ÿ"]
    assert header(Exchange(headers=headers).scope, b"c") == []


@pytest.mark.parametrize("more", [(), (CLOSE,), (NO_STORE,), (CLOSE, NO_STORE)])
def test_an_answer_says_what_it_is(more: tuple[Header, ...]) -> None:
    """JSON, its length, and what else the endpoint wants said."""
    exchange = Exchange()
    asyncio.run(send_json(exchange.scope, exchange.send, 418, b"{}", *more))
    assert (exchange.status, exchange.body) == (418, b"{}")
    expected = {b"content-type": b"application/json", b"content-length": b"2"}
    assert exchange.headers == expected | dict(more)
