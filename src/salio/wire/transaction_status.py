"""A status query: its table, its typed request and its result.

Source: TS, Request Body, Request Parameter Definition and Callback payload; wire facts 2.6. A slip of the
page is not copied: of its two DebitPartyName the second is sent as CreditPartyName.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from salio.wire import amounts, fields, results
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


class TransactionDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A transaction as a status result shows it. None or "" is sent as a key without a value."""

    debit_party_name: str
    """`600310 - Safaricom333`."""
    credit_party_name: str
    originator_conversation_id: str | None
    conversation_id: str | None
    initiated_at: datetime
    finalised_at: datetime | None
    debit_account_type: str | None
    debit_party_charges: str | None
    """See `charge_text`."""
    credit_party_charges: str | None
    """The charge of a payment to an organization. If it is not None, not even empty, its key is sent, and the
    debit side's only if that is not None either; else the debit side's key is sent."""
    reason: str | None
    reason_type: str | None
    transaction_status: str
    """`Completed`."""
    amount: int
    """Cents."""
    receipt: str


def charge_text(name: str, currency: str, cents: int) -> str:
    """`Fee For B2C Payment|KES|22.40` (TS, Callback payload)."""
    return f"{name}|{currency}|{amounts.to_text(cents)}"


def result(head: results.ResultHead, transaction: TransactionDetails, profile: Profile) -> bytes:
    """The result of a status query that found its transaction, whatever became of that.

    Raises:
        ValueError: a moment of the transaction is naive.
    """
    return results.success(head, Api.TRANSACTION_STATUS, _values(transaction, profile), profile)


def _values(transaction: TransactionDetails, profile: Profile) -> dict[str, results.Value]:
    finalised_at = transaction.finalised_at
    return {
        "DebitPartyName": transaction.debit_party_name,
        "CreditPartyName": transaction.credit_party_name,
        "OriginatorConversationID": transaction.originator_conversation_id,
        "InitiatedTime": results.moment(transaction.initiated_at, profile),
        "DebitAccountType": transaction.debit_account_type,
        **_charges(transaction),
        "TransactionReason": transaction.reason,
        "ReasonType": transaction.reason_type,
        "TransactionStatus": transaction.transaction_status,
        "FinalisedTime": None if finalised_at is None else results.moment(finalised_at, profile),
        "Amount": _amount(transaction.amount, profile),
        "ConversationID": transaction.conversation_id,
        "ReceiptNo": transaction.receipt,
    }


def _charges(transaction: TransactionDetails) -> dict[str, results.Value]:
    """The key of the side that bears the charge, the debit side's if neither does (wire facts 2.6)."""
    debit, credit = transaction.debit_party_charges, transaction.credit_party_charges
    if credit is None:
        return {"DebitPartyCharges": debit}
    if debit is None:
        return {"CreditPartyCharges": credit}
    return {"DebitPartyCharges": debit, "CreditPartyCharges": credit}


def _amount(cents: int, profile: Profile) -> str | msgspec.Raw:
    """`300` or `300.50` as text; `300.0` or `300.5` as a number, written digit by digit."""
    text = amounts.to_text(cents)
    if profile.amount_as_number:
        return msgspec.Raw(text.removesuffix("0").encode("ascii"))
    return text.removesuffix(".00")
