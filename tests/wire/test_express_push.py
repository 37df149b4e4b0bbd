"""A prompt to a customer, read, acknowledged and told how it ended."""

import json

import msgspec
import pytest

from salio.wire import express_push
from salio.wire.acknowledgements import ResponseCode, acknowledge, decline
from salio.wire.apis import Api
from salio.wire.callbacks import read_result
from salio.wire.fields import InvalidField
from salio.wire.profile import DOCUMENTED, OBSERVED, PROFILES, Profile
from salio.wire.result_codes import ResultCode
from salio.wire.strict_json import NumberText

from . import captures
from .examples import CREDENTIAL_LENGTH, SAMPLES, express_members, moment, ordered, sample, without

# M-PESA Express, Request Parameter Definition, in its order: name, type
PAGE = [
    ("BusinessShortCode", "Numeric"),
    ("Password", "String"),
    ("Timestamp", "Timestamp"),
    ("TransactionType", "String"),
    ("Amount", "Numeric"),
    ("PartyA", "Numeric"),
    ("PartyB", "Numeric"),
    ("PhoneNumber", "Numeric"),
    ("CallBackURL", "URL"),
    ("AccountReference", "Alpha-Numeric"),
    ("TransactionDesc", "String"),
]
PASSED_ON = {"Password", "TransactionDesc"}
"""A missing Password is a wrong one (Error Codes, 500.001.1001); TransactionDesc alone is optional."""
PASSKEY = "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"
REQUEST = express_push.PushRequest(
    business_short_code="174379",
    password=str(sample("express_request")["Password"]),
    timestamp="20210628092408",
    transaction_type="CustomerPayBillOnline",
    cents=100,
    payer="254722000000",
    party_b="174379",
    phone="254722111111",
    callback_url="https://mydomain.com/path",
    account_reference="accountref",
    description="txndesc",
    unknown_members=(),
)
PAID = express_push.Paid(
    cents=100, receipt="NLJ7RT61SV", paid_at=moment("20191219102115"), payer="254708374149"
)
PAID_IDS = "29115-34620561-1", "ws_CO_191220191020363925"
EVERY_PROFILE = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)


def read(members: dict[str, object], profile: Profile = DOCUMENTED) -> express_push.PushRequest:
    """The members, read."""
    return express_push.read(members, profile, CREDENTIAL_LENGTH)


def refused(members: dict[str, object], profile: Profile = DOCUMENTED) -> InvalidField:
    """The error that reading these members raises."""
    with pytest.raises(InvalidField) as caught:
        read(members, profile)
    return caught.value


def told(code: ResultCode, profile: Profile = DOCUMENTED) -> dict[str, object]:
    """The callback of a prompt that ended unpaid, without its envelope."""
    body = express_push.callback("m", "c", code, None, profile)
    members = json.loads(body)["Body"]["stkCallback"]
    assert isinstance(members, dict)
    return members


# --- the request -----------------------------------------------------------------------------------------


def test_the_table_is_the_pages() -> None:
    """Its rows in its order."""
    assert [(field.name, field.kind) for field in express_push.TABLE.fields] == PAGE
    assert {field.name for field in express_push.TABLE.fields if not field.required} == PASSED_ON


@EVERY_PROFILE
def test_reads_the_sample(profile: Profile) -> None:
    """As printed; there is neither a credential nor an id of the caller's."""
    request = read(express_members(), profile)
    assert request == REQUEST
    assert (request.security_credential, request.originator_conversation_id) == ("", None)


@EVERY_PROFILE
@pytest.mark.parametrize("name", [name for name, _ in PAGE if name not in PASSED_ON])
def test_every_field_must_be_there(name: str, profile: Profile) -> None:
    """And is named if it is not (Note: all fields apart from TransactionDesc are mandatory)."""
    assert refused(without(express_members(), name), profile).name == name


def test_without_a_comment() -> None:
    """TransactionDesc may be left out, or be empty."""
    assert read(without(express_members(), "TransactionDesc")).description is None
    assert read(express_members(TransactionDesc="")).description is None


MALFORMED: dict[str, tuple[object, ...]] = {
    "BusinessShortCode": ("", "1743", "174379x", "254722000000", 0, -174379, True, [], NumberText("1e5")),
    "Timestamp": (
        *("", "2021062809240", "202106280924080", "2021-06-28 09:24", "20210631092408", "20210628252408"),
        *("20210628092408 ", "٢٠٢١٠٦٢٨٠٩٢٤٠٨", 2021, -20210628092408, True, {}, NumberText("2.0e13")),
    ),
    "TransactionType": ("CustomerPayBill", "customerPayBillOnline", "CustomerPayBillOnline ", 1, []),
    "Amount": ("", "0", 0, "-1", "1.50", "ten", True, [], NumberText("1.5"), NumberText("1e3"), 10**15),
    "PartyA": ("", "0722000000", "174379", "+254722000000", "25472200000", "2547220000000", 1, None, []),
    "PartyB": ("", "1743", "254722000000", "x", None, {}),
    "PhoneNumber": ("", "0722111111", "254722", "174379", 5, None),
    "CallBackURL": ("", "mydomain.com/path", "ftp://mydomain.com", "https://my domain.com", 7, "https://"),
    "AccountReference": ("", "x" * 13, "a\0b", 12, True, []),
    "TransactionDesc": ("x" * 14, "a\0b", 12, True, []),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in MALFORMED.items() for value in values], ids=repr
)
def test_other_forms(name: str, value: object) -> None:
    """The field is named."""
    assert refused(express_members(**{name: value})).name == name


def test_every_field_has_other_forms() -> None:
    """But for Password, of which any other form is a wrong one."""
    assert {*MALFORMED, "Password"} == {name for name, _ in PAGE}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"BusinessShortCode": "174379"}, {}),
        ({"Timestamp": 20210628092408}, {}),
        ({"Amount": 250_000}, {"cents": 25_000_000}),
        ({"Amount": NumberText("10.00")}, {"cents": 1_000}),
        ({"PartyA": 254722000000}, {}),
        ({"PartyB": 174379}, {}),
        ({"PhoneNumber": 254722111111}, {}),
        ({"TransactionType": "CustomerBuyGoodsOnline"}, {"transaction_type": "CustomerBuyGoodsOnline"}),
        ({"AccountReference": "x" * 12}, {"account_reference": "x" * 12}),
        ({"TransactionDesc": "x" * 13}, {"description": "x" * 13}),
        ({"Surplus": 1}, {"unknown_members": ("Surplus",)}),
    ],
    ids=lambda value: next(iter(value), "as the sample"),
)
def test_forms_that_are_taken(changes: dict[str, object], expected: dict[str, object]) -> None:
    """Numbers as text or number, texts up to their limit; another member is ignored and named."""
    assert read(express_members(**changes)) == msgspec.structs.replace(REQUEST, **expected)


@pytest.mark.parametrize(
    "value", ["MTc0 Mzc5", "MTc0Mzc5===", "x" * 401, "\ud800", 174379, ["MTc0"], True], ids=repr
)
def test_what_is_no_password_is_a_wrong_one(value: object) -> None:
    """The page has no format error for it: nothing that could be right is left of it."""
    assert read(express_members(Password=value)).password == ""


@pytest.mark.parametrize("members", [without(express_members(), "Password"), express_members(Password="")])
def test_a_missing_password(members: dict[str, object]) -> None:
    """The same (Error Codes: invalid or missing)."""
    assert not read(members).password


def test_the_first_of_several_is_named() -> None:
    """In the page's order, and what is missing before what is malformed."""
    assert refused(express_members(PartyB="x", Amount="x")).name == "Amount"
    assert refused(without(express_members(Amount="x"), "PartyB")).name == "PartyB"


def test_the_password_is_not_shown() -> None:
    """In no log and no traceback."""
    assert str(REQUEST.password) not in repr(REQUEST)


def test_the_samples_password() -> None:
    """Base64 of short code, passkey and timestamp, one after another."""
    assert express_push.make_password("174379", PASSKEY, "20210628092408") == REQUEST.password


# --- the acknowledgement ---------------------------------------------------------------------------------


@EVERY_PROFILE
def test_produces_the_acknowledgement(profile: Profile) -> None:
    """Member for member, in order, in both profiles."""
    expected = sample("express_acknowledgement")
    body = acknowledge(
        Api.EXPRESS,
        profile,
        originator_conversation_id=str(expected["MerchantRequestID"]),
        conversation_id=str(expected["CheckoutRequestID"]),
    )
    assert ordered(body) == ordered(json.dumps(expected))


def test_declines_in_the_same_members() -> None:
    """The customer's message is the developer's."""
    ids = {"originator_conversation_id": "m", "conversation_id": "c"}
    body = decline(ResponseCode.OVERLOADED, Api.EXPRESS, DOCUMENTED, **ids)
    assert json.loads(body) == {
        "MerchantRequestID": "m",
        "CheckoutRequestID": "c",
        "ResponseCode": "100000001",
        "ResponseDescription": "The system is overload",
        "CustomerMessage": "The system is overload",
    }


# --- the callback ----------------------------------------------------------------------------------------


def test_produces_the_sample() -> None:
    """`documented`: the page's callback, member for member, in order, down to the cents."""
    body = express_push.callback(*PAID_IDS, ResultCode.SUCCESS, PAID, DOCUMENTED)
    assert ordered(body) == ordered((SAMPLES / "express_callback.json").read_text())


def test_produces_what_was_seen() -> None:
    """`observed`: a Balance without a Value stands among the items (wire facts 5.4)."""
    body = express_push.callback(*PAID_IDS, ResultCode.SUCCESS, PAID, OBSERVED)
    assert ordered(body) == ordered(captures.PUSH)


def test_produces_the_failed_sample() -> None:
    """`documented`: without a full stop and without CallbackMetadata."""
    ids = "f1e2-4b95-a71d-b30d3cdbb7a7942864", "ws_CO_21072024125243250722943992"
    body = express_push.callback(*ids, ResultCode.PROMPT_CANCELLED, None, DOCUMENTED)
    assert ordered(body) == ordered((SAMPLES / "express_failed_callback.json").read_text())


def test_produces_the_failure_that_was_seen() -> None:
    """`observed`: with a full stop."""
    body = express_push.callback(*PAID_IDS, ResultCode.PROMPT_CANCELLED, None, OBSERVED)
    assert ordered(body) == ordered(captures.PUSH_CANCELLED)


# M-PESA Express, Result codes but for 0 and 1032; a number travels as a number
TEXTS = """
1          | The balance is insufficient for the transaction.
2          | Declined due to limit rule.
3          | Declined due to limit rule: greater than the maximum transaction amount.
4          | Declined due to limit rule: would exceed daily transfer limit.
8          | Declined due to limit rule: would exceed the maximum balance.
17         | Rule limited.
1019       | Transaction has expired.
1025       | An error occurred while sending a push request.
1037       | DS timeout user cannot be reached.
2001       | The initiator information is invalid.
2028       | The request is not permitted according to product assignment.
8006       | The security credential is locked.
SFC_IC0003 | The operator does not exist.
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in TEXTS.strip().splitlines()]
SAID_OTHERWISE_ELSEWHERE = {ResultCode.INTERNAL_FAILURE}
"""17 of the other APIs."""


@EVERY_PROFILE
@pytest.mark.parametrize(("code", "text"), ROWS, ids=[row[0] for row in ROWS])
def test_every_failure(code: str, text: str, profile: Profile) -> None:
    """As the page words it, full stop and all; nothing was paid, so nothing is told of it."""
    (outcome,) = (each for each in ResultCode if each.code == code and each not in SAID_OTHERWISE_ELSEWHERE)
    assert told(outcome, profile) == {
        "MerchantRequestID": "m",
        "CheckoutRequestID": "c",
        "ResultCode": int(code) if code.isdecimal() else code,
        "ResultDesc": text,
    }


@EVERY_PROFILE
def test_our_own_reader_agrees(profile: Profile) -> None:
    """What is told here is read there."""
    result = read_result(express_push.callback(*PAID_IDS, ResultCode.SUCCESS, PAID, profile))
    assert result.succeeded
    assert (result.originator_conversation_id, result.conversation_id) == PAID_IDS
    assert (str(result.amount("Amount")), result.value("MpesaReceiptNumber")) == ("1.00", "NLJ7RT61SV")
    assert (result.moment("TransactionDate"), result.value("PhoneNumber")) == (PAID.paid_at, 254708374149)
    assert result.value("Balance") is None
