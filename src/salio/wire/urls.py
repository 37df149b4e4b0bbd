"""What a callback address must look like.

Where it may lead (private ranges, https only) is the environment's rule, not this module's.

Source: AB and TS, Request Parameter Definition (URL), read as absolute addresses (wire facts 4.2, row 22).
"""

import functools
import ipaddress
import re

LENGTH_LIMIT = 2048

_ABSOLUTE = re.compile(r"https?://([^/?]*)(?:[/?].*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::(.*))?")
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_NUMERIC = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_PORT = re.compile(r"[0-9]{1,5}")


@functools.lru_cache(maxsize=4096)
def problem(url: str) -> str:
    """What is wrong with the address, in words; empty if nothing is. Remembered, as callers repeat theirs."""
    if len(url) > LENGTH_LIMIT:
        return f"too long ({len(url)} characters, {LENGTH_LIMIT} allowed)"
    spelling = _spelling_problem(url)
    if spelling:
        return spelling
    match = _ABSOLUTE.fullmatch(url)
    if match is None:
        return "not an absolute URL: it must begin with http:// or https://"
    authority = match[1]
    if "@" in authority:
        return "carries a user name or password: take out what stands before the @"
    return _authority_problem(authority)


def _spelling_problem(url: str) -> str:
    if any(character <= " " or character == "\x7f" for character in url):
        return "holds a space or a control character"
    if not url.isascii():
        return "holds characters outside ASCII: write the host in punycode (xn--) and percent-encode the rest"
    if "\\" in url:
        return "holds a backslash"
    if "#" in url:
        return "holds a fragment: take out the # and what follows"
    return ""


def _authority_problem(authority: str) -> str:
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        return "its host and port cannot be read"
    host, port = match.groups()
    if not host:
        return "has no host"
    if port is not None and not (_PORT.fullmatch(port) and 0 < int(port) < 65536):
        return "its port is not a number from 1 to 65535"
    return _host_problem(host)


def _host_problem(host: str) -> str:
    if host.startswith("["):
        return "" if _is_address(host[1:-1], 6) else "its host is not an IPv6 address"
    labels = host.removesuffix(".").split(".")
    if _NUMERIC.fullmatch(labels[-1]):
        return "" if _is_address(host, 4) else "its host is not an IPv4 address"
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return "its host is not a host name"
    return ""


def _is_address(text: str, version: int) -> bool:
    try:
        return "%" not in text and ipaddress.ip_address(text).version == version
    except ValueError:
        return False
