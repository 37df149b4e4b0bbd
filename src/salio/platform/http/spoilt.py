"""Connections that a fault can spoil: drop, reset, or make drip.

The gateway finds the connection as an extension of the scope, as a
:class:`salio.gateway.on_demand.SpoilableConnection`.
"""

import asyncio
import socket
import struct
from collections import deque

from salio.platform.http.connection import Connection
from salio.platform.http.corked import CorkedTransport

_NO_LINGER = struct.pack("ii", 1, 0)
"""SO_LINGER on, for 0 seconds: what is closed then leaves with a reset (tcp(7), RFC 9293 3.10.4)."""


class DrippingTransport(CorkedTransport):
    """A transport that lets one answer leave a byte at a time, then closes if it was told to."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(transport, loop)
        self._seconds: float | None = None
        """Between two bytes; ``None`` when no answer is to drip."""
        self._left: deque[int] = deque()
        self._to_close = False

    def drip(self, seconds: float) -> None:
        """Lets the next answer drip."""
        self._seconds = seconds

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Lets the bytes leave behind those before them."""
        if self._seconds is None:
            self._transport.write(data)
            return
        dripping = bool(self._left)
        self._left.extend(bytes(data))
        if not dripping:
            self._drip(self._seconds)

    def close(self) -> None:
        """Closes when the last byte has left."""
        self._to_close = True
        if not self._left:
            self._transport.close()

    def abort(self) -> None:
        """Ends at once; what has not left is dropped."""
        self._left.clear()
        self._transport.abort()

    def is_closing(self) -> bool:
        """Whether it was told to close, or the other side hung up."""
        return self._to_close or self._transport.is_closing()

    def _drip(self, seconds: float) -> None:
        if self._left and not self._transport.is_closing():
            self._transport.write(bytes([self._left.popleft()]))
        if self._left and not self._transport.is_closing():
            self._loop.call_later(seconds, self._drip, seconds)
            return
        self._left.clear()
        self._seconds = None
        if self._to_close:
            self._transport.close()


class Spoilable(Connection):
    """What a sandbox's server makes of each socket that it accepts."""

    _dripping: DrippingTransport | None = None

    def drop(self) -> None:
        """Closes the connection without an answer."""
        self.silence()
        self.transport.close()

    def reset(self) -> None:
        """Tears the connection down: the caller meets a reset."""
        self.silence()
        if self.transport.is_closing():  # its descriptor may be another connection's by now
            return
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()

    def drip(self, seconds: float) -> None:
        """Lets the answer that is to come leave a byte at a time."""
        if self._dripping is None:
            self._dripping = self.transport.leave_by(lambda real: DrippingTransport(real, self.loop))
        self._dripping.drip(seconds)
