"""One request to an ASGI callable, without a server."""

from collections.abc import Sequence
from typing import Any

from salio.gateway.http import Endpoint, Message

Header = tuple[bytes, bytes]


class Exchange:
    """What the callable is given, piece by piece, and what it sends."""

    def __init__(
        self,
        *,
        method: str = "POST",
        path: str = "/",
        headers: Sequence[Header] = (),
        query: bytes = b"",
        pieces: Sequence[bytes] = (b"",),
        gone: bool = False,
    ) -> None:
        """``gone``: the client hangs up after the pieces."""
        self.scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query,
            "headers": list(headers),
        }
        more = [True] * (len(pieces) - 1) + [gone]
        self._messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": piece, "more_body": follows}
            for piece, follows in zip(pieces, more, strict=True)
        ]
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        """The next piece; when there is none, the client is gone."""
        return self._messages.pop(0) if self._messages else {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Keeps what is sent."""
        self.sent.append(message)

    async def run(self, endpoint: Endpoint) -> "Exchange":
        """The whole exchange."""
        await endpoint(self.scope, self.receive, self.send)
        return self

    @property
    def unread(self) -> int:
        """How many pieces nobody asked for."""
        return len(self._messages)

    @property
    def status(self) -> int:
        """Of the answer."""
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        """Of the answer."""
        return dict(self.sent[0]["headers"])

    @property
    def body(self) -> bytes:
        """Of the answer."""
        return bytes(self.sent[1]["body"])
