"""A sandbox in a thread of a process that does something else: real sockets on a free port, real files."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from salio.platform.clock import SystemClock
from salio.platform.errors import StartError
from salio.platform.fatal import Vitals
from salio.platform.folder import DataFolder
from salio.platform.sandbox import Sandbox
from salio.platform.serve import Server, base_url, listening, new_loop, serve_sandbox
from salio.platform.settings import Settings

PATIENCE = 30.0
"""Seconds for a start; it takes less than one."""


class Begun(msgspec.Struct, frozen=True):
    """What is known of a platform that runs."""

    base_url: str
    consumer_key: str
    consumer_secret: str
    certificate: Path
    data: Path


@contextmanager
def running(
    data: Path, *, wire: str = "documented", trust_foreign_credentials: bool = False
) -> Iterator[Begun]:
    """Starts one, and ends it with the block. Raises StartError."""
    settings = Settings(data=data, port=0, wire=wire, trust_foreign_credentials=trust_foreign_credentials)
    folder = DataFolder(data)
    with listening(settings) as listener:
        folder.take()
        try:
            sandbox = Sandbox(settings, folder, SystemClock())
            where = base_url(settings, listener)
            folder.sign(where)  # so that commands with --data find it
            with _in_a_thread(sandbox, settings, listener):
                app = sandbox.test_app()
                secret = sandbox.secrets.unseal_secret(app.secret_sealed)
                yield Begun(where, app.consumer_key, secret, sandbox.keys.certificate_path, data)
        finally:
            folder.leave()


@contextmanager
def _in_a_thread(sandbox: Sandbox, settings: Settings, listener: socket.socket) -> Iterator[None]:
    servers: list[Server] = []
    announced, decided = threading.Event(), threading.Event()

    def announce() -> None:
        announced.set()
        decided.set()

    def end(_status: int = 0) -> None:
        """Tells the server; a part that failed ends the platform, and never the tests' own process."""
        for each in servers:
            each.should_exit = True

    async def serve() -> None:
        await serve_sandbox(
            sandbox, settings, listener, begun=servers.append, announce=announce, vitals=Vitals(end)
        )

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=new_loop) as runner:
                runner.run(serve())
        finally:
            decided.set()  # whoever waits for a start that failed is let go

    thread = threading.Thread(target=run, name="salio", daemon=True)
    thread.start()
    decided.wait(PATIENCE)
    if not announced.is_set():
        end()
        raise StartError("the platform did not start: see above")
    try:
        yield
    finally:
        end()
        thread.join()
