"""``salio listen``: a receiver of its own, which keeps callbacks in a record and prints them."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from salio.cli.errors import CommandError
from salio.cli.options import Json
from salio.cli.record import DEFAULT_RECORD, LISTEN_PORT, RecordFile, opened

if TYPE_CHECKING:
    import uvicorn

    from salio.tracker.record import Record
    from salio.tracker.settings import Endpoint
    from salio.wire.asked import Callbacks

EXAMPLES = """Examples:

  salio listen                             prints the two addresses to ask with
  salio listen --record payments.db        beside an application on that record
  salio listen --url https://shop.example/callbacks   as the platform reaches it
  salio listen --record postgresql://shop@localhost/shop
  salio listen --allow 196.201.212.0/22 --json"""

LOOK_EVERY = 0.1
"""Seconds between two looks at what came."""
CONNECTIONS = 1000
DRAIN = 5
"""Seconds for what is under way at the end."""


def listen(
    *,
    record: RecordFile = DEFAULT_RECORD,
    host: Annotated[str, Parameter(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, Parameter(validator=Number(gte=0, lte=65535), help="Port to listen on; 0 takes a free one.")
    ] = LISTEN_PORT,
    url: Annotated[
        str | None, Parameter(help="Where the platform reaches it, if not at that host and port.")
    ] = None,
    allow: Annotated[
        tuple[str, ...],
        Parameter(negative="", show_default=False, help="A network that callbacks may come from."),
    ] = (),
    json: Json = False,
) -> None:
    """Listen for callbacks: each is kept in the record before it is answered, then judged and printed."""
    from salio.tracker.settings import Endpoint

    with closing(opened(record)) as kept, _listener(host, port) as listener:
        where = url or f"http://{_shown_host(host)}:{listener.getsockname()[1]}"
        endpoint = Endpoint(url=where, allowed=allow)
        server = _server(kept, endpoint)
        _announce(endpoint.callbacks(kept.keys), record=kept.name, json=json)
        asyncio.run(_serve(server, listener, _shower(kept, json=json)))


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise CommandError(
            f"cannot listen on {host}, port {port}: {error.strerror}; take another with --port"
        ) from None


def _shown_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _server(record: "Record", endpoint: "Endpoint") -> "uvicorn.Server":
    import uvicorn

    from salio.receiver.app import Receiver
    from salio.tracker.record import RecordStore
    from salio.wire.errors import SalioError

    try:
        endpoint.check()
        receiver = Receiver(
            RecordStore(record), record.keys, allowed=endpoint.allowed, limits=endpoint.limits
        )
    except SalioError as error:
        raise CommandError(str(error)) from None
    config = uvicorn.Config(
        receiver,
        lifespan="off",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=DRAIN,
    )

    class Server(uvicorn.Server):
        """Signals are the command's: what came has to be printed before it ends."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    return Server(config)


def _announce(callbacks: "Callbacks", *, record: str, json: bool) -> None:
    if json:
        import msgspec

        said = {
            "result_url": callbacks.result_url,
            "queue_time_out_url": callbacks.queue_time_out_url,
            "record": record,
        }
        print(msgspec.json.encode(said).decode(), flush=True)
        return
    print(f"Callbacks are kept in {record}. Ask with these addresses, which nobody else should know:")
    print(f"  ResultURL        {callbacks.result_url}")
    print(f"  QueueTimeOutURL  {callbacks.queue_time_out_url}", flush=True)


def _shower(record: "Record", *, json: bool) -> Callable[[], None]:
    """Judges, as the application on the record does, and prints what has come since it was called last."""
    from salio.cli.listen_lines import as_json, line
    from salio.tracker import looking
    from salio.tracker.agreed import agreed
    from salio.tracker.settling import settle

    seen = looking.newest(record)

    def show() -> None:
        nonlocal seen
        by = agreed(record)
        while settle(record, by.patience, confirm_payments=by.confirm_payments):
            pass
        for each in looking.came(record, seen):
            print(as_json(each) if json else line(each), flush=True)
            seen = each.number

    return show


async def _serve(server: "uvicorn.Server", listener: socket.socket, show: Callable[[], None]) -> None:
    """Until Ctrl-C or SIGTERM: what was answered is kept, and printed by the next look or the next run."""
    serving = asyncio.create_task(server.serve([listener]))
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    serving.add_done_callback(lambda _: ended.set())
    while not ended.is_set():
        await _look(show)
        try:
            await asyncio.wait_for(ended.wait(), LOOK_EVERY)
        except TimeoutError:
            continue
    server.should_exit = True
    await serving
    await _look(show)


async def _look(show: Callable[[], None]) -> None:
    from salio.tracker.errors import RecordUnavailable

    try:
        await asyncio.to_thread(show)
    except RecordUnavailable as error:
        print(f"salio: {error}", file=sys.stderr)
