"""Ways out: straight, and through the proxy that the user's own environment names."""

import asyncio
import ssl
from base64 import b64encode
from pathlib import Path

import pytest

from salio.redirect.heads import Destination
from salio.redirect.outside import serve
from salio.redirect.ways import AsTheEnvironmentSays, Straight, ThroughProxy, Way
from tests.patience import PATIENCE
from tests.ports import free_port
from tests.redirect.world import Server, say_what_came, world

TLS = ssl.create_default_context()


async def said_by(way: Way, destination: Destination) -> bytes:
    """What is answered there to one request."""
    stream = await way(destination)
    stream.writer.write(b"GET /there HTTP/1.1\r\n\r\n")
    head = await stream.reader.readuntil(b"\r\n\r\n")
    stream.writer.transport.abort()
    return head


def test_through_a_proxy() -> None:
    """Asked for a tunnel, which another of our own proxies grants."""

    async def go() -> bytes:
        async with Server(say_what_came).running() as server, world(1) as there:
            way = ThroughProxy(Destination("127.0.0.1", there.port), TLS)
            return await said_by(way, Destination("127.0.0.1", server.port))

    assert asyncio.run(asyncio.wait_for(go(), PATIENCE)).startswith(b"HTTP/1.1 200 OK")


def test_a_proxy_with_a_password() -> None:
    """Gets it; its refusal is an error that says so."""
    heard: list[bytes] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 407 Who are you\r\n\r\n")

    async def go() -> None:
        async with Server(refuse).running() as server:
            environment = {"HTTPS_PROXY": f"http://user:p%40ss@127.0.0.1:{server.port}"}
            way = AsTheEnvironmentSays(environment, TLS)
            with pytest.raises(ConnectionError, match="the proxy said 407 Who are you"):
                await way(Destination("example.com", 443))

    asyncio.run(asyncio.wait_for(go(), PATIENCE))
    assert heard[0].startswith(b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n")
    assert b"Proxy-Authorization: Basic " + b64encode(b"user:p@ss") + b"\r\n" in heard[0]


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200", b"x" * 200_000])
def test_a_proxy_that_makes_no_sense(answer: bytes) -> None:
    """Is an error, and no connection is left."""

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)

    async def go() -> None:
        async with Server(babble).running() as server:
            with pytest.raises(ConnectionError):
                await ThroughProxy(Destination("127.0.0.1", server.port), TLS)(Destination("a", 1))
            await server.all_gone.wait()

    asyncio.run(asyncio.wait_for(go(), PATIENCE))


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"HTTPS_PROXY": "http://127.0.0.1:1"},
        {"http_proxy": "http://127.0.0.1:1", "NO_PROXY": "127.0.0.1"},
        {"HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": ""},
    ],
    ids=str,
)
def test_straight(environment: dict[str, str]) -> None:
    """Where no proxy is named for the destination, or it is excepted."""

    async def go() -> bytes:
        async with Server(say_what_came).running() as server:
            return await said_by(
                AsTheEnvironmentSays(environment, TLS), Destination("127.0.0.1", server.port)
            )

    assert asyncio.run(asyncio.wait_for(go(), PATIENCE)).startswith(b"HTTP/1.1 200 OK")


def test_through_the_process_outside(tmp_path: Path) -> None:
    """It is asked at a file; what it could not reach it says."""
    path = tmp_path / "outside"

    async def go() -> bytes:
        ready, ended = asyncio.Event(), asyncio.Event()
        async with Server(say_what_came).running() as server:
            serving = asyncio.create_task(serve(path, Straight(TLS), ended, ready.set))
            way = ThroughProxy(path, TLS)
            await ready.wait()
            said = await said_by(way, Destination("127.0.0.1", server.port))
            with pytest.raises(ConnectionError, match=r"the proxy said 502 .*Connect call failed"):
                await way(Destination("127.0.0.1", free_port()))
            ended.set()
            await serving
            return said

    assert asyncio.run(asyncio.wait_for(go(), PATIENCE)).startswith(b"HTTP/1.1 200 OK")
