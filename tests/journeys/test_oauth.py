"""Getting a token: every row of the Authorization page, and what the rulings add."""

import base64
import re

import pytest

from salio.wire.apis import OAUTH_PATH
from salio.wire.refusals import Refusal
from tests.journeys.client import basic
from tests.journeys.reaching import reaches
from tests.journeys.running import Platform

QUERY = "?grant_type=client_credentials"
AUTHENTICATION = {
    "documented": (400, "400.008.01", "Invalid authentication type passed"),
    "observed": (400, "400.008.01", "Invalid Authentication passed"),
}
GRANT_TYPE = (400, "400.008.02", "Invalid grant type passed")


def encoded(pair: bytes) -> str:
    """A Basic header of any bytes."""
    return "Basic " + base64.b64encode(pair).decode()


def test_a_grant_is_a_token_and_its_life(platform: Platform) -> None:
    """The body is the token, 28 letters and digits, and `"3599"` as text: nothing else, in both profiles."""
    answer = platform.grant(basic(platform.app.key, platform.app.secret))
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert list(answer.json) == ["access_token", "expires_in"]
    assert re.fullmatch(r"[A-Za-z0-9]{28}", answer.json["access_token"])
    assert answer.json["expires_in"] == "3599"


def test_every_grant_is_another_token(platform: Platform) -> None:
    """Earlier tokens stay valid: each of several works."""
    tokens = {platform.token(new=True) for _ in range(3)}
    assert len(tokens) == 3
    for token in tokens:
        answer = platform.send(
            "POST", "/mpesa/accountbalance/v1/query", [("Authorization", f"Bearer {token}")]
        )
        assert answer.code == "400.002.02"  # past the token: the body is asked for


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_the_scheme_in_any_case(platform: Platform, scheme: str) -> None:
    """A scheme's name has no case (RFC 7617)."""
    header = basic(platform.app.key, platform.app.secret).replace("Basic", scheme)
    assert platform.grant(header).status == 200


@reaches(Refusal.OAUTH_AUTHENTICATION_INVALID)
@pytest.mark.parametrize(
    ("authorization", "cause"),
    [
        pytest.param(None, "0 Authorization headers, one is needed", id="no header"),
        pytest.param("", "the header is empty", id="empty"),
        pytest.param("Bearer c9SQxWWhmdVRlyh0zh8gZDTkubVF", "the scheme is not Basic", id="bearer"),
        pytest.param('Digest username="x"', "the scheme is not Basic", id="digest"),
        pytest.param("Q2RtTmJkdDBpQk4xb3FEZg==", "the scheme is not Basic", id="no scheme"),
        pytest.param("Basic", "nothing follows Basic", id="nothing follows"),
        pytest.param("Basic a b", "more than one word follows Basic", id="two words"),
        pytest.param("Basic !!!!", "what follows Basic holds characters", id="not base64 letters"),
        pytest.param("Basic abc", "what follows Basic is not base64", id="not base64"),
        pytest.param(encoded(b"no colon"), "no colon between key and secret", id="no colon"),
        pytest.param(encoded(b":secret"), "the key is empty", id="no key"),
        pytest.param(encoded(b"key:\xff"), "not UTF-8", id="not UTF-8"),
        pytest.param(encoded(b"key:a\nb"), "control character", id="control character"),
        pytest.param("Basic " + "A" * 10_240, "too long", id="too long"),
    ],
)
def test_a8_another_authentication_is_refused(
    platform: Platform, authorization: str | None, cause: str
) -> None:
    """400.008.01 "Invalid authentication type passed"; the log says what was wrong."""
    answer = platform.grant(authorization)
    assert answer.error == AUTHENTICATION[platform.profile]
    assert cause in platform.refusal(answer).cause


def test_two_headers_are_refused(platform: Platform) -> None:
    """Of two Authorization headers nobody knows which counts."""
    header = ("Authorization", basic(platform.app.key, platform.app.secret))
    answer = platform.send("GET", OAUTH_PATH + QUERY, [header, header])
    assert answer.error == AUTHENTICATION[platform.profile]


@reaches(Refusal.OAUTH_CREDENTIALS_WRONG)
@pytest.mark.parametrize(
    ("key", "secret", "cause"),
    [
        pytest.param(None, "wrong", "wrong consumer secret", id="wrong secret"),
        pytest.param(None, "", "wrong consumer secret", id="empty secret"),
        pytest.param(None, "{secret} ", "wrong consumer secret", id="a space too many"),
        pytest.param(None, "{secret}:", "wrong consumer secret", id="a colon too many"),
        pytest.param("nobody", "{secret}", "unknown consumer key", id="unknown key"),
        pytest.param("{KEY}", "{secret}", "unknown consumer key", id="key in another case"),
        pytest.param("тест", "ключ", "unknown consumer key", id="another script"),
    ],
)
def test_wrong_credentials_are_refused(platform: Platform, key: str | None, secret: str, cause: str) -> None:
    """400.008.01, in the profile observed with an empty body; unknown key and wrong secret look alike."""
    app = platform.app
    given = (key or app.key).replace("{KEY}", app.key.swapcase())
    answer = platform.grant(basic(given, secret.replace("{secret}", app.secret)))
    if platform.profile == "observed":
        assert (answer.status, answer.body) == (400, b"")
    else:
        assert answer.error == AUTHENTICATION["documented"]
    newest = platform.refusals()[0]
    assert (newest.code, newest.cause) == ("400.008.01", cause)


def test_a6_a_disabled_app_gets_no_token(platform: Platform) -> None:
    """The right secret of a disabled app is answered like a wrong one."""
    app = platform.add_app(enabled=False)
    answer = platform.grant(basic(app.key, app.secret))
    assert answer.status == 400
    assert platform.refusals()[0].cause == f"app app {app.number} is disabled"


def test_a8_a_secret_may_hold_colons(platform: Platform) -> None:
    """The first colon ends the key; all others belong to the secret (RFC 7617)."""
    app = platform.add_app(secret="a:b:c")
    assert platform.grant(basic(app.key, app.secret)).status == 200
    assert platform.grant(basic(app.key, "a:b")).status == 400


@reaches(Refusal.OAUTH_GRANT_INVALID)
@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", id="missing"),
        pytest.param("?grant_type=", id="empty"),
        pytest.param("?grant_type=password", id="another"),
        pytest.param("?grant_type=CLIENT_CREDENTIALS", id="upper case"),
        pytest.param("?Grant_Type=client_credentials", id="name in another case"),
        pytest.param("?grant_type=client_credentials&grant_type=client_credentials", id="twice"),
        pytest.param("?grant_type=client_credentials&grant_type=password", id="two kinds"),
        pytest.param("?grant_type=client_credentials%00", id="NUL at its end"),
    ],
)
def test_a8_another_grant_type_is_refused(platform: Platform, query: str) -> None:
    """400.008.02 "Invalid grant type passed"."""
    answer = platform.grant(basic(platform.app.key, platform.app.secret), query)
    assert answer.error == GRANT_TYPE
    assert platform.refusal(answer).cause == "grant_type must be given once, as client_credentials"


def test_other_parameters_are_ignored(platform: Platform) -> None:
    """A cache-buster beside the grant type does no harm."""
    query = "?a=1&grant_type=client%5Fcredentials&b="
    assert platform.grant(basic(platform.app.key, platform.app.secret), query).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_a8_only_get_grants(platform: Platform, method: str) -> None:
    """The Authorization API is a GET (TS, 404.001.04); any other method is named in 405.001."""
    header = ("Authorization", basic(platform.app.key, platform.app.secret))
    answer = platform.send(method, OAUTH_PATH + QUERY, [header])
    assert answer.status == 405
    if method != "HEAD":
        assert answer.error == (405, "405.001", f"{method} Method Not Allowed")


def test_the_order_of_the_checks(platform: Platform) -> None:
    """Method before header, header before grant type, grant type before the secret."""
    assert platform.send("POST", OAUTH_PATH).code == "405.001"
    assert platform.grant(None, "").code == "400.008.01"
    assert platform.grant(basic("nobody", "wrong"), "").code == "400.008.02"
