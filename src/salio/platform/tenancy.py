"""Holds this process's place among those that share an environment, and notices when another took it."""

import asyncio
import os
import socket
from collections.abc import Callable
from itertools import count

import structlog

from salio.core.ports import StoreUnavailableError
from salio.platform.errors import StartError
from salio.platform.identifiers import Entropy
from salio.storage.ports import Tenure

RENEW_EVERY = 1.0
"""Seconds between renewals."""
LOOK_EVERY = 0.5
"""Seconds between tries to take the right to decide from a process that may be dead."""


LOOKS_TO_RENEWAL = round(RENEW_EVERY / LOOK_EVERY)

LOST = "another process has taken this one's place"


class LostTenureError(Exception):
    """Another process has this one's place: what it holds in memory may be false."""


def lead_alone(tenure: Tenure) -> None:
    """Takes a place and the right to decide for a process that does everything; raises StartError."""
    tenure.begin()
    if not tenure.lead():
        raise StartError(
            f"{tenure.leader()} decides on this database: stop it and wait three seconds, or give this "
            "platform a database of its own"
        )


def name_of_process(entropy: Entropy) -> str:
    """What other processes and people call this one: nobody else's, though in containers on one host each may
    have the host's name and be its number one.
    """
    return f"{socket.gethostname()}:{os.getpid()}-{entropy(4).hex()}"


async def keep(tenure: Tenure, told: Callable[[int], None] = lambda _: None) -> None:
    """Renews for ever, and tells the store's time; raises :class:`LostTenureError`."""
    while True:
        await asyncio.sleep(RENEW_EVERY)
        try:
            time = await asyncio.to_thread(tenure.renew)
        except StoreUnavailableError as error:  # nobody else can take it from a store that is away
            structlog.get_logger().warning("tenure_not_renewed", error=str(error))
            continue
        if time is None:
            raise LostTenureError(LOST)
        told(time)


async def wait_to_lead(tenure: Tenure, told: Callable[[int], None] = lambda _: None) -> None:
    """Until the right to decide is this process's; its place is renewed meanwhile, as in :func:`keep`."""
    for look in count():
        try:
            if look % LOOKS_TO_RENEWAL == 0:
                time = await asyncio.to_thread(tenure.renew)
                if time is None:
                    raise LostTenureError(LOST)
                told(time)
            if await asyncio.to_thread(tenure.lead):
                return
        except StoreUnavailableError as error:
            structlog.get_logger().warning("tenure_not_renewed", error=str(error))
        await asyncio.sleep(LOOK_EVERY)
