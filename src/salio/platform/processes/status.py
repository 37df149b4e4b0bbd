"""How a process is that answers no requests: a page or three, on a port of their own."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from starlette.applications import Starlette

from salio.gateway import pages
from salio.platform.serve import new_server
from salio.platform.settings import Settings


class Reporting(Protocol):
    """Whoever can say how it is."""

    def ready(self) -> bool:
        """Whether it can work, or could at once if it were its turn."""
        ...

    def show_metrics(self) -> bytes:
        """What it has done since it began."""
        ...


@asynccontextmanager
async def told(
    listener: socket.socket | None, settings: Settings, present: Callable[[], Reporting]
) -> AsyncIterator[None]:
    """Answers on the listener, if there is one, beside the block: always about the present life."""
    if listener is None:
        yield
        return
    routes = pages.status(ready=lambda: present().ready(), metrics=lambda: present().show_metrics())
    server = new_server(Starlette(routes=routes), settings, "httptools")
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
