"""A payment to a customer: its tables and its typed request (B2C, Request Parameter Definition)."""

from collections.abc import Mapping

import msgspec

from salio.wire import fields
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
