"""The proxy: whose requests end at the platform, whose go their way, and who is refused."""

import asyncio
import ssl
from pathlib import Path

import pytest

from salio.redirect import proxy
from salio.redirect.authority import Authority
from salio.redirect.carrying import Stream
from tests.patience import PATIENCE
from tests.ports import free_port
from tests.redirect.world import (
    NOBODY,
    NOW,
    Server,
    World,
    leaf_file,
    say_what_came,
    world,
)

ASKED = b"GET /oauth HTTP/1.1\r\nHost: sandbox.safaricom.co.ke\r\nAuthorization: Basic c2VjcmV0\r\n\r\n"


async def answered(near: Stream, asked: bytes = ASKED) -> bytes:
    """The body of the answer: the head as the server got it."""
    near.writer.write(asked)
    head = await near.reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return await near.reader.readexactly(length)


@pytest.mark.parametrize("host", ["sandbox.safaricom.co.ke", "api.safaricom.co.ke"])
def test_a_tunnel_to_safaricom_ends_at_the_platform(host: str) -> None:
    """Byte for byte, one request after the other on one connection; no other host need be reachable."""

    async def go() -> list[bytes]:
        async with Server(say_what_came).running() as platform, world(platform.port, NOBODY) as there:
            near = await there.secure(host)
            heard = [await answered(near), await answered(near)]
            near.writer.close()
            await platform.all_gone.wait()
            assert there.proxy.redirected == 1
            return heard

    assert asyncio.run(asyncio.wait_for(go(), PATIENCE)) == [ASKED, ASKED]


def test_who_takes_this_for_safaricom() -> None:
    """Where its name means this machine, a program speaks TLS at once."""

    async def go() -> bytes:
        async with Server(say_what_came).running() as platform, world(platform.port) as there:
            near = await there.connect(there.safaricom_port, tls=True)
            heard = await answered(near)
            near.writer.transport.abort()
            return heard

    assert asyncio.run(asyncio.wait_for(go(), PATIENCE)) == ASKED


@pytest.mark.parametrize("encrypted", [False, True], ids=["in the clear", "over TLS to the proxy"])
def test_an_absolute_address_of_safaricom(*, encrypted: bool) -> None:
    """Some libraries ask a proxy for https addresses without a tunnel."""

    async def go() -> bytes:
        async with Server(say_what_came).running() as platform, world(platform.port, NOBODY) as there:
            near = await there.connect(tls=encrypted)
            heard = await answered(near, ASKED.replace(b"/oauth", b"https://sandbox.safaricom.co.ke/oauth"))
            near.writer.transport.abort()
            return heard

    heard = asyncio.run(asyncio.wait_for(go(), PATIENCE))
    assert heard == ASKED.replace(
        b"Host: sandbox.safaricom.co.ke", b"Host: sandbox.safaricom.co.ke\r\nConnection: close"
    )


def test_other_hosts_pass(tmp_path: Path) -> None:
    """Through a tunnel, in the clear, and with TLS that the proxy speaks."""
    theirs = Authority.new(NOW)

    async def go() -> list[bytes]:
        trusting = ssl.create_default_context(cadata=theirs.pem.decode())
        async with (
            Server(say_what_came).running() as plain,
            Server(say_what_came).running(leaf_file(tmp_path, theirs)) as secure,
            world(free_port(), others_trusted=trusting) as there,
        ):
            tunnel = await there.tunnel("127.0.0.1", plain.port)
            heard = [await answered(tunnel)]
            tunnel.writer.transport.abort()
            for scheme, server in (("http", plain), ("https", secure)):
                near = await there.connect()
                asked = f"GET {scheme}://localhost:{server.port}/x HTTP/1.1\r\n\r\n"
                heard.append(await answered(near, asked.encode()))
                near.writer.transport.abort()
            assert there.said == []
            assert there.proxy.redirected == 0
            return heard

    heard = asyncio.run(asyncio.wait_for(go(), PATIENCE))
    assert heard[0] == ASKED
    assert all(each.startswith(b"GET /x HTTP/1.1\r\nHost: localhost:") for each in heard[1:])


@pytest.mark.parametrize(
    ("asked", "status", "why"),
    [
        (b"CONNECT example.com:443 HTTP/1.1", 403, b"example.com:443: --others refuse"),
        (b"GET http://example.com/ HTTP/1.1", 403, b"--others refuse"),
        (b"CONNECT sandbox.safaricom.co.ke:80 HTTP/1.1", 403, b"over https only"),
        (b"GET http://api.safaricom.co.ke/ HTTP/1.1", 403, b"over https only"),
        (b"GET / HTTP/1.1", 400, b"this is a proxy"),
        (b"nonsense", 400, b"first line"),
        (b"GET http://example.com/ HTTP/1.1\r\nX: " + b"x" * 70_000, 431, b"too long"),
        (b"CONNECT api.safaricom.co.ke:443 HTTP/1.1", 502, b"Connect call failed"),
    ],
    ids=lambda value: value[:44] if isinstance(value, bytes) else "",
)
def test_who_is_refused(asked: bytes, status: int, why: bytes) -> None:
    """With the reason in the body, which curl and most others show."""

    async def go() -> tuple[bytes, World]:
        async with world(free_port(), NOBODY) as there:
            return await there.ask(asked + b"\r\n\r\n"), there

    said, there = asyncio.run(asyncio.wait_for(go(), PATIENCE))
    assert there.proxy.redirected == (b"safaricom" in asked)
    assert said.startswith(b"HTTP/1.1 %d " % status)
    assert b"salio run: " in said
    assert why in said
    assert ["does not answer" in each for each in there.said] == [True] * (status == 502)


@pytest.mark.parametrize("host", ["a" * 64 + ".example.com", "a..b"])
def test_what_can_be_no_name(host: str) -> None:
    """Is refused like any other mistake."""

    async def go() -> bytes:
        async with world(free_port()) as there:
            return await there.ask(f"CONNECT {host}:443 HTTP/1.1\r\n\r\n".encode())

    assert asyncio.run(asyncio.wait_for(go(), PATIENCE)).startswith(b"HTTP/1.1 400 ")


def test_a_program_that_does_not_trust_us() -> None:
    """The person learns of it: nothing else would say why every request fails."""

    async def go() -> list[str]:
        async with Server(say_what_came).running() as platform, world(platform.port) as there:
            near = await there.tunnel("sandbox.safaricom.co.ke")
            distrusting = ssl.create_default_context(cadata=Authority.new(NOW).pem.decode())
            with pytest.raises(ssl.SSLCertVerificationError):
                await near.writer.start_tls(distrusting, server_hostname="sandbox.safaricom.co.ke")
            near.writer.transport.abort()
            await platform.all_gone.wait()
            return there.said

    assert asyncio.run(asyncio.wait_for(go(), PATIENCE)) == [proxy.DISTRUSTED]


def test_who_hangs_up_leaves_nothing_behind() -> None:
    """Though the platform would keep the request for ever: both its connection and ours are closed."""

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def go() -> None:
        async with Server(never).running() as platform, world(platform.port) as there:
            for abrupt in (False, True):
                near = await there.secure("sandbox.safaricom.co.ke")
                near.writer.write(ASKED)
                await near.writer.drain()
                if abrupt:
                    near.writer.transport.abort()
                else:
                    near.writer.close()
                await platform.all_gone.wait()
                platform.all_gone.clear()

    asyncio.run(asyncio.wait_for(go(), PATIENCE))


def test_more_than_may_come_wait() -> None:
    """They are let in when others go."""

    async def go() -> int:
        async with Server(say_what_came).running() as platform, world(platform.port) as there:
            idle = [await there.connect() for _ in range(proxy.MOST)]
            late = await there.connect()
            late.writer.write(b"nonsense\r\n\r\n")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(late.reader.readexactly(1), 0.2)
            idle.pop().writer.close()
            said = await late.reader.read()
            for each in (late, *idle):
                each.writer.transport.abort()
            return len(said)

    assert asyncio.run(asyncio.wait_for(go(), PATIENCE)) > 0
