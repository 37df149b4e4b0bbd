"""A balance query: its table, its typed request and its result.

Source: AB, Request Body, Request Parameter Definition and Result Body.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from salio.wire import fields, results
from salio.wire.apis import Api
from salio.wire.balance_text import AccountAmounts, print_accounts
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


def result(
    head: results.ResultHead, accounts: tuple[AccountAmounts, ...], completed_at: datetime, profile: Profile
) -> bytes:
    """The result of a balance query that was answered.

    Raises:
        ValueError: an account's name holds a separator, or `completed_at` is naive.
    """
    values: dict[str, results.Value] = {
        "ActionType": Api.ACCOUNT_BALANCE.command,
        "AccountBalance": print_accounts(accounts),
        "BOCompletedTime": results.moment(completed_at, profile),
    }
    return results.success(head, Api.ACCOUNT_BALANCE, values, profile)
