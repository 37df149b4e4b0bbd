"""A balance query: its table and its typed request (AB, Request Body and Request Parameter Definition)."""

from collections.abc import Mapping

import msgspec

from salio.wire import fields
from salio.wire.apis import Api
from salio.wire.profile import Profile

TABLE = fields.table(
    Api.ACCOUNT_BALANCE,
    fields.COMMAND_ID,
    fields.PARTY_A,
    fields.IDENTIFIER_TYPE,
    fields.REMARKS,
    fields.INITIATOR,
    fields.SECURITY_CREDENTIAL,
    fields.QUEUE_TIME_OUT_URL,
    fields.RESULT_URL,
    fields.ORIGINATOR_CONVERSATION_ID,
)
"""In the order of AB's table, which is the order of the checks."""


class BalanceRequest(msgspec.Struct, frozen=True, kw_only=True):
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
    unknown_members: tuple[str, ...]
    """Names of members that no table knows, shortened, the first 20: ignored, but worth a line in the log."""

    def __repr__(self) -> str:
        """Without the credential, so that no log or traceback shows it."""
        return f"BalanceRequest(party_a={self.party_a!r}, initiator={self.initiator!r}, ...)"


def read(members: Mapping[str, object], profile: Profile, credential_length: int) -> BalanceRequest:
    """The typed request. `credential_length` is the key's length in bytes, 256 for RSA-2048.

    Raises:
        InvalidField: the first missing field in AB's order, or else the first malformed one.
    """
    return BalanceRequest(**fields.read(TABLE, members, profile, credential_length))
