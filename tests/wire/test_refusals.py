"""Refusals: status and body of each, on each API, in each profile."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire.apis import Api
from salio.wire.profile import DOCUMENTED, OBSERVED, PROFILES, Profile
from salio.wire.refusals import Refusal, answer, message_rate

TOKEN = "Error Occurred - Invalid Access Token - "
NO_PRODUCT = TOKEN + "Invalid API call as no apiproduct match found"
LOCKED = "Unable to lock subscriber, a transaction is already in process for the current subscriber"
MAINTENANCE = "Service is currently under maintenance. Please try again later"

# API (B, S, P for B2C, C and R for C2B, E and Q for M-PESA Express and its query, or - for none), refusal,
# status, code, message in `documented`; the detail is X
TABLE = f"""
B | TOKEN_INVALID                | 401 | 401.002.01   | {TOKEN}Invalid Access Token
B | HEADER_INVALID               | 401 | 401.002.01   | {TOKEN}Invalid Access Token
B | PRODUCT_MISSING              | 401 | 401.002.01   | {NO_PRODUCT}
B | FIELD_INVALID                | 400 | 400.002.02   | Bad Request - Invalid X
B | PAYLOAD_INVALID              | 400 | 400.002.02   | Bad Request - Invalid Request Payload
B | PATH_UNKNOWN                 | 404 | 404.002.01   | Resource not found
B | METHOD_NOT_ALLOWED           | 405 | 405.001      | X Method Not Allowed
B | DUPLICATE_CONVERSATION       | 500 | 500.002.1001 | Duplicate OriginatorConversationID
B | INTERNAL_ERROR               | 500 | 500.003.1001 | Internal Server Error
B | SPIKE_ARREST                 | 500 | 500.003.02   | Error Occurred: Spike Arrest Violation
B | QUOTA_EXCEEDED               | 500 | 500.003.03   | Quota Violation
B | MAINTENANCE                  | 500 | 500.002.1001 | {MAINTENANCE}
S | TOKEN_INVALID                | 400 | 400.003.01   | Invalid Access Token
S | HEADER_INVALID               | 404 | 404.001.04   | Invalid Authentication Header
S | PRODUCT_MISSING              | 401 | 401.003.01   | {NO_PRODUCT}
S | FIELD_INVALID                | 400 | 400.003.02   | Bad Request - Invalid X
S | PAYLOAD_INVALID              | 400 | 400.002.05   | Invalid Request Payload
S | PATH_UNKNOWN                 | 404 | 404.003.01   | Resource not found
S | METHOD_NOT_ALLOWED           | 405 | 405.001      | X Method Not Allowed
S | DUPLICATE_CONVERSATION       | 500 | 500.002.1001 | Duplicate OriginatorConversationID
S | INTERNAL_ERROR               | 500 | 500.003.1001 | Internal Server Error
S | SPIKE_ARREST                 | 500 | 500.003.02   | Error Occurred: Spike Arrest Violation
S | QUOTA_EXCEEDED               | 500 | 500.003.03   | Error Occurred: Quota Violation
S | MAINTENANCE                  | 500 | 500.002.1001 | {MAINTENANCE}
E | TOKEN_INVALID                | 404 | 404.001.03   | Invalid Access Token
E | HEADER_INVALID               | 404 | 404.001.03   | Invalid Access Token
E | PRODUCT_MISSING              | 401 | 401.002.01   | {NO_PRODUCT}
E | FIELD_INVALID                | 400 | 400.002.02   | Bad Request - Invalid X
E | PAYLOAD_INVALID              | 400 | 400.002.02   | Bad Request - Invalid BusinessShortCode
E | PATH_UNKNOWN                 | 404 | 404.001.01   | Resource not found
E | METHOD_NOT_ALLOWED           | 405 | 405.001      | X Method Not Allowed
E | MERCHANT_UNKNOWN             | 500 | 500.001.1001 | Merchant does not exist
E | MERCHANT_CREDENTIALS_WRONG   | 500 | 500.001.1001 | Wrong credentials
E | SUBSCRIBER_LOCKED            | 500 | 500.001.1001 | {LOCKED}
E | INTERNAL_ERROR               | 500 | 500.003.1001 | Internal Server Error
E | SPIKE_ARREST                 | 500 | 500.003.02   | Error Occurred: Spike Arrest Violation
E | QUOTA_EXCEEDED               | 500 | 500.003.03   | Quota Violation
E | MAINTENANCE                  | 500 | 500.003.02   | System is busy. Please try again in few minutes.
Q | MERCHANT_UNKNOWN             | 500 | 500.001.1001 | Merchant does not exist
Q | MERCHANT_CREDENTIALS_WRONG   | 500 | 500.001.1001 | Wrong credentials
Q | CHECKOUT_UNKNOWN             | 500 | 500.001.1001 | The transaction does not Exist
R | URLS_REGISTERED              | 500 | 500.003.1001 | Urls are already registered.
R | HEADER_INVALID               | 404 | 404.001.04   | Invalid Authenticator Header
C | TOKEN_INVALID                | 400 | 400.003.01   | Invalid Access Token
C | HEADER_INVALID               | 404 | 404.001.04   | Invalid Authenticator Header
C | PAYLOAD_INVALID              | 400 | 400.002.05   | Invalid Request Payload
C | PATH_UNKNOWN                 | 404 | 404.003.01   | Resource not found
P | HEADER_INVALID               | 401 | 401.002.01   | {TOKEN}Invalid Access Token
P | PAYLOAD_INVALID              | 400 | 400.002.02   | Bad Request - Invalid InitiatorName
P | DUPLICATE_CONVERSATION       | 500 | 500.002.1001 | Duplicate OriginatorConversationID.
- | PATH_UNKNOWN                 | 404 | 404.001.01   | Resource not found
- | METHOD_NOT_ALLOWED           | 405 | 405.001      | X Method Not Allowed
- | OAUTH_AUTHENTICATION_INVALID | 400 | 400.008.01   | Invalid authentication type passed
- | OAUTH_CREDENTIALS_WRONG      | 400 | 400.008.01   | Invalid authentication type passed
- | OAUTH_GRANT_INVALID          | 400 | 400.008.02   | Invalid grant type passed
"""
APIS = {
    "B": Api.ACCOUNT_BALANCE,
    "S": Api.TRANSACTION_STATUS,
    "E": Api.EXPRESS,
    "Q": Api.EXPRESS_QUERY,
    "R": Api.C2B_REGISTER,
    "C": Api.C2B,
    "P": Api.B2C,
    "-": None,
}
ROWS = [[cell.strip() for cell in line.split(" | ")] for line in TABLE.strip().splitlines()]
IDS = [f"{row[0]} {row[1]}" for row in ROWS]
OTHERWISE_OBSERVED = {
    ("S", "FIELD_INVALID"): (400, "400.002.02", "Bad Request - Invalid X"),
    ("-", "OAUTH_AUTHENTICATION_INVALID"): (400, "400.008.01", "Invalid Authentication passed"),
}
OF_ANOTHER_SHAPE = {"SPIKE_ARREST", "OAUTH_CREDENTIALS_WRONG"}


@pytest.mark.parametrize(("api", "name", "status", "code", "message"), ROWS, ids=IDS)
def test_documented(api: str, name: str, status: str, code: str, message: str) -> None:
    """`documented` answers as the pages' error tables say, three texts in their order."""
    said = answer(Refusal[name], api=APIS[api], profile=DOCUMENTED, request_id="515-5258779-3", detail="X")
    assert said.status == int(status)
    assert list(json.loads(said.body).items()) == [
        ("requestId", "515-5258779-3"),
        ("errorCode", code),
        ("errorMessage", message),
    ]


@pytest.mark.parametrize(("api", "name", "status", "code", "message"), ROWS, ids=IDS)
def test_observed(api: str, name: str, status: str, code: str, message: str) -> None:
    """`observed` answers alike but for the rows that the rulings name."""
    if name in OF_ANOTHER_SHAPE:
        return
    expected = OTHERWISE_OBSERVED.get((api, name), (int(status), code, message))
    said = answer(Refusal[name], api=APIS[api], profile=OBSERVED, request_id="1", detail="X")
    body = json.loads(said.body)
    assert (said.status, body["errorCode"], body["errorMessage"]) == expected


def test_every_refusal_is_in_the_table() -> None:
    """The table above leaves none out."""
    assert {row[1] for row in ROWS} == set(Refusal.__members__)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("api", [*Api, None])
@pytest.mark.parametrize("refusal", Refusal)
def test_every_combination_has_an_answer(refusal: Refusal, api: Api | None, profile: Profile) -> None:
    """No refusal is without an answer anywhere, and all of them are errors."""
    said = answer(refusal, api=api, profile=profile, request_id="1")
    assert 400 <= said.status <= 500


def test_an_observed_spike_arrest_is_a_fault() -> None:
    """Seen on the wire (wire facts 2.3): HTTP 429, another shape, the allowed rate in words."""
    rate = message_rate(5, 60_000_000, 1)
    said = answer(
        Refusal.SPIKE_ARREST, api=Api.TRANSACTION_STATUS, profile=OBSERVED, request_id="1", detail=rate
    )
    assert said.status == 429
    assert json.loads(said.body) == {
        "fault": {
            "faultstring": "Spike arrest violation. Allowed rate : MessageRate{messagesPerPeriod=5, "
            "periodInMicroseconds=60000000, maxBurstMessageCount=1.0}",
            "detail": {"errorcode": "policies.ratelimit.SpikeArrestViolation"},
        },
    }


def test_an_observed_wrong_secret_is_unexplained() -> None:
    """Seen on the wire (wire facts 1): HTTP 400 without a body."""
    said = answer(Refusal.OAUTH_CREDENTIALS_WRONG, api=None, profile=OBSERVED, request_id="1")
    assert (said.status, said.body) == (400, b"")


@given(st.text(), st.sampled_from(Refusal), st.sampled_from(list(PROFILES.values())))
def test_any_detail_is_tamed(detail: str, refusal: Refusal, profile: Profile) -> None:
    """Whatever a caller names a method or a field, the answer stays short printable JSON."""
    said = answer(refusal, api=Api.ACCOUNT_BALANCE, profile=profile, request_id="1", detail=detail)
    assert len(said.body) < 600
    assert said.body.isascii()
