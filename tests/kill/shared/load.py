"""Load on several gateways that goes on through their deaths: a connection that is lost is made again."""

import asyncio
import threading
from collections.abc import Callable, Sequence

from tests.kill.asking import Asked
from tests.kill.load import Load

CONNECTIONS = 6
"""To each gateway."""
PAUSE = 0.05
"""Seconds until a connection that was lost is tried again."""
BREATH = 0.01
"""Seconds between an answer and the next question: six processes and their server share two cores."""


class LastingLoad:
    """Asks until it is stopped."""

    def __init__(
        self, ports: Sequence[Callable[[], int]], token: str, following: Callable[[], Asked | None]
    ) -> None:
        """``ports`` say where each gateway is at the time."""
        self._stopping = threading.Event()
        self._connections = [
            _Lasting(port, token, following, self._stopping) for port in ports for _ in range(CONNECTIONS)
        ]
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="load")

    def start(self) -> None:
        """Starts asking."""
        self._thread.start()

    def stop(self) -> None:
        """Ends when what was asked is answered."""
        self._stopping.set()
        self._thread.join()

    async def _run(self) -> None:
        await asyncio.gather(*(each.last() for each in self._connections))


class _Lasting(Load):
    """One connection through all of its lives."""

    def __init__(
        self,
        port: Callable[[], int],
        token: str,
        following: Callable[[], Asked | None],
        stopping: threading.Event,
    ) -> None:
        super().__init__(0, token, following, connections=1)
        self._where = port
        self._stopping = stopping

    async def last(self) -> None:
        """Connects again and again until it is stopped."""
        while not self._stopping.is_set():
            self._port = self._where()
            if self._port:
                await self._connection()
            await asyncio.sleep(PAUSE)

    async def _ask(self, asked: Asked, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        await asyncio.sleep(BREATH)
        return await super()._ask(asked, reader, writer)
