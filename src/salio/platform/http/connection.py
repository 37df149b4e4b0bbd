"""One connection: requests are read from it one after another, each within bounds, and answered in order.

uvicorn's own protocol bounds neither head nor time, so a stranger without a token could fill the memory or
hold connections for nothing (fault catalogue, I25 and T11); it reads a body to its end however long ago it
was answered; and it costs a tenth of an acknowledgement. So the server is uvicorn, the parser is httptools,
and what lies between is here.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any

import httptools
from uvicorn.protocols.utils import get_local_addr, get_remote_addr

from salio.gateway.http import CLOSE, CONNECTION, KNOWN, Header, Scope
from salio.platform.http.corked import CorkedTransport
from salio.platform.http.exchange import Exchange, head_of
from salio.platform.http.heads import (
    KNOWN_METHOD,
    LARGEST_HEAD,
    UnreadError,
    require_clear,
    target,
    unknown_method,
    without_upgrade,
)
from salio.platform.http.repeats import KnownHead, known_head
from salio.platform.http.served import Served

AT_ONCE = 4 * 1024
"""Bytes that are parsed in one go. What lies behind them waits as it came until their requests are answered:
a request takes forty times the memory of its shortest head, and one reading may hold thousands.
"""
MOST_UNREAD = 64 * 1024
"""Bytes of a body that may wait for its reader."""
MOST_AFTER_ANSWER = 64 * 1024
"""Bytes of a body that may still come when its request is answered: as many as any request may have."""
LONGEST_SILENCE = 30.0
"""Seconds from the first byte of a request, or from the connection, to the request's last byte."""
LONGEST_IDLE = 5.0
"""Seconds from an answer to the next request's first byte."""

NOWHERE = "?"
"""Method and path of what is no request."""


class Connection(asyncio.Protocol):
    """What the server makes of each socket that it accepts; fits :class:`salio.gateway.http.Connection`."""

    transport: CorkedTransport
    client: tuple[str, int] | None = None
    url = b""
    write_paused = False
    """Whether the other side does not read what was sent."""
    read_paused = False
    """Whether nothing is read from it."""
    due_by: float | None = None
    """When, by the loop's time, the rest of a request must have come, or the next; ``None``: nothing must."""
    answering: Exchange | None = None
    """What is being answered; what is pipelined behind it waits."""
    latest: Exchange | None = None
    """The last one whose head was read."""
    expects_continue = False
    _known: KnownHead | None = None
    """The head of what came last, if the next may be known by it."""
    _method: bytes | None = None
    """One that the parser does not know, which has been told another."""
    _head: int | None = None
    """Bytes of the head that have come so far; ``None`` outside of a head."""
    _in_body = False
    _surplus = 0
    """Bytes that came of a body after the answer to it."""
    _ended = False
    """Whether something came that is not read."""
    _drained: "asyncio.Future[None] | None" = None
    _rested: asyncio.TimerHandle | None = None
    """Ends the rest; ``None`` outside of one."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.loop = asyncio.get_running_loop()
        self.wait = self.loop.create_future
        self.parser = self._new_parser()
        self.headers: list[Header] = []
        self.pipeline: deque[Exchange] = deque()
        self._unparsed = bytearray()
        self._scope: dict[str, Any] = {}
        """What the scopes of all its requests have in common."""

    # From the socket

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # a stream's is one
        """A connection owes a request; one too many from its source is hung up on."""
        self.transport = CorkedTransport(transport, self.loop)
        self.write = self.transport.write
        self.close = self.transport.close
        self._served.state.connections.add(self)  # type: ignore[arg-type] # whatever can be shut down
        self.client = get_remote_addr(transport)
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "server": get_local_addr(transport),
            "client": self.client,
            "scheme": "http",
            "root_path": "",
            "extensions": {CONNECTION: self},
        }
        self.due_by = self.loop.time() + LONGEST_SILENCE
        if not self._served.sources.enter(self.client):
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there to be answered, and its source may have another connection."""
        del exc
        self._served.state.connections.discard(self)
        self._served.sources.leave(self.client)
        self.silence()
        self._wake_up()
        self.resume_writing()
        self.transport.close()

    def data_received(self, data: bytes) -> None:
        """Bytes of one request or more."""
        if len(data) > AT_ONCE or self._unparsed:
            self._unparsed += data
            self._read_on()
        elif not self._knows(data):
            self._parse(data)

    def pause_writing(self) -> None:
        """The other side does not read."""
        self.write_paused = True

    def resume_writing(self) -> None:
        """The other side reads again."""
        self.write_paused = False
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)

    # From the server

    def shutdown(self) -> None:
        """Ends the connection when everything that was read is answered."""
        if self.latest is None or self.latest.complete:
            self.transport.close()
        else:
            self.latest.keep_alive = False

    def end_if_silent(self) -> None:
        """Hangs up on whoever owes something for too long."""
        if self.due_by is not None and self.loop.time() > self.due_by:
            self.transport.close()

    # From the parser

    def on_message_begin(self) -> None:
        """A head begins."""
        self.url = b""
        self.headers = []
        self.expects_continue = False
        self.due_by = self.loop.time() + LONGEST_SILENCE
        self._head = 0
        self._surplus = 0

    def on_url(self, url: bytes) -> None:
        """A piece of the target."""
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header."""
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expects_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """The head is whole: the request is answered, or waits behind those that are not yet."""
        version = self.parser.get_http_version()
        require_clear(self.headers, version)
        path, raw_path, query = target(self.url)
        self._head = None
        self._in_body = True
        scope = {
            **self._scope,
            "http_version": version,
            "method": (self._method or self.parser.get_method()).decode("ascii"),
            "path": path,
            "raw_path": raw_path,
            "query_string": query,
            "headers": self.headers,
            KNOWN: {},
        }
        keep_alive = version != "1.0" and self.parser.should_keep_alive()
        self._take_up(scope, keep_alive=keep_alive, expects_continue=self.expects_continue)

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        exchange = self.latest
        if exchange is not None and not exchange.complete:
            exchange.come(body)
            if exchange.unread() > MOST_UNREAD:
                self._pause()

    def on_message_complete(self) -> None:
        """The request is whole."""
        if self.latest is not None:
            self.latest.end()
        answered = self.latest is not None and self.latest.complete
        self.due_by = self.loop.time() + LONGEST_IDLE if answered else None
        self._in_body = False
        self._method = None

    # From the exchanges and the gateway

    @property
    def default_headers(self) -> Sequence[Header]:
        """The server's."""
        return self._served.state.default_headers

    def answer(self, status: int, headers: Sequence[Header], body: bytes) -> bool:
        """Sends a whole answer to the request that is being answered."""
        return self.answering is not None and self.answering.answer(status, headers, body)

    def completed(self, exchange: Exchange) -> None:
        """The next is answered; whoever was told that it ends is not waited for."""
        self._served.state.total_requests += 1
        if not exchange.keep_alive:
            self.transport.close()
        if self.transport.is_closing():
            return
        if self.pipeline:
            self._begin(self.pipeline.popleft())
        elif self._head is None and not self._in_body:  # else the rest of a request is owed, as before
            self.due_by = self.loop.time() + LONGEST_IDLE
        self.taken()

    def taken(self) -> None:
        """Reads on, unless what came before has to wait."""
        if not self.read_paused or self._waits() or self.transport.is_closing():
            return
        if self._unparsed:
            self.loop.call_soon(self._read_on)
        else:
            self.read_paused = False
            self.transport.resume_reading()

    async def drain(self) -> None:
        """Until the other side has read what was sent, or is gone."""
        while self.write_paused:
            if self._drained is None or self._drained.done():
                self._drained = self.loop.create_future()
            await asyncio.shield(self._drained)

    def rest(self, app_number: int) -> None:
        """Reads nothing for a while if that app has been refused too often (:class:`Rests`)."""
        seconds = self._served.rests.book(app_number, self.loop.time())
        if seconds and not self.transport.is_closing():
            self._wake_up()
            self._pause()
            self._rested = self.loop.call_later(seconds, self._go_on)

    def silence(self) -> None:
        """Says nothing more to anybody who waits for an answer."""
        for exchange in (self.answering, self.latest, *self.pipeline):
            if exchange is not None:
                exchange.leave()

    # Within

    def _knows(self, data: bytes) -> bool:
        """Takes a request up if its head is that of the one before, as the parser would have it done."""
        if self._known is None or not self._begins() or not self._known.fits(data):
            return False
        self._surplus = 0
        exchange = self._take_up({**self._known.scope}, keep_alive=True, expects_continue=False)
        body = data[len(self._known.raw) :]
        if body:
            exchange.come(body)
        exchange.end()
        self.due_by = None
        return True

    def _take_up(self, scope: Scope, *, keep_alive: bool, expects_continue: bool) -> Exchange:
        """A request is answered, or waits behind those that are not yet."""
        exchange = Exchange(self, scope, keep_alive=keep_alive, expects_continue=expects_continue)
        before, self.latest = self.latest, exchange
        if before is None or before.complete:
            self._begin(exchange)
        else:
            self.pipeline.append(exchange)
            self._pause()
        return exchange

    def _begin(self, exchange: Exchange) -> None:
        self.answering = exchange
        task = self.loop.create_task(exchange.run(self._served.application))
        self._served.state.tasks.add(task)
        task.add_done_callback(self._served.state.tasks.discard)

    def _new_parser(self) -> Any:
        parser = httptools.HttpRequestParser(self)
        parser.set_dangerous_leniencies(lenient_data_after_close=True)  # it is counted, then dropped
        return parser

    def _parse(self, data: bytes) -> None:
        """A head or a late body beyond its bound ends the connection."""
        begins, before, self._known = self._begins(), self.latest, None
        if not self._in_body:
            data = without_upgrade(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # a CONNECT, which is answered as any other request
        except httptools.HttpParserError as error:
            method = unknown_method(error, data) if begins and self.latest is before else None
            if method is None:
                self._give_up(error)
            else:  # HTTP has as many as anybody likes, and they are refused like others
                self.parser, self._method = self._new_parser(), method
                self._parse(KNOWN_METHOD + data.removeprefix(method))
            return
        if self._head is not None:
            self._head += len(data)
            if self._head > LARGEST_HEAD:
                self._end("the head is larger than 64 KiB")
        elif self._in_body and self.latest is not None and self.latest.complete:
            self._surplus += len(data)
            if self._surplus > MOST_AFTER_ANSWER:
                self.transport.close()
        elif begins and self.latest is not None and self.latest is not before:
            self._known = known_head(data, self.latest)

    def _begins(self) -> bool:
        """Whether the next byte is the first of a request."""
        return self._head is None and not self._in_body and not self._ended

    def _read_on(self) -> None:
        """Parses what came until a request has to wait; when all is parsed more may come."""
        while self._unparsed and not self._waits() and not self.transport.is_closing():
            data = bytes(self._unparsed[:AT_ONCE])
            del self._unparsed[:AT_ONCE]
            self._parse(data)
        if not self._unparsed:
            self.taken()

    def _waits(self) -> bool:
        """Whether what came waits: for another request's answer, a body's reader, or the end of a rest."""
        unread = self.latest is not None and self.latest.unread() > MOST_UNREAD
        return bool(self.pipeline) or unread or self._rested is not None

    def _pause(self) -> None:
        if not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def _wake_up(self) -> None:
        if self._rested is not None:
            self._rested.cancel()
            self._rested = None

    def _go_on(self) -> None:
        self._rested = None
        self.taken()

    def _give_up(self, error: httptools.HttpParserError) -> None:
        """The parser, or one of its callbacks here, did not take it."""
        ours = error.__context__
        if isinstance(ours, MemoryError):
            raise ours  # nothing is wrong with the request
        self._end(str(ours) if isinstance(ours, UnreadError) else f"not readable as HTTP: {ours or error}")

    def _end(self, cause: str) -> None:
        """Records what is not read, answers it if nothing else is to be answered first, and hangs up."""
        if self._ended or self.transport.is_closing():
            return
        self._ended = True
        method = (self._method or self.parser.get_method()).decode() if self.url else NOWHERE
        path = self.url.partition(b"?")[0].decode("latin-1") or NOWHERE
        status, body, headers = self._served.unread(method, path, cause)
        latest = self.latest
        if latest is None or (self._in_body and not self.pipeline and not latest.started):
            self._refuse(status, body, headers)
        elif self._in_body:
            self.transport.close()
        elif latest.complete:
            self._refuse(status, body, headers)
        else:  # an answer now would be taken for that of the request before
            latest.keep_alive = False
            self._pause()

    def _refuse(self, status: int, body: bytes, headers: Sequence[Header]) -> None:
        if self.latest is not None:
            self.latest.leave()  # whoever waits for the rest of the body waits no longer
        given = (*self.default_headers, *headers, (b"content-length", b"%d" % len(body)), CLOSE)
        self.transport.write(head_of(status, given) + body)
        self.transport.close()
