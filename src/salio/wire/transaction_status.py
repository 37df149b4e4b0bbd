"""A status query: its table and its typed request (TS, Request Body and Request Parameter Definition)."""

from collections.abc import Mapping

import msgspec

from salio.wire import fields
from salio.wire.apis import Api
from salio.wire.profile import Profile

TRANSACTION_ID = fields.Field(
    name="TransactionID",
    attribute="transaction_id",
    kind="Alpha-Numeric",
    meaning="The receipt of the transaction in question.",
    form=fields.identifier,
    unless="OriginalConversationID",
    spaced="Transaction ID",
)
OCCASION = fields.Field(
    name="Occasion",
    attribute="occasion",
    kind="String",
    meaning="A second comment of up to 100 characters; the result returns it.",
    form=fields.free_text(100),
    required=False,
)
ORIGINAL_CONVERSATION_ID = fields.Field(
    name="OriginalConversationID",
    attribute="original_conversation_id",
    kind="String",
    meaning="The originator conversation id of the transaction in question.",
    form=fields.identifier,
    required=False,
)

TABLE = fields.table(
    Api.TRANSACTION_STATUS,
    msgspec.structs.replace(fields.COMMAND_ID, spaced="Command ID"),
    fields.PARTY_A,
    fields.IDENTIFIER_TYPE,
    fields.REMARKS,
    fields.INITIATOR,
    fields.SECURITY_CREDENTIAL,
    fields.QUEUE_TIME_OUT_URL,
    TRANSACTION_ID,
    fields.RESULT_URL,
    OCCASION,
    ORIGINAL_CONVERSATION_ID,
    fields.ORIGINATOR_CONVERSATION_ID,
)
"""In the order of TS's table, which is the order of the checks."""


class StatusRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What an organization asked, well-formed; whether it may is the core's question."""

    initiator: str
    security_credential: str
    """Base64, as sent."""
    command_id: str
    party_a: str
    identifier_type: int
    """1, 2 or 4."""
    remarks: str
    queue_time_out_url: str
    result_url: str
    originator_conversation_id: str | None
    transaction_id: str | None
    """This or the next is present, or both."""
    original_conversation_id: str | None
    occasion: str | None
    unknown_members: tuple[str, ...]
    """Names of members that no table knows, shortened, the first 20: ignored, but worth a line in the log."""

    def __repr__(self) -> str:
        """Without the credential, so that no log or traceback shows it."""
        return f"StatusRequest(party_a={self.party_a!r}, initiator={self.initiator!r}, ...)"


def read(members: Mapping[str, object], profile: Profile, credential_length: int) -> StatusRequest:
    """The typed request. `credential_length` is the key's length in bytes, 256 for RSA-2048.

    Raises:
        InvalidField: the first missing field in TS's order, or else the first malformed one.
    """
    return StatusRequest(**fields.read(TABLE, members, profile, credential_length))
