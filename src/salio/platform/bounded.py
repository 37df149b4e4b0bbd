"""uvicorn's protocol with bounds: what is too large, too slow or not clearly HTTP ends with its connection.

uvicorn bounds neither head nor time, so a stranger without a token could fill the memory or hold connections
for nothing (fault catalogue, I25 and T11); it reads a body to its end however long ago it was answered; and
it lets through heads that another reader on the way may take for others. Nor does it answer a POST that
offers an upgrade, which is bound to be common.
"""

import asyncio
import re
import sys
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from typing import Any, cast

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT, FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from salio.gateway.http import CONNECTION, Header
from salio.platform.corked import CorkedProtocol
from salio.platform.rests import Rests
from salio.platform.sources import Sources

AT_ONCE = 4 * 1024
"""Bytes that are parsed in one go. What lies behind them waits as it came until their requests are answered:
a request takes forty times the memory of its shortest head, and one reading may hold thousands.
"""
LARGEST_HEAD = 64 * 1024
"""Bytes of one request's head, counted in what is parsed in one go. The largest that any client needs here is
under 4 KiB.
"""
MOST_HEADERS = 100
MOST_AFTER_ANSWER = 64 * 1024
"""Bytes of a body that may still come when its request is answered: as many as any request may have."""
LONGEST_SILENCE = 30.0
"""Seconds from the first byte of a request, or from the connection, to the request's last byte."""

NOWHERE = "?"
"""Method and path of what is no request."""


_UPGRADE = re.compile(rb"(\r\n)upgrade([ \t]*:)", re.IGNORECASE)

Unread = Callable[[str, str, str], tuple[int, bytes, Sequence[Header]]]
"""Method, path and cause of what is not read → status, body and headers of the answer."""


class _UnreadError(Exception):
    """Ends the parsing: the request is not read further, and the text says why."""


class _Reading(FlowControl):
    """uvicorn's own reads on after each answer and for each body, though a thousand requests may wait."""

    def __init__(self, protocol: "BoundedProtocol") -> None:
        super().__init__(protocol.transport)
        self._protocol = protocol

    def resume_reading(self) -> None:
        """Reads on, unless what came before has to wait."""
        protocol = self._protocol
        if not self.read_paused or protocol.waits():
            return
        if protocol.has_unparsed():
            protocol.loop.call_soon(protocol.read_on)
        else:
            super().resume_reading()


class BoundedProtocol(CorkedProtocol):
    """What uvicorn is given as its HTTP implementation, by :func:`bounded`."""

    unread: Unread
    sources: Sources
    rests: Rests
    url = b""
    waiting_since: float | None = None
    """The loop's time since when a request has not come whole; ``None`` between requests."""
    _head: int | None = None
    """Bytes of the head that have come so far; ``None`` outside of a head."""
    _in_body: bool = False
    _surplus: int = 0
    """Bytes that came of a body after the answer to it."""
    _ended: bool = False
    """Whether something came that is not read."""
    _rested: asyncio.TimerHandle | None = None
    """Ends the rest; ``None`` outside of one."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        """A connection owes a request; one too many from its source is hung up on."""
        super().connection_made(transport)
        self.flow = _Reading(self)
        self._unparsed = bytearray()
        self._extensions = {CONNECTION: self}
        self.waiting_since = self.loop.time()
        if not self.sources.enter(self.client):
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Its source may have another."""
        self.sources.leave(self.client)
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        cast("MutableMapping[str, Any]", self.scope)["extensions"] = self._extensions
        self.waiting_since = self.loop.time()
        self._head = 0
        self._surplus = 0

    def on_headers_complete(self) -> None:
        """The head is whole."""
        headers = self.headers
        named = dict(headers)
        if b"host" not in named or b"transfer-encoding" in named or len(named) != len(headers):
            self._look_closer()
        if len(headers) > MOST_HEADERS:
            raise _UnreadError(f"more than {MOST_HEADERS} headers")
        self._head = None
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole."""
        super().on_message_complete()
        self.waiting_since = None
        self._in_body = False

    def data_received(self, data: bytes) -> None:
        """Bytes of one request or more."""
        if len(data) > AT_ONCE or self._unparsed:
            self._unparsed += data
            self.read_on()
        else:
            self._parse(data)

    def _parse(self, data: bytes) -> None:
        """A head or a late body beyond its bound ends the connection."""
        if not self._in_body and (b"pgrade" in data or b"PGRADE" in data):
            data = _without_upgrade(data)
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self._end("the head is larger than 64 KiB")
        elif self._in_body and self.cycle.response_complete:
            self._surplus += len(data)
            if self._surplus > MOST_AFTER_ANSWER:
                self.transport.close()

    def read_on(self) -> None:
        """Parses what came until a request has to wait; when all is parsed more may come."""
        while self._unparsed and not self.waits() and not self.transport.is_closing():
            data = bytes(self._unparsed[:AT_ONCE])
            del self._unparsed[:AT_ONCE]
            self._parse(data)
        if not self._unparsed:
            self.flow.resume_reading()

    def waits(self) -> bool:
        """Whether what came waits: for another request's answer, a body's reader, or the end of a rest."""
        cycle = self._latest()
        unread = cycle is not None and len(cycle.body) > HIGH_WATER_LIMIT
        return bool(self.pipeline) or unread or self._rested is not None

    def has_unparsed(self) -> bool:
        """Whether there is something to read on before more may come."""
        return bool(self._unparsed)

    def send_400_response(self, msg: str) -> None:
        """Called by uvicorn when its parser or one of the callbacks above gave up."""
        error = sys.exception()
        ours = None if error is None else error.__context__
        if isinstance(ours, MemoryError):
            raise ours  # nothing is wrong with the request
        known = isinstance(ours, _UnreadError)
        self._end(str(ours) if known else f"not readable as HTTP: {msg if error is None else error}")

    def end_if_silent(self) -> None:
        """Hangs up on a request that takes too long to come."""
        if self.waiting_since is not None and self.loop.time() - self.waiting_since > LONGEST_SILENCE:
            self.transport.close()

    def rest(self, app_number: int) -> None:
        """Reads nothing for a while if that app has been refused too often (:class:`Rests`)."""
        seconds = self.rests.book(app_number, self.loop.time())
        if seconds and not self.transport.is_closing():
            self._wake_up()
            self.flow.pause_reading()
            self._rested = self.loop.call_later(seconds, self._go_on)

    def _wake_up(self) -> None:
        if self._rested is not None:
            self._rested.cancel()
            self._rested = None

    def _go_on(self) -> None:
        self._rested = None
        if not self.transport.is_closing():
            self.flow.resume_reading()

    def _look_closer(self) -> None:
        """Refuses a head that two readers may read differently (RFC 9112, 3.2 and 6.1)."""
        hosts = [value for name, value in self.headers if name == b"host"]
        codings = [value for name, value in self.headers if name == b"transfer-encoding"]
        if len(hosts) > 1:
            raise _UnreadError(f"{len(hosts)} Host headers")
        if not hosts and self.parser.get_http_version() != "1.0":
            raise _UnreadError("no Host header")
        if codings and [each.lower() for each in codings] != [b"chunked"]:
            raise _UnreadError("a Transfer-Encoding that is not chunked alone")

    def _end(self, cause: str) -> None:
        """Records what is not read, answers it if nothing else is to be answered first, and hangs up."""
        if self._ended or self.transport.is_closing():
            return
        self._ended = True
        method = self.parser.get_method().decode() if self.url else NOWHERE
        path = self.url.partition(b"?")[0].decode("latin-1") or NOWHERE
        status, body, headers = self.unread(method, path, cause)
        cycle = self._latest()
        if cycle is None or (self._in_body and not self.pipeline and not cycle.response_started):
            self._answer(status, body, headers)
        elif self._in_body:
            self.transport.close()
        elif cycle.response_complete:
            self._answer(status, body, headers)
        else:  # an answer now would be taken for that of the request before
            cycle.keep_alive = False
            self.flow.pause_reading()

    def _latest(self) -> RequestResponseCycle | None:
        """The last request whose head was read, if there was one; uvicorn's own type leaves the none out."""
        return self.cycle

    def _answer(self, status: int, body: bytes, headers: Sequence[Header]) -> None:
        cycle = self._latest()
        if cycle is not None:
            cycle.disconnected = True  # whoever waits for the rest of the body waits no longer
            cycle.message_event.set()
        given = [*self.server_state.default_headers, *headers, (b"content-length", b"%d" % len(body))]
        lines = [b"%b: %b\r\n" % each for each in given]
        self.transport.write(b"".join([STATUS_LINE[status], *lines, b"connection: close\r\n\r\n", body]))
        self.transport.close()


def bounded(protocol: type[BoundedProtocol], unread: Unread, sources: Sources) -> type[BoundedProtocol]:
    """The protocol with what it needs from outside; uvicorn makes one for each connection."""
    needs = {"unread": staticmethod(unread), "sources": sources, "rests": Rests()}
    return type("Bounded", (protocol,), needs)


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
