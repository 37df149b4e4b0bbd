"""A balance query, read."""

import pytest

from salio.wire import account_balance
from salio.wire.fields import InvalidField
from salio.wire.profile import DOCUMENTED, PROFILES, Profile

from .examples import CREDENTIAL, CREDENTIAL_LENGTH, balance_members, sample

# AB, Request Parameter Definition, in its order: name, type
PAGE = [
    ("CommandID", "String"),
    ("PartyA", "Numeric"),
    ("IdentifierType", "Numeric"),
    ("Remarks", "String"),
    ("Initiator", "Alpha-Numeric"),
    ("SecurityCredential", "String"),
    ("QueueTimeoutURL", "URL"),
    ("ResultURL", "URL"),
]


def test_the_table_is_the_pages() -> None:
    """The same rows in the same order and of the same kinds, then the one that the rulings add."""
    rows = [(field.also or field.name, field.kind) for field in account_balance.TABLE.fields]
    assert rows == [*PAGE, ("OriginatorConversationID", "String")]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_reads_the_sample(profile: Profile) -> None:
    """AB's sample request, with a credential that is whole."""
    request = account_balance.read(balance_members(), profile, CREDENTIAL_LENGTH)
    assert request == account_balance.BalanceRequest(
        initiator="testapiuser",
        security_credential=CREDENTIAL,
        command_id="AccountBalance",
        party_a="600000",
        identifier_type=4,
        remarks="ok",
        queue_time_out_url="http://myservice:8080/queuetimeouturl",
        result_url="http://myservice:8080/result",
        originator_conversation_id=None,
        unknown_members=(),
    )


def test_the_samples_own_credential_is_cut_short() -> None:
    """Nothing else in the sample as printed is refused (wire facts 4.2, row 20)."""
    with pytest.raises(InvalidField) as caught:
        account_balance.read(sample("ab_request"), DOCUMENTED, CREDENTIAL_LENGTH)
    assert caught.value.name == "SecurityCredential"


def test_a_status_queries_members_are_unknown_here() -> None:
    """What belongs to the other API is ignored, and named; a spaced key is no key of this page."""
    members = balance_members(Occasion="x", TransactionID="NEF61H8J60", **{"Command ID": "AccountBalance"})
    request = account_balance.read(members, DOCUMENTED, CREDENTIAL_LENGTH)
    assert request.unknown_members == ("Occasion", "TransactionID", "Command ID")
