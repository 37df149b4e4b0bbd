"""One life of an organization's process: asks, receives, follows and handles, until it is killed.

``python -m tests.kill.organization RECORD SOCKET BASE_URL KEY SECRET TARGET``; the listening socket is the
campaign's, so that callbacks wait for the next life. A server that is away ends no process: what it was
needed for has failed, and is done when it is there again.
"""

import asyncio
import itertools
import socket
import sys
from contextlib import closing, suppress
from typing import Any

import uvicorn

from salio.client.async_client import AsyncClient
from salio.client.errors import NotSent
from salio.client.settings import App, Initiator, Options
from salio.sandbox.testdata.operators import PASSWORD
from salio.tracker.async_tracker import AsyncTracker
from salio.tracker.ends import Ending
from salio.tracker.errors import RecordUnavailable
from salio.tracker.handlers import InTransaction
from salio.tracker.record import Record
from salio.tracker.settings import Endpoint, Patience
from salio.wire.errors import SalioError
from tests.journeys.subjects import C2B_RECEIPT
from tests.kill.platforms import until

AT_ONCE = 8
WHILE_AWAY = 3.0
"""Seconds that an asker waits for a platform that nothing can be sent to, or most would ask in vain."""
PATIENCE = Patience(
    result=0.7, unknown=0.3, acknowledgement=4, growth=1.3, askings=12, handling=0.2, handlings=100
)
"""So that what is lost is asked for while the campaign lasts."""


TABLE = "CREATE TABLE IF NOT EXISTS effect (ending INTEGER, request INTEGER, state TEXT)"


def write(ending: Ending, rows: Any) -> None:
    """The effect: a row in the application's own table, in either engine's words."""
    values = (str(ending.number), str(ending.request), f"'{ending.state.value}'")
    rows.execute(f"INSERT INTO effect VALUES ({', '.join(values)})")  # noqa: S608 - of our own words


async def asks(client: AsyncClient, record: Record, numbers: "itertools.count[int]", target: int) -> None:
    """Asks until so many requests are in the record, whoever noted them."""
    for number in numbers:
        try:
            if record.rows("SELECT count(*) FROM request")[0][0] >= target:
                return
            await (client.status(C2B_RECEIPT) if number % 3 == 0 else client.balance())
        except NotSent:
            await asyncio.sleep(WHILE_AWAY)
        except SalioError:
            await asyncio.sleep(0.05)


async def live(record: Record, listener: socket.socket, arguments: list[str]) -> None:
    """Until it is killed."""
    base_url, key, secret, target = arguments
    initiator = Initiator(name="testapiuser", short_code="600000", password=PASSWORD)
    client = AsyncClient(base_url, App(key, secret), initiator, options=Options(timeout=3, patience=1))
    endpoint = Endpoint(url=f"http://127.0.0.1:{listener.getsockname()[1]}")
    handler = InTransaction(write)
    async with AsyncTracker(client, record, endpoint, handler=handler, patience=PATIENCE) as tracker:
        config = uvicorn.Config(tracker.receiver, lifespan="off", access_log=False, log_level="error")
        serving = asyncio.create_task(uvicorn.Server(config).serve([listener]))
        numbers = itertools.count(1)
        await asyncio.gather(*(asks(client, record, numbers, int(target)) for _ in range(AT_ONCE)))
        await serving


def begun(place: str) -> Record | None:
    """The record with the application's table; None while its server is away."""
    with suppress(RecordUnavailable):
        record = Record(place)
        with record.transaction() as rows, record.handed(rows) as connection:
            connection.execute(TABLE)
        return record
    return None


def main(place: str, descriptor: str, *arguments: str) -> None:
    """One life."""
    with closing(until("the record is there", lambda: begun(place))) as record:
        asyncio.run(live(record, socket.socket(fileno=int(descriptor)), list(arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
