"""A question out: the body that a query makes is read by the platform's own strict reader."""

import json
from typing import Any

import pytest

from salio.wire import account_balance, transaction_status
from salio.wire.asked import BalanceQuery, Callbacks, Query, Signature, StatusQuery, body_of
from salio.wire.profile import PROFILES, Profile
from salio.wire.strict_json import read_object

CREDENTIAL = "A" * 342 + "=="
SIGNATURE = Signature("testapi", CREDENTIAL)
CALLBACKS = Callbacks("https://example.com/result", "https://example.com/timeout")
STATUS = StatusQuery(
    party_a="600782",
    receipt="NEF61H8J60",
    original_conversation_id="7071-4170-a0e5-8345632bad442144258",
    occasion="Occasion",
    remarks="Remarks",
    identifier_type=4,
    originator_conversation_id="mine-1",
)


def members(query: Query) -> dict[str, Any]:
    """The body's."""
    return dict(json.loads(body_of(query, SIGNATURE, CALLBACKS)))


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_a_balance_query(profile: Profile) -> None:
    """Every field arrives, in both profiles, and no unknown one with it."""
    query = BalanceQuery(party_a="600000", identifier_type=2, remarks="r", originator_conversation_id="o")
    body = read_object(body_of(query, SIGNATURE, CALLBACKS))
    read = account_balance.read(body, profile, 256)
    assert (read.party_a, read.identifier_type, read.remarks) == ("600000", 2, "r")
    assert (read.result_url, read.queue_time_out_url) == (CALLBACKS.result_url, CALLBACKS.queue_time_out_url)
    assert (read.initiator, read.security_credential) == ("testapi", CREDENTIAL)
    assert read.originator_conversation_id == "o"
    assert read.unknown_members == ()


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_a_status_query(profile: Profile) -> None:
    """The same with its subject, by receipt, by conversation, or by both."""
    read = transaction_status.read(read_object(body_of(STATUS, SIGNATURE, CALLBACKS)), profile, 256)
    assert (read.transaction_id, read.original_conversation_id) == (
        STATUS.receipt,
        STATUS.original_conversation_id,
    )
    assert (read.occasion, read.remarks, read.unknown_members) == ("Occasion", "Remarks", ())


def test_what_says_nothing_is_left_out() -> None:
    """No null and no empty text."""
    assert set(members(StatusQuery(party_a="600782", receipt="NEF61H8J60"))) == {
        "Initiator",
        "SecurityCredential",
        "CommandID",
        "PartyA",
        "IdentifierType",
        "Remarks",
        "QueueTimeOutURL",
        "ResultURL",
        "TransactionID",
    }
    assert None not in members(BalanceQuery(party_a="600000")).values()
