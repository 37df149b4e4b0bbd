"""Ways out to other hosts: straight, or through the proxy that the machine's network wants."""

import asyncio
import ssl
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from salio.redirect.carrying import Stream
from salio.redirect.environment import is_excepted
from salio.redirect.heads import END, LONGEST, Destination

PATIENCE = 30.0
"""Seconds for a connection to be made, its handshake included."""


class Way(Protocol):
    """Connects to a destination; raises OSError, of which TimeoutError and ssl.SSLError are kinds."""

    async def __call__(self, destination: Destination, /) -> Stream:
        """A connection, over TLS where the destination says so."""
        ...


class Refusing:
    """No way at all."""

    async def __call__(self, _destination: Destination, /) -> Stream:
        """Raises PermissionError."""
        raise PermissionError("--others refuse lets only Safaricom's hosts be reached")


class Straight:
    """Connects itself."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls

    async def __call__(self, destination: Destination, /) -> Stream:
        """A connection of its own."""
        async with asyncio.timeout(PATIENCE):
            return Stream(
                *await asyncio.open_connection(
                    destination.host,
                    destination.port,
                    ssl=self._tls if destination.tls else None,
                    server_hostname=destination.host if destination.tls else None,
                )
            )


class ThroughProxy:
    """Asks another proxy for a tunnel: at a host and port, or at a socket's path."""

    def __init__(self, proxy: Destination | Path, tls: ssl.SSLContext, password: str = "") -> None:
        """``password``: user and password as the proxy's address has them, with a colon."""
        self._proxy = proxy
        self._tls = tls
        self._authorization = f"Proxy-Authorization: Basic {_basic(password)}\r\n" if password else ""

    async def __call__(self, destination: Destination, /) -> Stream:
        """A tunnel."""
        async with asyncio.timeout(PATIENCE):
            tunnel = await self._open()
            try:
                asked = f"CONNECT {destination} HTTP/1.1\r\nHost: {destination}\r\n{self._authorization}\r\n"
                tunnel.writer.write(asked.encode())
                await _granted(tunnel.reader)
                if destination.tls:
                    await tunnel.writer.start_tls(self._tls, server_hostname=destination.host)
            except BaseException:
                tunnel.writer.transport.abort()
                raise
            return tunnel

    async def _open(self) -> Stream:
        if isinstance(self._proxy, Path):
            return Stream(*await asyncio.open_unix_connection(self._proxy, limit=LONGEST))
        secure = self._tls if self._proxy.tls else None
        return Stream(
            *await asyncio.open_connection(self._proxy.host, self._proxy.port, ssl=secure, limit=LONGEST)
        )


class AsTheEnvironmentSays:
    """Through the proxy that the user's own variables name for a destination, or straight."""

    def __init__(self, environment: Mapping[str, str], tls: ssl.SSLContext) -> None:
        self._environment = environment
        self._straight = Straight(tls)
        self._tls = tls

    async def __call__(self, destination: Destination, /) -> Stream:
        """A connection."""
        proxy = self._proxy_for(destination)
        return await (proxy or self._straight)(destination)

    def _proxy_for(self, destination: Destination) -> ThroughProxy | None:
        proxies = _proxies(self._environment)
        address = proxies.get("https" if destination.encrypted else "http") or proxies.get("all")
        if not address or is_excepted(destination.host, proxies.get("no", "")):
            return None
        parts = urlsplit(address if "://" in address else f"http://{address}")
        password = parts.netloc.rpartition("@")[0]
        tls = parts.scheme == "https"
        named = Destination(parts.hostname or "", parts.port or (443 if tls else 80), tls)
        return ThroughProxy(named, self._tls, unquote(password))


def _proxies(environment: Mapping[str, str]) -> dict[str, str]:
    """As urllib reads them: by scheme, and ``no`` for the exceptions."""
    pairs = sorted(environment.items(), key=lambda pair: pair[0].islower())  # small letters win
    return {
        name.lower().removesuffix("_proxy"): value for name, value in pairs if name.lower().endswith("_proxy")
    }


def _basic(password: str) -> str:
    return b64encode(password.encode()).decode()


async def _granted(reader: asyncio.StreamReader) -> None:
    try:
        head = await reader.readuntil(END)
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise ConnectionError("the proxy gave no answer") from error
    status, _, reason = head.partition(b"\r\n")[0].partition(b" ")[2].partition(b" ")
    if not status.startswith(b"2"):
        raise ConnectionError(f"the proxy said {status.decode('latin-1')} {reason.decode('latin-1')}".strip())
