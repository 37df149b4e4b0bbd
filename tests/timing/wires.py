"""The two ends of the attacker's wire: one connection that asks, one that callbacks come in by.

Both in one thread without a library between it and the socket, so that a time is the platform's and little
else.
"""

import re
import select
import socket
import time
from typing import NamedTuple

from tests.patience import PATIENCE

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"


class Heard(NamedTuple):
    """A whole message, and when its last byte was read: nanoseconds of the performance counter."""

    at: int
    message: bytes

    @property
    def body(self) -> bytes:
        """What follows the head."""
        return self.message.partition(b"\r\n\r\n")[2]


class Line:
    """One connection to the platform that is kept."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, Heard]:
        """When the request was sent, and the answer."""
        sent = time.perf_counter_ns()
        self._socket.sendall(request)
        return sent, _hear(self._socket)

    def close(self) -> None:
        """Hangs up."""
        self._socket.close()


class Landing:
    """Where callbacks come in, one after another."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE)
        self._socket: socket.socket | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/result"

    def catch(self) -> Heard:
        """The next callback, which is answered with success."""
        heard = _hear(self._connection())
        assert self._socket is not None
        self._socket.sendall(_ANSWER)
        return heard

    def close(self) -> None:
        """Hangs up."""
        if self._socket is not None:
            self._socket.close()
        self._listener.close()

    def _connection(self) -> socket.socket:
        """The connection on which something comes: the one that is open, or a new one in its place."""
        while True:
            open_ones = [each for each in (self._listener, self._socket) if each is not None]
            ready, _, _ = select.select(open_ones, [], [], PATIENCE)
            assert ready, "no callback came"
            if self._socket in ready and self._socket.recv(1, socket.MSG_PEEK):
                return self._socket
            if self._socket is not None:
                self._socket.close()
            self._socket, _ = self._listener.accept()
            self._socket.settimeout(PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _hear(connection: socket.socket) -> Heard:
    """One HTTP message with a Content-Length."""
    message = connection.recv(65_536)
    at = time.perf_counter_ns()
    while not _is_whole(message):
        more = connection.recv(65_536)
        assert more, f"hung up after {message!r}"
        at = time.perf_counter_ns()
        message += more
    return Heard(at, message)


def _is_whole(message: bytes) -> bool:
    head, end, body = message.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return bool(end) and length is not None and len(body) >= int(length[1])
