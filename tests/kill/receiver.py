"""A receiver of callbacks: a server in a thread that records every body and behaves as its path says."""

import asyncio
import threading
from collections.abc import Callable
from typing import Self, cast

import msgspec

from tests.patience import PATIENCE


class Callback(msgspec.Struct, frozen=True):
    """One POST as it came."""

    path: str
    body: bytes


class Receiver:
    """Listens on a free port. ``/ok``, ``/slow`` (answers late), ``/no`` (500) and ``/drop`` (hangs up)."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self._address = address
        self.callbacks: list[Callback] = []
        self.port = 0
        self.on_connect: Callable[[], None] | None = None
        """Called when a connection comes, before anything is read."""
        self.on_body: Callable[[], None] | None = None
        """Called when a body is read, before it is answered."""
        self.hang_up = False
        """Whether each connection serves one callback only, so that there are many of them."""
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="receiver")

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(PATIENCE)
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def url(self, behaviour: str, marker: int) -> str:
        """Where the callback of one request goes."""
        return f"http://127.0.0.1:{self.port}/{behaviour}/{marker}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        connections: set[_Connection] = set()
        server = self._loop.run_until_complete(
            self._loop.create_server(lambda: _Connection(self, connections), self._address, 0, backlog=512)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for each in list(connections):
            each.transport.abort()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()


class _Connection(asyncio.Protocol):
    transport: asyncio.Transport

    def __init__(self, receiver: Receiver, connections: set["_Connection"]) -> None:
        self._receiver = receiver
        self._connections = connections
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._connections.add(self)
        if self._receiver.on_connect is not None:
            self._receiver.on_connect()

    def connection_lost(self, error: Exception | None) -> None:
        del error
        self._connections.discard(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        length = _content_length(head) if found else 0
        if not found or len(rest) < length:
            return
        self._buffer = rest[length:]
        path = head.split(b" ", 2)[1].decode()
        self._receiver.callbacks.append(Callback(path, rest[:length]))
        if self._receiver.on_body is not None:
            self._receiver.on_body()
        self._behave(path.split("/")[1])

    def _behave(self, behaviour: str) -> None:
        match behaviour:
            case "slow":
                asyncio.get_running_loop().call_later(0.05, self._answer, b"200 OK")
            case "no":
                self._answer(b"500 Internal Server Error")
            case "drop":
                self.transport.abort()
            case _:
                self._answer(b"200 OK")

    def _answer(self, status: bytes) -> None:
        if self.transport.is_closing():
            return
        close = b"Connection: close\r\n" if self._receiver.hang_up else b""
        self.transport.write(b"HTTP/1.1 %b\r\n%bContent-Length: 0\r\n\r\n" % (status, close))
        if self._receiver.hang_up:
            self.transport.close()


def _content_length(head: bytes) -> int:
    lines = (line.partition(b":") for line in head.split(b"\r\n"))
    return next((int(value) for name, _, value in lines if name.lower() == b"content-length"), 0)
