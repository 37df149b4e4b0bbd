"""One life of an organization's process: asks, receives, follows and handles, until it is killed.

``python -m tests.kill.organization LIFE``; the listening socket is the campaign's, so that callbacks wait for
the next life. A server that is away ends no process: what it was needed for has failed, and is done when it
is there again.
"""

import asyncio
import socket
import sys
from contextlib import closing

import uvicorn

from salio.client.async_client import AsyncClient
from salio.client.errors import NotSent
from salio.tracker.async_tracker import AsyncHandler, AsyncTracker
from salio.tracker.ends import Ending
from salio.tracker.record import Record
from salio.tracker.settings import Endpoint
from salio.wire.errors import SalioError
from tests.kill.asks import Asks
from tests.kill.organization_life import (
    AT_ONCE,
    INITIATOR,
    OPTIONS,
    PATIENCE,
    WHILE_AWAY,
    Life,
    Plain,
    begun,
)
from tests.patience import until


async def ask(client: AsyncClient, record: Record, asks: Asks, requests: int) -> None:
    """Asks until so many requests are in the record, whoever noted them."""
    while True:
        try:
            if record.rows("SELECT count(*) FROM request")[0][0] >= requests:
                return
            await asks.next(client)
        except NotSent:
            await asyncio.sleep(WHILE_AWAY)
        except SalioError:
            await asyncio.sleep(0.05)


def handler_of(life: Life) -> AsyncHandler:
    """The life's, for tasks."""
    handler = life.handler()
    if not isinstance(handler, Plain):
        return handler

    async def handle(ending: Ending) -> None:
        await asyncio.to_thread(handler, ending)

    return handle


async def live(record: Record, life: Life) -> None:
    """Until it is killed."""
    client = AsyncClient(life.base_url, life.app, INITIATOR, merchant=life.merchant, options=OPTIONS)
    endpoint = Endpoint(url=life.receiver)
    asks = Asks(record, life.seed, life.number)
    async with AsyncTracker(client, record, endpoint, handler=handler_of(life), patience=PATIENCE) as tracker:
        config = uvicorn.Config(tracker.receiver, lifespan="off", access_log=False, log_level="error")
        listener = socket.socket(fileno=life.listener)
        serving = asyncio.create_task(uvicorn.Server(config).serve([listener]))
        await asyncio.gather(*(ask(client, record, asks, life.requests) for _ in range(AT_ONCE)))
        await serving


def main(words: str) -> None:
    """One life."""
    life = Life.read(words)
    with closing(until("the record is there", begun(life.record))) as record:
        asyncio.run(live(record, life))


if __name__ == "__main__":
    main(*sys.argv[1:])
