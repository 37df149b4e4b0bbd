"""A payment to another organization, a move of one's own money, a tax: tables, typed requests and result.

Source: Business Pay Bill, Business Buy Goods, B2C Account Top Up and Tax Remittance, Request Parameter
Definition and Successful Result Body; wire facts 5.2. The four pages are one API on two paths.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from salio.wire import amounts, b2c_payment, fields, results
from salio.wire.apis import Api
from salio.wire.balance_text import AccountAmounts, print_accounts
from salio.wire.profile import Profile

_BILL = "BusinessPayBill"


def short_code_type(name: str, value: object, terms: fields.Terms) -> int:
    """4 for a short code, as text or number; nothing else pays, and nothing else takes a tax."""
    if fields.identifier_type(name, value, terms) != 4:
        raise fields.InvalidField(name, "not 4 (short code)")
    return 4


def receiver_type(name: str, value: object, terms: fields.Terms) -> int:
    """2 for a till, 4 for a short code, as text or number."""
    known = fields.identifier_type(name, value, terms)
    if known == 1:
        raise fields.InvalidField(name, "not 2 (till) or 4 (short code)")
    return known


COMMAND_ID = msgspec.structs.replace(fields.COMMAND_ID, spaced="Command ID")
PARTY_A = msgspec.structs.replace(b2c_payment.PARTY_A, meaning="The short code that pays.")
SENDER_TYPE = fields.Field(
    name="SenderIdentifierType",
    attribute="sender_type",
    kind="Numeric",
    meaning="What PartyA is: 4, a short code.",
    form=short_code_type,
)
PARTY_B = msgspec.structs.replace(
    PARTY_A,
    name="PartyB",
    attribute="party_b",
    meaning="The short code that receives; of a move between one's own accounts PartyA again.",
)
RECEIVER_TYPE = fields.Field(
    name="RecieverIdentifierType",
    attribute="receiver_type",
    kind="Numeric",
    meaning="What PartyB is: 4 a short code, 2 a till; the name is spelt as the pages spell it.",
    form=receiver_type,
)
REQUESTER = fields.Field(
    name="Requester",
    attribute="requester",
    kind="Numeric",
    meaning="The MSISDN of the consumer on whose behalf it is paid.",
    form=fields.msisdn,
    required=False,
)
AMOUNT = msgspec.structs.replace(b2c_payment.AMOUNT, meaning="What the receiver gets, in shillings.")
ACCOUNT_REFERENCE = fields.Field(
    name="AccountReference",
    attribute="account_reference",
    kind="String",
    meaning=f"The account that is paid for, up to 13 characters; {_BILL} needs it.",
    form=fields.free_text(13),
    required=False,
    spaced="Account Reference",
)
_OF_TAX = msgspec.structs.replace(
    ACCOUNT_REFERENCE,
    meaning="The payment registration number (PRN) from KRA, up to 13 characters.",
    required=True,
)

TABLE = fields.table(
    Api.B2B,
    COMMAND_ID,
    fields.INITIATOR,
    fields.SECURITY_CREDENTIAL,
    PARTY_A,
    SENDER_TYPE,
    PARTY_B,
    RECEIVER_TYPE,
    REQUESTER,
    AMOUNT,
    ACCOUNT_REFERENCE,
    fields.REMARKS,
    fields.QUEUE_TIME_OUT_URL,
    fields.RESULT_URL,
    b2c_payment.OCCASION,
    fields.ORIGINATOR_CONVERSATION_ID,
)
"""In the order of Business Pay Bill's table, which has all that the others have."""
_TABLE_OF_BILLS = fields.table(
    Api.B2B,
    *(
        msgspec.structs.replace(each, required=True) if each is ACCOUNT_REFERENCE else each
        for each in TABLE.fields
    ),
)
TAX_TABLE = fields.table(
    Api.TAX_REMITTANCE,
    COMMAND_ID,
    fields.INITIATOR,
    fields.SECURITY_CREDENTIAL,
    PARTY_A,
    SENDER_TYPE,
    msgspec.structs.replace(PARTY_B, meaning="Who takes the tax: 572572, the Kenya Revenue Authority."),
    msgspec.structs.replace(RECEIVER_TYPE, meaning="What PartyB is: 4, a short code.", form=short_code_type),
    AMOUNT,
    _OF_TAX,
    fields.REMARKS,
    fields.QUEUE_TIME_OUT_URL,
    fields.RESULT_URL,
    b2c_payment.OCCASION,
    fields.ORIGINATOR_CONVERSATION_ID,
)
"""In the order of Tax Remittance's table."""


class PaymentRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What an organization wants paid or moved, well-formed; whether it may is the core's question."""

    initiator: str
    security_credential: str
    """Base64, as sent."""
    command_id: str
    cents: int
    party_a: str
    sender_type: int
    party_b: str
    receiver_type: int
    """2 or 4."""
    requester: str | None = None
    """A tax has none."""
    account_reference: str | None
    remarks: str
    queue_time_out_url: str
    result_url: str
    occasion: str | None
    originator_conversation_id: str | None
    unknown_members: tuple[str, ...]
    """Names of members that no table knows, shortened, the first 20: ignored, but worth a line in the log."""

    def __repr__(self) -> str:
        """Without the credential, so that no log or traceback shows it."""
        return f"PaymentRequest(party_a={self.party_a!r}, initiator={self.initiator!r}, ...)"


def read(members: Mapping[str, object], profile: Profile, credential_length: int) -> PaymentRequest:
    """The typed request. `credential_length` is the key's length in bytes, 256 for RSA-2048.

    Raises:
        InvalidField: the first missing field in the page's order, or else the first malformed one.
    """
    is_bill = _BILL in (members.get(COMMAND_ID.name), members.get(COMMAND_ID.spaced))
    rows = _TABLE_OF_BILLS if is_bill else TABLE
    return PaymentRequest(**fields.read(rows, members, profile, credential_length))


def read_tax(members: Mapping[str, object], profile: Profile, credential_length: int) -> PaymentRequest:
    """The same of a tax."""
    return PaymentRequest(**fields.read(TAX_TABLE, members, profile, credential_length))


class PaymentDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as its result shows it, and what the debited account holds since; amounts in cents."""

    amount: int
    charge: int
    receiver_name: str
    """`600000 - saf test org`."""
    debited: AccountAmounts


def result(
    head: results.ResultHead, api: Api, payment: PaymentDetails, completed_at: datetime, profile: Profile
) -> bytes:
    """The result of a payment that was made.

    Raises:
        ValueError: `completed_at` is naive.
    """
    balance = compound(payment.debited.currency, payment.debited.available)
    values: dict[str, results.Value] = {
        "DebitAccountBalance": balance,
        "DebitAccountCurrentBalance": balance,
        "InitiatorAccountCurrentBalance": balance,
        "Amount": _amount(payment.amount, profile),
        "DebitPartyAffectedAccountBalance": print_accounts((payment.debited,)),
        "TransCompletedTime": results.moment(completed_at, profile),
        "DebitPartyCharges": _amount(payment.charge, profile) if payment.charge else None,
        "ReceiverPartyPublicName": payment.receiver_name,
        "Currency": payment.debited.currency,
    }
    return results.success(head, api, values, profile)


def compound(currency: str, cents: int) -> str:
    """`{Amount={CurrencyCode=KES, MinimumAmount=618683, BasicAmount=6186.83}}`: cents, then shillings."""
    basic = amounts.to_text(cents)
    return f"{{Amount={{CurrencyCode={currency}, MinimumAmount={cents}, BasicAmount={basic}}}}}"


def _amount(cents: int, profile: Profile) -> str | msgspec.Raw:
    """`190.00` as text; `190.0` as a number, written digit by digit."""
    text = amounts.to_text(cents)
    return msgspec.Raw(text.removesuffix("0").encode("ascii")) if profile.amount_as_number else text
