"""What all connections of a server share."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, cast

import msgspec
from uvicorn.server import ServerState

from salio.gateway.http import Endpoint, Header
from salio.platform.http.rests import Rests
from salio.platform.http.sources import Sources

Unread = Callable[[str, str, str], tuple[int, bytes, Sequence[Header]]]
"""Method, path and cause of what is not read → status, body and headers of the answer."""


class Served(msgspec.Struct, frozen=True):
    """What all connections of a server share."""

    application: Endpoint
    state: ServerState
    unread: Unread
    sources: Sources
    rests: Rests


def speaking(
    unread: Unread, sources: Sources, connection: Callable[[Served], asyncio.Protocol]
) -> type[asyncio.Protocol]:
    """What uvicorn is given as its HTTP implementation: it makes a connection of each socket."""
    rests = Rests()

    def make(config: Any, server_state: ServerState, **_: object) -> asyncio.Protocol:
        return connection(Served(config.loaded_app, server_state, unread, sources, rests))

    return cast("type[asyncio.Protocol]", make)  # uvicorn calls it, and asks no more of it
