"""The synchronous answer."""

import json

import pytest

from salio.wire.acknowledgements import ResponseCode, acknowledge, decline
from salio.wire.apis import Api
from salio.wire.profile import DOCUMENTED, OBSERVED, PROFILES, Profile
from salio.wire.results import WITH_RESULT

from .examples import sample

# code, name, wording: AB and TS, Response Body; AB, Error Codes of type ApiResponse
TABLE = """
0         | ACCEPTED                | Accept the service request successfully
24        | FIELDS_MISSING          | Missing mandatory fields
25        | PARAMETERS_INVALID      | InvalidRequestParameters
26        | TRAFFIC_BLOCKED         | Traffic blocking condition in place
100000000 | CACHED_FOR_RESENDING    | Request was cached, waiting for resending
100000001 | OVERLOADED              | The system is overload
100000002 | THROTTLED               | Throttling error
100000004 | INTERNAL_ERROR          | Internal Server Error
100000005 | INPUT_INVALID           | Invalid input value:%1
100000007 | SERVICE_ABNORMAL        | Service's status is abnormal.
100000009 | API_ABNORMAL            | API's status is abnormal
100000010 | PERMISSION_INSUFFICIENT | Insufficient permissions
100000011 | RATE_EXCEEDED           | Exceed the limitation of request rate
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(
    ("name", "api"),
    [
        pytest.param("ab_acknowledgement", Api.ACCOUNT_BALANCE, id="AB"),
        pytest.param("ts_acknowledgement", Api.TRANSACTION_STATUS, id="TS"),
        pytest.param("b2c_acknowledgement", Api.B2C, id="B2C"),
        pytest.param("pay_bill_acknowledgement", Api.B2B, id="pay bill"),
        pytest.param("buy_goods_acknowledgement", Api.B2B, id="buy goods"),
        pytest.param("top_up_acknowledgement", Api.B2B, id="top up"),
        pytest.param("tax_acknowledgement", Api.TAX_REMITTANCE, id="tax"),
        pytest.param("reversal_acknowledgement", Api.REVERSAL, id="Reversal"),
    ],
)
def test_produces_the_samples(name: str, api: Api) -> None:
    """`documented` answers as each page prints it, member for member, in order, full stop or none."""
    expected = sample(name)
    body = acknowledge(
        api,
        DOCUMENTED,
        originator_conversation_id=str(expected["OriginatorConversationID"]),
        conversation_id=str(expected["ConversationID"]),
    )
    assert list(json.loads(body).items()) == list(expected.items())


@pytest.mark.parametrize("api", WITH_RESULT)
def test_observed_ends_with_a_full_stop(api: Api) -> None:
    """`observed` ends its text with a full stop on both APIs."""
    body = acknowledge(api, OBSERVED, originator_conversation_id="a", conversation_id="b")
    assert json.loads(body)["ResponseDescription"] == "Accept the service request successfully."


def test_a_callers_id_is_quoted() -> None:
    """An id with quotes and backslashes travels unchanged."""
    body = acknowledge(
        Api.ACCOUNT_BALANCE, DOCUMENTED, originator_conversation_id='a"\\b', conversation_id="c"
    )
    assert json.loads(body)["OriginatorConversationID"] == 'a"\\b'


@pytest.mark.parametrize(("code", "name", "wording"), ROWS, ids=[row[1] for row in ROWS])
def test_code_and_wording(code: str, name: str, wording: str) -> None:
    """Each response code has AB's wording."""
    response = ResponseCode[name]
    assert (response.code, response.wording) == (code, wording)


def test_the_table_is_whole() -> None:
    """No response code is missing above."""
    assert [row[1] for row in ROWS] == list(ResponseCode.__members__)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("code", [code for code in ResponseCode if code is not ResponseCode.ACCEPTED])
def test_declines(code: ResponseCode, profile: Profile) -> None:
    """A declined request's answer has the same members, the code as text, and the field if there is room."""
    body = decline(
        code,
        Api.ACCOUNT_BALANCE,
        profile,
        originator_conversation_id="a",
        conversation_id="b",
        detail="PartyA",
    )
    assert list(json.loads(body).items()) == [
        ("OriginatorConversationID", "a"),
        ("ConversationID", "b"),
        ("ResponseCode", code.code),
        ("ResponseDescription", code.wording.replace("%1", "PartyA")),
    ]


def test_accepted_is_no_way_to_decline() -> None:
    """A decline that says 0 would be a lost request."""
    with pytest.raises(ValueError, match="not declined"):
        decline(
            ResponseCode.ACCEPTED,
            Api.ACCOUNT_BALANCE,
            DOCUMENTED,
            originator_conversation_id="a",
            conversation_id="b",
        )
