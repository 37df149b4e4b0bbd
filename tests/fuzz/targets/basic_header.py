"""The Authorization header: whoever is let in sent exactly that key and secret, or exactly that token.

The first byte chooses: a Basic header as it came, one made of the text, or a Bearer header as it came. As in
the gateway, bytes are Latin-1.
"""

import base64
import re
from collections.abc import Callable

from salio.wire.oauth import HEADER_LIMIT, MalformedAuthorization, read_basic, read_bearer
from tests.fuzz.targets.ways import way_of

CONTROL = re.compile(r"[\x00-\x1f\x7f]")

ReadBasic = Callable[[str], tuple[str, str]]


def check(data: bytes, *, basic: ReadBasic = read_basic) -> None:
    """Fails if a header is misread, or refused though it was rightly made, or its reason tells a secret."""
    way = way_of(data, WAYS)
    if way is not None:
        way(data[1:], basic)


def _as_it_came(data: bytes, basic: ReadBasic) -> None:
    header = data.decode("latin-1")
    try:
        key, secret = basic(header)
    except MalformedAuthorization as malformed:
        _tells_nothing(malformed.reason, header)
        return
    scheme, encoded = header.split(" ", 1)
    assert scheme.lower() == "basic"
    assert len(header) <= HEADER_LIMIT
    assert base64.b64decode(encoded.strip(" "), validate=True) == f"{key}:{secret}".encode()
    assert key
    assert ":" not in key
    assert not CONTROL.search(key + secret)


def _made(data: bytes, basic: ReadBasic) -> None:
    pair = data.decode("utf-8", "replace")
    header = "Basic " + base64.b64encode(pair.encode()).decode()
    key, colon, secret = pair.partition(":")
    right = bool(colon and key) and not CONTROL.search(pair) and len(header) <= HEADER_LIMIT
    try:
        assert basic(header) == (key, secret)
    except MalformedAuthorization as malformed:
        assert not right, malformed.reason
        _tells_nothing(malformed.reason, header)
    else:
        assert right


def _bearer(data: bytes, _basic: ReadBasic) -> None:
    header = data.decode("latin-1")
    try:
        token = read_bearer(header)
    except MalformedAuthorization as malformed:
        _tells_nothing(malformed.reason, header)
        return
    scheme, *words = header.split(" ")
    assert scheme.lower() == "bearer"
    assert [word for word in words if word] == [token]
    assert token.isascii()
    assert token.isprintable()


def _tells_nothing(reason: str, header: str) -> None:
    """No word of eight characters or more that was sent is told again."""
    assert reason.isascii()
    assert reason.isprintable()
    assert not [word for word in header.split() if len(word) >= 8 and word in reason]


WAYS = (_as_it_came, _made, _bearer)
