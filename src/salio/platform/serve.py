"""Serves the sandbox: one process, until Ctrl-C or SIGTERM, then a drained end."""

import asyncio
import gc
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import uvicorn

from salio.core.ports import Clock
from salio.delivery.names import RES_OPTIONS
from salio.platform.clock import SystemClock
from salio.platform.databases import choose_database
from salio.platform.errors import PortTakenError, StartError
from salio.platform.fatal import Vitals
from salio.platform.filling import demo_password
from salio.platform.folder import DataFolder
from salio.platform.http import silence
from salio.platform.logs import configure_logging
from salio.platform.sandbox import Around, Sandbox
from salio.platform.settings import Running, Settings
from salio.sandbox.control.guard import is_loopback
from salio.wire.credentials import make_credential

SWITCH_INTERVAL = 0.0005
"""Seconds a thread may hold the interpreter while another waits. At the default of 5 ms every statement of
a commit would wait that long for the busy loop; much shorter, and the switches cost too much."""


FOLLOW_ACCESS_EVERY = 0.4
"""Seconds: a revoked token is dead within one (design, Speed)."""


class Server(uvicorn.Server):
    """uvicorn, but for the signals: the platform's end is more than the server's.

    ``ending`` is called when it has begun, before connections are waited for.
    """

    def __init__(self, config: uvicorn.Config, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Says that the end has begun, and ends."""
        self._ending()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the platform's."""
        yield


def new_server(
    application: Callable[..., Any],
    settings: Settings,
    speaking: type[asyncio.Protocol] | Literal["httptools"],
    ending: Callable[[], None] = lambda: None,
) -> Server:
    """A server of this ASGI application, which says nothing of itself and trusts no proxy."""
    config = uvicorn.Config(
        application,
        http=speaking,
        ws="none",
        interface="asgi3",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=int(settings.drain.total_seconds()),
    )
    return Server(config, ending)


def run(
    settings: Settings,
    announce: Callable[[Running], None],
    *,
    clock: Clock | None = None,
    around: Around = lambda outside: outside,
    reasons_told: bool = True,
) -> None:
    """Serves until it is told to stop; ``announce`` is called once requests are welcome.

    ``reasons_told``: with X-Salio-Reason, which production never sends.

    Raises :class:`~salio.platform.errors.StartError`, vault and migration errors before it serves.
    """
    configure_logging()
    folder = DataFolder(settings.data)
    with listening(settings) as listener:
        folder.take()
        try:
            choose_database(folder, settings.database)
            _keep_guessable_keys_at_home(settings, folder)
            sandbox = Sandbox(settings, folder, clock or SystemClock(), around, reasons_told=reasons_told)
            tune()
            where = base_url(settings, listener)
            folder.sign(where)
            running = _running(sandbox, where)
            with asyncio.Runner(loop_factory=new_loop) as runner:
                runner.run(_serve(sandbox, settings, listener, lambda: announce(running)))
        finally:
            folder.leave()


async def _serve(
    sandbox: Sandbox, settings: Settings, listener: socket.socket, announce: Callable[[], None]
) -> None:
    def obey_signals(server: Server) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, server.handle_exit, number, None)

    await serve_sandbox(sandbox, settings, listener, begun=obey_signals, announce=announce, vitals=Vitals())


async def serve_sandbox(
    sandbox: Sandbox,
    settings: Settings,
    listener: socket.socket,
    *,
    begun: Callable[[Server], None],
    announce: Callable[[], None],
    vitals: Vitals,
) -> None:
    """Serves until the server that ``begun`` is given should exit, then ends in order."""
    # let go, or a late acknowledgement would use up the drain, and never leave
    server = new_server(sandbox.application, settings, sandbox.protocol, sandbox.let_go)
    loop = asyncio.get_running_loop()
    begun(server)
    vitals.watch(loop)
    await sandbox.start(vitals.keep)
    announce()  # not before: from here on a signal means a drained end
    followers = [
        vitals.keep(loop.create_task(each))
        for each in (_follow_access(sandbox), silence.watch(server.server_state.connections))
    ]
    await server.serve(sockets=[listener])
    for each in followers:
        each.cancel()
    await asyncio.gather(*followers, return_exceptions=True)
    await sandbox.come_to_rest(settings.drain.total_seconds())  # what takes longer waits for the next start
    await sandbox.stop()


async def _follow_access(sandbox: Sandbox) -> None:
    while True:
        await asyncio.sleep(FOLLOW_ACCESS_EVERY)
        sandbox.follow_access()


def _keep_guessable_keys_at_home(settings: Settings, folder: DataFolder) -> None:
    """Keys made from a seed are anybody's, so their folder is served on loopback only, ever after."""
    if settings.seed is not None and not folder.keys.exists():
        folder.guessable.touch()
    if folder.guessable.exists() and not is_loopback(settings.host):
        raise StartError(
            f"the keys in {folder.path} were made from --seed and can be guessed, so they are for loopback "
            f"only, not for {settings.host}: leave out --host, or choose a new folder with --data"
        )


@contextmanager
def listening(settings: Settings, option: str = "") -> Iterator[socket.socket]:
    """The socket that requests come to; raises StartError, which says what its options begin with."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            raise _why_not_bound(settings, error, option) from error
        listener.listen(1024)
        yield listener


def _why_not_bound(settings: Settings, error: OSError, option: str) -> StartError:
    where = f"{settings.host}:{settings.port}"
    if error.errno == 98:  # EADDRINUSE
        return PortTakenError(
            f"{where} is taken by another program: stop it, or choose another port with --{option}port"
        )
    return StartError(
        f"cannot listen on {where} ({error.strerror}): choose another with --{option}host or --{option}port"
    )


def base_url(settings: Settings, listener: socket.socket) -> str:
    """Where this machine reaches that socket."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to reach what listens so
    reachable = everywhere.get(settings.host, settings.host)
    host = f"[{reachable}]" if ":" in reachable else reachable
    return f"http://{host}:{listener.getsockname()[1]}"


def _running(sandbox: Sandbox, base_url: str) -> Running:
    app = sandbox.test_app()
    return Running(
        base_url=base_url,
        data=str(sandbox.folder.path),
        profile=app.profile,
        consumer_key=app.consumer_key,
        consumer_secret=sandbox.secrets.unseal_secret(app.secret_sealed),
        certificate=str(sandbox.keys.certificate_path),
        inbox_url=f"{base_url}/inbox/demo",
        security_credential=make_credential(demo_password(), sandbox.keys.certificate_pem),
    )


def new_loop() -> asyncio.AbstractEventLoop:
    """The event loop that everything runs on."""
    import uvloop

    return uvloop.new_event_loop()


def tune() -> None:
    """Interpreter, memory, descriptors and resolver, set for a process that does nothing else."""
    os.environ.setdefault("RES_OPTIONS", RES_OPTIONS)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a connection each for callers and receivers
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.collect()
    gc.freeze()  # what start-up made lives as long as the process
    gc.set_threshold(20_000, 20, 50)
