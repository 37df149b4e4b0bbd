"""The two wire profiles, `documented` and `observed`: every difference between them, as data.

Source: rulings, Two wire profiles; A refused initiator. Nothing else in `wire` asks for a profile's name.
"""

from collections.abc import Mapping

import msgspec

from salio.wire.apis import Api
from salio.wire.result_codes import InitiatorRefusal, ResultCode

_BALANCE, _STATUS, _B2C = Api.ACCOUNT_BALANCE, Api.TRANSACTION_STATUS, Api.B2C

_ENVELOPE = (
    "ResultType",
    "ResultCode",
    "ResultDesc",
    "OriginatorConversationID",
    "ConversationID",
    "TransactionID",
    "ResultParameters",
    "ReferenceData",
)
_ENVELOPE_OF_STATUS_PAGE = (
    "ConversationID",
    "OriginatorConversationID",
    "ReferenceData",
    "ResultCode",
    "ResultDesc",
    "ResultParameters",
    "ResultType",
    "TransactionID",
)
_STATUS_HEAD = ("DebitPartyName", "CreditPartyName", "OriginatorConversationID", "InitiatedTime")
_STATUS_CHARGES = ("DebitPartyCharges", "CreditPartyCharges")
_STATUS_TAIL = (
    "TransactionReason",
    "ReasonType",
    "TransactionStatus",
    "FinalisedTime",
    "Amount",
    "ConversationID",
    "ReceiptNo",
)
_PAYMENT_KEYS = (
    "TransactionAmount",
    "TransactionReceipt",
    "ReceiverPartyPublicName",
    "TransactionCompletedDateTime",
    "B2CUtilityAccountAvailableFunds",
    "B2CWorkingAccountAvailableFunds",
    "B2CRecipientIsRegisteredCustomer",
    "B2CChargesPaidAccountAvailableFunds",
)
_REFERENCES = {
    _BALANCE: "https://internalsandbox.safaricom.co.ke/mpesa/abresults/v1/submit",
    _B2C: "https://internalsandbox.safaricom.co.ke/mpesa/b2cresults/v1/submit",
}
_ACCEPTED = "Accept the service request successfully"
_SUCCESS = ResultCode.SUCCESS.description


class Profile(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """How an app is spoken to. Compared by identity: there are the two below and no others."""

    name: str
    """What `--wire` and an app's settings call it."""

    spaced_keys_accepted: bool
    """`Command ID` and `Transaction ID` count as their unspaced names (TS's sample)."""
    foreign_command_accepted: bool
    """A CommandID that is not this API's reaches the core, which answers 29."""
    format_codes: Mapping[Api, str]
    """The errorCode of "Bad Request - Invalid NAME"."""
    spike_arrest_as_fault: bool
    """HTTP 429 with a `fault` body instead of HTTP 500 with an errorCode."""
    wrong_secret_unexplained: bool
    """HTTP 400 without a body for an unknown consumer key or a wrong secret."""
    invalid_authentication_text: str
    """errorMessage of 400.008.01."""

    conversation_first: frozenset[Api]
    """The APIs whose acknowledgement begins with the ConversationID (B2C, Response Body)."""
    accepted_text: Mapping[Api, str]
    """ResponseDescription of an accepted request."""
    success_text: Mapping[Api, str]
    """ResultDesc of success."""
    identifiers_as_numbers: bool
    """requestId and OriginatorConversationID as three numbers, instead of a UUID's tail and a counter."""
    conversation_base: int
    """The base of the 20 digits that end a ConversationID: 16 or 36."""

    codes_as_text: frozenset[Api]
    """The APIs whose ResultType and numeric ResultCode are strings."""
    times_as_numbers: bool
    """BOCompletedTime, InitiatedTime and FinalisedTime as JSON numbers."""
    amount_as_number: bool
    """A transaction's Amount as a JSON number with at least one decimal."""
    result_order: Mapping[Api, tuple[str, ...]]
    """The members of `Result`, in order."""
    balance_keys: tuple[str, ...]
    """The parameters of a balance result, in order."""
    status_keys: tuple[str, ...]
    """The parameters of a status result, in order; of the two charges keys those that apply."""
    payment_keys: tuple[str, ...]
    """The parameters of a payment's result, in order."""
    failed_keys: Mapping[Api, tuple[str, ...]]
    """The parameters of a failed request's result."""
    failed_keys_naming_fields: Mapping[Api, tuple[str, ...]]
    """The same, for the codes that name fields (24 and 25)."""
    lone_parameter_as_object: bool
    """A single ResultParameter is an object, not a list of one."""
    references: Mapping[Api, str]
    """Value of a ReferenceItem QueueTimeoutURL: the platform's own internal address, never the caller's."""

    initiator_codes: Mapping[InitiatorRefusal, Mapping[Api, ResultCode]]
    """The table of a refused initiator."""

    def initiator_refused(self, case: InitiatorRefusal, api: Api) -> ResultCode:
        """The code that a refused initiator's request ends with (rulings, A refused initiator)."""
        return self.initiator_codes[case][api]


def _row(balance: ResultCode, status: ResultCode, payment: ResultCode) -> Mapping[Api, ResultCode]:
    return {_BALANCE: balance, _STATUS: status, _B2C: payment}


def _all(code: ResultCode) -> Mapping[Api, ResultCode]:
    return dict.fromkeys(Api, code)


def _on_queries(code: ResultCode) -> Mapping[Api, ResultCode]:
    """The B2C page says 2001 of whatever is wrong with an initiator."""
    return _row(code, code, ResultCode.INITIATOR_INFORMATION_INVALID)


DOCUMENTED = Profile(
    name="documented",
    spaced_keys_accepted=True,
    foreign_command_accepted=True,
    format_codes={_BALANCE: "400.002.02", _STATUS: "400.003.02", _B2C: "400.002.02"},
    spike_arrest_as_fault=False,
    wrong_secret_unexplained=False,
    invalid_authentication_text="Invalid authentication type passed",
    conversation_first=frozenset({_B2C}),
    accepted_text={_BALANCE: _ACCEPTED, _STATUS: _ACCEPTED + ".", _B2C: _ACCEPTED + "."},
    success_text={_BALANCE: _SUCCESS, _STATUS: _SUCCESS + ".", _B2C: _SUCCESS + "."},
    identifiers_as_numbers=True,
    conversation_base=16,
    codes_as_text=frozenset({_BALANCE}),
    times_as_numbers=False,
    amount_as_number=False,
    result_order={_BALANCE: _ENVELOPE, _STATUS: _ENVELOPE_OF_STATUS_PAGE, _B2C: _ENVELOPE},
    balance_keys=("AccountBalance", "BOCompletedTime"),
    status_keys=(*_STATUS_HEAD, "DebitAccountType", *_STATUS_CHARGES, *_STATUS_TAIL),
    payment_keys=_PAYMENT_KEYS,
    failed_keys=dict.fromkeys(Api, ()),
    failed_keys_naming_fields=dict.fromkeys(Api, ("ErrorMsg",)),
    lone_parameter_as_object=False,
    references=_REFERENCES,
    initiator_codes={
        InitiatorRefusal.PARTY_NOT_OWN: _all(ResultCode.PRIMARY_PARTY_NOT_PERMITTED),
        InitiatorRefusal.UNKNOWN: _row(
            ResultCode.INITIATOR_UNRESOLVED,
            ResultCode.OPERATOR_UNKNOWN,
            ResultCode.INITIATOR_INFORMATION_INVALID,
        ),
        InitiatorRefusal.DORMANT: _on_queries(ResultCode.INITIATOR_NOT_ACTIVE),
        InitiatorRefusal.ROLE_MISSING: _all(ResultCode.PRIMARY_PARTY_NOT_PERMITTED),
        InitiatorRefusal.LOCKED: _row(
            ResultCode.CREDENTIAL_CHECK_FAILED,
            ResultCode.CREDENTIAL_CHECK_FAILED,
            ResultCode.CREDENTIAL_LOCKED,
        ),
        InitiatorRefusal.PASSWORD_EXPIRED: _on_queries(ResultCode.CREDENTIAL_CHECK_FAILED),
        InitiatorRefusal.PASSWORD_WRONG: _on_queries(ResultCode.CREDENTIAL_CHECK_FAILED),
    },
)
"""What the pages say: their JSON samples first, then their tables."""

OBSERVED = Profile(
    name="observed",
    spaced_keys_accepted=False,
    foreign_command_accepted=False,
    format_codes=dict.fromkeys(Api, "400.002.02"),
    spike_arrest_as_fault=True,
    wrong_secret_unexplained=True,
    invalid_authentication_text="Invalid Authentication passed",
    conversation_first=frozenset({_B2C}),
    accepted_text=dict.fromkeys(Api, _ACCEPTED + "."),
    success_text=dict.fromkeys(Api, _SUCCESS + "."),
    identifiers_as_numbers=False,
    conversation_base=36,
    codes_as_text=frozenset(),
    times_as_numbers=True,
    amount_as_number=True,
    result_order=dict.fromkeys(Api, _ENVELOPE),
    balance_keys=("ActionType", "AccountBalance", "BOCompletedTime"),
    status_keys=(*_STATUS_HEAD, *_STATUS_CHARGES, "DebitAccountType", *_STATUS_TAIL),
    payment_keys=_PAYMENT_KEYS,
    failed_keys={_BALANCE: ("ActionType", "ErrorMsg", "BOCompletedTime"), _STATUS: (), _B2C: ()},
    failed_keys_naming_fields={
        _BALANCE: ("ActionType", "ErrorMsg", "BOCompletedTime"),
        _STATUS: (),
        _B2C: (),
    },
    lone_parameter_as_object=True,
    references=_REFERENCES,
    initiator_codes={
        InitiatorRefusal.PARTY_NOT_OWN: _all(ResultCode.PRIMARY_PARTY_NOT_PERMITTED),
        InitiatorRefusal.UNKNOWN: _all(ResultCode.INITIATOR_INFORMATION_INVALID),
        InitiatorRefusal.DORMANT: _all(ResultCode.INITIATOR_INFORMATION_INVALID),
        InitiatorRefusal.ROLE_MISSING: _all(ResultCode.PRIMARY_PARTY_NOT_PERMITTED),
        InitiatorRefusal.LOCKED: _all(ResultCode.CREDENTIAL_LOCKED),
        InitiatorRefusal.PASSWORD_EXPIRED: _all(ResultCode.INITIATOR_INFORMATION_INVALID),
        InitiatorRefusal.PASSWORD_WRONG: _all(ResultCode.INITIATOR_INFORMATION_INVALID),
    },
)
"""What Safaricom's servers were seen to send, 2020 to 2026 (wire facts)."""

PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (DOCUMENTED, OBSERVED)}
"""Both, by name."""
