"""Load: connections in a thread that ask, one request after another each, until the platform dies."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec

from tests.kill.asking import Asked

CONNECTIONS = 24
LONGEST_SILENCE = 60.0
"""Seconds that a caller waits for an answer: a platform without memory may owe it for ever."""


class Load:
    """Asks as fast as it is answered. ``on_acknowledgement`` is called with each promise, at once."""

    def __init__(
        self,
        port: int,
        token: str,
        following: Callable[[], Asked | None],
        *,
        connections: int = CONNECTIONS,
        on_acknowledgement: Callable[[], None] | None = None,
    ) -> None:
        """``following`` gives the next request; ``None`` ends the connection that asks."""
        self._port = port
        self._token = token
        self._following = following
        self._connections = connections
        self._on_acknowledgement = on_acknowledgement
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="load")

    def start(self) -> None:
        """Starts asking."""
        self._thread.start()

    def stop(self) -> None:
        """Ends when what was asked is answered."""
        self._stopping.set()
        self.join()

    def join(self) -> None:
        """Waits until every connection has ended."""
        self._thread.join()

    def ended(self) -> bool:
        """Whether every connection has ended."""
        return not self._thread.is_alive()

    async def _run(self) -> None:
        await asyncio.gather(*(self._connection() for _ in range(self._connections)))

    async def _connection(self) -> None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            return
        try:
            while not self._stopping.is_set():
                asked = self._following()
                if asked is None or await self._ask(asked, reader, writer):
                    return
        except (OSError, asyncio.IncompleteReadError):
            return  # the platform died: what was asked last has no answer
        finally:
            writer.transport.abort()

    async def _ask(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the platform wants the connection closed after its answer."""
        writer.write(
            f"POST {asked.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(asked.body)}\r\n\r\n".encode()
            + asked.body
        )
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), LONGEST_SILENCE)
        lines = head.lower().split(b"\r\n")
        length = next(int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:"))
        body = await reader.readexactly(length)
        with suppress(msgspec.DecodeError):  # a server that ran out of memory has no words of ours
            asked.answer = msgspec.json.decode(body, type=dict[str, str])
        asked.status = int(head.split(b" ", 2)[1])
        if asked.acknowledged and self._on_acknowledgement is not None:
            self._on_acknowledgement()
        return b"connection: close" in lines


def ask_all(port: int, token: str, asked: Sequence[Asked]) -> None:
    """Asks each of these once more, and waits for the answers."""
    left = list(asked)
    load = Load(port, token, lambda: left.pop() if left else None)
    load.start()
    load.join()
