"""Results: the samples of both pages, the captures, and every failure."""

import json
from typing import Any

import msgspec
import pytest

from salio.wire import account_balance, b2c_payment, results, transaction_status
from salio.wire.apis import Api
from salio.wire.balance_text import AccountAmounts, read_accounts
from salio.wire.profile import DOCUMENTED, OBSERVED, PROFILES, Profile
from salio.wire.result_codes import ResultCode
from salio.wire.results import ResultHead
from salio.wire.transaction_status import TransactionDetails, charge_text

from .examples import SAMPLES, moment, ordered, sample

HEAD = ResultHead("16917-22577599-3", "AG_20200206_00005e091a8ec6b9eac5", "OA90000000")
SAMPLE_ACCOUNTS = (
    AccountAmounts("Working Account", "KES", 70000000, 70000000, 0, 0),
    AccountAmounts("Float Account", "KES", 0, 0, 0, 0),
    AccountAmounts("Utility Account", "KES", 22803700, 22803700, 0, 0),
    AccountAmounts("Charges Paid Account", "KES", -154000, -154000, 0, 0),
    AccountAmounts("Organization Settlement Account", "KES", 0, 0, 0, 0),
)
INTERNAL_URL = "https://internalsandbox.safaricom.co.ke/mpesa/abresults/v1/submit"
COMPLETED_AT = moment("20200109125710")
PAYOUT = TransactionDetails(
    debit_party_name="600310 - Safaricom333",
    credit_party_name="254708374149 - John Doe",
    originator_conversation_id="3211-416020-3",
    conversation_id="AG_20180223_000041b09c22e613d6c9",
    initiated_at=moment("20180223054112"),
    finalised_at=moment("20180223054112"),
    debit_account_type="Utility Account",
    debit_party_charges=charge_text("Fee For B2C Payment", "KES", 2240),
    credit_party_charges=None,
    reason=None,
    reason_type="Business Payment to Customer via API",
    transaction_status="Completed",
    amount=30000,
    receipt="MBN31H462N",
)
PAYMENT = TransactionDetails(
    debit_party_name="0790000000 - JANE  DOE",
    credit_party_name="4100000 -  SOME ENTERPRISE",
    originator_conversation_id="6b16-43f4-a9f6-8e81ad29eeab2987739",
    conversation_id="AG_20250117_20503343d9b604c7af7e",
    initiated_at=moment("20250117170614"),
    finalised_at=moment("20250117170614"),
    debit_account_type="MMF Account For Customer",
    debit_party_charges=None,
    credit_party_charges="",
    reason=None,
    reason_type="Pay Bill Online",
    transaction_status="Completed",
    amount=100,
    receipt="TAH5J2K991",
)
CAPTURED_STATUS = """{"Result":{"ResultType":0,"ResultCode":0,
 "ResultDesc":"The service request is processed successfully.",
 "OriginatorConversationID":"21dc-4436-8408-ee2f032ee36b9257921",
 "ConversationID":"AG_20250117_20305b55146d275e7daf",
 "TransactionID":"TAH0000000",
 "ResultParameters":{"ResultParameter":[
  {"Key":"DebitPartyName","Value":"0790000000 - JANE  DOE"},
  {"Key":"CreditPartyName","Value":"4100000 -  SOME ENTERPRISE"},
  {"Key":"OriginatorConversationID","Value":"6b16-43f4-a9f6-8e81ad29eeab2987739"},
  {"Key":"InitiatedTime","Value":20250117170614},
  {"Key":"CreditPartyCharges"},
  {"Key":"DebitAccountType","Value":"MMF Account For Customer"},
  {"Key":"TransactionReason"},
  {"Key":"ReasonType","Value":"Pay Bill Online"},
  {"Key":"TransactionStatus","Value":"Completed"},
  {"Key":"FinalisedTime","Value":20250117170614},
  {"Key":"Amount","Value":1.0},
  {"Key":"ConversationID","Value":"AG_20250117_20503343d9b604c7af7e"},
  {"Key":"ReceiptNo","Value":"TAH5J2K991"}]},
 "ReferenceData":{"ReferenceItem":{"Key":"Occasion","Value":"Query"}}}}"""
"""A production status result (wire facts 2.6)."""


TO_BUSINESSES = frozenset({Api.B2B, Api.TAX_REMITTANCE})


def result_of(body: bytes) -> dict[str, Any]:
    """What is inside of `Result`."""
    members = json.loads(body)["Result"]
    assert isinstance(members, dict)
    return members


def parameters_of(body: bytes) -> dict[str, object]:
    """The parameters of a result, by key, with `absent` for a key without a value."""
    listed = result_of(body)["ResultParameters"]["ResultParameter"]
    return {item["Key"]: item.get("Value", "absent") for item in listed}


def test_produces_the_balance_sample() -> None:
    """AB's sample, member for member, in order."""
    body = account_balance.result(HEAD, SAMPLE_ACCOUNTS, COMPLETED_AT, DOCUMENTED)
    assert ordered(body) == ordered(json.dumps(sample("ab_result")))


def test_produces_the_status_sample() -> None:
    """TS's sample, member for member, in order, but that the second DebitPartyName is CreditPartyName."""
    head = ResultHead("3213-416199-2", "AG_20180223_0000493344ae97d86f75", "MBN0000000")
    expected = json.dumps(sample("ts_result"))
    first = expected.index("DebitPartyName") + 1
    expected = expected[:first] + expected[first:].replace("DebitPartyName", "CreditPartyName", 1)
    assert ordered(transaction_status.result(head, PAYOUT, DOCUMENTED)) == ordered(expected)


B2C_HEAD = ResultHead("53e3-4aa8-9fe0-8fb5e4092cdd3533373", "AG_20240706_2010364430d9bbdaf872", "SG632NMUAB")
B2C_PAYMENT = b2c_payment.PaymentDetails(
    amount=1_000,
    receiver_name="254705912645 - NICHOLAS JOHN SONGOK",
    utility_funds=895_926_960,
    working_funds=119_937_100,
    charges_paid_funds=-198_000,
)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_produces_the_payment_sample(profile: Profile) -> None:
    """The B2C page's sample, member for member, in order, down to the cents; it is what was captured too."""
    body = b2c_payment.result(B2C_HEAD, B2C_PAYMENT, moment("20240706224852"), profile)
    printed = (SAMPLES / "b2c_result.json").read_text()
    assert ordered(body) == ordered(printed)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_produces_the_failed_payment_sample(profile: Profile) -> None:
    """No parameters, and the receipt that the payment would have had."""
    head = ResultHead("53e3-4aa8-9fe0-8fb5e4092cdd3544366", "AG_20240707_201062f6f6f5804f7a33", "SG722NMVXQ")
    code = ResultCode.INITIATOR_INFORMATION_INVALID
    body = results.failed_result(head, Api.B2C, code, profile, completed_at=COMPLETED_AT)
    assert ordered(body) == ordered(json.dumps(sample("b2c_failed_result")))


def test_half_a_shilling_is_paid() -> None:
    """An amount that is not whole has both its cents."""
    payment = msgspec.structs.replace(B2C_PAYMENT, amount=1_050)
    body = b2c_payment.result(B2C_HEAD, payment, COMPLETED_AT, DOCUMENTED)
    assert b'"TransactionAmount","Value":10.50}' in body


def test_produces_the_captured_balance() -> None:
    """`observed` sends what production sent (wire facts 2.5), but for the host of the internal address."""
    head = ResultHead("8d0a-4cf1-a3f3-ebad341607ad16074", "AG_20260825_010020480ucukatfpxp2", "UHP0000000")
    text = "Working Account|KES|0.00|0.00|0.00|0.00&Merchant Account|KES|0.00|0.00|0.00|0.00"
    body = account_balance.result(head, read_accounts(text), moment("20260825140947"), OBSERVED)
    assert ordered(body) == [
        (
            "Result",
            [
                ("ResultType", 0),
                ("ResultCode", 0),
                ("ResultDesc", "The service request is processed successfully."),
                ("OriginatorConversationID", head.originator_conversation_id),
                ("ConversationID", head.conversation_id),
                ("TransactionID", "UHP0000000"),
                (
                    "ResultParameters",
                    [
                        (
                            "ResultParameter",
                            [
                                [("Key", "ActionType"), ("Value", "AccountBalance")],
                                [("Key", "AccountBalance"), ("Value", text)],
                                [("Key", "BOCompletedTime"), ("Value", 20260825140947)],
                            ],
                        ),
                    ],
                ),
                (
                    "ReferenceData",
                    [
                        (
                            "ReferenceItem",
                            [
                                ("Key", "QueueTimeoutURL"),
                                ("Value", INTERNAL_URL),
                            ],
                        )
                    ],
                ),
            ],
        ),
    ]


def test_produces_the_captured_status() -> None:
    """`observed` sends what production sent, down to the amount's one decimal."""
    head = ResultHead(
        "21dc-4436-8408-ee2f032ee36b9257921",
        "AG_20250117_20305b55146d275e7daf",
        "TAH0000000",
        {"Occasion": "Query"},
    )
    assert ordered(transaction_status.result(head, PAYMENT, OBSERVED)) == ordered(CAPTURED_STATUS)


@pytest.mark.parametrize(
    ("cents", "documented", "observed"),
    [
        pytest.param(30000, '"300"', "300.0", id="whole"),
        pytest.param(30050, '"300.50"', "300.5", id="ten cents"),
        pytest.param(2245, '"22.45"', "22.45", id="cents"),
        pytest.param(100, '"1"', "1.0", id="one"),
        pytest.param(0, '"0"', "0.0", id="nothing"),
        pytest.param(
            1234567890123456789, '"12345678901234567.89"', "12345678901234567.89", id="beyond floats"
        ),
    ],
)
def test_amounts(cents: int, documented: str, observed: str) -> None:
    """Text in one profile, a number in the other, exact to the cent in both."""
    details = msgspec.structs.replace(PAYOUT, amount=cents)
    for profile, written in ((DOCUMENTED, documented), (OBSERVED, observed)):
        body = transaction_status.result(HEAD, details, profile).decode()
        assert f'{{"Key":"Amount","Value":{written}}}' in body


@pytest.mark.parametrize(
    ("debit", "credit", "expected"),
    [
        pytest.param(None, None, {"DebitPartyCharges": "absent"}, id="neither side"),
        pytest.param("fee", None, {"DebitPartyCharges": "fee"}, id="debit side"),
        pytest.param(None, "fee", {"CreditPartyCharges": "fee"}, id="credit side"),
        pytest.param(None, "", {"CreditPartyCharges": "absent"}, id="credit side, nothing charged"),
        pytest.param("fee", "levy", {"DebitPartyCharges": "fee", "CreditPartyCharges": "levy"}, id="both"),
    ],
)
@pytest.mark.parametrize(
    ("profile", "before"),
    [
        pytest.param(DOCUMENTED, "DebitAccountType", id="documented"),
        pytest.param(OBSERVED, "InitiatedTime", id="observed"),
    ],
)
def test_the_charges_key_goes_by_direction(
    debit: str | None, credit: str | None, expected: dict[str, str], profile: Profile, before: str
) -> None:
    """The side that bears the charge is told, where each profile has the key."""
    details = msgspec.structs.replace(PAYOUT, debit_party_charges=debit, credit_party_charges=credit)
    told = parameters_of(transaction_status.result(HEAD, details, profile))
    assert {key: told[key] for key in told if key.endswith("Charges")} == expected
    assert list(told)[list(told).index(before) + 1] == next(iter(expected))


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_what_is_not_known_has_no_value(profile: Profile) -> None:
    """An unfinished transaction of a customer lacks values, not keys."""
    details = msgspec.structs.replace(
        PAYOUT, finalised_at=None, originator_conversation_id=None, conversation_id=None, reason_type=None
    )
    told = parameters_of(transaction_status.result(HEAD, details, profile))
    assert {key for key, value in told.items() if value == "absent"} == {
        "OriginatorConversationID",
        "TransactionReason",
        "ReasonType",
        "FinalisedTime",
        "ConversationID",
    }


def failed(api: Api, code: ResultCode, profile: Profile, *fields: str) -> dict[str, Any]:
    """The result of a failed request."""
    head = msgspec.structs.replace(HEAD, reference={"Occasion": "rent"})
    return result_of(
        results.failed_result(head, api, code, profile, fields=fields, completed_at=COMPLETED_AT)
    )


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("api", results.WITH_RESULT)
@pytest.mark.parametrize("code", [code for code in ResultCode if code is not ResultCode.SUCCESS])
def test_every_failure(api: Api, code: ResultCode, profile: Profile) -> None:
    """Each failure carries its code, wording and ids; its code is text on AB's page, and where it must be."""
    members = failed(api, code, profile)
    as_text = (profile is DOCUMENTED and api is Api.ACCOUNT_BALANCE) or not code.code.isdecimal()
    assert members["ResultCode"] == (code.code if as_text else int(code.code))
    assert str(members["ResultType"]) == "0"
    invalid_receiver = api in TO_BUSINESSES and code is ResultCode.OPERATOR_UNKNOWN
    assert members["ResultDesc"] == ("Receiver party is invalid" if invalid_receiver else code.description)
    assert members["TransactionID"] == HEAD.transaction_id


@pytest.mark.parametrize("code", [code for code in ResultCode if not code.names_fields][1:])
@pytest.mark.parametrize("api", [each for each in results.WITH_RESULT if each not in TO_BUSINESSES])
def test_documented_failures_have_no_parameters(api: Api, code: ResultCode) -> None:
    """A failure has nothing more to say, but to businesses: see `test_b2b_payment`."""
    assert "ResultParameters" not in failed(api, code, DOCUMENTED)


@pytest.mark.parametrize("code", [ResultCode.MANDATORY_FIELDS_MISSING, ResultCode.PARAMETERS_INVALID])
@pytest.mark.parametrize("api", [each for each in results.WITH_RESULT if each not in TO_BUSINESSES])
def test_documented_24_and_25_name_the_fields(api: Api, code: ResultCode) -> None:
    """One parameter, in a list, names the fields (AB, Error Codes)."""
    members = failed(api, code, DOCUMENTED, "TransactionID", "OriginalConversationID")
    assert members["ResultParameters"] == {
        "ResultParameter": [{"Key": "ErrorMsg", "Value": "TransactionID, OriginalConversationID"}],
    }


def test_observed_failures_of_a_balance() -> None:
    """Three parameters, as captured (wire facts 2.5)."""
    members = failed(Api.ACCOUNT_BALANCE, ResultCode.CREDENTIAL_LOCKED, OBSERVED)
    assert members["ResultParameters"]["ResultParameter"] == [
        {"Key": "ActionType", "Value": "AccountBalance"},
        {"Key": "ErrorMsg", "Value": "The security credential is locked."},
        {"Key": "BOCompletedTime", "Value": 20200109125710},
    ]


def test_an_observed_failure_of_a_status() -> None:
    """No parameters; the occasion comes back (wire facts 2.6)."""
    members = failed(Api.TRANSACTION_STATUS, ResultCode.PARAMETERS_INVALID, OBSERVED, "TransactionID")
    assert "ResultParameters" not in members
    assert members["ReferenceData"] == {"ReferenceItem": {"Key": "Occasion", "Value": "rent"}}


def test_a_lone_parameter_is_an_object_where_seen() -> None:
    """A profile that was seen to send a lone parameter as an object does so."""
    page = msgspec.structs.replace(OBSERVED.pages[Api.ACCOUNT_BALANCE], success_keys=("BOCompletedTime",))
    terse = msgspec.structs.replace(OBSERVED, pages={Api.ACCOUNT_BALANCE: page})
    members = result_of(account_balance.result(HEAD, (), COMPLETED_AT, terse))
    assert members["ResultParameters"] == {
        "ResultParameter": {"Key": "BOCompletedTime", "Value": 20200109125710},
    }


def test_success_is_no_failure() -> None:
    """A failed result that says 0 would be a lie."""
    with pytest.raises(ValueError, match="no failure"):
        failed(Api.ACCOUNT_BALANCE, ResultCode.SUCCESS, DOCUMENTED)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("api", results.WITH_RESULT)
def test_a_queue_timeout(api: Api, profile: Profile) -> None:
    """Completed, with the catch-all code, the acknowledgement's ids, no parameters (rulings, Results)."""
    members = result_of(results.timeout_notice(HEAD, api, profile))
    page = profile.pages[api]
    as_text = page.codes_as_text and not page.failed_as_observed
    assert (members["ResultType"], members["ResultCode"]) == (("0", "17") if as_text else (0, 17))
    assert members["ResultDesc"] == "The request waited too long in the queue and was not processed."
    assert members["ConversationID"] == HEAD.conversation_id
    assert "ResultParameters" not in members
    item = members["ReferenceData"]["ReferenceItem"]
    keys = [each["Key"] for each in (item if isinstance(item, list) else [item])]
    assert keys in (["QueueTimeoutURL"], ["Occasion"], ["QueueTimeoutURL", "Occassion"])
