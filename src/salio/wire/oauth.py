"""The Authorization header in, the token grant out (Authorization; rulings, Tokens and keys)."""

import binascii
import re

import msgspec

HEADER_LIMIT = 10_240
"""Characters in an Authorization header."""

_BEARER = re.compile(r"(?i:bearer) +([A-Za-z0-9._~+/-]+=*)")
_BASIC = re.compile(r"(?i:basic) +([A-Za-z0-9+/]+=*)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class MalformedAuthorization(Exception):  # noqa: N818  # says what is the matter
    """The header is not what this endpoint needs. `reason` says why, without any key, secret or token."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Grant(msgspec.Struct, frozen=True):
    access_token: str
    expires_in: str


def grant(access_token: str, lifetime_seconds: int) -> bytes:
    """The body of a granted token; its lifetime is text, `"3599"`, and nothing else is in it."""
    return msgspec.json.encode(_Grant(access_token, str(lifetime_seconds)))


def read_basic(header: str) -> tuple[str, str]:
    """Consumer key and secret of a Basic header: base64 of both, joined by the first colon.

    Raises:
        MalformedAuthorization: another scheme, not strict base64, not UTF-8, no colon, no key, or too long.
    """
    encoded = _credentials(header, _BASIC, "Basic")
    try:
        pair = binascii.a2b_base64(encoded, strict_mode=True).decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedAuthorization("the key and secret are not UTF-8") from None
    except ValueError:
        raise MalformedAuthorization("what follows Basic is not base64") from None
    key, colon, secret = pair.partition(":")
    if not colon:
        raise MalformedAuthorization("no colon between key and secret")
    if not key or _CONTROL.search(pair):
        raise MalformedAuthorization("the key is empty, or one of them holds a control character")
    return key, secret


def read_bearer(header: str) -> str:
    """The one token of a Bearer header.

    Raises:
        MalformedAuthorization: another scheme, no token, more than one, or too long.
    """
    return _credentials(header, _BEARER, "Bearer")


def _credentials(header: str, form: re.Pattern[str], scheme: str) -> str:
    if len(header) > HEADER_LIMIT:
        raise MalformedAuthorization(f"too long ({len(header)} characters, {HEADER_LIMIT} allowed)")
    match = form.fullmatch(header)
    if match is None:
        raise MalformedAuthorization(_why_not(header, scheme))
    return match[1]


def _why_not(header: str, scheme: str) -> str:
    words = header.split()
    if not words:
        return "the header is empty"
    if words[0].lower() != scheme.lower():
        return f"the scheme is not {scheme}"
    if len(words) == 1:
        return f"nothing follows {scheme}"
    if len(words) > 2:
        return f"more than one word follows {scheme}"
    return f"what follows {scheme} holds characters that do not belong there"
