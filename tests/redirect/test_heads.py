"""What a proxy is asked is read strictly, and passed on so that it can mean one thing only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.redirect.heads import BadHeadError, Destination, read_head


@pytest.mark.parametrize(
    ("line", "destination"),
    [
        ("CONNECT sandbox.safaricom.co.ke:443 HTTP/1.1", Destination("sandbox.safaricom.co.ke", 443)),
        ("CONNECT [::1]:8443 HTTP/1.1", Destination("::1", 8443)),
        ("CONNECT 127.0.0.1:1 HTTP/1.0", Destination("127.0.0.1", 1)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_tunnel(line: str, destination: Destination) -> None:
    """Nothing of the head is for the other side."""
    head = read_head(f"{line}\r\nProxy-Authorization: Basic eA==\r\n\r\n".encode())
    assert head.destination == destination
    assert head.passed_on == b""


@pytest.mark.parametrize(
    ("target", "destination", "line", "host"),
    [
        ("http://example.com", Destination("example.com", 80), "/", "example.com"),
        ("http://example.com:8080/a?b=c", Destination("example.com", 8080), "/a?b=c", "example.com:8080"),
        ("https://example.com/a", Destination("example.com", 443, tls=True), "/a", "example.com"),
        ("http://[::1]:81/", Destination("::1", 81), "/", "[::1]:81"),
        ("http://user:word@example.com/", Destination("example.com", 80), "/", "example.com"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_absolute_address(target: str, destination: Destination, line: str, host: str) -> None:
    """It becomes a request for a path, with the one Host that the address names, for one exchange."""
    said = f"GET {target} HTTP/1.1\r\nHost: other\r\nProxy-Connection: keep-alive\r\nX: y\r\n\r\n"
    head = read_head(said.encode())
    assert head.destination == destination
    assert (
        head.passed_on.decode() == f"GET {line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nX: y\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("GET / HTTP/1.1", "this is a proxy"),
        ("GET ftp://example.com/ HTTP/1.1", "this is a proxy"),
        ("GET http:///x HTTP/1.1", "this is a proxy"),
        ("GET http://example.com:99999/ HTTP/1.1", "the address is none"),
        ("GET http://example.com:0/ HTTP/1.1", "no such port"),
        ("GET http://exämple.com/ HTTP/1.1", "the address is none"),
        ("CONNECT example.com HTTP/1.1", "HOST:PORT"),
        ("CONNECT example.com:0 HTTP/1.1", "no such port"),
        ("CONNECT example.com:65536 HTTP/1.1", "no such port"),
        ("CONNECT a b:1 HTTP/1.1", "first line"),
        ("GET http://example.com/", "first line"),
        ("GET http://example.com/ HTTP/2", "first line"),
        ("", "first line"),
        ("GET http://example.com/ HTTP/1.1\r\nfolded: a\r\n b", "no member"),
        ("GET http://example.com/ HTTP/1.1\r\nHost : a", "no member"),
        ("GET http://example.com/ HTTP/1.1\r\n: a", "no member"),
    ],
    ids=lambda value: value,
)
def test_what_is_refused(text: str, why: str) -> None:
    """With the reason."""
    with pytest.raises(BadHeadError, match=why):
        read_head(f"{text}\r\n\r\n".encode())


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"CONNECT {text} HTTP/1.1".encode()))
def test_nothing_else_is_raised(text: bytes) -> None:
    """Whatever comes."""
    try:
        read_head(text + b"\r\n\r\n")
    except BadHeadError:
        return


@pytest.mark.parametrize(
    ("host", "redirected"),
    [
        ("sandbox.safaricom.co.ke", True),
        ("API.Safaricom.co.ke.", True),
        ("safaricom.co.ke", False),
        ("developer.safaricom.co.ke", False),
        ("api.safaricom.co.ke.example.com", False),
    ],
)
def test_whose_requests_are_redirected(host: str, redirected: bool) -> None:
    """Those for Daraja's two hosts, however they are written."""
    assert Destination(host, 443).redirected is redirected
