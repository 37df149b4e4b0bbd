"""What the watch knows of connections that their receivers have ended."""

import socket
from collections.abc import Generator

import pytest

from salio.delivery.watch import Watch

SHOP, BANK = "https://shop.example", "https://bank.example"


@pytest.fixture
def watch() -> Generator[Watch, None, None]:
    """One with an epoll."""
    made = Watch()
    yield made
    made.close()


@pytest.fixture
def pair() -> Generator[tuple[socket.socket, socket.socket], None, None]:
    """Two ends of a connection: ours and the receiver's."""
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def test_an_open_connection_has_not_ended(watch: Watch, pair: tuple[socket.socket, socket.socket]) -> None:
    """Whatever comes on it."""
    ours, theirs = pair
    watch.add(ours.fileno(), SHOP)
    theirs.sendall(b"x")
    watch.clear()
    assert not watch.has_ended(SHOP)


def test_an_ended_one_is_known_until_it_is_closed_here(
    watch: Watch, pair: tuple[socket.socket, socket.socket]
) -> None:
    """Of that receiver alone, however often it is asked."""
    ours, theirs = pair
    watch.add(ours.fileno(), SHOP)
    theirs.close()
    watch.clear()
    watch.clear()
    assert watch.has_ended(SHOP)
    assert not watch.has_ended(BANK)
    ours.close()
    assert not watch.has_ended(SHOP)


@pytest.mark.parametrize("receiver", [SHOP, BANK])
def test_a_number_that_is_another_sockets_now(watch: Watch, receiver: str) -> None:
    """Numbers are given again; the new connection has not ended, whoever it goes to."""
    ours, theirs = socket.socketpair()
    watch.add(ours.fileno(), SHOP)
    theirs.close()
    watch.clear()
    number = ours.detach()
    socket.socket(fileno=number).close()
    again, other = socket.socketpair()
    with again, other:
        assert number in (again.fileno(), other.fileno())
        watch.add(number, receiver)
        watch.clear()
        assert not watch.has_ended(SHOP)
        assert not watch.has_ended(BANK)


def test_without_an_epoll_nothing_is_known(pair: tuple[socket.socket, socket.socket]) -> None:
    """There libcurl's own look, once a second, is all."""
    blind = Watch(sighted=False)
    ours, theirs = pair
    blind.add(ours.fileno(), SHOP)
    theirs.close()
    blind.clear()
    assert not blind.has_ended(SHOP)
    blind.close()
