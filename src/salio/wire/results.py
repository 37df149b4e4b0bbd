"""How a request ended, as the body that is posted to ResultURL or QueueTimeOutURL.

Source: AB, Result body; TS and B2C, Callback payload; wire facts 2.5, 2.6 and 5.1; rulings, Two wire profiles
and Results.
Which member stands where, and what is text or number, is the profile's data; the slips of the pages that are
not copied: TS's second DebitPartyName (CreditPartyName is sent).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from salio.wire import amounts, times
from salio.wire.apis import Api
from salio.wire.balance_text import AccountAmounts, print_accounts
from salio.wire.profile import Profile
from salio.wire.receipts import query_transaction_id
from salio.wire.result_codes import ResultCode

__all__ = [
    "AccountAmounts",
    "Parameter",
    "PaymentDetails",
    "ResultHead",
    "TransactionDetails",
    "balance_result",
    "charge_text",
    "failed_result",
    "payment_result",
    "query_transaction_id",
    "status_result",
    "timeout_notice",
]

TIMED_OUT = "The request waited too long in the queue and was not processed."
"""Our own wording: no page shows the body of a queue timeout, and none was ever captured."""

_encode = msgspec.json.Encoder().encode

_Value = str | int | msgspec.Raw | None


class Parameter(msgspec.Struct, frozen=True, omit_defaults=True, rename="pascal"):
    """A key and its value; a parameter with nothing to say is sent without the member `Value`."""

    key: str
    value: _Value = None


class ResultHead(msgspec.Struct, frozen=True):
    """The ids of the request that ended: those of its acknowledgement, and the query's own TransactionID."""

    originator_conversation_id: str
    conversation_id: str
    transaction_id: str
    """See `query_transaction_id`; never the receipt that was asked about. Of a payment its own receipt."""


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


class PaymentDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as its result shows it, and what the payer's accounts hold since; amounts in cents."""

    amount: int
    receiver_name: str
    """`254705912645 - NICHOLAS JOHN SONGOK`."""
    utility_funds: int
    working_funds: int
    charges_paid_funds: int


def charge_text(name: str, currency: str, cents: int) -> str:
    """`Fee For B2C Payment|KES|22.40` (TS, Callback payload)."""
    return f"{name}|{currency}|{amounts.to_text(cents)}"


def balance_result(
    outcome: ResultHead, accounts: Sequence[AccountAmounts], completed_at: datetime, profile: Profile
) -> bytes:
    """The result of a balance query that was answered.

    Raises:
        ValueError: an account's name holds a separator, or `completed_at` is naive.
    """
    values: dict[str, _Value] = {
        "ActionType": Api.ACCOUNT_BALANCE.command,
        "AccountBalance": print_accounts(accounts),
        "BOCompletedTime": _time(completed_at, profile),
    }
    return _success(outcome, Api.ACCOUNT_BALANCE, profile, _parameters(profile.balance_keys, values), None)


def status_result(
    head: ResultHead, transaction: TransactionDetails, occasion: str | None, profile: Profile
) -> bytes:
    """The result of a status query that found its transaction, whatever became of that.

    Raises:
        ValueError: a moment of the transaction is naive.
    """
    values = _status_values(transaction, profile)
    return _success(head, Api.TRANSACTION_STATUS, profile, _parameters(profile.status_keys, values), occasion)


def payment_result(
    head: ResultHead, payment: PaymentDetails, completed_at: datetime, profile: Profile
) -> bytes:
    """The result of a payment to a customer that was made.

    Raises:
        ValueError: `completed_at` is naive.
    """
    values: dict[str, _Value] = {
        "TransactionAmount": _shillings(payment.amount),
        "TransactionReceipt": head.transaction_id,
        "ReceiverPartyPublicName": payment.receiver_name,
        "TransactionCompletedDateTime": times.to_dotted_text(completed_at),
        "B2CUtilityAccountAvailableFunds": _funds(payment.utility_funds),
        "B2CWorkingAccountAvailableFunds": _funds(payment.working_funds),
        "B2CRecipientIsRegisteredCustomer": "Y",  # nobody else can be paid
        "B2CChargesPaidAccountAvailableFunds": _funds(payment.charges_paid_funds),
    }
    return _success(head, Api.B2C, profile, _parameters(profile.payment_keys, values), None)


def failed_result(
    head: ResultHead,
    api: Api,
    code: ResultCode,
    profile: Profile,
    *,
    occasion: str | None = None,
    fields: Sequence[str] = (),
    completed_at: datetime,
) -> bytes:
    """The result of a request that the core refused. `fields` are the names that 24 and 25 tell.

    Raises:
        ValueError: the code is SUCCESS, or `completed_at` is naive where the profile sends it.
    """
    if code is ResultCode.SUCCESS:
        raise ValueError("success is no failure")
    values: dict[str, _Value] = {
        "ActionType": api.command,
        "ErrorMsg": ", ".join(fields) if code.names_fields and fields else code.description,
        "BOCompletedTime": _time(completed_at, profile),
    }
    keys = profile.failed_keys_naming_fields if code.names_fields else profile.failed_keys
    parameters = _parameters(keys[api], values)
    return _envelope(head, api, profile, code, code.description, parameters, occasion)


def timeout_notice(head: ResultHead, api: Api, profile: Profile, *, occasion: str | None) -> bytes:
    """What QueueTimeOutURL is told: it waited too long, and no result will follow (rulings, Results)."""
    return _envelope(head, api, profile, ResultCode.INTERNAL_FAILURE, TIMED_OUT, [], occasion)


def _success(
    head: ResultHead, api: Api, profile: Profile, parameters: list[Parameter], occasion: str | None
) -> bytes:
    text = profile.success_text[api]
    return _envelope(head, api, profile, ResultCode.SUCCESS, text, parameters, occasion)


def _envelope(
    head: ResultHead,
    api: Api,
    profile: Profile,
    code: ResultCode,
    text: str,
    parameters: list[Parameter],
    occasion: str | None,
) -> bytes:
    as_text = api in profile.codes_as_text
    members: dict[str, object] = {
        "ResultType": "0" if as_text else 0,
        "ResultCode": code.code if as_text or not code.code.isdecimal() else int(code.code),
        "ResultDesc": text,
        "OriginatorConversationID": head.originator_conversation_id,
        "ConversationID": head.conversation_id,
        "TransactionID": head.transaction_id,
        "ReferenceData": {"ReferenceItem": _reference(api, profile, occasion)},
    }
    if parameters:
        lone = profile.lone_parameter_as_object and len(parameters) == 1
        members["ResultParameters"] = {"ResultParameter": parameters[0] if lone else parameters}
    ordered = {name: members[name] for name in profile.result_order[api] if name in members}
    return _encode({"Result": ordered})


def _reference(api: Api, profile: Profile, occasion: str | None) -> Parameter:
    match api:
        case Api.ACCOUNT_BALANCE | Api.B2C:
            return Parameter("QueueTimeoutURL", profile.references[api])
        case Api.TRANSACTION_STATUS:
            return Parameter("Occasion", occasion or None)


def _parameters(keys: Iterable[str], values: Mapping[str, _Value]) -> list[Parameter]:
    return [Parameter(key, values[key] or None) for key in keys if key in values]


def _status_values(transaction: TransactionDetails, profile: Profile) -> dict[str, _Value]:
    finalised_at = transaction.finalised_at
    return {
        "DebitPartyName": transaction.debit_party_name,
        "CreditPartyName": transaction.credit_party_name,
        "OriginatorConversationID": transaction.originator_conversation_id,
        "InitiatedTime": _time(transaction.initiated_at, profile),
        "DebitAccountType": transaction.debit_account_type,
        **_charges(transaction),
        "TransactionReason": transaction.reason,
        "ReasonType": transaction.reason_type,
        "TransactionStatus": transaction.transaction_status,
        "FinalisedTime": None if finalised_at is None else _time(finalised_at, profile),
        "Amount": _amount(transaction.amount, profile),
        "ConversationID": transaction.conversation_id,
        "ReceiptNo": transaction.receipt,
    }


def _charges(transaction: TransactionDetails) -> dict[str, _Value]:
    """The key of the side that bears the charge, the debit side's if neither does (wire facts 2.6)."""
    debit, credit = transaction.debit_party_charges, transaction.credit_party_charges
    if credit is None:
        return {"DebitPartyCharges": debit}
    if debit is None:
        return {"CreditPartyCharges": credit}
    return {"DebitPartyCharges": debit, "CreditPartyCharges": credit}


def _time(moment: datetime, profile: Profile) -> str | int:
    return times.to_number(moment) if profile.times_as_numbers else times.to_text(moment)


def _shillings(cents: int) -> msgspec.Raw:
    """`10` or `10.50`, as a number."""
    return msgspec.Raw(amounts.to_text(cents).removesuffix(".00").encode("ascii"))


def _funds(cents: int) -> msgspec.Raw:
    """`1199371.00`, as a number written digit by digit."""
    return msgspec.Raw(amounts.to_text(cents).encode("ascii"))


def _amount(cents: int, profile: Profile) -> str | msgspec.Raw:
    """`300` or `300.50` as text; `300.0` or `300.5` as a number, written digit by digit."""
    text = amounts.to_text(cents)
    if profile.amount_as_number:
        return msgspec.Raw(text.removesuffix("0").encode("ascii"))
    return text.removesuffix(".00")
