"""Who may call the control, and in what form.

A page in a browser on this machine must not reach it: a request without the key has to name this machine as
its host, and every POST has to be JSON, which no page of another origin may send unasked.
"""

import hmac
import re
from collections.abc import Mapping
from ipaddress import ip_address

from starlette.requests import Request

KEY_HEADER = "X-Salio-Key"
LARGEST_BODY = 64 * 1024
"""Bytes. The largest body that any of these calls needs is under 1 KiB."""

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""Who sends one of these speaks for somebody else, who may be anywhere."""
_HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]*)?")


class Refused(Exception):  # noqa: N818  # says what happens
    """A call of the control that is not carried out: HTTP status, and what to do."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers


def admit(request: Request, key: str) -> None:
    """Lets in who may; raises :class:`Refused`."""
    given = request.headers.get(KEY_HEADER)
    if given is not None:
        if not hmac.compare_digest(given.encode("utf-8", "replace"), key.encode()):
            raise Refused(
                403, f"the {KEY_HEADER} is wrong: `salio testdata` on the platform's machine shows it"
            )
    elif not _comes_from_here(request):
        shown = "which `salio testdata` shows"
        raise Refused(403, f"only this machine may call without a key: send {KEY_HEADER}, {shown}")


def _comes_from_here(request: Request) -> bool:
    """Whether the caller sits on this machine, speaks for nobody else, and meant this machine by its name."""
    peer = request.client.host if request.client is not None else ""
    forwarded = any(name in request.headers for name in _FORWARDED)
    return is_loopback(peer) and is_loopback(_named(request)) and not forwarded


def _named(request: Request) -> str:
    """The host that a request names; empty for what is none: Starlette would take our own name instead."""
    given = _HOST.fullmatch(request.headers.get("host", ""))
    return given["name"].strip("[]") if given is not None else ""


def is_loopback(host: str) -> bool:
    """Whether a host, by name or address, is this machine speaking to itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


async def read_body(request: Request) -> bytes:
    """The bytes of a JSON body; raises :class:`Refused` for another media type, or one that is too large."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refused(415, "send JSON with Content-Type: application/json, {} if there is nothing to say")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Refused(413, f"the body is larger than {LARGEST_BODY // 1024} KiB")
    return body
