"""Everything below ``/_salio/``: finds the row, lets in who may, and answers in one form, come what may."""

import re
from collections.abc import Sequence

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from salio.core.ports import StoreUnavailableError
from salio.sandbox.control.calls import PREFIX, Call, Control, PhoneControl, Problem, read_words
from salio.sandbox.control.guard import Refused, admit

_Row = tuple[Call, type[msgspec.Struct]]
"""With the form of its words, which takes a while to find."""


class ControlRoute(BaseRoute):
    """The route of the whole prefix: paths that no row has are refused in the control's own form too."""

    def __init__(self, calls: Sequence[Call], control: Control | PhoneControl, elsewhere: str) -> None:
        """``elsewhere``: what to do for a path that no row has."""
        self._control = control
        self._elsewhere = elsewhere
        self._paths: dict[re.Pattern[str], dict[str, _Row]] = {}
        for call in calls:
            self._paths.setdefault(call.pattern, {})[call.method] = (call, call.words)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the path lies below the prefix."""
        here = scope["type"] == "http" and f"{scope['path']}/".startswith(f"{PREFIX}/")
        return (Match.FULL if here else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            admit(request, self._control.key)
            (call, form), places = self._find(request)
            words = await read_words(request, call, form, places)
            return _json(await call.carry_out(self._control, words))
        except Refused as refused:
            return _json(Problem(refused.reason), refused)
        except StoreUnavailableError as error:
            return _json(Problem(f"the store is out of reach: {error}"), Refused(503, ""))
        except ClientDisconnect:
            return _json(Problem("the caller hung up"), Refused(400, ""))

    def _find(self, request: Request) -> tuple[_Row, dict[str, str]]:
        path = request.scope["path"].removeprefix(f"{PREFIX}/")
        for pattern, rows in self._paths.items():
            found = pattern.fullmatch(path)
            if found is not None:
                return _of_method(request.method, rows), found.groupdict()
        raise Refused(404, f"nothing answers on this path: {self._elsewhere}")


def _of_method(method: str, rows: dict[str, _Row]) -> _Row:
    row = rows.get("GET" if method == "HEAD" else method)
    if row is None:
        allowed = sorted(rows | {"HEAD": None} if "GET" in rows else rows)
        raise Refused(405, f"this path takes {' or '.join(allowed)}", {"Allow": ", ".join(allowed)})
    return row


def _json(answer: object, refused: Refused | None = None) -> Response:
    status, headers = (200, None) if refused is None else (refused.status, refused.headers)
    return Response(msgspec.json.encode(answer) + b"\n", status, headers, media_type="application/json")
