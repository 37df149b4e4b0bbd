"""Callback addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire import urls


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://myservice:8080/queuetimeouturl", id="AB's sample"),
        pytest.param("http://myservice:8080/transactionstatus/result", id="TS's sample"),
        pytest.param("https://example.com", id="no path"),
        pytest.param("HTTPS://Example.COM/x?y=z&q=%20", id="capitals and a query"),
        pytest.param("http://127.0.0.1:1/", id="IPv4"),
        pytest.param("http://[::1]:65535/", id="IPv6"),
        pytest.param("http://my_service/", id="underscore"),
        pytest.param("https://xn--bcher-kva.example./", id="punycode, final dot"),
        pytest.param("https://example.com/a@b:c", id="at sign in the path"),
        pytest.param("https://example.com?x=1", id="query without path"),
        pytest.param("https://example.com/" + "a" * 2028, id="2,048 characters"),
    ],
)
def test_accepts(url: str) -> None:
    """An absolute http or https address is fine, wherever it leads."""
    assert urls.problem(url) == ""


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param("", "must begin with http", id="empty"),
        pytest.param("myservice:8080/result", "must begin with http", id="no scheme"),
        pytest.param("/result", "must begin with http", id="relative"),
        pytest.param("ftp://example.com/", "must begin with http", id="another scheme"),
        pytest.param("http:/example.com/", "must begin with http", id="one slash"),
        pytest.param("http:///path", "has no host", id="no host"),
        pytest.param("http://:80/", "has no host", id="only a port"),
        pytest.param("http://user:pass@example.com/", "user name or password", id="user-info"),
        pytest.param("http://example.com@evil.example/", "user name or password", id="at sign"),
        pytest.param("http://example.com/#x", "fragment", id="fragment"),
        pytest.param("http://example.com\\@evil.example/", "backslash", id="backslash"),
        pytest.param("http://example.com/a b", "space or a control", id="space"),
        pytest.param("http://example.com/\r\nX: y", "space or a control", id="header smuggling"),
        pytest.param("http://example.com/\x7f", "space or a control", id="delete"),
        pytest.param("http://bücher.example/", "punycode", id="non-ASCII host"),
        pytest.param("http://example.com:0/", "port", id="port 0"),
        pytest.param("http://example.com:65536/", "port", id="port 65536"),
        pytest.param("http://example.com:/", "port", id="empty port"),
        pytest.param("http://example.com:8a/", "port", id="port with a letter"),
        pytest.param("http://[::1/", "host", id="open bracket"),
        pytest.param("http://[::1]x/", "host", id="text after bracket"),
        pytest.param("http://[fe80::1%25eth0]/", "not an IPv6", id="zone"),
        pytest.param("http://2130706433/", "not an IPv4", id="one number"),
        pytest.param("http://127.1/", "not an IPv4", id="short IPv4"),
        pytest.param("http://0x7f.0.0.1/", "not an IPv4", id="hexadecimal IPv4"),
        pytest.param("http://0x7f000001/", "not an IPv4", id="hexadecimal number"),
        pytest.param("http://1.2.3.4.5/", "not an IPv4", id="five numbers"),
        pytest.param("http://exa%6dple.com/", "not a host name", id="percent in the host"),
        pytest.param("http://a..b/", "not a host name", id="empty label"),
        pytest.param("http://-a.example/", "not a host name", id="leading hyphen"),
        pytest.param("http://" + "a" * 64 + "/", "not a host name", id="long label"),
        pytest.param(
            "https://example.com/" + "a" * 2029, "too long (2049 characters, 2048 allowed)", id="long"
        ),
    ],
)
def test_i18_refuses_in_words(url: str, words: str) -> None:
    """Another address is refused with its own reason, which does not repeat it."""
    assert words in urls.problem(url)


@given(st.text() | st.text(st.sampled_from("htps:/@[].%#?0189axé\\ ")).map("http://".__add__))
def test_garbage_raises_nothing(url: str) -> None:
    """Any text is answered with words or nothing."""
    assert isinstance(urls.problem(url), str)
