"""A question about a prompt, and its answer at once."""

import json

import msgspec
import pytest

from salio.wire import express_query
from salio.wire.acknowledgements import ResponseCode, decline
from salio.wire.apis import Api
from salio.wire.callbacks import read_result
from salio.wire.fields import InvalidField
from salio.wire.profile import DOCUMENTED, OBSERVED, PROFILES, Profile
from salio.wire.result_codes import ResultCode

from .examples import CREDENTIAL_LENGTH, SAMPLES, express_query_members, ordered, sample, without

# M-PESA Express Query, Request Parameter Definition, in its order: name, type
PAGE = [
    ("BusinessShortCode", "Numeric"),
    ("Password", "String"),
    ("Timestamp", "Timestamp"),
    ("CheckoutRequestID", "String"),
]
REQUEST = express_query.QueryRequest(
    business_short_code="174379",
    password=str(sample("express_query_request")["Password"]),
    timestamp="20160216165627",
    checkout_request_id="ws_CO_260520211133524545",
    unknown_members=(),
)
EVERY_PROFILE = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)


def read(members: dict[str, object], profile: Profile = DOCUMENTED) -> express_query.QueryRequest:
    """The members, read."""
    return express_query.read(members, profile, CREDENTIAL_LENGTH)


def refused(members: dict[str, object], profile: Profile = DOCUMENTED) -> InvalidField:
    """The error that reading these members raises."""
    with pytest.raises(InvalidField) as caught:
        read(members, profile)
    return caught.value


def test_the_table_is_the_pages() -> None:
    """Its rows in its order; a missing Password is a wrong one, as of the push."""
    assert [(field.name, field.kind) for field in express_query.TABLE.fields] == PAGE
    assert [field.name for field in express_query.TABLE.fields if not field.required] == ["Password"]


@EVERY_PROFILE
def test_reads_the_sample(profile: Profile) -> None:
    """As printed, but for the comma after its last member."""
    assert read(express_query_members(), profile) == REQUEST


@EVERY_PROFILE
@pytest.mark.parametrize("name", [name for name, _ in PAGE if name != "Password"])
def test_every_field_must_be_there(name: str, profile: Profile) -> None:
    """And is named if it is not."""
    assert refused(without(express_query_members(), name), profile).name == name


MALFORMED: dict[str, tuple[object, ...]] = {
    "BusinessShortCode": ("", "1743", "x", 0, True, []),
    "Timestamp": ("", "20160230165627", "now", 2016, True, None),
    "CheckoutRequestID": ("", "ws_CO_ 1", "x" * 65, "\u00e9", 7, True, [], None),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in MALFORMED.items() for value in values], ids=repr
)
def test_other_forms(name: str, value: object) -> None:
    """The field is named."""
    assert refused(express_query_members(**{name: value})).name == name


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"BusinessShortCode": 174379}, {}),
        ({"Timestamp": 20160216165627}, {}),
        ({"CheckoutRequestID": "7"}, {"checkout_request_id": "7"}),
        ({"Password": "not base64"}, {"password": ""}),
        ({"Password": None}, {"password": None}),
        ({"Surplus": 1}, {"unknown_members": ("Surplus",)}),
    ],
    ids=lambda value: next(iter(value), "as the sample"),
)
def test_forms_that_are_taken(changes: dict[str, object], expected: dict[str, object]) -> None:
    """Any id can be asked about; whether there is such a one is the next question."""
    assert read(express_query_members(**changes)) == msgspec.structs.replace(REQUEST, **expected)


def test_the_password_is_not_shown() -> None:
    """In no log and no traceback."""
    assert str(REQUEST.password) not in repr(REQUEST)


@EVERY_PROFILE
def test_produces_the_sample(profile: Profile) -> None:
    """Member for member, in order, in both profiles."""
    ids = "22205-34066-1", "ws_CO_13012021093521236557"
    body = express_query.answer(*ids, ResultCode.SUCCESS, profile)
    assert ordered(body) == ordered((SAMPLES / "express_query_answer.json").read_text())


@pytest.mark.parametrize(
    ("code", "profile", "told"),
    [
        (ResultCode.PROMPT_CANCELLED, DOCUMENTED, ("1032", "Request canceled by the user")),
        (ResultCode.PROMPT_CANCELLED, OBSERVED, ("1032", "Request cancelled by user.")),
        (ResultCode.AMOUNT_TOO_SMALL, DOCUMENTED, ("2", "Declined due to limit rule.")),
        (
            ResultCode.STILL_UNDER_PROCESSING,
            DOCUMENTED,
            ("4999", "The transaction is still under processing"),
        ),
        (ResultCode.STILL_UNDER_PROCESSING, OBSERVED, ("4999", "The transaction is still under processing")),
        (ResultCode.OPERATOR_UNKNOWN, OBSERVED, ("SFC_IC0003", "The operator does not exist.")),
    ],
    ids=lambda value: value.name if not isinstance(value, tuple) else "",
)
def test_every_code_is_text(code: ResultCode, profile: Profile, told: tuple[str, str]) -> None:
    """Whatever became of the prompt: the query itself succeeded (wire facts 5.4)."""
    body = express_query.answer("m", "c", code, profile)
    members = json.loads(body)
    assert (members["ResponseCode"], members["ResultCode"], members["ResultDesc"]) == ("0", *told)
    assert (read_result(body).code, read_result(body).description) == told


def test_declines_without_a_message_for_the_customer() -> None:
    """The page's answer has none."""
    ids = {"originator_conversation_id": "m", "conversation_id": "c"}
    body = decline(ResponseCode.OVERLOADED, Api.EXPRESS_QUERY, DOCUMENTED, **ids)
    assert list(json.loads(body)) == [
        "MerchantRequestID",
        "CheckoutRequestID",
        "ResponseCode",
        "ResponseDescription",
    ]
