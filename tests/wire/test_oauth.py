"""The Authorization header and the grant."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire import oauth

from .examples import sample

PRINTABLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]))
PAGE_HEADER = (
    "Basic Q2RtTmJkdDBpQk4xb3FEZkthc200ZGFiZHBLbXRhTm46RExLRzdQQnVuNzIwR1ppbQ=="  # printed on the page
)


def basic(pair: bytes) -> str:
    """The header that carries the pair."""
    return "Basic " + base64.b64encode(pair).decode("ascii")


def test_the_grant() -> None:
    """Two members in the page's order; the lifetime is text, as seen on the wire (rulings, Tokens)."""
    expected = sample("token") | {"expires_in": "3599"}
    body = oauth.grant("c9SQxWWhmdVRlyh0zh8gZDTkubVF", 3599)
    assert list(json.loads(body).items()) == list(expected.items())


def test_reads_the_pages_header() -> None:
    """The page's own header is key and secret."""
    key, secret = oauth.read_basic(PAGE_HEADER)
    assert (len(key), len(secret)) == (32, 16)


@pytest.mark.parametrize(
    ("header", "pair"),
    [
        pytest.param(basic(b"key:secret"), ("key", "secret"), id="plain"),
        pytest.param("bAsIc " + basic(b"key:secret")[6:], ("key", "secret"), id="scheme in any case"),
        pytest.param(basic(b"key:se:cr:et"), ("key", "se:cr:et"), id="first colon"),
        pytest.param(basic(b"key:"), ("key", ""), id="empty secret"),
        pytest.param(basic("ké:ß".encode()), ("ké", "ß"), id="UTF-8"),
    ],
)
def test_reads_basic(header: str, pair: tuple[str, str]) -> None:
    """Key and secret are split at the first colon."""
    assert oauth.read_basic(header) == pair


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        pytest.param("", "the header is empty", id="empty"),
        pytest.param("Baerer abc", "the scheme is not Basic", id="misspelt"),
        pytest.param("Bearer abc", "the scheme is not Basic", id="another scheme"),
        pytest.param("Basic", "nothing follows Basic", id="nothing"),
        pytest.param("Basic a2V5 OnM=", "more than one word follows Basic", id="two words"),
        pytest.param("Basic a2V5OnNlY3JldA", "not base64", id="no padding"),
        pytest.param("Basic a2V5_nNlY3JldA==", "characters that do not belong there", id="url-safe"),
        pytest.param("Basic a2V5OnNlY3JldA==\n", "characters that do not belong", id="newline"),
        pytest.param(basic(b"keysecret"), "no colon", id="no colon"),
        pytest.param(basic(b":secret"), "the key is empty", id="no key"),
        pytest.param(basic(b"key:sec\x00ret"), "control character", id="NUL"),
        pytest.param(basic(b"key:\xff"), "not UTF-8", id="not UTF-8"),
        pytest.param(basic(b"k:" + b"s" * 10_000), "too long", id="too long"),
    ],
)
def test_refuses_other_basic_headers(header: str, reason: str) -> None:
    """Another header has a named error that says why and tells no secret."""
    with pytest.raises(oauth.MalformedAuthorization) as caught:
        oauth.read_basic(header)
    assert reason in caught.value.reason
    assert "secret" not in caught.value.reason.replace("key and secret", "")


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("Bearer c9SQxWWhmdVRlyh0zh8gZDTkubVF", id="as documented"),
        pytest.param("bearer c9SQxWWhmdVRlyh0zh8gZDTkubVF", id="lower case"),
        pytest.param("BEARER  c9SQxWWhmdVRlyh0zh8gZDTkubVF", id="two spaces"),
    ],
)
def test_reads_bearer(header: str) -> None:
    """The token follows the scheme, whatever its case."""
    assert oauth.read_bearer(header) == "c9SQxWWhmdVRlyh0zh8gZDTkubVF"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        pytest.param("", "the header is empty", id="empty"),
        pytest.param("c9SQxWWh", "the scheme is not Bearer", id="no scheme"),
        pytest.param(PAGE_HEADER, "the scheme is not Bearer", id="another scheme"),
        pytest.param("Bearer ", "nothing follows Bearer", id="nothing"),
        pytest.param("Bearer a b", "more than one word follows Bearer", id="two tokens"),
        pytest.param("Bearer a,b", "characters that do not belong there", id="a comma"),
        pytest.param("Bearer " + "a" * 10_240, "too long", id="too long"),
    ],
)
def test_refuses_other_bearer_headers(header: str, reason: str) -> None:
    """Another header has a named error that says why."""
    with pytest.raises(oauth.MalformedAuthorization) as caught:
        oauth.read_bearer(header)
    assert reason in caught.value.reason


@given(PRINTABLE.filter(lambda key: key and ":" not in key), PRINTABLE)
def test_round_trip(key: str, secret: str) -> None:
    """Whatever key and secret a caller joins are read back."""
    assert oauth.read_basic(basic(f"{key}:{secret}".encode())) == (key, secret)


@given(st.text() | st.text().map("Basic ".__add__) | st.binary().map(basic))
def test_garbage_has_a_named_error(header: str) -> None:
    """No header raises anything but MalformedAuthorization."""
    for read in (oauth.read_basic, oauth.read_bearer):
        try:
            assert read(header)
        except oauth.MalformedAuthorization:
            continue
