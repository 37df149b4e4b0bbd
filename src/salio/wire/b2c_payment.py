"""A payment to a customer: its tables, its typed request and its result.

Source: B2C, Request Parameter Definition and Callback Payload; wire facts 5.1.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from salio.wire import amounts, fields, results, times
from salio.wire.apis import Api
from salio.wire.profile import Profile

ORIGINATOR_CONVERSATION_ID = msgspec.structs.replace(
    fields.ORIGINATOR_CONVERSATION_ID,
    meaning="The caller's own id for this payment, unique per app: no payment is made twice under one.",
    required=True,
)
INITIATOR_NAME = msgspec.structs.replace(fields.INITIATOR, name="InitiatorName")
AMOUNT = fields.Field(
    name="Amount",
    attribute="cents",
    kind="Numeric",
    meaning="What the customer receives, in shillings.",
    form=fields.amount,
)
PARTY_A = fields.Field(
    name="PartyA",
    attribute="party_a",
    kind="Numeric",
    meaning="The B2C short code that pays.",
    form=fields.short_code,
)
PARTY_B = fields.Field(
    name="PartyB",
    attribute="party_b",
    kind="Numeric",
    meaning="The customer who receives: 12 digits that begin with 254.",
    form=fields.msisdn,
)
REMARKS = fields.Field(
    name="Remarks",
    attribute="remarks",
    kind="String",
    meaning="A comment of 2 to 100 characters.",
    form=fields.free_text(100, least=2),
)
OCCASION = fields.Field(
    name="Occassion",
    attribute="occasion",
    kind="String",
    meaning="A second comment of up to 100 characters, spelt as the page spells it.",
    form=fields.free_text(100),
    required=False,
    also="Occasion",
)
_COMMON = (
    INITIATOR_NAME,
    fields.SECURITY_CREDENTIAL,
    fields.COMMAND_ID,
    AMOUNT,
    PARTY_A,
    PARTY_B,
    REMARKS,
    fields.QUEUE_TIME_OUT_URL,
    fields.RESULT_URL,
    OCCASION,
)

TABLE = fields.table(Api.B2C, ORIGINATOR_CONVERSATION_ID, *_COMMON)
"""Of v3, in the order of the page's table, which is the order of the checks."""
FIRST_TABLE = fields.table(Api.B2C, *_COMMON, fields.ORIGINATOR_CONVERSATION_ID)
"""Of v1, which needs no id of the caller's."""


class PaymentRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What an organization wants paid, well-formed; whether it may is the core's question."""

    initiator: str
    security_credential: str
    """Base64, as sent."""
    command_id: str
    cents: int
    party_a: str
    party_b: str
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
    """The typed request of v3. `credential_length` is the key's length in bytes, 256 for RSA-2048.

    Raises:
        InvalidField: the first missing field in the page's order, or else the first malformed one.
    """
    return PaymentRequest(**fields.read(TABLE, members, profile, credential_length))


def read_first(members: Mapping[str, object], profile: Profile, credential_length: int) -> PaymentRequest:
    """The same of v1."""
    return PaymentRequest(**fields.read(FIRST_TABLE, members, profile, credential_length))


class PaymentDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as its result shows it, and what the payer's accounts hold since; amounts in cents."""

    amount: int
    receiver_name: str
    """`254705912645 - NICHOLAS JOHN SONGOK`."""
    utility_funds: int
    working_funds: int
    charges_paid_funds: int


def result(
    head: results.ResultHead, payment: PaymentDetails, completed_at: datetime, profile: Profile
) -> bytes:
    """The result of a payment to a customer that was made.

    Raises:
        ValueError: `completed_at` is naive.
    """
    values: dict[str, results.Value] = {
        "TransactionAmount": _shillings(payment.amount),
        "TransactionReceipt": head.transaction_id,
        "ReceiverPartyPublicName": payment.receiver_name,
        "TransactionCompletedDateTime": times.to_dotted_text(completed_at),
        "B2CUtilityAccountAvailableFunds": _funds(payment.utility_funds),
        "B2CWorkingAccountAvailableFunds": _funds(payment.working_funds),
        "B2CRecipientIsRegisteredCustomer": "Y",  # nobody else can be paid
        "B2CChargesPaidAccountAvailableFunds": _funds(payment.charges_paid_funds),
    }
    return results.success(head, Api.B2C, values, profile)


def _shillings(cents: int) -> msgspec.Raw:
    """`10` or `10.50`, as a number."""
    return msgspec.Raw(amounts.to_text(cents).removesuffix(".00").encode("ascii"))


def _funds(cents: int) -> msgspec.Raw:
    """`1199371.00`, as a number written digit by digit."""
    return msgspec.Raw(amounts.to_text(cents).encode("ascii"))
