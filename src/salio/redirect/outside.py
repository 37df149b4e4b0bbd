"""The way out of a network of one's own: a process that stayed outside, asked at a socket that is a file.

``python -m salio.redirect.outside PATH`` ends when its standard input does, and so with whoever started it.
"""

import asyncio
import os
import ssl
import sys
from collections.abc import Callable
from pathlib import Path

from salio.redirect.carrying import Stream, carry, part
from salio.redirect.heads import END, LONGEST, read_head
from salio.redirect.ways import AsTheEnvironmentSays, Way

READY = b"ready\n"
"""Said on standard output when whoever asks is answered."""


async def serve(path: Path, way: Way, ended: asyncio.Event, ready: Callable[[], object]) -> None:
    """Grants tunnels until it is told that it has ended; calls ``ready`` when it does."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        near = Stream(reader, writer)
        try:
            await _grant(near, way)
        except (OSError, EOFError, ValueError):
            writer.transport.abort()
        else:
            await part(near)

    async with await asyncio.start_unix_server(converse, path, limit=LONGEST):
        ready()
        await ended.wait()


async def _grant(near: Stream, way: Way) -> None:
    head = read_head(await near.reader.readuntil(END))
    try:
        far = await way(head.destination)
    except OSError as error:
        reason = (error.strerror or str(error) or type(error).__name__).encode("ascii", "replace")
        near.writer.write(b"HTTP/1.1 502 " + reason + END)
        return
    try:
        near.writer.write(b"HTTP/1.1 200 OK" + END)
        await carry(near, far)
    finally:
        await part(far)


async def main(path: Path) -> None:
    """Until nobody holds the other end of standard input."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, ended.set)
    way = AsTheEnvironmentSays(os.environ, ssl.create_default_context())
    await serve(path, way, ended, ready=lambda: os.write(sys.stdout.fileno(), READY))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
