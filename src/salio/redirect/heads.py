"""What a program asks of a proxy: a tunnel, or one request for an absolute address (RFC 9112, 3.2)."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from salio.redirect.hosts import HTTPS, is_redirected

LONGEST = 64 * 1024
"""Bytes of a head; the platform takes no more either."""

END = b"\r\n\r\n"

_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) (HTTP/1\.[01])")
_TUNNEL = re.compile(r"(?P<host>[^\s:\[\]@/]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{1,5})", re.ASCII)
_BETWEEN_TWO = frozenset(
    {b"connection", b"host", b"keep-alive", b"proxy-authorization", b"proxy-connection", b"upgrade"}
)
"""Members of a head that are the proxy's, or that it writes itself."""


class BadHeadError(ValueError):
    """A head that no program for proxies sends; the message says what is wrong."""


@dataclass(frozen=True)
class Destination:
    """Where a program wants to go."""

    host: str
    port: int
    tls: bool = False
    """Whether the proxy itself has to speak TLS there."""

    @property
    def redirected(self) -> bool:
        """Whether it goes to the platform instead."""
        return is_redirected(self.host)

    @property
    def encrypted(self) -> bool:
        """Whether nobody on the way could read it, as Safaricom's hosts want it."""
        return self.tls or self.port == HTTPS

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True)
class Head:
    """One head that was read."""

    destination: Destination
    passed_on: bytes
    """As the destination is to get it; empty for a tunnel, whose bytes are none of ours."""


def read_head(text: bytes) -> Head:
    """Raises BadHeadError."""
    first, *members = text.removesuffix(END).split(b"\r\n")
    line = _LINE.fullmatch(first)
    if line is None:
        raise BadHeadError("the request's first line is none")
    method, target, version = line.groups()
    if method == b"CONNECT":
        return Head(_tunnel(target), b"")
    destination, path = _absolute(target)
    return Head(destination, b" ".join((method, path, version)) + _members(destination, members))


def _tunnel(target: bytes) -> Destination:
    found = _TUNNEL.fullmatch(target.decode("latin-1"))
    if found is None:
        raise BadHeadError("CONNECT wants HOST:PORT")
    return Destination(found["host"].strip("[]"), _port(int(found["port"])))


def _absolute(target: bytes) -> tuple[Destination, bytes]:
    try:
        parts = urlsplit(target.decode("ascii"))
        given = parts.port
    except ValueError as error:
        raise BadHeadError("the address is none") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadHeadError("this is a proxy: it wants CONNECT, or an address that begins with http")
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    default = HTTPS if tls else 80
    return Destination(parts.hostname, default if given is None else _port(given), tls), path.encode()


def _port(number: int) -> int:
    if not 0 < number < 65536:
        raise BadHeadError("there is no such port")
    return number


def _members(destination: Destination, members: list[bytes]) -> bytes:
    """The head's members, with one Host, for one exchange: the connection ends with the answer."""
    default = HTTPS if destination.tls else 80
    named = str(destination).removesuffix(f":{default}")
    kept = [b"", b"Host: " + named.encode(), b"Connection: close"]
    for member in members:
        name, colon, _ = member.partition(b":")
        if not colon or not name or name.strip() != name:
            raise BadHeadError("a line of the head is no member")
        if name.lower() not in _BETWEEN_TWO:
            kept.append(member)
    return b"\r\n".join(kept) + END
