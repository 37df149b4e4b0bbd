"""The variables of a redirected program."""

from pathlib import Path

import pytest

from salio.redirect.environment import BUNDLES, is_excepted, redirected
from salio.redirect.trust import Trust

TRUST = Trust(bundle=Path("/t/trusted.pem"), java=Path("/t/a store.p12"), php=Path("/t/php"))
PROXY = "http://127.0.0.1:8080"


def test_all_kinds_of_programs_are_told_at_once() -> None:
    """In their own words, and nothing else changes."""
    told = redirected({"HOME": "/h", "HTTPS_PROXY": "http://company:3128"}, 8080, TRUST)
    assert told.pop("HOME") == "/h"
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        assert told.pop(name) == told.pop(name.lower()) == PROXY
    assert told.pop("NO_PROXY") == told.pop("no_proxy") == "localhost,127.0.0.1,::1"
    for name in BUNDLES:
        assert told.pop(name) == "/t/trusted.pem"
    assert told.pop("NODE_USE_ENV_PROXY") == "1"
    assert told.pop("PHP_INI_SCAN_DIR") == ":/t/php"
    assert told.pop("JAVA_TOOL_OPTIONS") == (
        "'-Djavax.net.ssl.trustStore=/t/a store.p12' -Djavax.net.ssl.trustStoreType=PKCS12 "
        "-Djavax.net.ssl.trustStorePassword=salio -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=8080 "
        "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=8080 '-Dhttp.nonProxyHosts=localhost|127.*|[::1]'"
    )
    assert told == {}


def test_what_was_said_before_is_kept() -> None:
    """Where ours can be added to it."""
    told = redirected({"JAVA_TOOL_OPTIONS": "-Xmx1g", "PHP_INI_SCAN_DIR": "/their/own"}, 8080, TRUST)
    assert told["JAVA_TOOL_OPTIONS"].startswith("-Xmx1g ")
    assert told["PHP_INI_SCAN_DIR"] == "/their/own:/t/php"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("db.internal, .corp", ",db.internal,.corp"),
        ("*", ""),
        ("safaricom.co.ke,db", ",db"),
        (".co.ke", ""),
        ("*.safaricom.co.ke", ""),
        ("sandbox.safaricom.co.ke:443", ""),
        ("localhost,,127.0.0.1", ""),
        ("ricom.co.ke", ",ricom.co.ke"),
    ],
)
def test_exceptions_that_would_let_safaricom_by_are_dropped(given: str, kept: str) -> None:
    """All others stay."""
    assert redirected({"NO_PROXY": given}, 8080, TRUST)["no_proxy"] == f"localhost,127.0.0.1,::1{kept}"


@pytest.mark.parametrize(
    ("host", "exceptions", "excepted"),
    [
        ("a.example.com", "example.com", True),
        ("A.Example.com", " .example.com ", True),
        ("example.com", "example.com:8080", True),
        ("badexample.com", "example.com", False),
        ("a.example.com", "b, *", True),
        ("a.example.com", "", False),
        ("a.example.com", ",", False),
    ],
)
def test_exceptions(host: str, exceptions: str, excepted: bool) -> None:
    """As curl and Python read them."""
    assert is_excepted(host, exceptions) is excepted
