"""The state of the sandbox as a whole: snapshots of it, their return, and the test data anew."""

import re
from datetime import datetime
from typing import Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from salio.core.ports import StoreUnavailableError
from salio.sandbox.guard import Endpoint, Refused, as_json, guarded, read_body

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""Safe as a file's name, and never one of our own, which begin with a dot."""


class StateError(Exception):
    """What cannot be done with the state; the text says why."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a snapshot."""

    name: str
    taken_at: datetime
    """By the sandbox's clock."""
    bytes: int
    requests: int


class State(Protocol):
    """What the control asks of the platform. Each raises StoreUnavailableError or OSError, and then has
    changed nothing.
    """

    def snapshots(self) -> list[Snapshot]:
        """The oldest first."""
        ...

    async def take(self, name: str, *, replace: bool) -> Snapshot:
        """Keeps the present state; raises :class:`StateError` for a name that is taken."""
        ...

    async def restore(self, name: str) -> Snapshot:
        """Goes back to that state; raises :class:`StateError`."""
        ...

    async def remove(self, name: str) -> Snapshot:
        """Forgets a snapshot; raises :class:`StateError`."""
        ...

    async def reset(self) -> None:
        """Goes back to the test data, as a first start writes them."""
        ...


class _Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """``{}``."""


class _NewSnapshot(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    replace: bool = False


def routes(state: State, key: str) -> list[Route]:
    """The route table of the state; ``key`` as in :mod:`salio.sandbox.control`."""

    async def list_(_request: Request) -> Response:
        return as_json({"snapshots": state.snapshots()})

    async def take(request: Request) -> Response:
        asked = await read_body(request, _NewSnapshot)
        return as_json(await state.take(_safe(asked.name), replace=asked.replace))

    async def restore(request: Request) -> Response:
        await read_body(request, _Nothing)
        return as_json(await state.restore(_safe(request.path_params["name"])))

    async def remove(request: Request) -> Response:
        return as_json(await state.remove(_safe(request.path_params["name"])))

    async def reset(request: Request) -> Response:
        await read_body(request, _Nothing)
        await state.reset()
        return as_json({"reset": True})

    table: list[tuple[str, str, Endpoint]] = [
        ("GET", "snapshots", list_),
        ("POST", "snapshots", take),
        ("DELETE", "snapshots/{name:path}", remove),
        ("POST", "snapshots/{name:path}/restore", restore),
        ("POST", "reset", reset),
    ]
    return [
        Route(f"/_salio/{path}", guarded(_stored(endpoint), key, StateError), methods=[method])
        for method, path, endpoint in table
    ]


def _stored(endpoint: Endpoint) -> Endpoint:
    """A disk that is full, or a file that is held, is told with 503."""

    async def call(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (StoreUnavailableError, OSError) as error:
            raise Refused(503, f"{error}: nothing was changed, ask again when that is mended") from error

    return call


def _safe(name: str) -> str:
    if NAME.fullmatch(name) is None:
        raise StateError(
            "a snapshot's name is 1 to 64 letters, digits, dots, dashes and _, "
            "and begins with a letter or a digit"
        )
    return name
