"""A reversal, read and told."""

import json

import pytest

from salio.wire import results, reversal
from salio.wire.apis import Api
from salio.wire.balance_text import AccountAmounts
from salio.wire.callbacks import read_result
from salio.wire.fields import InvalidField
from salio.wire.profile import DOCUMENTED, OBSERVED, PROFILES, Profile
from salio.wire.refusals import Refusal, answer
from salio.wire.result_codes import ResultCode
from salio.wire.strict_json import NumberText

from .examples import (
    CREDENTIAL,
    CREDENTIAL_LENGTH,
    SAMPLES,
    moment,
    ordered,
    reversal_members,
    sample,
    without,
)

# Reversal, Request Parameter Definition, in its order: name, type; the last two are not in the table
PAGE = [
    ("Initiator", "Alpha-Numeric"),
    ("SecurityCredential", "String"),
    ("CommandID", "String"),
    ("Amount", "Numeric"),
    ("ReceiverParty", "Numeric"),
    ("RecieverIdentifierType", "Numeric"),
    ("Remarks", "String"),
    ("QueueTimeOutURL", "URL"),
    ("ResultURL", "URL"),
    ("TransactionID", "String"),
    ("Occasion", "String"),
    ("OriginatorConversationID", "String"),
]
OPTIONAL = {"Occasion", "OriginatorConversationID"}
REQUEST = reversal.ReversalRequest(
    initiator="apiop37",
    security_credential=CREDENTIAL,
    command_id="TransactionReversal",
    cents=20_000,
    receiver_party="603021",
    receiver_identifier_type="11",
    remarks="Payment reversal",
    queue_time_out_url="https://mydomain.com/reversal/queue",
    result_url="https://mydomain.com/reversal/result",
    transaction_id="PDU91HIVIT",
    occasion=None,
    originator_conversation_id=None,
    unknown_members=(),
)
MADE = reversal.ReversalDetails(
    debit_account=AccountAmounts("Utility Account", "KES", 772_217_962, 772_217_962, 0, 0),
    amount=100,
    completed_at=moment("20211114132711"),
    original_receipt="SKC82PACB8",
    credit_party_name="254705912645 - NICHOLAS JOHN SONGOK",
    debit_party_name="600992 - Safaricom Daraja 992",
)
EVERY_PROFILE = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)


def read(members: dict[str, object], profile: Profile = DOCUMENTED) -> reversal.ReversalRequest:
    """The members, read with a key of 256 bytes."""
    return reversal.read(members, profile, CREDENTIAL_LENGTH)


def refused(members: dict[str, object], profile: Profile = DOCUMENTED) -> InvalidField:
    """The error that reading these members raises."""
    with pytest.raises(InvalidField) as caught:
        read(members, profile)
    return caught.value


def test_the_table_is_the_pages() -> None:
    """Its rows in its order; two more may be there."""
    assert [(field.name, field.kind) for field in reversal.TABLE.fields] == PAGE
    assert {field.name for field in reversal.TABLE.fields if not field.required} == OPTIONAL


@EVERY_PROFILE
def test_reads_the_sample(profile: Profile) -> None:
    """Both profiles read the page's sample, with a credential that is whole."""
    assert read(reversal_members(), profile) == REQUEST
    assert refused(sample("reversal_request")).name == "SecurityCredential"


@pytest.mark.parametrize("name", [name for name, _ in PAGE if name not in OPTIONAL])
def test_every_field_must_be_there(name: str) -> None:
    """And is named if it is not."""
    assert refused(without(reversal_members(), name)).name == name


@EVERY_PROFILE
def test_the_right_spelling_is_the_wrong_one(profile: Profile) -> None:
    """The name is refused as Safaricom spells it, and the reason says what was sent (wire facts 5.5)."""
    members = without(reversal_members(ReceiverIdentifierType="11"), "RecieverIdentifierType")
    error = refused(members, profile)
    assert error.name == "RecieverIdentifierType"
    assert error.reason == (
        "missing; did you mean `RecieverIdentifierType`: you sent `ReceiverIdentifierType`"
    )


@pytest.mark.parametrize("value", ["11", 11])
def test_the_one_identifier_type(value: object) -> None:
    """11 as text or number."""
    assert read(reversal_members(RecieverIdentifierType=value)) == REQUEST


MALFORMED: dict[str, tuple[object, ...]] = {
    "RecieverIdentifierType": ("4", 4, "1", " 11", "011", True, [], 11.0),
    "Amount": ("0", "-1", "1.234", "ten", True, NumberText("1e3")),
    "ReceiverParty": ("254708374149", "6000", "x"),
    "Remarks": ("x", "x" * 101, 12),
    "TransactionID": ("PDU 91HIVIT", "x" * 65, 7),
    "Occasion": ("x" * 101, 7),
    "CommandID": (1,),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in MALFORMED.items() for value in values], ids=repr
)
def test_other_forms(name: str, value: object) -> None:
    """The field is named."""
    assert refused(reversal_members(**{name: value})).name == name


def test_another_command() -> None:
    """It passes the documented door; the core knows what it is."""
    assert read(reversal_members(CommandID="AccountBalance")).command_id == "AccountBalance"
    assert refused(reversal_members(CommandID="AccountBalance"), OBSERVED).name == "CommandID"


def test_the_credential_is_not_shown() -> None:
    """In no log and no traceback."""
    assert CREDENTIAL not in repr(REQUEST)


@EVERY_PROFILE
def test_produces_the_sample(profile: Profile) -> None:
    """The page's result, member for member, in order, down to the cents."""
    head = results.ResultHead(
        "dad6-4c34-8787-c8cb963a496d1268232", "AG_20211114_201018edbbf9f1582eaa", "SKE52PAWR9"
    )
    body = reversal.result(head, MADE, profile)
    assert ordered(body) == ordered((SAMPLES / "reversal_result.json").read_text())
    told = read_result(body)
    assert told.succeeded
    assert told.value("OriginalTransactionID") == "SKC82PACB8"


@EVERY_PROFILE
def test_produces_the_failed_sample(profile: Profile) -> None:
    """A code that is no number, and the id of a request that moved nothing."""
    head = results.ResultHead(
        "3124-481d-b706-10bdd6fbc8e21792398", "AG_20211114_2010573069aefb6b625a", "SKE0000000"
    )
    code = ResultCode.ORIGINAL_INVALID
    body = results.failed_result(head, Api.REVERSAL, code, profile, completed_at=MADE.completed_at)
    assert ordered(body) == ordered(json.dumps(sample("reversal_failed_result")))
    assert read_result(body).code == "R000002"


@pytest.mark.parametrize(
    ("refusal", "status", "code", "message"),
    [
        (Refusal.TOKEN_INVALID, 404, "404.001.03", "Invalid Access Token"),
        (Refusal.FIELD_INVALID, 400, "400.002.02", "Bad Request - Invalid TransactionID"),
        (Refusal.PAYLOAD_INVALID, 400, "400.002.02", "Bad Request - Invalid RecieverIdentifierType"),
        (Refusal.PATH_UNKNOWN, 404, "404.001.01", "Resource not found"),
        (Refusal.INTERNAL_ERROR, 500, "500.001.1001", "Internal Server Error"),
        (Refusal.SPIKE_ARREST, 500, "500.003.02", "Spike Arrest Violation"),
        (Refusal.QUOTA_EXCEEDED, 500, "500.003.03", "Quota Violation"),
    ],
    ids=lambda value: value.name if isinstance(value, Refusal) else "",
)
def test_its_error_codes(refusal: Refusal, status: int, code: str, message: str) -> None:
    """Reversal, Error Response Codes, row by row."""
    said = answer(
        refusal, api=Api.REVERSAL, profile=DOCUMENTED, request_id="515-5258779-3", detail="TransactionID"
    )
    body = json.loads(said.body)
    assert (said.status, body["errorCode"], body["errorMessage"]) == (status, code, message)
