"""What an organization is told of a customer's payment, to validate or to confirm it, and how it answers.

Source: C2B, Callback Payload, Callback Parameter Definition, Response Codes and FAQ 3; Register URL,
Validation Response; wire facts 3.4 and 5.3.
"""

import hashlib
from datetime import datetime

import msgspec

from salio.wire import amounts, times
from salio.wire.profile import Profile
from salio.wire.strict_json import MalformedBody, read_object
from salio.wire.wording import shown

_encode = msgspec.json.Encoder().encode
LONGEST_THIRD_PARTY_ID = 64
"""Characters; no page limits it."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as its organization is told it."""

    transaction_type: str
    """`Pay Bill` or `Buy Goods`."""
    receipt: str
    paid_at: datetime
    cents: int
    short_code: str
    bill_reference: str | None
    balance: int | None
    """What the paid account holds since, in cents; None while nothing is paid yet."""
    third_party_id: str | None
    """What the organization answered when it was asked."""
    msisdn: str
    masked: bool
    """Whether its number is told as `2547 ***** 126` (v2), or more of it as the profile has it (v1)."""
    name: str


def body(notice: Notice, profile: Profile) -> bytes:
    """The flat object, all of it text. Raises ValueError if the moment is naive."""
    first, middle, last = _names(notice.name)
    members = {
        "TransactionType": notice.transaction_type,
        "TransID": notice.receipt,
        "TransTime": times.to_text(notice.paid_at),
        "TransAmount": amounts.to_text(notice.cents),
        "BusinessShortCode": notice.short_code,
        "BillRefNumber": notice.bill_reference or "",
        "InvoiceNumber": "",
        "OrgAccountBalance": "" if notice.balance is None else amounts.to_text(notice.balance),
        "ThirdPartyTransID": notice.third_party_id or "",
        "MSISDN": _msisdn(notice, profile),
        "FirstName": first,
        "MiddleName": middle,
        "LastName": last,
    }
    left_out = {"MiddleName", "LastName"} if profile.empty_names_left_out else set()
    return _encode({key: value for key, value in members.items() if value or key not in left_out})


class Verdict(msgspec.Struct, frozen=True):
    """What a validator said of a payment."""

    accepted: bool
    words: str
    """Its code and description, for the log."""
    third_party_id: str | None = None


def read_verdict(answer: bytes) -> Verdict | None:
    """The validator's word; None if it is none: no JSON object with a ResultCode.

    Zero alone accepts; whatever else is a rejection (Register URL, Validation Response).
    """
    try:
        members = read_object(answer)
    except MalformedBody:
        return None
    code = members.get("ResultCode")
    if not isinstance(code, str | int) or isinstance(code, bool):
        return None
    said = f"{shown(str(code))} {shown(str(members.get('ResultDesc') or ''))}".strip()
    third = members.get("ThirdPartyTransID")
    given = str(third)[:LONGEST_THIRD_PARTY_ID] if isinstance(third, str | int) and third != "" else None
    return Verdict(str(code).strip() == "0", said, given)


def _msisdn(notice: Notice, profile: Profile) -> str:
    if notice.masked:
        return f"{notice.msisdn[:4]} ***** {notice.msisdn[-3:]}"
    if profile.msisdn_hashed:
        return hashlib.sha256(notice.msisdn.encode("ascii")).hexdigest()
    return notice.msisdn


def _names(name: str) -> tuple[str, str, str]:
    """First, middle and last: of two words the second is the last name."""
    words = name.split()
    if len(words) <= 1:
        return "".join(words), "", ""
    return words[0], " ".join(words[1:-1]), words[-1]
