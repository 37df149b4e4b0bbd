"""Waiting for any of many sockets by one descriptor.

libcurl's own wait is built on ``select``, which cannot see a descriptor above 1,023; its event interface
calls back into Python twice a request. Here each new socket is added once, edge-triggered, and whatever
happens on any of them makes one descriptor readable: two thirds of the cost, at any number.

It is also seen here which kept connections their receivers have ended. libcurl itself looks once a second,
and would send the next request on one that it has not looked at.
"""

import os
import select
import threading

_ENDED = select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR if hasattr(select, "epoll") else 0


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
        self._known: dict[int, tuple[str, int]] = {}
        """By descriptor to whom the socket goes, and its inode: the number may be another file's later."""
        self._ended: dict[str, set[tuple[int, int]]] = {}
        """By receiver the sockets that it has ended, descriptor and inode, until they are closed here."""
        if self._epoll is not None and self._bell is not None:
            self._epoll.register(self._bell, select.EPOLLIN | select.EPOLLET)

    def add(self, descriptor: int, receiver: str) -> None:
        """Notices from now on whatever changes on this socket, which goes to that receiver."""
        if self._epoll is not None:
            edges = select.EPOLLIN | select.EPOLLOUT | select.EPOLLRDHUP | select.EPOLLET
            self._epoll.register(descriptor, edges)
            self._known[descriptor] = receiver, os.fstat(descriptor).st_ino

    def has_ended(self, receiver: str) -> bool:
        """Whether the receiver has ended a connection that is still open here; never, without an epoll."""
        ended = self._ended.get(receiver)
        if ended is None:
            return False
        ended -= {each for each in ended if not _is_open(*each)}
        if not ended:
            del self._ended[receiver]
        return bool(ended)

    def ring(self) -> None:
        """Changes something, from any thread; does nothing after the end."""
        with self._lock:
            if self._bell is not None:
                os.eventfd_write(self._bell, 1)

    def clear(self) -> None:
        """Forgets what has changed so far, but for what has ended."""
        if self._epoll is None:
            return
        for descriptor, events in self._epoll.poll(0):
            if events & _ENDED and descriptor in self._known:
                receiver, inode = self._known[descriptor]
                self._ended.setdefault(receiver, set()).add((descriptor, inode))

    def close(self) -> None:
        """Closes the epoll, not the sockets."""
        with self._lock:
            bell, self._bell = self._bell, None
        if bell is not None:
            os.close(bell)
        if self._epoll is not None:
            self._epoll.close()


def _is_open(descriptor: int, inode: int) -> bool:
    """Whether the number is still that socket's."""
    try:
        return os.fstat(descriptor).st_ino == inode
    except OSError:
        return False
