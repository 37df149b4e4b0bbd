"""A sink for callbacks: answers every POST with 200 and counts; run as a program, it prints its port."""

import asyncio
import sys
from typing import cast

import uvloop

ANSWER = b'HTTP/1.1 200 OK\r\ncontent-length: 16\r\n\r\n{"ResultCode":0}'
"""Whoever is asked takes every payment."""


class Sink(asyncio.Protocol):
    """Counts whole requests; ``GET`` answers with the count."""

    count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            head, found, rest = self._buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if head.startswith(b"GET"):
                body = b"%d" % Sink.count
                self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
                self._buffer = rest
                continue
            start = head.lower().index(b"content-length:") + 15
            end = head.find(b"\r", start)
            length = int(head[start : end if end >= 0 else None])
            if len(rest) < length:
                return
            self._buffer = rest[length:]
            Sink.count += 1
            self._transport.write(ANSWER)


async def main() -> None:
    """Serves until killed."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
