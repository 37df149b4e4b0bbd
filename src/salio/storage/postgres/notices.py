"""The server tells of committed work (LISTEN): nobody has to ask again and again."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import asyncpg  # type: ignore[import-untyped] # it brings no types
import structlog

from salio.storage.postgres.connection import CONNECT_SECONDS

RETRY_SECONDS = 0.5
"""Between tries to connect."""
ALIVE_EVERY = 5.0
"""Seconds between signs of life; a connection that gives none within CONNECT_SECONDS is made again."""


async def listen(url: str, channel: str, told: Callable[[], None]) -> None:
    """Calls ``told`` on the event loop after each notice, and whenever one may have been missed; for ever."""
    while True:
        connection: Any = None
        try:
            connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS, command_timeout=CONNECT_SECONDS)
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _, lost=lost: lost.set())
            await connection.add_listener(channel, lambda *_: told())
            while True:
                told()
                with suppress(TimeoutError):
                    await asyncio.wait_for(lost.wait(), ALIVE_EVERY)
                await connection.execute("SELECT 1")
        except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
            structlog.get_logger().warning("notices_interrupted", channel=channel, error=str(error))
            await asyncio.sleep(RETRY_SECONDS)
        finally:
            if connection is not None:
                with suppress(Exception):
                    connection.terminate()
