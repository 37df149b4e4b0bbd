"""Callbacks as a person reads them."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.portal.reading import MOST_ROWS, Amount, Kind, as_json, read_body, visible
from salio.wire import results
from salio.wire.apis import Api
from salio.wire.profile import PROFILES, Profile
from salio.wire.result_codes import ResultCode
from tests.builders import NOW
from tests.portal.samples import SAMPLES

HEAD = results.ResultHead("515-5258779-3", "AG_20200123_0000417fed8ed666e976", "UHP0000000")


def a_result(**changes: object) -> bytes:
    """A small result with these members."""
    return json.dumps({"Result": {"ResultCode": 0, "ResultDesc": "Done", **changes}}).encode()


def with_parameters(parameters: object) -> bytes:
    """A result with these parameters."""
    return a_result(ResultParameters={"ResultParameter": parameters})


def test_a_balance_is_a_table_of_its_accounts() -> None:
    """AB's sample shows five accounts with their amounts, the negative ones marked."""
    reading = read_body((SAMPLES / "ab_result.json").read_bytes())
    assert (reading.kind, reading.subject) == (Kind.SUCCEEDED, "Account balance")
    assert reading.headline == "0 — The service request is processed successfully"
    names = ["Working", "Float", "Utility", "Charges Paid", "Organization Settlement"]
    assert [each.name for each in reading.accounts] == [f"{name} Account" for name in names]
    owed, nothing = Amount("\N{MINUS SIGN}1,540.00", "negative"), Amount("0.00", "zero")
    assert reading.accounts[3].amounts == (owed, owed, nothing, nothing)
    assert reading.accounts[0].amounts[0] == Amount("700,000.00", "")
    assert [each.key for each in reading.facts] == ["BOCompletedTime"]
    assert reading.facts[0].note == "2020-01-09 12:57:10 EAT"


def test_a_status_is_a_table_of_its_parameters() -> None:
    """TS's sample shows its thirteen parameters in order, apart from the query's own ids."""
    body = (SAMPLES / "ts_result.json").read_bytes()
    reading = read_body(body)
    sent = json.loads(body)["Result"]["ResultParameters"]["ResultParameter"]
    assert (reading.kind, reading.subject) == (Kind.SUCCEEDED, "Transaction status")
    assert [(each.key, each.value) for each in reading.facts] == [
        (each["Key"], each.get("Value", "—")) for each in sent
    ]
    ids = {each.key: each.value for each in reading.identifiers}
    assert ids["TransactionID"] == "MBN0000000"
    assert ids["OriginatorConversationID"] == "3213-416199-2"


PROMPT = {
    "MerchantRequestID": "1-2-3",
    "CheckoutRequestID": "ws_CO_1",
    "ResultCode": 0,
    "ResultDesc": "Done.",
}


def test_a_prompt_is_told_with_what_was_paid() -> None:
    """M-PESA Express: its two ids apart, its items as rows, one of them without a value."""
    items = [
        {"Name": "Amount", "Value": 1.5},
        {"Name": "Balance"},
        {"Name": "TransactionDate", "Value": 20191219102115},
    ]
    told = {**PROMPT, "CallbackMetadata": {"Item": items}}
    reading = read_body(json.dumps({"Body": {"stkCallback": told}}).encode())
    assert (reading.kind, reading.subject, reading.headline) == (
        Kind.SUCCEEDED,
        "M-PESA Express",
        "0 — Done.",
    )
    assert [each.value for each in reading.identifiers] == ["1-2-3", "ws_CO_1"]
    assert [(each.key, each.value, each.note) for each in reading.facts] == [
        ("Amount", "1.5", ""),
        ("Balance", "—", ""),
        ("TransactionDate", "20191219102115", "2019-12-19 10:21:15 EAT"),
    ]


def test_a_prompt_that_failed() -> None:
    """It has no metadata."""
    told = {**PROMPT, "ResultCode": 1032, "ResultDesc": "Request cancelled by user."}
    reading = read_body(json.dumps({"Body": {"stkCallback": told}}).encode())
    assert (reading.kind, reading.facts) == (Kind.FAILED, ())
    assert reading.headline == "1032 — Request cancelled by user."


@pytest.mark.parametrize(
    ("balance", "subject", "headline"),
    [
        pytest.param("25.00", "Confirmation", "5.00 paid to 600966", id="confirmed"),
        pytest.param("", "Validation", "Does 600966 take 5.00?", id="to be validated"),
    ],
)
def test_a_customers_payment(balance: str, subject: str, headline: str) -> None:
    """C2B: what has no balance is not paid yet."""
    notice = {
        "TransID": "RKL51ZDR4F",
        "TransTime": "20231121121325",
        "TransAmount": "5.00",
        "BusinessShortCode": "600966",
        "OrgAccountBalance": balance,
    }
    reading = read_body(json.dumps(notice).encode())
    assert (reading.kind, reading.subject, reading.headline) == (Kind.PAYMENT, subject, headline)
    assert [each.value for each in reading.identifiers] == ["RKL51ZDR4F"]
    assert reading.facts[0].note == "2023-11-21 12:13:25 EAT"


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
@pytest.mark.parametrize("api", Api)
@pytest.mark.parametrize("code", [code for code in ResultCode if code is not ResultCode.SUCCESS])
def test_every_failure_is_told_in_a_line(code: ResultCode, api: Api, profile: Profile) -> None:
    """Code and description, in either profile, be the code text or number."""
    body = results.failed_result(HEAD, api, code, profile, completed_at=NOW)
    reading = read_body(body)
    assert (reading.kind, reading.headline) == (Kind.FAILED, f"{code.code} — {profile.pages[api].text(code)}")


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_a_timeout_is_no_failure(profile: Profile) -> None:
    """A timeout notice is called what it is, though it has a failure's code."""
    body = results.timeout_notice(HEAD, Api.ACCOUNT_BALANCE, profile)
    reading = read_body(body)
    assert reading.kind is Kind.TIMED_OUT
    assert reading.headline.startswith("Queue timeout: ")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "the body is empty"),
        (b" \n", "the body is empty"),
        (b"a=1", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"a": NaN}', "not JSON"),
        (b"9" * 5000, "not JSON"),
        (b"[" * 60_000, "not JSON"),
        (b"[" * 60 + b"]" * 60, "nested too deeply"),
        (b"7", "JSON without a Result that has a ResultCode"),
        (b"[]", "JSON without a Result that has a ResultCode"),
        (b'{"Result": "0"}', "JSON without a Result that has a ResultCode"),
        (b'{"Result": {}}', "JSON without a Result that has a ResultCode"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_what_is_no_result(body: bytes, why: str) -> None:
    """Anything else is shown too, with the reason why it is no result."""
    reading = read_body(body)
    assert (reading.kind, reading.headline) == (Kind.OTHER, f"Not a Daraja result: {why}")


@pytest.mark.parametrize(
    ("parameters", "shown"),
    [
        ({"Key": "A", "Value": 1.50}, [("A", "1.5")]),
        ([{"Key": "A", "Value": ""}, {"Key": "B"}], [("A", "—"), ("B", "—")]),
        ([{"Key": 5, "Value": {"x": [None, True]}}], [("5", '{"x": [null, true]}')]),
        ([{"Key": "FinalisedTime", "Value": True}], [("FinalisedTime", "true")]),
        ([{"Key": "AccountBalance", "Value": "no balance"}], [("AccountBalance", "no balance")]),
        ([{"Key": "AccountBalance", "Value": 7}], [("AccountBalance", "7")]),
        ([{"Key": "A", "Value": 10**4000}], [("A", "1" + "0" * 4000)]),
        (["x", None, {"Value": 1}], []),
        (None, []),
        ("x", []),
    ],
)
def test_odd_parameters(parameters: object, shown: list[tuple[str, str]]) -> None:
    """Parameters of every form are shown as far as they are any."""
    reading = read_body(with_parameters(parameters))
    assert [(each.key, each.value) for each in reading.facts] == shown
    assert reading.accounts == ()


def test_a_flood_of_parameters_is_cut() -> None:
    """A table has an end; how many rows were left out is told."""
    reading = read_body(with_parameters([{"Key": str(number)} for number in range(1000)]))
    assert (len(reading.facts), reading.more_facts) == (MOST_ROWS, 1000 - MOST_ROWS)


def test_json_is_indented_as_it_was_written() -> None:
    """Equal members and the form of numbers survive the indentation."""
    assert read_body(b'{"a":1.0,"a":1e5}').text == '{\n  "a": 1.0,\n  "a": 1e5\n}'


@pytest.mark.parametrize("character", ["\0", "\x1b", "\x7f", "\u202e", "\u2066", "\u200b"])
def test_what_cannot_be_seen_is_spelt_out(character: str) -> None:
    """Characters that hide, or turn the text round, stand as escapes; lines and tabs stay."""
    assert visible(f"a{character}b\n\t") == f"a\\u{ord(character):04x}b\n\t"


def test_json_bodies_stay_json() -> None:
    """In a JSON answer a body that is JSON stays it, byte for byte; any other is a string."""
    bodies = [b'{"a":1,"a":1.0}', b"hello", b"\xff"]
    assert msgspec.json.encode([as_json(body) for body in bodies]) == (
        b'[{"a":1,"a":1.0},"hello","' + "\ufffd".encode() + b'"]'
    )


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["Result", "ResultCode", "ResultParameters", "ResultParameter", "Key", "Value"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(st.binary(max_size=300) | ANY_JSON.map(json.dumps).map(str.encode))
def test_nothing_is_unreadable(body: bytes) -> None:
    """Whatever was posted can be shown, and listed as JSON that parses again."""
    assert read_body(body).headline
    json.loads(msgspec.json.encode([as_json(body)]))
