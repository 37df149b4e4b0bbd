"""The ASGI application that callbacks are posted to: mount it anywhere, or run it alone.

What is no callback at all costs little and leaves nothing behind: the address is recognized without a
store, a body is read up to its limit and in its time, and what does not begin as a JSON object is not kept.
All else is kept as it came before anybody reads it, and answered when it is durable.
"""

import asyncio
import enum
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import msgspec

from salio.receiver.arrivals import Arrival, Kind, Store
from salio.receiver.doors import Door
from salio.receiver.groups import Groups
from salio.receiver.keys import Keys

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a sender may take."""

    body: int = 64 * 1024
    """Bytes. The largest callback that was seen has two thousand."""
    seconds: float = 10
    """For the whole of a body, after its head."""


class Answer(enum.Enum):
    """How a request is answered: its value is the HTTP status, and a number to tell equal ones apart."""

    ACCEPTED = (200, 0)
    """Kept."""
    NO_CALLBACK = (400, 0)
    """The body does not begin as a JSON object."""
    BROKEN_OFF = (400, 1)
    """The sender left before the end of the body."""
    FORBIDDEN = (403, 0)
    """From an address that is not on the list."""
    NOT_HERE = (404, 0)
    """Not an address that was made here."""
    NO_POST = (405, 0)
    """Callbacks are posted."""
    TOO_SLOW = (408, 0)
    """The body did not come in time."""
    TOO_LARGE = (413, 0)
    """The body is larger than any callback."""
    NOT_KEPT = (503, 0)
    """The store is out of reach: nothing was kept."""


_KINDS = {each.value: each for each in (Kind.RESULT, Kind.NOTICE)}
_BODIES = {
    Answer.ACCEPTED: b'{"ResultCode":0,"ResultDesc":"Accepted"}',
    Answer.NOT_KEPT: b'{"ResultCode":1,"ResultDesc":"Not kept"}',
}
_REFUSED = b'{"ResultCode":1,"ResultDesc":"Refused"}'


class Receiver:
    """The ASGI application. It looks at the last two parts of a path, `.../result/KEY` or `.../timeout/KEY`,
    wherever it is mounted.

    Raises:
        ValueError: `allowed` holds what is no network.
    """

    def __init__(
        self,
        store: Store,
        keys: Keys,
        *,
        allowed: Iterable[str] = (),
        limits: Limits = Limits(),  # noqa: B008  # frozen
    ) -> None:
        self._groups = Groups(store)
        self._keys = keys
        self._door = Door(allowed)
        self._limits = limits
        self.answers: Counter[Answer] = Counter()
        """How many were answered how, since this object was made: who tries addresses shows here."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a request; as a server's whole application also its beginning and end."""
        match scope["type"]:
            case "http":
                answer = await self._taken(scope, receive)
                self.answers[answer] += 1
                await _answer(answer, send)
            case "lifespan":
                await _live(receive, send)
            case _:
                await send({"type": "websocket.close", "code": 1000})

    async def _taken(self, scope: Scope, receive: Receive) -> Answer:
        source = str((scope.get("client") or ("", 0))[0])
        if not self._door.lets_pass(source):
            return Answer.FORBIDDEN
        above, _, key = scope["path"].rpartition("/")
        kind, nonce = _KINDS.get(above.rpartition("/")[2]), self._keys.nonce(key)
        if kind is None or nonce is None:
            return Answer.NOT_HERE
        if scope["method"] != "POST":
            return Answer.NO_POST
        body = await self._body(scope, receive)
        if isinstance(body, Answer):
            return body
        return await self._kept(Arrival(kind, nonce, source, body))

    async def _kept(self, arrival: Arrival) -> Answer:
        try:
            await self._groups.keep(arrival)
        except Exception:
            return Answer.NOT_KEPT  # whatever the store's trouble is: it is not ours to name
        return Answer.ACCEPTED

    async def _body(self, scope: Scope, receive: Receive) -> bytes | Answer:
        if _said_length(scope) > self._limits.body:
            return Answer.TOO_LARGE
        try:
            async with asyncio.timeout(self._limits.seconds):
                body = await self._read(receive)
        except TimeoutError:
            return Answer.TOO_SLOW
        if isinstance(body, Answer):
            return body
        begins = body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        return body if begins == b"{" else Answer.NO_CALLBACK

    async def _read(self, receive: Receive) -> bytes | Answer:
        parts, length = [], 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return Answer.BROKEN_OFF
            part = message.get("body", b"")
            length += len(part)
            if length > self._limits.body:
                return Answer.TOO_LARGE
            parts.append(part)
            if not message.get("more_body"):
                return b"".join(parts)


def _said_length(scope: Scope) -> int:
    """What Content-Length says; 0 if it says nothing readable, since the body is counted anyway."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() and len(value) < 20 else 0
    return 0


async def _answer(answer: Answer, send: Send) -> None:
    body = _BODIES.get(answer, _REFUSED)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    if answer is not Answer.ACCEPTED:
        headers.append((b"connection", b"close"))  # the rest of a body that nobody reads
    await send({"type": "http.response.start", "status": answer.value[0], "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
