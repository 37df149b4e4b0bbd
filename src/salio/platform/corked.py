"""uvicorn's protocol with one write for each answer.

ASGI gives head and body apart, and uvicorn writes each at once: two system calls of about 10 us with the
interpreter held, a fifth of what an acknowledgement costs. Here the writes of one turn leave together; and an
answer that is there as a whole needs none of ASGI's messages.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from salio.gateway.http import CLOSE, Header

Way = TypeVar("Way", bound=asyncio.Transport)


class CorkedTransport(asyncio.Transport):
    """A transport that gathers what is written within one turn of the loop; all else goes to the real one."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._gathered: list[bytes | bytearray | memoryview] = []

    def leave_by(self, around: Callable[[asyncio.Transport], Way]) -> Way:
        """From here on everything goes through what is put around the real transport."""
        way = around(self._transport)
        self._transport = way
        return way

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keeps the bytes until the end of this turn."""
        if not self._gathered:
            self._loop.call_soon(self._flush)
        self._gathered.append(data)

    def close(self) -> None:
        """Writes what was gathered, then closes."""
        self._flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """As the real transport."""
        return self._transport.is_closing()

    def abort(self) -> None:
        """As the real transport; what was gathered is dropped with it."""
        self._gathered.clear()
        self._transport.abort()

    def pause_reading(self) -> None:
        """As the real transport."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """As the real transport."""
        self._transport.resume_reading()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """As the real transport."""
        self._transport.set_protocol(protocol)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """As the real transport."""
        return self._transport.get_extra_info(name, default)

    def _flush(self) -> None:
        if self._gathered:
            gathered, self._gathered = self._gathered, []
            if not self._transport.is_closing():  # the other side may be gone since it was written
                self._transport.write(b"".join(gathered))


class CorkedProtocol(HttpToolsProtocol):
    """What uvicorn is given as its HTTP implementation."""

    answering: Any = None
    """uvicorn's cycle of the request that is being answered; those pipelined behind it wait."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        """Puts the cork between the protocol and its socket."""
        super().connection_made(CorkedTransport(transport, self.loop))

    def answer(self, status: int, headers: Sequence[Header], body: bytes) -> bool:
        """Sends a whole answer (:class:`salio.gateway.http.Connection`); not to a HEAD, which gets no body,
        nor to somebody who does not read what was sent before.
        """
        cycle = self.answering
        if cycle.response_started or self.flow.write_paused or cycle.scope["method"] == "HEAD":
            return False
        if cycle.disconnected:
            return True
        cycle.response_started = cycle.response_complete = True
        cycle.keep_alive = cycle.keep_alive and CLOSE not in headers
        lines = [b"%b: %b\r\n" % each for each in (*self.server_state.default_headers, *headers)]
        if not cycle.keep_alive and CLOSE not in headers:
            lines.append(b"connection: close\r\n")
        self.transport.write(b"".join([STATUS_LINE[status], *lines, b"\r\n", body]))
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()
        return True

    def _start_asgi_task(self, cycle: Any, app: Any) -> None:
        self.answering = cycle
        super()._start_asgi_task(cycle, app)
