"""The proxy on loopback: Safaricom's hosts end here and are carried to the platform, others go their way.

A program comes in one of three ways: it asks for a tunnel (most), sends a request for an absolute address
(some, over TLS to the proxy itself even), or, where names are redirected, believes that this is Safaricom.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from salio.redirect.authority import Shown
from salio.redirect.carrying import Stream, carry, cut, part
from salio.redirect.heads import END, LONGEST, BadHeadError, Destination, Head, read_head
from salio.redirect.ways import Way

MOST = 400
"""Connections at a port at a time; who comes when there are as many waits."""

SECONDS_FOR_HEAD = 30.0
"""Also for a handshake."""

GRANTED = b"HTTP/1.1 200 Connection established\r\n\r\n"

DISTRUSTED = (
    "a program broke off when it was shown a certificate: it reads none of the variables that name what it "
    "is to trust"
)

_TLS_HANDSHAKE = b"\x16"
"""The first byte of TLS, which no request begins with (RFC 8446, 5.1)."""


@dataclass(frozen=True, kw_only=True)
class Routes:
    """Where everything goes, and what is shown and told on the way."""

    platform: Destination
    to_platform: Way
    to_others: Way
    shown: Shown
    tell: Callable[[str], None]
    """Takes a sentence for the person at the terminal; without secrets."""


class RefusedError(Exception):
    """A program is not let through; the message says why."""

    def __init__(self, status: HTTPStatus, said: str) -> None:
        super().__init__(said)
        self.status = status


class Proxy:
    """Serves programs until it is cancelled."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes
        self.redirected = 0
        """How often somebody came for Safaricom, those among them who were refused or did not trust us."""

    async def serve(self, listener: socket.socket) -> None:
        """Whoever comes here knows that it is a proxy."""
        await self._accept(listener, self._asked)

    async def serve_as_safaricom(self, listener: socket.socket) -> None:
        """Whoever comes here takes it for Safaricom's port 443."""
        await self._accept(listener, self._redirected)

    async def _accept(self, listener: socket.socket, answer: Callable[[Stream], Awaitable[None]]) -> None:
        listener.setblocking(False)
        connections: set[asyncio.Task[None]] = set()
        free = asyncio.Semaphore(MOST)
        try:
            while True:
                await free.acquire()
                try:
                    connection, _ = await asyncio.get_running_loop().sock_accept(listener)
                except OSError:  # it went before it was let in, or there is no descriptor for it yet
                    free.release()
                    await _until_one_ends(connections)
                    continue
                task = asyncio.create_task(self._converse(connection, answer))
                connections.add(task)
                task.add_done_callback(connections.discard)
                task.add_done_callback(lambda _task: free.release())
        finally:
            for each in connections:
                each.cancel()
            await asyncio.gather(*connections, return_exceptions=True)

    async def _converse(self, connection: socket.socket, answer: Callable[[Stream], Awaitable[None]]) -> None:
        as_safaricom = answer == self._redirected
        self.redirected += as_safaricom
        try:
            near = await self._open(connection, always_tls=as_safaricom)
        except (OSError, EOFError):
            connection.close()
        except BaseException:
            connection.close()
            raise
        else:
            await _keep_to_it(near, answer)

    async def _open(self, connection: socket.socket, *, always_tls: bool) -> Stream:
        """The connection as a stream, decrypted if it begins with TLS."""
        async with asyncio.timeout(SECONDS_FOR_HEAD):
            first = await _first_byte(connection)
            if not first:
                raise EOFError
            if not always_tls and first != _TLS_HANDSHAKE:
                return await _stream(connection, None)
            with self._distrust_told():
                return await _stream(connection, self._routes.shown.context())

    @contextmanager
    def _distrust_told(self) -> Iterator[None]:
        """Whoever breaks off a handshake need not say why, and some do not."""
        try:
            yield
        except OSError:
            self._routes.tell(DISTRUSTED)
            raise

    async def _asked(self, near: Stream) -> None:
        """One request of a program that knows a proxy when it sees one."""
        try:
            async with asyncio.timeout(SECONDS_FOR_HEAD):
                head = read_head(await near.reader.readuntil(END))
            self.redirected += head.destination.redirected
            far = await self._way_to(head.destination)
        except BadHeadError as error:
            await _refuse(near, HTTPStatus.BAD_REQUEST, str(error))
        except asyncio.LimitOverrunError:
            await _refuse(near, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the head is too long")
        except RefusedError as error:
            await _refuse(near, error.status, str(error))
        else:
            await self._pass_on(head, near, far)

    async def _pass_on(self, head: Head, near: Stream, far: Stream) -> None:
        try:
            if head.passed_on:
                far.writer.write(head.passed_on)
            else:
                near.writer.write(GRANTED)
                await near.writer.drain()
                if head.destination.redirected:
                    await self._secure(near)
            await carry(near, far)
        finally:
            await part(far)

    async def _redirected(self, near: Stream) -> None:
        far = await self._to_platform()
        try:
            await carry(near, far)
        finally:
            await part(far)

    async def _way_to(self, destination: Destination) -> Stream:
        """Raises RefusedError."""
        if destination.redirected and not destination.encrypted:
            said = f"{destination.host} is asked over https only: the request has a secret in it"
            raise RefusedError(HTTPStatus.FORBIDDEN, said)
        try:
            if destination.redirected:
                return await self._to_platform()
            return await self._routes.to_others(destination)
        except PermissionError as error:
            raise RefusedError(HTTPStatus.FORBIDDEN, f"{destination}: {_reason(error)}") from error
        except TimeoutError as error:
            raise RefusedError(HTTPStatus.GATEWAY_TIMEOUT, f"{destination} does not answer") from error
        except OSError as error:
            raise RefusedError(HTTPStatus.BAD_GATEWAY, f"{destination}: {_reason(error)}") from error
        except ValueError as error:  # a name that no name server could be asked for
            raise RefusedError(HTTPStatus.BAD_REQUEST, f"{destination} cannot be a host's name") from error

    async def _to_platform(self) -> Stream:
        try:
            return await self._routes.to_platform(self._routes.platform)
        except OSError as error:
            self._routes.tell(f"the platform at {self._routes.platform} does not answer: {_reason(error)}")
            raise

    async def _secure(self, near: Stream) -> None:
        """The tunnel that was granted ends here, as the host that was asked for."""
        with self._distrust_told():
            await near.writer.start_tls(self._routes.shown.context(), ssl_handshake_timeout=SECONDS_FOR_HEAD)


async def _keep_to_it(near: Stream, answer: Callable[[Stream], Awaitable[None]]) -> None:
    try:
        await answer(near)
    except (OSError, EOFError, asyncio.LimitOverrunError):
        cut(near)
    except BaseException:
        cut(near)
        raise
    else:
        await part(near)


async def _stream(connection: socket.socket, secure: ssl.SSLContext | None) -> Stream:
    loop = asyncio.get_running_loop()
    opened: asyncio.Future[Stream] = loop.create_future()
    reader = asyncio.StreamReader(limit=LONGEST)
    protocol = asyncio.StreamReaderProtocol(
        reader, lambda _reader, writer: opened.set_result(Stream(reader, writer))
    )
    await loop.connect_accepted_socket(lambda: protocol, connection, ssl=secure)
    return await opened


async def _until_one_ends(connections: set[asyncio.Task[None]]) -> None:
    if connections:
        await asyncio.wait(connections, return_when=asyncio.FIRST_COMPLETED)


async def _first_byte(connection: socket.socket) -> bytes:
    """Looks at it without taking it."""
    loop = asyncio.get_running_loop()
    readable = asyncio.Event()
    connection.setblocking(False)
    loop.add_reader(connection, readable.set)
    try:
        await readable.wait()
    finally:
        loop.remove_reader(connection)
    return connection.recv(1, socket.MSG_PEEK)


async def _refuse(near: Stream, status: HTTPStatus, said: str) -> None:
    body = f"salio run: {said}\n".encode("utf-8", "replace")
    lines = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    near.writer.write("\r\n".join(lines).encode() + END + body)
    await near.writer.drain()


def _reason(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
