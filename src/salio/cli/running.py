"""What runs while a program runs under ``salio run``: its platform, the proxy, and the program itself."""

import asyncio
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from salio.cli.child import NOT_FOUND, NOT_RUNNABLE, Signals, run_child
from salio.cli.errors import CommandError
from salio.cli.options import data_option, program
from salio.cli.own_platform import own_platform
from salio.redirect import namespace
from salio.redirect.authority import Authority, Shown
from salio.redirect.environment import redirected
from salio.redirect.heads import Destination
from salio.redirect.hosts import HOSTS, HTTPS
from salio.redirect.outside import READY
from salio.redirect.proxy import Proxy, Routes
from salio.redirect.trust import write_trust
from salio.redirect.ways import AsTheEnvironmentSays, Refusing, Straight, ThroughProxy, Way

BACKLOG = 512
"""Connections that may wait to be let in."""


UNTOUCHED = (
    "nothing asked the proxy for Safaricom's hosts; a program that knows no proxy asks Safaricom itself, "
    "unless it runs with --hosts"
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the person at the terminal said."""

    command: Sequence[str]
    others: Literal["pass", "refuse"]
    platform: Destination | None
    """One that runs; ``None`` for one of our own."""
    data: Path
    outside: Path | None
    """Where the way out of the program's own network is, if it has one."""


@contextmanager
def away(folder: Path) -> Iterator[Path]:
    """Enters a network of our own, which nothing leaves again; where the way out is."""
    path = folder / "outside"
    with subprocess.Popen(  # noqa: S603 - it is ours
        [sys.executable, "-P", "-m", "salio.redirect.outside", str(path)],
        stdin=subprocess.PIPE,  # it ends when this does
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as helper:
        if helper.stdout is None or helper.stdout.readline() != READY:
            raise CommandError("--hosts: the process that connects to other hosts did not start")
        try:
            namespace.enter(folder / "hosts")
        except namespace.NamespaceError as error:
            raise CommandError(str(error)) from error
        yield path


async def redirect(wanted: Wanted, folder: Path) -> int:
    """Runs the program; how it ended, as :func:`~salio.cli.child.run_child` says it."""
    signals = Signals()
    running = asyncio.create_task(_redirect(wanted, folder, signals))
    signals.before_that_end(running)
    try:
        return await running
    except asyncio.CancelledError:
        if signals.ended_by is None:
            raise
        return -signals.ended_by


async def _redirect(wanted: Wanted, folder: Path, signals: Signals) -> int:
    tls = ssl.create_default_context()
    authority = Authority.open(wanted.data.absolute() / "redirect", _now())
    trust = write_trust(folder, authority.pem, os.environ)
    async with _platform(wanted, folder, tls) as (platform, to_platform):
        routes = Routes(
            platform=platform,
            to_platform=to_platform,
            to_others=_to_others(wanted, tls),
            shown=Shown(authority, _now),
            tell=_once(),
        )
        proxy = Proxy(routes)
        async with _serving(proxy, as_safaricom=wanted.outside is not None) as port:
            code = await _run_program(wanted, redirected(os.environ, port, trust), signals)
        if not proxy.redirected and code not in {NOT_FOUND, NOT_RUNNABLE}:
            tell(UNTOUCHED if wanted.outside is None else "nothing asked for Safaricom's hosts")
        return code


async def _run_program(wanted: Wanted, environment: dict[str, str], signals: Signals) -> int:
    try:
        return await run_child(wanted.command, environment, signals)
    except OSError as error:
        tell(f"{wanted.command[0]}: {error.strerror}")
        return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_RUNNABLE


@asynccontextmanager
async def _serving(proxy: Proxy, *, as_safaricom: bool) -> AsyncIterator[int]:
    """The port at which the proxy is served, and with ``as_safaricom`` Safaricom's own port besides."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server((namespace.ADDRESS, 0), backlog=BACKLOG))
        duties = [proxy.serve(listener)]
        if as_safaricom:
            address = (namespace.ADDRESS, HTTPS)
            impersonating = stack.enter_context(socket.create_server(address, backlog=BACKLOG))
            duties.append(proxy.serve_as_safaricom(impersonating))
        tasks = [asyncio.create_task(each) for each in duties]
        try:
            yield listener.getsockname()[1]
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _platform(
    wanted: Wanted, folder: Path, tls: ssl.SSLContext
) -> AsyncIterator[tuple[Destination, Way]]:
    """Where it is, and how to get there."""
    if wanted.platform is None:
        async with own_platform(wanted.data, folder / "platform.log") as base_url:
            parts = urlsplit(base_url)
            where = base_url if wanted.outside is None else "an address that only the program can reach"
            tell(f"{' and '.join(HOSTS)} are a platform of yours at {where}")
            tell("it takes a SecurityCredential made with any certificate (--foreign-credentials trust)")
            options = data_option(wanted.data)
            tell(f"its keys: {program()} testdata{options}; what it did: {program()} log{options}")
            yield Destination(parts.hostname or "", parts.port or 80), Straight(tls)
        return
    way = Straight(tls) if wanted.outside is None else ThroughProxy(wanted.outside, tls)
    try:
        (await way(wanted.platform)).writer.transport.abort()
    except OSError as error:
        raise CommandError(
            f"no platform answers at {wanted.platform} ({error}): start it with `salio up`"
        ) from error
    tell(f"{' and '.join(HOSTS)} are the platform at {wanted.platform}")
    tell("a SecurityCredential made with Safaricom's certificate needs its --foreign-credentials trust")
    yield wanted.platform, way


def _to_others(wanted: Wanted, tls: ssl.SSLContext) -> Way:
    if wanted.others == "refuse":
        return Refusing()
    return (
        AsTheEnvironmentSays(os.environ, tls) if wanted.outside is None else ThroughProxy(wanted.outside, tls)
    )


def _once() -> Callable[[str], None]:
    """Says each sentence once: programs try again and again."""
    said: set[str] = set()

    def tell_once(sentence: str) -> None:
        if sentence not in said:
            said.add(sentence)
            tell(sentence)

    return tell_once


def tell(sentence: str) -> None:
    """On standard error: standard output is the program's."""
    print(f"salio run: {sentence}", file=sys.stderr, flush=True)


def _now() -> datetime:
    return datetime.now(UTC)
