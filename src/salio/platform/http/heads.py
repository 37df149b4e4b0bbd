"""A request's head: how large it may be, what is refused because two readers may read it differently."""

import re
import urllib.parse
from collections.abc import Sequence

import httptools

from salio.gateway.http import Header

LARGEST_HEAD = 64 * 1024
"""Bytes of one request's head, counted in what is parsed in one go. The largest that any client needs here is
under 4 KiB.
"""
MOST_HEADERS = 100

_PLAIN = re.compile(rb"/[!$&-;=@-\[\]^_a-z|~]*")
"""A target that is a path as it stands: nothing to decode, no query."""
_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) [^ \r\n]+ HTTP/1\.[01]\r?\n")
KNOWN_METHOD = b"PUT"
"""One that the parser knows, and that stands for any that may have a body."""
_UPGRADE = re.compile(rb"(\r\n|\A)upgrade([ \t]*:)", re.IGNORECASE)


class UnreadError(Exception):
    """Ends the parsing: the request is not read further, and the text says why."""


def require_clear(headers: Sequence[Header], version: str) -> None:
    """Raises UnreadError for too many headers, and for a head that a reader on the way may have taken for
    another (RFC 9112, 3.2 and 6.1).
    """
    named = dict(headers)
    if b"host" not in named or b"transfer-encoding" in named or len(named) != len(headers):
        _look_closer(headers, version)
    if len(headers) > MOST_HEADERS:
        raise UnreadError(f"more than {MOST_HEADERS} headers")


def _look_closer(headers: Sequence[Header], version: str) -> None:
    hosts = [value for name, value in headers if name == b"host"]
    codings = [value for name, value in headers if name == b"transfer-encoding"]
    if len(hosts) > 1:
        raise UnreadError(f"{len(hosts)} Host headers")
    if not hosts and version != "1.0":
        raise UnreadError("no Host header")
    if codings and [each.lower() for each in codings] != [b"chunked"]:
        raise UnreadError("a Transfer-Encoding that is not chunked alone")


def target(url: bytes) -> tuple[str, bytes, bytes]:
    """The path, the same as it came, and the query; raises whatever its readers raise for what is none."""
    if _PLAIN.fullmatch(url):
        return url.decode("ascii"), url, b""
    parsed = httptools.parse_url(url)
    path = parsed.path.decode("ascii")
    return urllib.parse.unquote(path) if "%" in path else path, parsed.path, parsed.query or b""


def unknown_method(error: httptools.HttpParserError, data: bytes) -> bytes | None:
    """The method that the parser would not take in data that begin with a request line: it knows some thirty,
    and HTTP has as many as there are tokens (RFC 9110, 9.1). ``None`` if something else is wrong.
    """
    line = _REQUEST_LINE.match(data) if isinstance(error, httptools.HttpParserInvalidMethodError) else None
    return line and line[1]


def without_upgrade(data: bytes) -> bytes:
    """The head with another name for its Upgrade. A server may ignore one (RFC 9110, 7.8); the parser takes
    it for the end of HTTP and drops the body. Java's own client offers h2c with every plain request.
    """
    head, end, rest = data.partition(b"\r\n\r\n")
    if b"upgrade" not in head.lower():
        return data
    return _UPGRADE.sub(rb"\1X-Asked\2", head) + end + rest
