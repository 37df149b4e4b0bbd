"""An answer in: acknowledgements, tokens, and every other body that has come in their place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire import refusals
from salio.wire.acknowledgements import ResponseCode, acknowledge, decline
from salio.wire.answers import Acknowledgement, Grant, Rejection, read_acknowledgement, read_grant
from salio.wire.apis import Api
from salio.wire.oauth import grant
from salio.wire.profile import DOCUMENTED, PROFILES, Profile
from salio.wire.refusals import Refusal
from tests.wire.captures import sample

NO_PRODUCT = "Error Occurred - Invalid Access Token - Invalid API call as no apiproduct match found"
OAUTH = {
    Refusal.OAUTH_AUTHENTICATION_INVALID,
    Refusal.OAUTH_CREDENTIALS_WRONG,
    Refusal.OAUTH_GRANT_INVALID,
}
READ_AS = {
    Refusal.OAUTH_AUTHENTICATION_INVALID: Refusal.OAUTH_CREDENTIALS_WRONG,  # one code for both
}
BALANCE_READ_AS = {Refusal.HEADER_INVALID: Refusal.TOKEN_INVALID}  # AB's page has one code for both


def error(code: str, message: str = "", **members: str) -> bytes:
    """An error body as the APIs send it (wire facts 2.3)."""
    body = {"requestId": "9096-43a2-9c4e-15e6d7a8d8f656303542", "errorCode": code, "errorMessage": message}
    return json.dumps(body | members).encode()


def rejected(status: int, body: bytes) -> Rejection:
    """What is read of it, which is no acknowledgement."""
    found = read_acknowledgement(status, body)
    assert isinstance(found, Rejection)
    return found


@pytest.mark.parametrize("name", ["ab_acknowledgement", "ts_acknowledgement"])
def test_the_pages_acknowledgements(name: str) -> None:
    """Both samples are read, member for member."""
    raw = sample(name)
    printed = json.loads(raw)
    assert read_acknowledgement(200, raw) == Acknowledgement(
        originator_conversation_id=printed["OriginatorConversationID"],
        conversation_id=printed["ConversationID"],
        code="0",
        description=printed["ResponseDescription"],
        raw=raw,
    )


def test_the_misspelt_id() -> None:
    """C2B's answers drop an n and the other id (wire facts 2.2); a code can be a number."""
    body = b'{"OriginatorCoversationID":"7619-37765134-1","ResponseCode":0,"ResponseDescription":"success"}'
    found = read_acknowledgement(200, body)
    assert isinstance(found, Acknowledgement)
    assert (found.originator_conversation_id, found.conversation_id) == ("7619-37765134-1", None)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
@pytest.mark.parametrize("api", Api)
def test_our_own_acknowledgement(api: Api, profile: Profile) -> None:
    """What the platform writes is read again, in both profiles."""
    found = read_acknowledgement(
        200, acknowledge(api, profile, originator_conversation_id="a", conversation_id="b")
    )
    assert isinstance(found, Acknowledgement)
    told = profile.pages[api].acknowledgement.value
    assert found.originator_conversation_id == "a"
    assert found.conversation_id == ("b" if {"ConversationID", "CheckoutRequestID"} & set(told) else None)


@pytest.mark.parametrize("code", [code for code in ResponseCode if code is not ResponseCode.ACCEPTED])
def test_a_response_code_other_than_0(code: ResponseCode) -> None:
    """The core declined: certain, with its code and its words, and no refusal of the gateway's."""
    body = decline(
        code, Api.ACCOUNT_BALANCE, DOCUMENTED, originator_conversation_id="a", conversation_id="b", detail="X"
    )
    found = rejected(200, body)
    assert (found.code, found.declined, found.certain, found.refusal) == (code.code, True, True, None)
    assert found.message == code.wording.replace("%1", "X")


LIKE_STATUS = (Api.TRANSACTION_STATUS, Api.C2B, Api.C2B_REGISTER)
"""APIs whose pages have one table of errors."""
NAMING_A_FIELD = (Api.B2C, Api.REVERSAL, Api.EXPRESS, Api.EXPRESS_QUERY)
"""APIs whose pages answer a foreign Content-Type with the name of a field."""


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
@pytest.mark.parametrize("api", [*Api, None], ids=lambda api: api.name if api else "elsewhere")
@pytest.mark.parametrize("refusal", Refusal)
def test_our_own_refusals(refusal: Refusal, api: Api | None, profile: Profile) -> None:
    """What the platform refuses is read as the same refusal, with its code, id and certainty."""
    said = refusals.answer(refusal, api=api, profile=profile, request_id="r", detail="PartyA")
    found = (read_grant if refusal in OAUTH else read_acknowledgement)(said.status, said.body)
    assert isinstance(found, Rejection)
    names = READ_AS | (BALANCE_READ_AS if api not in LIKE_STATUS else {})
    names |= {Refusal.PAYLOAD_INVALID: Refusal.FIELD_INVALID} if api in NAMING_A_FIELD else {}
    assert found.refusal is names.get(refusal, refusal)
    assert found.certain
    assert found.code == (said.code if said.body else "")
    if refusal is Refusal.FIELD_INVALID:
        assert found.field == "PartyA"


@pytest.mark.parametrize(
    ("status", "body", "refusal"),
    [
        pytest.param(404, error("404.001.03", "Invalid Access Token"), Refusal.TOKEN_INVALID, id="push"),
        pytest.param(401, error("401.003.01", NO_PRODUCT), Refusal.PRODUCT_MISSING, id="C2B, no product"),
        pytest.param(401, error("401.002.01", NO_PRODUCT), Refusal.PRODUCT_MISSING, id="Pochi, no product"),
        pytest.param(401, error("401.001", "Invalid Access Token"), Refusal.TOKEN_INVALID, id="pull"),
        pytest.param(
            401,
            error("401.002.01", "Error Occurred - Invalid Access Token - x"),
            Refusal.TOKEN_INVALID,
            id="AB",
        ),
        pytest.param(400, error("400.003.01", "Invalid Access Token"), Refusal.TOKEN_INVALID, id="TS"),
        pytest.param(401, b"", Refusal.TOKEN_INVALID, id="401 without a body"),
        pytest.param(401, b"{}", Refusal.TOKEN_INVALID, id="401 with an empty object"),
        pytest.param(401, error("", NO_PRODUCT), Refusal.PRODUCT_MISSING, id="401 without a code"),
    ],
)
def test_bearer_failures(status: int, body: bytes, refusal: Refusal) -> None:
    """Wire facts 1.1, row by row: whatever the code, a token problem, or an entitlement that is missing."""
    assert rejected(status, body).refusal is refusal


SPIKE = (
    b'{"fault":{"faultstring":"Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=5, '
    b'periodInMicroseconds=60000000, maxBurstMessageCount=1.0}",'
    b'"detail":{"errorcode":"policies.ratelimit.SpikeArrestViolation"}}}'
)
SOAP = (
    b'{"Envelope":{"Body":{"Fault":{"faultcode":"soap:Server","faultstring":"Execution of ServiceCallout '
    b'failed. Reason: ResponseCode 503 is treated as error"}}}}'
)
HTML = b'<html style="height:100%"><head><META NAME="ROBOTS" CONTENT="NOINDEX"></head><body>no</body></html>'
INCAPSULA = b"Request unsuccessful. Incapsula incident ID: 1234-5678"


@pytest.mark.parametrize(
    ("status", "body", "code", "message", "certain"),
    [
        pytest.param(
            429, SPIKE, "policies.ratelimit.SpikeArrestViolation", "Spike arrest violation.", True, id="spike"
        ),
        pytest.param(500, SOAP, "soap:Server", "Execution of ServiceCallout failed.", False, id="SOAP fault"),
        pytest.param(503, INCAPSULA, "", "Request unsuccessful. Incapsula", True, id="firewall, text"),
        pytest.param(403, HTML, "", "no", True, id="firewall, HTML"),
        pytest.param(502, b"<h1>Bad Gateway</h1>", "", "Bad Gateway", False, id="a proxy's page"),
        pytest.param(504, b"", "", "", False, id="504 without a body"),
        pytest.param(400, b"", "", "", True, id="400 without a body"),
        pytest.param(302, b"", "", "", True, id="a redirect"),
        pytest.param(200, b"", "", "", False, id="200 without a body"),
        pytest.param(200, b"{}", "", "", False, id="200 with an empty object"),
        pytest.param(200, HTML, "", "no", False, id="200 with a page"),
        pytest.param(500, error("500.001.1001"), "500.001.1001", "", True, id="no words"),
        pytest.param(500, b'{"fault":{"faultstring":"x"}}', "", "x", False, id="an unknown fault"),
        pytest.param(500, b'{"fault":1}', "", "", False, id="a fault that is none"),
        pytest.param(400, b"\x1b[2J\xff", "", r"\x1b[2J\ufffd", True, id="control characters"),
    ],
)
def test_what_is_no_error_body(status: int, body: bytes, code: str, message: str, certain: bool) -> None:
    """Bodies of wire facts 2.3 and 1: told as far as they say something; unknown is never called refused."""
    found = rejected(status, body)
    assert found.code == code
    assert found.message.startswith(message)
    assert found.certain is certain
    assert found.raw is body


@pytest.mark.parametrize(
    ("code", "message", "refusal"),
    [
        ("500.002.1001", "Duplicate OriginatorConversationID.", Refusal.DUPLICATE_CONVERSATION),
        ("500.002.1001", "System internal error.", Refusal.INTERNAL_ERROR),
        (
            "500.002.1001",
            "Service is currently under maintenance. Please try again later",
            Refusal.MAINTENANCE,
        ),
        (
            "00.002.1001",
            "Service is currently under maintenance. Please try again later",
            Refusal.MAINTENANCE,
        ),
        ("500.003.1001", "Urls are already registered.", Refusal.URLS_REGISTERED),
        ("500.003.03", "Quota Violation", Refusal.QUOTA_EXCEEDED),
        ("500.001.1001", "Merchant does not exist", Refusal.MERCHANT_UNKNOWN),
        ("500.001.1001", "[MerchantValidate] - Wrong credentials", Refusal.MERCHANT_CREDENTIALS_WRONG),
        ("500.001.1001", "The transaction does not Exist", Refusal.CHECKOUT_UNKNOWN),
        ("500.001.1001", "", Refusal.INTERNAL_ERROR),
        ("500.003.02", "System is busy. Please try again in few minutes.", Refusal.MAINTENANCE),
        ("123.456.78", "nobody has seen this", None),
    ],
)
def test_one_code_with_several_meanings(code: str, message: str, refusal: Refusal | None) -> None:
    """The words decide where the code does not; an unknown code survives as it came."""
    found = rejected(500, error(code, message))
    assert (found.code, found.message, found.refusal) == (code, message, refusal)
    assert found.request_id == "9096-43a2-9c4e-15e6d7a8d8f656303542"


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("Bad Request - Invalid SecurityCredential", "SecurityCredential"),
        ("Bad Request – Invalid PartyA.", "PartyA"),  # noqa: RUF001  # AB prints this dash
        ("Bad Request", ""),
    ],
)
def test_the_field_at_fault(message: str, field: str) -> None:
    """As the message names it."""
    assert rejected(400, error("400.002.02", message)).field == field


@pytest.mark.parametrize(
    ("body", "lifetime"),
    [
        pytest.param(sample("token"), 3599, id="the page's number"),
        pytest.param(grant("c9SQxWWhmdVRlyh0zh8gZDTkubVF", 3599), 3599, id="the wire's text"),
        pytest.param(b'{"access_token":"c9SQxWWhmdVRlyh0zh8gZDTkubVF"}', None, id="missing"),
        pytest.param(
            b'{"access_token":"c9SQxWWhmdVRlyh0zh8gZDTkubVF","expires_in":"soon"}', None, id="words"
        ),
        pytest.param(b'{"access_token":"c9SQxWWhmdVRlyh0zh8gZDTkubVF","expires_in":-1}', None, id="negative"),
    ],
)
def test_c3_a_token(body: bytes, lifetime: int | None) -> None:
    """Its lifetime is text or a number, or cannot be read."""
    assert read_grant(200, body) == Grant("c9SQxWWhmdVRlyh0zh8gZDTkubVF", lifetime)


@pytest.mark.parametrize(
    ("status", "body", "refusal", "certain"),
    [
        pytest.param(400, b"", Refusal.OAUTH_CREDENTIALS_WRONG, True, id="empty 400"),
        pytest.param(400, error("400.008.01", "x"), Refusal.OAUTH_CREDENTIALS_WRONG, True, id="400.008.01"),
        pytest.param(400, error("400.008.02", "x"), Refusal.OAUTH_GRANT_INVALID, True, id="400.008.02"),
        pytest.param(400, error("999991", "x"), Refusal.OAUTH_CREDENTIALS_WRONG, True, id="the old portal's"),
        pytest.param(401, b"", Refusal.OAUTH_CREDENTIALS_WRONG, True, id="401"),
        pytest.param(200, b"not json", None, False, id="no JSON"),
        pytest.param(200, b'{"access_token":""}', None, False, id="no token"),
        pytest.param(200, b'{"access_token":"a\\r\\nX: y"}', None, False, id="a token that ends its header"),
        pytest.param(200, b'{"access_token":1}', None, False, id="a number"),
        pytest.param(500, b"", None, False, id="500"),
    ],
)
def test_c3_no_token(status: int, body: bytes, refusal: Refusal | None, certain: bool) -> None:
    """Wrong credentials are told from an endpoint that is out of order."""
    found = read_grant(status, body)
    assert isinstance(found, Rejection)
    assert (found.refusal, found.certain) == (refusal, certain)


def test_c14_no_repr_shows_a_secret() -> None:
    """Neither a token nor a body that may hold one."""
    assert "SECRET" not in repr(Grant("SECRET", 1))
    assert "SECRET" not in repr(read_grant(500, b'{"access_token":"SECRET"}'))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
NAMES = ["access_token", "expires_in", "fault", "Envelope", "errorCode", "errorMessage", "requestId"]
NAMES += ["ResponseCode", "ResponseDescription", "OriginatorConversationID", "ConversationID"]
BODIES = st.binary(max_size=200) | st.dictionaries(st.sampled_from(NAMES), JSON).map(
    lambda members: json.dumps(members).encode()
)


@given(status=st.integers(100, 599), body=BODIES)
def test_any_answer_is_read(status: int, body: bytes) -> None:
    """Nothing is raised, whatever comes back, and every message is one line."""
    for read in (read_acknowledgement, read_grant):
        found = read(status, body)
        repr(found)
        assert not isinstance(found, Rejection) or isinstance(found.field, str)
