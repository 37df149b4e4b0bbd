"""A POST to an ASGI application without a server."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from salio.receiver.app import Receiver

SENDER = "196.201.214.200"


async def posted(
    receiver: Receiver,
    url: str,
    body: bytes | Iterable[bytes] = b"{}",
    *,
    method: str = "POST",
    source: str | None = SENDER,
    headers: Iterable[tuple[bytes, bytes]] = (),
) -> int:
    """The status of the answer. The body comes in these parts; the sender leaves after the last if there are
    several.
    """
    parts = [body] if isinstance(body, bytes) else list(body)
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": part, "more_body": not isinstance(body, bytes)} for part in parts
    ]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": urlsplit(url).path,
        "headers": list(headers),
        "client": source and (source, 1),
    }
    await receiver(scope, receive, send)
    return int(sent[0]["status"])
