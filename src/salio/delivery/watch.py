"""Waiting for any of many sockets by one descriptor.

libcurl's own wait is built on ``select``, which cannot see a descriptor above 1,023; its event interface
calls back into Python twice a request. Here each new socket is added once, edge-triggered, and whatever
happens on any of them makes one descriptor readable: two thirds of the cost, at any number.
"""

import os
import select
import threading


class Watch:
    """An epoll; closed sockets leave it by themselves."""

    def __init__(self, *, sighted: bool = hasattr(select, "epoll")) -> None:
        self._epoll = select.epoll() if sighted else None
        self.descriptor = self._epoll.fileno() if self._epoll is not None else None
        """Readable once anything has changed since :meth:`clear`; ``None`` where there is no epoll."""
        self._bell = os.eventfd(0) if sighted else None
        """Rung by other threads; never read, for each ring is an edge."""
        self._lock = threading.Lock()
        """No ring after the end: the number may be another file's by then."""
        if self._epoll is not None and self._bell is not None:
            self._epoll.register(self._bell, select.EPOLLIN | select.EPOLLET)

    def add(self, descriptor: int) -> None:
        """Notices from now on whatever changes on this socket."""
        if self._epoll is not None:
            edges = select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET
            self._epoll.register(descriptor, edges)

    def ring(self) -> None:
        """Changes something, from any thread; does nothing after the end."""
        with self._lock:
            if self._bell is not None:
                os.eventfd_write(self._bell, 1)

    def clear(self) -> None:
        """Forgets what has changed so far."""
        if self._epoll is not None:
            self._epoll.poll(0)

    def close(self) -> None:
        """Closes the epoll, not the sockets."""
        with self._lock:
            bell, self._bell = self._bell, None
        if bell is not None:
            os.close(bell)
        if self._epoll is not None:
            self._epoll.close()
