"""What surrounds the fields: paths, methods, headers, bodies, and how each is refused on each API."""

import gzip
import json

import pytest

from salio.wire.apis import Api
from salio.wire.refusals import Refusal
from tests.journeys.client import Headers, bearer
from tests.journeys.reaching import reaches
from tests.journeys.running import BALANCE, JSON, STATUS, Platform

PAYLOAD = {
    BALANCE: (400, "400.002.02", "Bad Request - Invalid Request Payload"),
    STATUS: (400, "400.002.05", "Invalid Request Payload"),
}
TOKEN = {
    BALANCE: (401, "401.002.01", "Error Occurred - Invalid Access Token - Invalid Access Token"),
    STATUS: (400, "400.003.01", "Invalid Access Token"),
}
HEADER = {BALANCE: TOKEN[BALANCE], STATUS: (404, "404.001.04", "Invalid Authentication Header")}


@reaches(Refusal.PATH_UNKNOWN)
@pytest.mark.parametrize(
    ("path", "code"),
    [
        pytest.param("/mpesa/accountbalance/v1/query/", "404.002.01", id="a slash too many"),
        pytest.param("/mpesa/accountbalance/v2/query", "404.002.01", id="another version"),
        pytest.param("/mpesa/accountbalance", "404.002.01", id="no version"),
        pytest.param("/mpesa/accountbalance/v1%2Fquery", "404.002.01", id="an encoded slash"),
        pytest.param("/mpesa/accountbalance/v1//query", "404.002.01", id="a doubled slash"),
        pytest.param("/mpesa/accountbalance/v1/Query", "404.002.01", id="another case"),
        pytest.param("/mpesa/transactionstatus/v1/query/", "404.003.01", id="status, a slash too many"),
        pytest.param("/mpesa/transactionstatus/v1/status", "404.003.01", id="status, another name"),
        pytest.param("/mpesa/accountbalances/v1/query", "404.001.01", id="no API"),
        pytest.param("/mpesa/reversal/v2/request", "404.001.01", id="reversal, another version"),
        pytest.param("/mpesa/stkpush/v1/query", "404.001.01", id="M-PESA Express, its query elsewhere"),
        pytest.param("/mpesa/qrcode/v1/generate", "404.001.01", id="an API we do not have"),
        pytest.param("/oauth/v2/generate", "404.001.01", id="OAuth, another version"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_i24_an_unknown_path(platform: Platform, method: str, path: str, code: str) -> None:
    """HTTP 404 in the words of the API that the path lies under, whatever the method or the token."""
    answer = platform.send(method, path, [JSON], b"{}" if method == "POST" else b"")
    assert answer.error == (404, code, "Resource not found")
    assert platform.refusal(answer).cause == "nothing answers on this path"


@reaches(Refusal.METHOD_NOT_ALLOWED)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND"])
def test_i23_another_method(platform: Platform, api: Api, method: str) -> None:
    """405.001 names the method, before anything else is asked."""
    answer = platform.send(method, api.path)
    assert answer.error == (405, "405.001", f"{method} Method Not Allowed")
    assert platform.refusal(answer).cause == f"{method} where POST is asked for"


def test_i24_a_query_string_does_not_matter(platform: Platform, api: Api) -> None:
    """The path alone decides."""
    body = json.dumps(platform.body(api)).encode()
    headers = [("Authorization", bearer(platform.token())), JSON]
    assert platform.send("POST", f"{api.path}?a=b", headers, body).json["ResponseCode"] == "0"


@reaches(Refusal.HEADER_INVALID)
@pytest.mark.parametrize(
    ("values", "cause"),
    [
        pytest.param([], "no Authorization header", id="none"),
        pytest.param([""], "the header is empty", id="empty"),
        pytest.param(["Bearer"], "nothing follows Bearer", id="no token"),
        pytest.param(["{token}"], "the scheme is not Bearer", id="no scheme"),
        pytest.param(["Basic {token}"], "the scheme is not Bearer", id="basic"),
        pytest.param(["Bearer {token} x"], "more than one word follows Bearer", id="two words"),
        pytest.param(["Bearer {token},"], "what follows Bearer holds characters", id="a comma"),
        pytest.param(["Bearer{token}"], "the scheme is not Bearer", id="no space"),
        pytest.param(["Bearer {token}", "Bearer {token}"], "2 Authorization headers", id="twice"),
        pytest.param(["Bearer " + "A" * 10_240], "too long", id="too long"),
    ],
)
def test_a1_a_missing_or_malformed_header(
    platform: Platform, api: Api, values: list[str], cause: str
) -> None:
    """TS 404.001.04 with HTTP 404; AB, whose page lacks that code, 401.002.01."""
    token = platform.token()
    headers = [("Authorization", value.replace("{token}", token)) for value in values]
    answer = platform.send("POST", api.path, [*headers, JSON], b"{}")
    assert answer.error == HEADER[api]
    assert cause in platform.refusal(answer).cause


@reaches(Refusal.TOKEN_INVALID)
@pytest.mark.parametrize(
    "token",
    [
        pytest.param("c9SQxWWhmdVRlyh0zh8gZDTkubVF", id="the page's own"),
        pytest.param("A" * 28, id="28 letters"),
        pytest.param("{token}A", id="a letter too many"),
        pytest.param("{swapped}", id="case swapped"),
        pytest.param("x", id="one letter"),
    ],
)
def test_a_forged_token(platform: Platform, api: Api, token: str) -> None:
    """AB 401.002.01 with HTTP 401, TS 400.003.01 with HTTP 400."""
    own = platform.token()
    given = token.replace("{token}", own).replace("{swapped}", own.swapcase())
    answer = platform.send("POST", api.path, [("Authorization", bearer(given)), JSON], b"{}")
    assert answer.error == TOKEN[api]
    assert platform.refusal(answer).cause.startswith("the token was not issued by this platform")


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer  "])
def test_a1_the_scheme_in_any_case(platform: Platform, api: Api, scheme: str) -> None:
    """A scheme's name has no case, and more than one space may follow."""
    headers = [("Authorization", f"{scheme} {platform.token()}"), JSON]
    assert platform.send("POST", api.path, headers, b"{}").message.startswith("Bad Request - Invalid Command")


FORM = b"Initiator=testapiuser&PartyA=600000"
BODIES = [
    pytest.param(b"", "the body is empty", id="i1-empty"),
    pytest.param(b"  \n", "the body is empty", id="i1-white space"),
    pytest.param(b"null", "not an object", id="i3-null"),
    pytest.param(b"[]", "not an object", id="i3-list"),
    pytest.param(b'"{}"', "not an object", id="i3-text"),
    pytest.param(b"{", "not JSON", id="i1-cut off"),
    pytest.param(b"{'a': 1}", "not JSON", id="i1-single quotes"),
    pytest.param(b'{"a": 1,}', "not JSON", id="i1-trailing comma"),
    pytest.param(b'{"a": 1} {"b": 2}', "something follows the JSON value", id="i1-two values"),
    pytest.param(b'{"a": NaN}', "NaN is no JSON number", id="i15-NaN"),
    pytest.param(b'{"a": -Infinity}', "-Infinity is no JSON number", id="i15-infinity"),
    pytest.param(b'{"a": ' + b"9" * 200 + b"}", "a number has 200 digits", id="i15-huge number"),
    pytest.param(b'{"a": 01}', "not JSON", id="leading zero"),
    pytest.param(b'{"a": "\xff"}', "not UTF-8", id="i13-not UTF-8"),
    pytest.param('{"a": 1}'.encode("utf-16"), "not UTF-8", id="i13-UTF-16"),
    pytest.param(b'\xef\xbb\xbf{"a": 1}', "byte order mark", id="i13-byte order mark"),
    pytest.param(b"[" * 30_000, "nested too deeply", id="i5-deep"),
    pytest.param(FORM, "it looks like a form body", id="i1-form"),
    pytest.param(
        b'{"PartyA": "600000", "PartyA": "600782"}', "two members are named `PartyA`", id="i2-twice"
    ),
    pytest.param(b'{"a": {"b": 1, "b": 1}}', "two members are named `b`", id="i2-twice, deeper"),
]


@reaches(Refusal.PAYLOAD_INVALID)
@pytest.mark.parametrize(("body", "cause"), BODIES)
def test_a_body_that_is_no_object(platform: Platform, api: Api, body: bytes, cause: str) -> None:
    """TS 400.002.05, AB 400.002.02, "Invalid Request Payload"; nothing is kept."""
    kept = platform.kept()
    answer = platform.post(api, body)
    assert answer.error == PAYLOAD[api]
    assert cause in platform.refusal(answer).cause
    assert platform.kept() == kept


CONTENT_TYPES: list[object] = [
    pytest.param([], "no Content-Type header", id="none"),
    pytest.param([("Content-Type", "text/plain")], "Content-Type is 'text/plain'", id="text"),
    pytest.param([("Content-Type", "application/x-www-form-urlencoded")], "form-urlencoded", id="form"),
    pytest.param([("Content-Type", "application/jsonp")], "application/jsonp", id="nearly"),
    pytest.param([("Content-Type", "application/xml")], "application/xml", id="XML"),
    pytest.param([JSON, JSON], "send application/json", id="twice"),
    pytest.param([JSON, ("Content-Encoding", "gzip")], "compressed bodies", id="compressed"),
    pytest.param([JSON, ("Content-Encoding", "br, identity")], "compressed bodies", id="any encoding"),
]


@pytest.mark.parametrize(("headers", "cause"), CONTENT_TYPES)
def test_i22_another_content_type(platform: Platform, api: Api, headers: Headers, cause: str) -> None:
    """A body counts as JSON only when its header says so, once, and it is not compressed."""
    answer = platform.post(api, json.dumps(platform.body(api)).encode(), headers=headers)
    assert answer.error == PAYLOAD[api]
    assert cause in platform.refusal(answer).cause


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/json; charset=utf-8", "Application/JSON ;charset=latin1"]
)
def test_json_by_any_of_its_spellings(platform: Platform, api: Api, media_type: str) -> None:
    """Parameters and case do not matter; the body is UTF-8 whatever they say (RFC 8259)."""
    body = json.dumps(platform.body(api)).encode()
    answer = platform.post(api, body, headers=[("Content-Type", media_type)])
    assert answer.json["ResponseCode"] == "0"


def test_i22_a_compressed_body(platform: Platform, api: Api) -> None:
    """gzip is refused, as the header says it or as it looks."""
    body = gzip.compress(json.dumps(platform.body(api)).encode())
    assert platform.post(api, body).error == PAYLOAD[api]
    assert platform.post(api, body, headers=[JSON, ("Content-Encoding", "gzip")]).error == PAYLOAD[api]


def test_i4_the_largest_body(platform: Platform, api: Api) -> None:
    """64 KiB are read; a byte more is refused, and the connection ends."""
    body = json.dumps(platform.body(api)).encode()
    assert platform.post(api, body + b" " * (65_536 - len(body))).json["ResponseCode"] == "0"
    answer = platform.post(api, body + b" " * (65_537 - len(body)))
    assert answer.error == PAYLOAD[api]
    assert answer.headers["connection"] == "close"
    assert platform.refusal(answer).cause == "the body is larger than 64 KiB"


def test_the_order_of_the_checks(platform: Platform, api: Api) -> None:
    """Method, header, token, then the payload, then its fields."""
    assert platform.send("PUT", api.path).status == 405
    assert platform.send("POST", api.path).error == HEADER[api]
    assert platform.send("POST", api.path, [("Authorization", "Bearer x")]).error == TOKEN[api]
    assert platform.post(api, b"x", headers=[]).error == PAYLOAD[api]
    assert platform.post(api, b"{}").message.startswith("Bad Request - Invalid CommandID")
