"""M-PESA Express: the prompt on a customer's phone, its table, its typed request and its callback.

Source: M-PESA Express Simulate, Request Parameter Definition and Callback Payload; wire facts 5.4.
"""

import base64
import re
from collections.abc import Mapping
from datetime import datetime

import msgspec

from salio.wire import amounts, fields, times
from salio.wire.apis import Api
from salio.wire.profile import Profile
from salio.wire.result_codes import ResultCode

_encode = msgspec.json.Encoder().encode
_PASSWORD = re.compile(r"[A-Za-z0-9+/]{1,400}={0,2}")


def timestamp(name: str, value: object, _terms: fields.Terms) -> str:
    """`20210628092408`, as text or number: a moment that the calendar has."""
    text = str(value) if type(value) is int else value
    if type(text) is not str:
        raise fields.InvalidField(name, "not a moment in the form YYYYMMDDHHmmss")
    try:
        times.from_text(text)
    except times.MalformedTime:
        raise fields.InvalidField(name, "not a moment in the form YYYYMMDDHHmmss") from None
    return text


def password(_name: str, value: object, _terms: fields.Terms) -> str:
    """Any text: what is no password is a wrong one, and what it should be is the next check's question."""
    return value if isinstance(value, str) and _PASSWORD.fullmatch(value) else ""


def transaction_type(name: str, value: object, terms: fields.Terms) -> str:
    """One of the two."""
    if value not in terms.api.commands:
        raise fields.InvalidField(name, f"is not `{'` or `'.join(terms.api.commands)}`")
    return str(value)


BUSINESS_SHORT_CODE = fields.Field(
    name="BusinessShortCode",
    attribute="business_short_code",
    kind="Numeric",
    meaning="The short code that the passkey belongs to: a paybill, or the head office or store of a till.",
    form=fields.short_code,
)
PASSWORD = fields.Field(
    name="Password",
    attribute="password",
    kind="String",
    meaning="Base64 of BusinessShortCode, passkey and Timestamp, one after another.",
    form=password,
    required=False,
)
TIMESTAMP = fields.Field(
    name="Timestamp",
    attribute="timestamp",
    kind="Timestamp",
    meaning="The same as in Password: YYYYMMDDHHmmss.",
    form=timestamp,
)

ACCOUNT_REFERENCE = fields.Field(
    name="AccountReference",
    attribute="account_reference",
    kind="Alpha-Numeric",
    meaning="What is paid for, as the prompt shows it: up to 12 characters.",
    form=fields.free_text(12),
)
DESCRIPTION = fields.Field(
    name="TransactionDesc",
    attribute="description",
    kind="String",
    meaning="A comment of up to 13 characters.",
    form=fields.free_text(13),
    required=False,
)

TABLE = fields.table(
    Api.EXPRESS,
    BUSINESS_SHORT_CODE,
    PASSWORD,
    TIMESTAMP,
    fields.Field(
        name="TransactionType",
        attribute="transaction_type",
        kind="String",
        meaning="CustomerPayBillOnline for a paybill, CustomerBuyGoodsOnline for a till.",
        form=transaction_type,
    ),
    fields.Field(
        name="Amount",
        attribute="cents",
        kind="Numeric",
        meaning="What the customer is to pay, in whole shillings.",
        form=fields.whole_amount,
    ),
    fields.Field(
        name="PartyA",
        attribute="payer",
        kind="Numeric",
        meaning="The customer who pays: 12 digits that begin with 254.",
        form=fields.msisdn,
    ),
    fields.Field(
        name="PartyB",
        attribute="party_b",
        kind="Numeric",
        meaning="The paybill or till that is paid.",
        form=fields.short_code,
    ),
    fields.Field(
        name="PhoneNumber",
        attribute="phone",
        kind="Numeric",
        meaning="The phone that shows the prompt; it may be the payer's own.",
        form=fields.msisdn,
    ),
    fields.Field(
        name="CallBackURL",
        attribute="callback_url",
        kind="URL",
        meaning="Who is told how it ended.",
        form=fields.url,
    ),
    ACCOUNT_REFERENCE,
    DESCRIPTION,
)
"""In the order of the page's table, which is the order of the checks."""


class PushRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to ask for which payment, well-formed; whether it can be made is the core's question."""

    business_short_code: str
    password: str | None
    """As sent; empty or None for what cannot be one."""
    timestamp: str
    transaction_type: str
    cents: int
    payer: str
    party_b: str
    phone: str
    callback_url: str
    account_reference: str
    description: str | None
    unknown_members: tuple[str, ...]
    """Names of members that no table knows, shortened, the first 20: ignored, but worth a line in the log."""

    @property
    def security_credential(self) -> str:
        """The password was looked at at the door, and is kept nowhere."""
        return ""

    @property
    def originator_conversation_id(self) -> None:
        """Nobody chooses one."""

    def __repr__(self) -> str:
        """Without the password, so that no log or traceback shows it."""
        return f"PushRequest(business_short_code={self.business_short_code!r}, phone={self.phone!r}, ...)"


def read(members: Mapping[str, object], profile: Profile, credential_length: int) -> PushRequest:
    """The typed request; there is no credential whose length would matter.

    Raises:
        InvalidField: the first missing field in the page's order, or else the first malformed one.
    """
    return PushRequest(**fields.read(TABLE, members, profile, credential_length))


def make_password(short_code: str, passkey: str, timestamp: str) -> str:
    """Password, as a client makes it (Request Parameter Definition)."""
    return base64.b64encode(f"{short_code}{passkey}{timestamp}".encode()).decode()


class Paid(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as the callback shows it; the amount in cents."""

    cents: int
    receipt: str
    paid_at: datetime
    payer: str


def callback(
    merchant_request_id: str, checkout_request_id: str, code: ResultCode, paid: Paid | None, profile: Profile
) -> bytes:
    """`Body.stkCallback`: how it ended, and what was paid if anything was.

    Raises:
        ValueError: the moment is naive.
    """
    told: dict[str, object] = {
        "MerchantRequestID": merchant_request_id,
        "CheckoutRequestID": checkout_request_id,
        "ResultCode": int(code.code) if code.code.isdecimal() else code.code,
        "ResultDesc": profile.pages[Api.EXPRESS].text(code),
    }
    if paid is not None:
        told["CallbackMetadata"] = {"Item": _items(paid, profile)}
    return _encode({"Body": {"stkCallback": told}})


def _items(paid: Paid, profile: Profile) -> list[dict[str, object]]:
    values: dict[str, object] = {
        "Amount": msgspec.Raw(amounts.to_text(paid.cents).encode("ascii")),
        "MpesaReceiptNumber": paid.receipt,
        "TransactionDate": times.to_number(paid.paid_at),
        "PhoneNumber": int(paid.payer),
    }
    keys = profile.pages[Api.EXPRESS].callback_items
    return [{"Name": key, "Value": values[key]} if key in values else {"Name": key} for key in keys]
