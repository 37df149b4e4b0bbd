"""Runs one process of a shared environment until it is told to stop, through as many lives as it takes."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, ExitStack
from typing import Protocol

import msgspec
import structlog

from salio.core.parties.operators import OperatorRules
from salio.core.ports import StoreUnavailableError
from salio.core.requests.judge import DecisionRules
from salio.delivery.hosts import OutboxSettings
from salio.platform.databases import databases_of
from salio.platform.errors import StartError
from salio.platform.fatal import Vitals
from salio.platform.folder import SANDBOX, DataFolder
from salio.platform.identifiers import entropy_of
from salio.platform.logs import configure_logging
from salio.platform.processes.core import Core
from salio.platform.processes.delivery import Delivery
from salio.platform.processes.gateway import Gateway
from salio.platform.processes.shared import Shared
from salio.platform.processes.status import Reporting, told
from salio.platform.serve import base_url, listening, new_loop, tune
from salio.platform.settings import Settings
from salio.platform.tenancy import LostTenureError, name_of_process
from salio.storage.ports import Duty
from salio.storage.postgres.connection import waiting
from salio.storage.postgres.databases import PostgresDatabases
from salio.vault.credentials import CredentialReader
from salio.vault.keys import KeyRing
from salio.vault.receipts import ReceiptMint

RETRY_SECONDS = 0.5
"""Between tries to begin anew on a store that is out of reach."""


class Life(Reporting, Protocol):
    """What a process does from one start to its end, or until another takes its place."""

    async def run(self, stopped: asyncio.Event, ready: Callable[[], None]) -> None:
        """Works until it is stopped; raises LostTenureError."""
        ...

    def close(self) -> None:
        """Lets go of everything."""
        ...


def run(duty: Duty, settings: Settings, announce: Callable[[str], None]) -> None:
    """Works until Ctrl-C or SIGTERM; ``announce`` is told once what it does, and where.

    Raises StartError, UnfitServerError, InUseError, StoreUnavailableError, vault and migration errors.
    """
    configure_logging()
    databases = _databases(settings)
    keys = KeyRing.load(DataFolder(settings.data).keys)
    tune()
    with ExitStack() as stack:
        said = f"{duty.value} process {os.getpid()} on {databases.where}"
        if databases.is_ahead():
            said += ", whose schema a newer Salio has added to"
        listener = status = None
        if duty is Duty.GATEWAY:
            listener = stack.enter_context(listening(settings))
            said += f", at {base_url(settings, listener)}"
            folder = DataFolder(settings.data)
            _sign(folder, base_url(settings, listener))
            stack.callback(folder.unsign)
        elif settings.status_port is not None:
            reporting = msgspec.structs.replace(
                settings, host=settings.status_host, port=settings.status_port
            )
            status = stack.enter_context(listening(reporting, "status-"))
            said += f", status at {base_url(reporting, status)}"

        name = name_of_process(entropy_of(None, "process"))

        def begin() -> Life:
            return _begin(Shared(databases, duty, name), keys, settings, listener)

        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(_lives(begin, lambda: announce(said), lambda present: told(status, settings, present)))


def _sign(folder: DataFolder, where: str) -> None:
    """Lets commands beside the folder find this gateway: the one that began last."""
    try:
        folder.sign(where)
    except OSError as error:  # a folder that is only read: everything else works
        structlog.get_logger().warning("not_signed", error=str(error))


def _databases(settings: Settings) -> PostgresDatabases:
    databases = databases_of(DataFolder(settings.data))
    if not isinstance(databases, PostgresDatabases):
        raise StartError(
            f"{settings.data} has no PostgreSQL: several processes share one; prepare it with "
            f"`salio migrate --data {settings.data} --database postgresql://USER@HOST/DATABASE`"
        )
    databases.secure()
    if not databases.are_current():
        raise StartError(f"{databases.where} has an older schema: run `salio migrate --data {settings.data}`")
    return databases


def _begin(shared: Shared, keys: KeyRing, settings: Settings, listener: socket.socket | None) -> Life:
    with ExitStack() as half_way:
        half_way.callback(shared.close)
        life = _life(shared, keys, settings, listener)
        half_way.pop_all()
    return life


def _life(shared: Shared, keys: KeyRing, settings: Settings, listener: socket.socket | None) -> Life:
    if listener is not None:
        return Gateway(shared, keys, settings, listener)
    if shared.duty is Duty.DELIVERY:
        return Delivery(shared, OutboxSettings(reasons_told=True), settings.drain)
    vault = CredentialReader(keys, entropy=entropy_of(None, SANDBOX))
    vault.self_test()
    operators = OperatorRules(trust_foreign_credentials=settings.trust_foreign_credentials)
    rules = DecisionRules(operators=operators, longest_wait=settings.longest_wait)
    return Core(shared, vault, ReceiptMint(keys), rules)


async def _lives(
    begin: Callable[[], Life],
    announce: Callable[[], None],
    report: Callable[[Callable[[], Reporting]], AbstractAsyncContextManager[None]],
) -> None:
    """One life after another: whoever lost its place knows nothing any more, and begins anew.

    ``report`` tells people and programs of the present one.
    """
    loop, ending = asyncio.get_running_loop(), asyncio.Event()
    Vitals().watch(loop)
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ending.set)
    announcing = [announce]
    life = await waiting(begin)
    async with report(lambda: life):
        while True:
            stopped = asyncio.Event()
            passing_on = asyncio.create_task(_pass_on(ending, stopped))
            try:
                await life.run(stopped, lambda: announcing.pop()() if announcing else None)
            except (LostTenureError, StoreUnavailableError) as error:
                structlog.get_logger().warning("beginning_anew", reason=str(error))
            finally:
                passing_on.cancel()
                await waiting(life.close)
            following = await _begin_again(begin, ending)
            if following is None:
                return
            life = following


async def _begin_again(begin: Callable[[], Life], ending: asyncio.Event) -> Life | None:
    """The next life, as soon as the store lets it begin; ``None`` at the end."""
    while not ending.is_set():
        try:
            return await waiting(begin)
        except StoreUnavailableError as error:
            structlog.get_logger().warning("not_begun", error=str(error))
            await asyncio.sleep(RETRY_SECONDS)
    return None


async def _pass_on(ending: asyncio.Event, stopped: asyncio.Event) -> None:
    await ending.wait()
    stopped.set()
