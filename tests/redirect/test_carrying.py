"""Bytes are carried both ways, at the pace of whoever reads, and nothing stays behind."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from salio.redirect.carrying import Stream, carry, cut, part
from tests.patience import PATIENCE
from tests.redirect.world import Server

BLOCK = bytes(1024 * 1024)


@asynccontextmanager
async def between() -> AsyncIterator[tuple[Stream, Stream, "asyncio.Task[None]"]]:
    """Two ends, and the task that carries between them."""
    near, here = socket.socketpair()
    there, far = socket.socketpair()
    ends = [Stream(*await asyncio.open_unix_connection(sock=each)) for each in (near, here, there, far)]
    task = asyncio.create_task(carry(ends[1], ends[2]))
    try:
        yield ends[0], ends[3], task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for each in ends:
            each.writer.transport.abort()


def test_both_ways() -> None:
    """Also after one side has said everything."""

    async def converse() -> None:
        async with between() as (near, far, task):
            near.writer.write(b"asked")
            near.writer.write_eof()
            assert await far.reader.read() == b"asked"
            far.writer.write(b"answered")
            far.writer.write_eof()
            assert await near.reader.readexactly(8) == b"answered"
            await task

    asyncio.run(asyncio.wait_for(converse(), PATIENCE))


def test_who_does_not_read_is_not_read_for() -> None:
    """A slow reader holds a fast writer up, instead of filling our memory."""

    async def converse() -> int:
        async with between() as (near, _far, _task):
            written = 0
            try:
                while True:
                    near.writer.write(BLOCK)
                    await asyncio.wait_for(near.writer.drain(), 0.5)
                    written += len(BLOCK)
            except TimeoutError:
                return written

    assert asyncio.run(asyncio.wait_for(converse(), PATIENCE)) < 4 * len(BLOCK)


def test_much_is_carried_whole() -> None:
    """In both directions at once."""

    async def send(stream: Stream) -> None:
        for _ in range(8):
            stream.writer.write(BLOCK)
            await stream.writer.drain()
        stream.writer.write_eof()

    async def converse() -> list[int]:
        async with between() as (near, far, _task):
            sending = asyncio.gather(send(near), send(far))
            read = await asyncio.gather(near.reader.readexactly(8 * len(BLOCK)), far.reader.read())
            await sending
            return [len(each) for each in read]

    assert asyncio.run(asyncio.wait_for(converse(), PATIENCE)) == [8 * len(BLOCK)] * 2


def test_what_breaks_off_there_breaks_off_here() -> None:
    """Not as an end that could be taken for a whole answer."""

    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        cut(Stream(reader, writer))

    async def relay(near: Stream, port: int) -> None:
        far = Stream(*await asyncio.open_connection("127.0.0.1", port))
        await carry(near, far)
        await part(far)

    async def converse() -> None:
        async with Server(reset).running() as there:
            here = Server(lambda reader, writer: relay(Stream(reader, writer), there.port))
            async with here.running():
                reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
                writer.write(b"x")
                with pytest.raises(ConnectionResetError):
                    await reader.read()
                writer.close()
                await here.all_gone.wait()

    asyncio.run(asyncio.wait_for(converse(), PATIENCE))


def test_an_answer_before_everything_was_asked() -> None:
    """Arrives, though whoever gave it reads no more."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        writer.write(b"too much")
        await writer.drain()

    async def relay(near: Stream, port: int) -> None:
        far = Stream(*await asyncio.open_connection("127.0.0.1", port))
        await carry(near, far)
        await part(far)
        await part(near)

    async def converse() -> bytes:
        async with Server(refuse).running() as there:
            here = Server(lambda reader, writer: relay(Stream(reader, writer), there.port))
            async with here.running():
                reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
                writer.write(b"x")
                await there.all_gone.wait()
                for _ in range(8):
                    writer.write(BLOCK)
                heard = await reader.read()
                writer.transport.abort()
                await here.all_gone.wait()
                return heard

    assert asyncio.run(asyncio.wait_for(converse(), PATIENCE)) == b"too much"


def test_parting_from_somebody_who_does_not_read() -> None:
    """It takes its time, and then it is over."""

    async def leave() -> bool:
        one, other = socket.socketpair()
        with other:
            stream = Stream(*await asyncio.open_unix_connection(sock=one))
            stream.writer.write(BLOCK)
            await part(stream)
            return stream.writer.is_closing()

    assert asyncio.run(asyncio.wait_for(leave(), PATIENCE))
