"""uvicorn's protocol with bounds: a head that is too large, and a request that never comes whole, end.

uvicorn bounds neither, so a stranger without a token could fill the memory or hold connections for nothing
(fault catalogue, I25 and T11). Nor does it answer a POST that offers an upgrade, which is bound to be common.
"""

import asyncio
import re
from collections.abc import Iterable

from salio.platform.corked import CorkedProtocol

LARGEST_HEAD = 64 * 1024
"""Bytes of one request's head. The largest that any client needs here is under 4 KiB."""
MOST_HEADERS = 100
LONGEST_SILENCE = 30.0
"""Seconds from the first byte of a request, or from the connection, to the request's last byte."""


_UPGRADE = re.compile(rb"(\r\n)upgrade([ \t]*:)", re.IGNORECASE)


class _HeadTooLargeError(Exception):
    """Ends the parsing; uvicorn answers 400 and closes."""


class BoundedProtocol(CorkedProtocol):
    """What uvicorn is given as its HTTP implementation."""

    waiting_since: float | None = None
    """The loop's time since when a request has not come whole; ``None`` between requests."""
    _head: int | None = None
    """Bytes of the head that have come so far; ``None`` outside of a head."""
    _in_body: bool = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        """A connection owes a request."""
        super().connection_made(transport)
        self.waiting_since = self.loop.time()

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self.waiting_since = self.loop.time()
        self._head = 0

    def on_headers_complete(self) -> None:
        """The head is whole."""
        if len(self.headers) > MOST_HEADERS:
            raise _HeadTooLargeError
        self._head = None
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole."""
        super().on_message_complete()
        self.waiting_since = None
        self._in_body = False

    def data_received(self, data: bytes) -> None:
        """Bytes of one request or more; a head that grows beyond its bound ends the connection."""
        if not self._in_body and (b"pgrade" in data or b"PGRADE" in data):
            data = _without_upgrade(data)
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > LARGEST_HEAD and not self.transport.is_closing():
                self.send_400_response("The head of the request is too large.")

    def end_if_silent(self) -> None:
        """Hangs up on a request that takes too long to come."""
        if self.waiting_since is not None and self.loop.time() - self.waiting_since > LONGEST_SILENCE:
            self.transport.close()


def _without_upgrade(data: bytes) -> bytes:
    """The head with another name for its Upgrade. A server may ignore one (RFC 9110, 7.8); uvicorn's parser
    takes it for the end of HTTP and drops the body. Java's own client offers h2c with every plain request.
    """
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(rb"\1X-Asked\2", head) + end + rest


def end_silent(connections: Iterable[object]) -> None:
    """Hangs up on whoever has been silent for too long."""
    for connection in list(connections):
        if isinstance(connection, BoundedProtocol):
            connection.end_if_silent()
