"""Carries bytes both ways between two connections, and leaves neither behind."""

import asyncio
import socket
import struct
from contextlib import suppress
from typing import NamedTuple

CHUNK = 64 * 1024

LINGER = 60.0
"""Seconds for the answer of somebody to whom the other side will say no more."""

PARTING = 5.0
"""Seconds for what is written already to be read by somebody who may have gone."""


_RESET = struct.pack("ii", 1, 0)  # close() throws away what is not sent, and says so (socket(7), SO_LINGER)


class Stream(NamedTuple):
    """One end of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


async def carry(near: Stream, far: Stream) -> None:
    """Bytes both ways until both have said everything, or one of them is gone.

    What cannot be written is not read either, so neither side fills the memory. A connection that breaks off
    over there breaks off here: a lost answer must not look like an empty one.
    """
    up, down = asyncio.create_task(_pump(near, far)), asyncio.create_task(_pump(far, near))
    try:
        done, other = await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        if other and all(each.exception() is None and each.result() for each in done):
            await asyncio.wait(other, timeout=LINGER)
    finally:
        up.cancel()
        down.cancel()
        await asyncio.gather(up, down, return_exceptions=True)
    if down.cancelled() or down.exception() is not None:
        cut(near)


async def _pump(source: Stream, sink: Stream) -> bool:
    """One way, to its end; whether the other way may still be used, as TLS never allows."""
    while chunk := await source.reader.read(CHUNK):
        try:
            sink.writer.write(chunk)
            await sink.writer.drain()
        except OSError:  # who takes no more may have said why
            return True
    if source.writer.is_closing() or not sink.writer.can_write_eof():
        return False
    sink.writer.write_eof()
    return True


def cut(stream: Stream) -> None:
    """Ends a connection so that the other side sees that it was not meant to end."""
    connection = stream.writer.get_extra_info("socket")
    if connection is not None:  # TLS forgets it with the connection
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    stream.writer.transport.abort()


async def part(stream: Stream) -> None:
    """Closes a connection after what was written has left; one that takes too long is cut."""
    stream.writer.close()
    with suppress(OSError):
        try:
            async with asyncio.timeout(PARTING):
                await stream.writer.wait_closed()
        finally:
            stream.writer.transport.abort()
