"""What all connections of a server share."""

from collections.abc import Callable, Sequence

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
