"""The control of the sandbox under ``/_salio/``: for tests in any language (docs/control.md)."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from salio.sandbox import state
from salio.sandbox.clock import ClockError, SandboxClock
from salio.sandbox.faults import Fault, FaultError, Faults, Standing
from salio.sandbox.guard import Endpoint, Refused, as_json, guarded, read_body
from salio.sandbox.state import State
from salio.wire.times import local

FLUSH_SECONDS = 30.0
LONGEST_ADVANCE = 10 * 366 * 86_400
"""Seconds. Receipts can tell fifteen years."""


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a call that needs no words: ``{}``."""


class NewTime(msgspec.Struct, forbid_unknown_fields=True):
    """``to``: the moment that the wall clock is to show, RFC 3339 with its offset."""

    to: Annotated[datetime, msgspec.Meta(tz=True)]


class Passing(msgspec.Struct, forbid_unknown_fields=True):
    """``seconds``: how much time passes, 0 or more."""

    seconds: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_ADVANCE)]


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """What the control reaches."""

    key: str
    """Whoever shows it may call from anywhere."""
    clock: SandboxClock
    faults: Faults
    wake: Callable[[], None]
    """Tells the writer that something changed: what waits may have waited too long now."""
    flush: Callable[[float], Awaitable[bool]]
    """Waits until nothing is under way, so many seconds at most; whether that came to pass."""
    state: State


def routes(control: Control) -> list[Route]:
    """The route table of the control."""
    return [
        *_clock_routes(control),
        *_fault_routes(control),
        *state.routes(control.state, control.key),
        _flush_route(control),
    ]


def _route(method: str, path: str, endpoint: Endpoint, control: Control) -> Route:
    call = guarded(endpoint, control.key, ClockError, FaultError)
    return Route(f"/_salio/{path}", call, methods=[method])


def _clock_routes(control: Control) -> list[Route]:
    clock = control.clock

    async def show(_request: Request) -> Response:
        return _time(clock)

    async def stop(request: Request) -> Response:
        await read_body(request, Nothing)
        clock.stop()
        return _time(clock)

    async def run(request: Request) -> Response:
        await read_body(request, Nothing)
        clock.run()
        return _time(clock)

    async def set_(request: Request) -> Response:
        clock.set((await read_body(request, NewTime)).to)
        control.wake()
        return _time(clock)

    async def advance(request: Request) -> Response:
        clock.advance(timedelta(seconds=(await read_body(request, Passing)).seconds))
        control.wake()
        return _time(clock)

    return [
        _route("GET", "clock", show, control),
        _route("POST", "clock/stop", stop, control),
        _route("POST", "clock/run", run, control),
        _route("POST", "clock/set", set_, control),
        _route("POST", "clock/advance", advance, control),
    ]


def _fault_routes(control: Control) -> list[Route]:
    faults = control.faults

    async def list_(_request: Request) -> Response:
        return as_json({"faults": [_shown(each) for each in faults.standing()]})

    async def add(request: Request) -> Response:
        return as_json(_shown(faults.add(await read_body(request, Fault))))

    async def clear(_request: Request) -> Response:
        faults.clear()
        return as_json({"faults": []})

    async def remove(request: Request) -> Response:
        return as_json(_shown(faults.remove(request.path_params["number"])))

    return [
        _route("GET", "faults", list_, control),
        _route("POST", "faults", add, control),
        _route("DELETE", "faults", clear, control),
        _route("DELETE", "faults/{number:int}", remove, control),
    ]


def _flush_route(control: Control) -> Route:
    async def flush(request: Request) -> Response:
        await read_body(request, Nothing)
        if await control.flush(FLUSH_SECONDS):
            return as_json({"idle": True})
        late = f"something is still under way after {FLUSH_SECONDS:.0f} s"
        raise Refused(503, f"{late}: see `salio log`, and ask again")

    return _route("POST", "flush", flush, control)


def _time(clock: SandboxClock) -> Response:
    now = clock.now()
    return as_json(
        {
            "now": now,
            "east_africa": local(now).isoformat(),
            "stopped": clock.stopped,
            "ahead_seconds": round(clock.ahead.total_seconds(), 6),
        }
    )


def _shown(standing: Standing) -> dict[str, object]:
    fault: dict[str, object] = msgspec.to_builtins(standing.fault)
    return {"number": standing.number, **fault, "touched": standing.touched, "spent": standing.spent}
