"""A status query, read."""

import pytest

from salio.wire import transaction_status
from salio.wire.fields import InvalidField
from salio.wire.profile import DOCUMENTED, OBSERVED, PROFILES, Profile

from .examples import CREDENTIAL, CREDENTIAL_LENGTH, sample, status_members, without

# TS, Request Parameter Definition, in its order: name, type
PAGE = [
    ("CommandID", "String"),
    ("PartyA", "Numeric"),
    ("IdentifierType", "Numeric"),
    ("Remarks", "String"),
    ("Initiator", "Alpha-Numeric"),
    ("SecurityCredential", "String"),
    ("QueueTimeoutURL", "URL"),
    ("TransactionID", "Alpha-Numeric"),
    ("ResultURL", "URL"),
    ("Occasion", "String"),
    ("OriginalConversationID", "String"),
]
REQUEST = transaction_status.StatusRequest(
    initiator="testapiuser",
    security_credential=CREDENTIAL,
    command_id="TransactionStatusQuery",
    party_a="600782",
    identifier_type=4,
    remarks="OK",
    queue_time_out_url="http://myservice:8080/timeout",
    result_url="http://myservice:8080/transactionstatus/result",
    originator_conversation_id=None,
    transaction_id="NEF61H8J60",
    original_conversation_id="7071-4170-a0e5-8345632bad442144258",
    occasion="OK",
    unknown_members=(),
)


def read(members: dict[str, object], profile: Profile = DOCUMENTED) -> transaction_status.StatusRequest:
    """The members, read with a key of 256 bytes."""
    return transaction_status.read(members, profile, CREDENTIAL_LENGTH)


def refused(members: dict[str, object], profile: Profile = DOCUMENTED) -> InvalidField:
    """The error that reading these members raises."""
    with pytest.raises(InvalidField) as caught:
        read(members, profile)
    return caught.value


def test_the_table_is_the_pages() -> None:
    """The same rows in the same order and of the same kinds, then the one that the rulings add."""
    rows = [(field.also or field.name, field.kind) for field in transaction_status.TABLE.fields]
    assert rows == [*PAGE, ("OriginatorConversationID", "String")]


def test_reads_the_sample_with_its_spaced_keys() -> None:
    """`documented` reads TS's sample as printed, with a credential that is whole."""
    assert read(sample("ts_request") | {"SecurityCredential": CREDENTIAL}) == REQUEST


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_reads_unspaced_keys(profile: Profile) -> None:
    """Both profiles read the names of the page's table."""
    assert read(status_members(), profile) == REQUEST


def test_the_samples_own_credential_is_cut_short() -> None:
    """Nothing else in the sample as printed is refused (wire facts 4.2, row 20)."""
    assert refused(sample("ts_request")).name == "SecurityCredential"


@pytest.mark.parametrize("name", ["Command ID", "Transaction ID"])
def test_observed_refuses_a_spaced_key_by_name(name: str) -> None:
    """The key is named with its space, whether or not the true one is there too."""
    unspaced = name.replace(" ", "")
    for members in (status_members(**{name: "x"}), without(status_members(), unspaced) | {name: "x"}):
        error = refused(members, OBSERVED)
        assert (error.name, error.reason) == (name, f"the key has a space: send `{unspaced}`")


@pytest.mark.parametrize("name", ["Command ID", "Transaction ID"])
def test_documented_refuses_a_field_in_both_spellings(name: str) -> None:
    """The body would have the field twice."""
    unspaced = name.replace(" ", "")
    error = refused(status_members(**{name: "x"}))
    assert (error.name, error.reason) == (unspaced, f"sent twice, as `{unspaced}` and as `{name}`")


@pytest.mark.parametrize("empty", [None, ""])
def test_either_subject_will_do(empty: str | None) -> None:
    """A receipt, a conversation id, or both (rulings, Requests)."""
    by_receipt = read(status_members(OriginalConversationID=empty))
    assert (by_receipt.transaction_id, by_receipt.original_conversation_id) == ("NEF61H8J60", None)
    by_conversation = read(status_members(TransactionID=empty))
    assert by_conversation.transaction_id is None
    assert by_conversation.original_conversation_id == REQUEST.original_conversation_id


def test_without_a_subject() -> None:
    """Neither: TransactionID is named, in its place in the table."""
    bare = without(status_members(), "TransactionID", "OriginalConversationID")
    error = refused(bare)
    assert error.name == "TransactionID"
    assert error.reason == "missing (or send `OriginalConversationID`)"
    assert refused(without(bare, "ResultURL")).name == "TransactionID"
    assert refused(without(bare, "QueueTimeOutURL")).name == "QueueTimeOutURL"


def test_a_misspelt_subject_is_hinted_at() -> None:
    """Who sent another name for the receipt is told so."""
    bare = without(status_members(), "TransactionID", "OriginalConversationID")
    error = refused(bare | {"transactionId": "NEF61H8J60"})
    assert error.reason.endswith("did you mean `TransactionID`: you sent `transactionId`")


@pytest.mark.parametrize(
    "receipt",
    [
        pytest.param("nef61h8j60", id="lower case"),
        pytest.param("NEF61H8J6", id="nine characters"),
        pytest.param("LXXXXXX1234", id="the table's eleven"),
        pytest.param("ws_CO_1007202409152617172396192", id="a checkout id"),
        pytest.param("x" * 64, id="64 characters"),
    ],
)
def test_a_strange_receipt_is_the_cores_matter(receipt: str) -> None:
    """It is not malformed here: the core answers that it does not exist."""
    assert read(status_members(TransactionID=receipt)).transaction_id == receipt


@pytest.mark.parametrize("name", ["TransactionID", "OriginalConversationID"])
@pytest.mark.parametrize("value", ["x" * 65, "a b", "a\n", "é", 5, True, [], {}])
def test_malformed_subjects(name: str, value: object) -> None:
    """Text of 1 to 64 printable ASCII characters, or the field is named."""
    assert refused(status_members(**{name: value})).name == name


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(None, None, id="null"),
        pytest.param("", None, id="empty"),
        pytest.param("x" * 100, "x" * 100, id="100 characters"),
    ],
)
def test_occasion_is_optional(value: object, expected: str | None) -> None:
    """Up to 100 characters, or none."""
    assert read(status_members(Occasion=value)).occasion == expected
    assert read(without(status_members(), "Occasion")).occasion is None


def test_a_long_occasion() -> None:
    """A character too many is counted."""
    error = refused(status_members(Occasion="x" * 101))
    assert (error.name, error.reason) == ("Occasion", "too long (101 characters, 100 allowed)")
