"""A reversal: its table, its typed request and its result.

Source: Reversal, Request Parameter Definition and Callback Result Payload; wire facts 5.5.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from salio.wire import amounts, fields, results, times
from salio.wire.apis import Api
from salio.wire.balance_text import AccountAmounts, print_accounts
from salio.wire.profile import Profile

RECEIVER_TYPE = "11"
"""An organization, as this API counts identifiers."""


def receiver_type(name: str, value: object, _terms: fields.Terms) -> str:
    """11 as text or number: only organizations are paid."""
    if type(value) not in {str, int} or str(value) != RECEIVER_TYPE:
        raise fields.InvalidField(name, f"not {RECEIVER_TYPE} (organization)")
    return RECEIVER_TYPE


AMOUNT = fields.Field(
    name="Amount",
    attribute="cents",
    kind="Numeric",
    meaning="What was paid, in shillings: a payment is reversed whole.",
    form=fields.amount,
)
RECEIVER_PARTY = fields.Field(
    name="ReceiverParty",
    attribute="receiver_party",
    kind="Numeric",
    meaning="The short code that was paid.",
    form=fields.short_code,
)
RECEIVER_IDENTIFIER_TYPE = fields.Field(
    name="RecieverIdentifierType",
    attribute="receiver_identifier_type",
    kind="Numeric",
    meaning="What ReceiverParty is: 11, an organization. Spelt as the page spells it.",
    form=receiver_type,
)
REMARKS = fields.Field(
    name="Remarks",
    attribute="remarks",
    kind="String",
    meaning="A comment of 2 to 100 characters.",
    form=fields.free_text(100, least=2),
)
TRANSACTION_ID = fields.Field(
    name="TransactionID",
    attribute="transaction_id",
    kind="String",
    meaning="The receipt of the payment that is to be reversed.",
    form=fields.identifier,
)
OCCASION = fields.Field(
    name="Occasion",
    attribute="occasion",
    kind="String",
    meaning="A second comment of up to 100 characters. Not in the page's table (wire facts 5.5).",
    form=fields.free_text(100),
    required=False,
)

TABLE = fields.table(
    Api.REVERSAL,
    fields.INITIATOR,
    fields.SECURITY_CREDENTIAL,
    fields.COMMAND_ID,
    AMOUNT,
    RECEIVER_PARTY,
    RECEIVER_IDENTIFIER_TYPE,
    REMARKS,
    fields.QUEUE_TIME_OUT_URL,
    fields.RESULT_URL,
    TRANSACTION_ID,
    OCCASION,
    fields.ORIGINATOR_CONVERSATION_ID,
)
"""In the order of the page's table, which is the order of the checks."""


class ReversalRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What an organization wants put back, well-formed; whether it may is the core's question."""

    initiator: str
    security_credential: str
    """Base64, as sent."""
    command_id: str
    cents: int
    receiver_party: str
    receiver_identifier_type: str
    """11, always."""
    remarks: str
    queue_time_out_url: str
    result_url: str
    transaction_id: str
    occasion: str | None
    originator_conversation_id: str | None
    unknown_members: tuple[str, ...]
    """Names of members that no table knows, shortened, the first 20: ignored, but worth a line in the log."""

    def __repr__(self) -> str:
        """Without the credential, so that no log or traceback shows it."""
        return f"ReversalRequest(receiver_party={self.receiver_party!r}, initiator={self.initiator!r}, ...)"


def read(members: Mapping[str, object], profile: Profile, credential_length: int) -> ReversalRequest:
    """The typed request. `credential_length` is the key's length in bytes, 256 for RSA-2048.

    Raises:
        InvalidField: the first missing field in the page's order, or else the first malformed one.
    """
    return ReversalRequest(**fields.read(TABLE, members, profile, credential_length))


class ReversalDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A reversal as its result shows it, and how the account stands since that paid it; amounts in cents."""

    debit_account: AccountAmounts
    amount: int
    completed_at: datetime
    original_receipt: str
    credit_party_name: str
    """`254705912645 - NICHOLAS JOHN SONGOK`."""
    debit_party_name: str


def result(head: results.ResultHead, reversal: ReversalDetails, profile: Profile) -> bytes:
    """The result of a reversal that was made.

    Raises:
        ValueError: `completed_at` is naive.
    """
    values: dict[str, results.Value] = {
        "DebitAccountBalance": print_accounts((reversal.debit_account,)),
        "Amount": _shillings(reversal.amount),
        "TransCompletedTime": times.to_number(reversal.completed_at),
        "OriginalTransactionID": reversal.original_receipt,
        "Charge": _shillings(0),  # a reversal costs nothing
        "CreditPartyPublicName": reversal.credit_party_name,
        "DebitPartyPublicName": reversal.debit_party_name,
    }
    return results.success(head, Api.REVERSAL, values, profile)


def _shillings(cents: int) -> msgspec.Raw:
    """`1.00`, as a number written digit by digit."""
    return msgspec.Raw(amounts.to_text(cents).encode("ascii"))
