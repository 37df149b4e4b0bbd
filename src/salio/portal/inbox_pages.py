"""The built-in inbox at ``/inbox/NAME``: takes callbacks from whoever has no endpoint yet, and shows them.

A callback is answered after its commit, as a receiver should. Whoever knows a name can write to it and read
it: for the sandbox, where nothing is secret.
"""

import re
from collections.abc import Awaitable, Callable

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from salio.core.audit.inbox import ReceivedCallback
from salio.core.ports import Clock
from salio.portal.reading import AMOUNTS, Kind, Reading, as_json, clock_text, read_body
from salio.portal.rendering import Pages

Keep = Callable[[ReceivedCallback], Awaitable[bool]]
"""Commits a callback; says, after the commit, whether it was kept."""
Latest = Callable[[str, int], Awaitable[list[ReceivedCallback]]]
"""The newest callbacks of an inbox, newest first, and at most so many."""

LARGEST_BODY = 64 * 1024
"""Bytes. The largest result is under 4 KiB."""
MOST_SHOWN = 20
"""Callbacks on a page."""
MOST_LISTED = 200
"""Callbacks in a JSON list."""
REFRESH_EMPTY, REFRESH_FILLED = 2, 5
"""Seconds: whoever waits for the first one is impatient, whoever reads one is not."""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class _BodyTooLargeError(Exception):
    """The body passed LARGEST_BODY."""


class _Entry(msgspec.Struct, frozen=True):
    """One callback on the page."""

    at: str
    size: int
    reading: Reading


class _Listed(msgspec.Struct, frozen=True):
    """One callback in the JSON list."""

    received_at: str
    body: msgspec.Raw | str


def routes(*, clock: Clock, keep: Keep, latest: Latest, environment: str = "Sandbox") -> list[Route]:
    """The front page and the inbox; every page names its environment."""
    pages = Pages(environment)

    async def front(request: Request) -> Response:
        return pages.page("front.html", base=_base(request))

    async def inbox(request: Request) -> Response:
        name = request.path_params["name"]
        if _NAME.fullmatch(name) is None:
            return PlainTextResponse("an inbox's name is 1 to 64 letters, digits, dots, dashes and _\n", 404)
        if request.method == "POST":
            return await _take(request, name, clock, keep)
        if _wants_json(request):
            return _listing(await latest(name, MOST_LISTED))
        return pages.page("inbox.html", **_facts(request, name, clock, await latest(name, MOST_SHOWN)))

    return [Route("/", front), Route("/inbox/{name}", inbox, methods=["GET", "POST"])]


async def _take(request: Request, name: str, clock: Clock, keep: Keep) -> Response:
    try:
        body = await _body(request)
    except _BodyTooLargeError:
        return _answer(413, 1, "The body is larger than 64 KiB", close=True)
    except ClientDisconnect:
        return _answer(400, 1, "The body did not come whole", close=True)
    kept = await keep(ReceivedCallback(inbox=name, received_at=clock.now(), body=body))
    return _answer(200, 0, "Accepted") if kept else _answer(503, 1, "Not kept: the store is out of reach")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _BodyTooLargeError
    return bytes(body)


def _answer(status: int, code: int, text: str, *, close: bool = False) -> Response:
    """The answer that receivers give to Daraja (wire facts, Callback answers)."""
    response = _json(msgspec.json.encode({"ResultCode": code, "ResultDesc": text}), status)
    if close:
        response.headers["Connection"] = "close"
    return response


def _json(content: bytes, status: int = 200) -> Response:
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Vary": "Accept"}
    return Response(content, status, headers, "application/json")


def _wants_json(request: Request) -> bool:
    """``?format=json``, or an Accept header that names JSON and not HTML, as every browser's does."""
    accept = request.headers.get("accept", "").lower()
    asked = request.query_params.get("format")
    return asked == "json" if asked else "application/json" in accept and "text/html" not in accept


def _listing(callbacks: list[ReceivedCallback]) -> Response:
    return _json(
        msgspec.json.encode([_Listed(each.received_at.isoformat(), as_json(each.body)) for each in callbacks])
    )


def _facts(request: Request, name: str, clock: Clock, callbacks: list[ReceivedCallback]) -> dict[str, object]:
    """What the inbox's template shows."""
    still = request.query_params.get("refresh") == "off"
    return {
        "name": name,
        "url": f"{_base(request)}/inbox/{name}",
        "base": _base(request),
        "looked_at": clock_text(clock.now()),
        "refresh": None if still else REFRESH_FILLED if callbacks else REFRESH_EMPTY,
        "entries": [
            _Entry(clock_text(each.received_at), len(each.body), read_body(each.body)) for each in callbacks
        ],
        "most": MOST_SHOWN,
        "labels": AMOUNTS,
        "Kind": Kind,
    }


def _base(request: Request) -> str:
    """Where the caller reached us; only ever printed, and escaped like all that comes from outside."""
    return f"{request.url.scheme}://{request.headers.get('host', '127.0.0.1')}"
