"""Connections that owe something for too long are hung up on."""

import asyncio
from collections.abc import Collection

from salio.platform.http.connection import Connection

LOOK_EVERY = 5.0
"""Seconds between looks at connections that owe something."""


async def watch(connections: Collection[object]) -> None:
    """Ends those of a server that are silent, for ever."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        end_silent(connections)


def end_silent(connections: Collection[object]) -> None:
    """Hangs up on whoever has been silent for too long."""
    for connection in list(connections):
        if isinstance(connection, Connection):
            connection.end_if_silent()
