"""Waiting for any of many sockets, and being woken from another thread.

libcurl's own wait is built on ``select``, which cannot see a descriptor above 1,023; its event interface
calls back into Python twice a request. Here each new socket is added once, edge-triggered, and whatever
happens on it ends the wait: two thirds of the cost, at any number.
"""

import contextlib
import select
import socket

BLIND_WAIT = 0.005
"""Where there is no epoll the wait is this short instead."""


class Watch:
    """An epoll with a bell; closed sockets leave it by themselves."""

    def __init__(self, *, sighted: bool = hasattr(select, "epoll")) -> None:
        self._bell, self._rope = socket.socketpair()
        self._bell.setblocking(False)
        self._rope.setblocking(False)
        self._rung = False
        self._epoll = select.epoll() if sighted else None
        if self._epoll is not None:
            self._epoll.register(self._bell.fileno(), select.EPOLLIN)

    def add(self, descriptor: int) -> None:
        """Wakes from now on whenever anything changes on this socket."""
        if self._epoll is not None:
            edges = select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET
            self._epoll.register(descriptor, edges)

    def ring(self) -> None:
        """Ends the present wait, or else the next one; from any thread."""
        if not self._rung:
            self._rung = True
            with contextlib.suppress(OSError):
                self._rope.send(b"\0")

    def wait(self, seconds: float) -> None:
        """Returns when something happens, at the latest after so many seconds."""
        if self._epoll is not None:
            self._epoll.poll(seconds)
        else:
            select.select([self._bell], [], [], min(seconds, BLIND_WAIT))
        if self._rung:
            self._rung = False
            with contextlib.suppress(BlockingIOError):
                self._bell.recv(64)

    def close(self) -> None:
        """Closes the bell and the epoll."""
        if self._epoll is not None:
            self._epoll.close()
        self._bell.close()
        self._rope.close()
