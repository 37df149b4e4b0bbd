"""A proxy between programs and servers of a test, all of them on loopback."""

import asyncio
import gc
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from salio.redirect.authority import Authority, Shown
from salio.redirect.carrying import Stream
from salio.redirect.heads import Destination
from salio.redirect.proxy import Proxy, Routes
from salio.redirect.ways import Refusing, Straight, Way
from tests.patience import PATIENCE

NOW = datetime.now(UTC)

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def say_what_came(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """An HTTP server whose body is the head of the request."""
    while True:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(head) + head)
        await writer.drain()


class Server:
    """Answers in its own way, and knows who is there."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.open = 0
        self.came = asyncio.Event()
        self.all_gone = asyncio.Event()
        self.port = 0

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.came.set()
        self.all_gone.clear()
        try:
            await self._answer(reader, writer)
        except OSError:
            pass
        finally:
            writer.close()
            self.open -= 1
            if not self.open:
                self.all_gone.set()

    @asynccontextmanager
    async def running(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["Server"]:
        """At a free port."""
        async with await asyncio.start_server(self._meet, "127.0.0.1", 0, ssl=tls) as server:
            self.port = server.sockets[0].getsockname()[1]
            yield self


@dataclass
class World:
    """The proxy and what it said."""

    port: int
    safaricom_port: int
    authority: Authority
    proxy: Proxy
    said: list[str] = field(default_factory=list)

    def trusting(self) -> ssl.SSLContext:
        """What a program trusts under `salio run`."""
        return ssl.create_default_context(cadata=self.authority.pem.decode())

    async def connect(self, port: int | None = None, *, tls: bool = False) -> Stream:
        """A connection to the proxy, or to one of its ports; over TLS if need be."""
        return Stream(
            *await asyncio.open_connection(
                "127.0.0.1", port or self.port, ssl=self.trusting() if tls else None
            )
        )

    async def ask(self, text: bytes) -> bytes:
        """Everything that is said in reply to something sent in the clear."""
        near = await self.connect()
        near.writer.write(text)
        said = await asyncio.wait_for(near.reader.read(), PATIENCE)
        near.writer.close()
        return said

    async def tunnel(self, host: str, port: int = 443) -> Stream:
        """A tunnel that was granted."""
        near = await self.connect()
        near.writer.write(f"CONNECT {host}:{port} HTTP/1.1\r\n\r\n".encode())
        assert (await near.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
        return near

    async def secure(self, host: str) -> Stream:
        """The same, with TLS in it."""
        near = await self.tunnel(host)
        await near.writer.start_tls(self.trusting(), server_hostname=host)
        return near


@asynccontextmanager
async def world(
    platform: int,
    to_others: Way | None = None,
    *,
    others_trusted: ssl.SSLContext | None = None,
    authority: Authority | None = None,
) -> AsyncIterator[World]:
    """A proxy whose platform listens at that port."""
    known = authority or Authority.new(NOW)
    tls = others_trusted or ssl.create_default_context()
    said: list[str] = []
    routes = Routes(
        platform=Destination("127.0.0.1", platform),
        to_platform=Straight(tls),
        to_others=to_others or Straight(tls),
        shown=Shown(known, lambda: NOW),
        tell=said.append,
    )
    proxy = Proxy(routes)
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        tasks = [
            asyncio.create_task(proxy.serve(one)),
            asyncio.create_task(proxy.serve_as_safaricom(other)),
        ]
        faults: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: faults.append(context))
        try:
            yield World(one.getsockname()[1], other.getsockname()[1], known, proxy, said)
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    gc.collect()  # what a task raised that nobody waited for is told when it goes
    assert faults == []


NOBODY = Refusing()


def leaf_file(folder: Path, authority: Authority) -> ssl.SSLContext:
    """A server of another host, whose certificate only a test trusts."""
    file = folder / "leaf.pem"
    file.write_bytes(authority.leaf(NOW))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context
