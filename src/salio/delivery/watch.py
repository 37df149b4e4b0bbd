"""Waiting for any of many sockets by one descriptor.

libcurl's own wait is built on ``select``, which cannot see a descriptor above 1,023; its event interface
calls back into Python twice a request. Here each new socket is added once, edge-triggered, and whatever
happens on any of them makes one descriptor readable: two thirds of the cost, at any number.
"""

import select


class Watch:
    """An epoll; closed sockets leave it by themselves."""

    def __init__(self, *, sighted: bool = hasattr(select, "epoll")) -> None:
        self._epoll = select.epoll() if sighted else None
        self.descriptor = self._epoll.fileno() if self._epoll is not None else None
        """Readable once anything has changed since :meth:`clear`; ``None`` where there is no epoll."""

    def add(self, descriptor: int) -> None:
        """Notices from now on whatever changes on this socket."""
        if self._epoll is not None:
            edges = select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET
            self._epoll.register(descriptor, edges)

    def clear(self) -> None:
        """Forgets what has changed so far."""
        if self._epoll is not None:
            self._epoll.poll(0)

    def close(self) -> None:
        """Closes the epoll, not the sockets."""
        if self._epoll is not None:
            self._epoll.close()
