"""What an organization is told of a customer's payment, and what it may answer."""

import hashlib
import json

import msgspec
import pytest

from salio.wire.c2b_notice import LONGEST_THIRD_PARTY_ID, Notice, Verdict, body, read_verdict
from salio.wire.payments import read_payment
from salio.wire.profile import DOCUMENTED, OBSERVED, PROFILES, Profile
from tests.wire.examples import moment, sample

NOTICE = Notice(
    transaction_type="Pay Bill",
    receipt="RKL51ZDR4F",
    paid_at=moment("20231121121325"),
    cents=500,
    short_code="600966",
    bill_reference="Sample Transaction",
    balance=2_500,
    third_party_id=None,
    msisdn="254700000126",
    masked=True,
    name="NICHOLAS",
)


def told(profile: Profile = DOCUMENTED, **changes: object) -> dict[str, str]:
    """The members of a notice with these changes."""
    members: dict[str, str] = json.loads(body(msgspec.structs.replace(NOTICE, **changes), profile))
    return members


def test_the_pages_sample_is_produced() -> None:
    """Member for member, in its order."""
    assert list(told().items()) == list(sample("c2b_payment").items())


def test_a_payment_to_be_validated_has_no_balance_yet() -> None:
    """Nor has one to a till a bill."""
    members = told(balance=None, bill_reference=None, transaction_type="Buy Goods")
    assert (members["OrgAccountBalance"], members["BillRefNumber"]) == ("", "")


@pytest.mark.parametrize(
    ("profile", "masked", "number"),
    [
        pytest.param(DOCUMENTED, True, "2547 ***** 126", id="v2"),
        pytest.param(OBSERVED, True, "2547 ***** 126", id="v2, observed"),
        pytest.param(DOCUMENTED, False, hashlib.sha256(b"254700000126").hexdigest(), id="v1"),
        pytest.param(OBSERVED, False, "254700000126", id="v1, observed"),
    ],
)
def test_how_the_number_is_told(profile: Profile, masked: bool, number: str) -> None:
    """Masked by v2; by v1 as its SHA-256, or as it is (C2B, FAQ 3; wire facts 5.3)."""
    assert told(profile, masked=masked)["MSISDN"] == number


NAMES = {
    "": ("", "", ""),
    "Jane": ("Jane", "", ""),
    "Jane Doe": ("Jane", "", "Doe"),
    "Jane van der Doe": ("Jane", "van der", "Doe"),
}


@pytest.mark.parametrize(("name", "parts"), NAMES.items(), ids=NAMES)
def test_names(name: str, parts: tuple[str, str, str]) -> None:
    """`observed` leaves out what a customer has not, but the first name."""
    keys = ("FirstName", "MiddleName", "LastName")
    members = told(name=name)
    assert tuple(members[key] for key in keys) == parts
    seen = told(OBSERVED, name=name)
    given = dict(zip(keys, parts, strict=True))
    assert {key: seen[key] for key in keys if key in seen} == {
        key: value for key, value in given.items() if value or key == "FirstName"
    }


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_our_own_reader_agrees(profile: Profile) -> None:
    """What is told here is read there."""
    read = read_payment(body(msgspec.structs.replace(NOTICE, name="Jane Doe"), profile))
    assert (read.receipt, str(read.amount), read.short_code) == ("RKL51ZDR4F", "5.00", "600966")
    assert (read.paid_at, read.names) == (NOTICE.paid_at, ("Jane", "Doe"))


VERDICTS = {
    "accepted": (b'{"ResultCode": "0", "ResultDesc": "Accepted"}', Verdict(True, "0 Accepted")),
    "a number": (b'{"ResultCode": 0}', Verdict(True, "0")),
    "with an id": (b'{"ResultCode": "0", "ThirdPartyTransID": 12}', Verdict(True, "0", "12")),
    "rejected": (
        b'{"ResultCode": "C2B00011", "ResultDesc": "Rejected"}',
        Verdict(False, "C2B00011 Rejected"),
    ),
    "another code": (b'{"ResultCode": 1}', Verdict(False, "1")),
    "nothing": (b"", None),
    "no JSON": (b"OK", None),
    "the slip of a comma": (b'{"ResultCode": "0", "ResultDesc": "Accepted",}', None),
    "a list": (b"[0]", None),
    "no code": (b'{"ResultDesc": "Accepted"}', None),
    "true is no code": (b'{"ResultCode": true}', None),
    "null is no code": (b'{"ResultCode": null}', None),
}


@pytest.mark.parametrize(("answer", "verdict"), VERDICTS.values(), ids=VERDICTS)
def test_what_a_validator_may_say(answer: bytes, verdict: Verdict | None) -> None:
    """Zero alone accepts; what has no code says nothing."""
    assert read_verdict(answer) == verdict


def test_a_long_id_is_cut() -> None:
    """What a stranger answers is bounded."""
    read = read_verdict(b'{"ResultCode": 0, "ThirdPartyTransID": "%s"}' % (b"x" * 1000))
    assert read is not None
    assert read.third_party_id == "x" * LONGEST_THIRD_PARTY_ID
