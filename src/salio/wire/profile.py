"""The two wire profiles, `documented` and `observed`: every difference between them, as data.

Source: rulings, Two wire profiles; A refused initiator. Nothing else in `wire` asks for a profile's name.
"""

import enum
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from salio.wire.apis import Api
from salio.wire.result_codes import InitiatorRefusal, ResultCode

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
_B2B_TAIL = (
    "Amount",
    "DebitPartyAffectedAccountBalance",
    "TransCompletedTime",
    "DebitPartyCharges",
    "ReceiverPartyPublicName",
    "Currency",
)
_REVERSAL_KEYS = (
    "DebitAccountBalance",
    "Amount",
    "TransCompletedTime",
    "OriginalTransactionID",
    "Charge",
    "CreditPartyPublicName",
    "DebitPartyPublicName",
)
QUEUE_TIMEOUT_URL = "QueueTimeoutURL"
BILL_REFERENCE_NUMBER = "BillReferenceNumber"
_OCCASION = ("Occasion",)
_ERROR = ("ErrorMsg",)
_BALANCE_ERROR = ("ActionType", "ErrorMsg", "BOCompletedTime")
_INTERNAL = "https://internalsandbox.safaricom.co.ke/mpesa/{}/v1/submit"
_ACCEPTED = "Accept the service request successfully"
_SUCCESS = ResultCode.SUCCESS.description

_OF_PAYMENTS: Mapping[InitiatorRefusal, ResultCode] = MappingProxyType(
    {
        InitiatorRefusal.PARTY_NOT_OWN: ResultCode.PRIMARY_PARTY_NOT_PERMITTED,
        InitiatorRefusal.UNKNOWN: ResultCode.INITIATOR_INFORMATION_INVALID,
        InitiatorRefusal.DORMANT: ResultCode.INITIATOR_INFORMATION_INVALID,
        InitiatorRefusal.ROLE_MISSING: ResultCode.PRIMARY_PARTY_NOT_PERMITTED,
        InitiatorRefusal.LOCKED: ResultCode.CREDENTIAL_LOCKED,
        InitiatorRefusal.PASSWORD_EXPIRED: ResultCode.INITIATOR_INFORMATION_INVALID,
        InitiatorRefusal.PASSWORD_WRONG: ResultCode.INITIATOR_INFORMATION_INVALID,
    }
)
"""What the pages of payments say of an initiator, and the wire of all APIs."""
_OF_QUERIES = {
    **_OF_PAYMENTS,
    InitiatorRefusal.DORMANT: ResultCode.INITIATOR_NOT_ACTIVE,
    InitiatorRefusal.LOCKED: ResultCode.CREDENTIAL_CHECK_FAILED,
    InitiatorRefusal.PASSWORD_EXPIRED: ResultCode.CREDENTIAL_CHECK_FAILED,
    InitiatorRefusal.PASSWORD_WRONG: ResultCode.CREDENTIAL_CHECK_FAILED,
}
"""What the pages of the two queries say, but for an unknown one."""


class Acknowledgement(enum.Enum):
    """Which members an acknowledgement has before its ResponseCode, in order."""

    USUAL = ("OriginatorConversationID", "ConversationID")
    CONVERSATION_FIRST = ("ConversationID", "OriginatorConversationID")
    """B2C, Response Body."""
    MISSPELT = ("OriginatorCoversationID",)
    """C2B, Response Body."""
    MISSPELT_AND_WHOLE = ("ConversationID", "OriginatorCoversationID")
    """Of C2B's simulation on the wire (wire facts 1)."""
    OF_A_PROMPT = ("MerchantRequestID", "CheckoutRequestID")
    """M-PESA Express, Response Body; of the push a CustomerMessage follows the ResponseDescription."""


class Page(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """How one API is spoken: what its page, or the wire, has of its own. Most have what is set here.

    Each is one of its kind, and hashed as that.
    """

    format_code: str = "400.002.02"
    """The errorCode of "Bad Request - Invalid NAME"."""
    acknowledgement: Acknowledgement = Acknowledgement.USUAL
    """Its members."""
    accepted_text: str = _ACCEPTED + "."
    """ResponseDescription of an accepted request."""
    earlier_accepted_text: str = ""
    """The same at the API's earlier path, if that has words of its own."""
    success_text: str = _SUCCESS + "."
    """ResultDesc of success."""
    codes_as_text: bool = False
    """ResultType and a numeric ResultCode are strings."""
    result_order: tuple[str, ...] = _ENVELOPE
    """The members of `Result`, in order."""
    success_keys: tuple[str, ...] = ()
    """The parameters of a success, in order; of a status result's two charges keys those that apply."""
    callback_items: tuple[str, ...] = ()
    """The same of a paid prompt, whose callback is no result but has items with a name."""
    failed_keys: tuple[str, ...] = ()
    """The parameters of a failed request's result."""
    failed_keys_naming_fields: tuple[str, ...] = ()
    """The same, for the codes that name fields (24 and 25)."""
    failed_as_observed: bool = False
    """A failed result has its numbers as numbers and its one parameter as an object, whatever a success has
    (B2B, Unsuccessful Result Body)."""
    empty_values: bool = False
    """A parameter with nothing to say has an empty `Value`, instead of none (B2B, Successful Result Body)."""
    own_texts: Mapping[ResultCode, str] = MappingProxyType({})
    """ResultDesc where this API says it in other words."""
    reference_keys: tuple[str, ...] = (QUEUE_TIMEOUT_URL,)
    """The ReferenceItems, in order: one as an object, more as a list. Without BillReferenceNumber if the
    request has none."""
    failed_reference_keys: tuple[str, ...] | None = None
    """The same of a failure; as a success if not given."""
    bills: tuple[str, ...] = ()
    """The commands whose AccountReference comes back as BillReferenceNumber."""
    internal_url: str = ""
    """Value of a ReferenceItem QueueTimeoutURL: the platform's own internal address. Without one, the
    caller's own QueueTimeOutURL."""
    initiator_codes: Mapping[InitiatorRefusal, ResultCode] = _OF_PAYMENTS
    """The column of this API in the table of a refused initiator."""

    def text(self, code: ResultCode) -> str:
        """ResultDesc."""
        return self.success_text if code is ResultCode.SUCCESS else self.own_texts.get(code, code.description)


_ITEMS = ("Amount", "MpesaReceiptNumber", "TransactionDate", "PhoneNumber")
_PROMPT_TEXTS = {
    ResultCode.AMOUNT_TOO_SMALL: "Declined due to limit rule.",
    ResultCode.DAY_LIMIT_EXCEEDED: "Declined due to limit rule: would exceed daily transfer limit.",
}
_EXPRESS = Page(
    acknowledgement=Acknowledgement.OF_A_PROMPT,
    accepted_text="Success. Request accepted for processing",
    callback_items=_ITEMS,
    own_texts=_PROMPT_TEXTS | {ResultCode.PROMPT_CANCELLED: "Request cancelled by user"},
)
_EXPRESS_QUERY = Page(
    acknowledgement=Acknowledgement.OF_A_PROMPT,
    accepted_text="The service request has been accepted successfully",
    own_texts=_PROMPT_TEXTS | {ResultCode.PROMPT_CANCELLED: "Request canceled by the user"},
)
_RECEIVER_INVALID = {ResultCode.OPERATOR_UNKNOWN: "Receiver party is invalid"}
_B2B = Page(
    success_text=_SUCCESS,
    codes_as_text=True,
    success_keys=("DebitAccountBalance", *_B2B_TAIL, "InitiatorAccountCurrentBalance"),
    failed_keys=("BOCompletedTime",),
    failed_keys_naming_fields=("ErrorMsg", "BOCompletedTime"),
    failed_as_observed=True,
    empty_values=True,
    own_texts=_RECEIVER_INVALID,
    reference_keys=(BILL_REFERENCE_NUMBER, QUEUE_TIMEOUT_URL),
    failed_reference_keys=(QUEUE_TIMEOUT_URL,),
    bills=("BusinessPayBill", "BusinessBuyGoods", "BusinessPayToBulk", "PayTaxToKRA"),
)
"""What the pages of B2B and of taxes have in common, which is all of it."""
_B2B_OBSERVED = Page(
    success_keys=("DebitAccountCurrentBalance", "InitiatorAccountCurrentBalance", *_B2B_TAIL),
    failed_keys=("BOCompletedTime",),
    own_texts=_RECEIVER_INVALID,
    reference_keys=(BILL_REFERENCE_NUMBER, QUEUE_TIMEOUT_URL, "Occassion"),
    bills=("BusinessPayBill", "PayTaxToKRA"),
    internal_url=_INTERNAL.format("b2bresults"),
)
"""The same on the wire (wire facts 5.2)."""


class Profile(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """How an app is spoken to. Compared by identity: there are the two below and no others."""

    name: str
    """What `--wire` and an app's settings call it."""

    spaced_keys_accepted: bool
    """`Command ID` and `Transaction ID` count as their unspaced names (TS's sample)."""
    foreign_command_accepted: bool
    """A CommandID that is not this API's reaches the core, which answers 29."""
    spike_arrest_as_fault: bool
    """HTTP 429 with a `fault` body instead of HTTP 500 with an errorCode."""
    wrong_secret_unexplained: bool
    """HTTP 400 without a body for an unknown consumer key or a wrong secret."""
    invalid_authentication_text: str
    """errorMessage of 400.008.01."""

    identifiers_as_numbers: bool
    """requestId and OriginatorConversationID as three numbers, instead of a UUID's tail and a counter."""
    conversation_base: int
    """The base of the 20 digits that end a ConversationID: 16 or 36."""

    times_as_numbers: bool
    """BOCompletedTime, InitiatedTime and FinalisedTime as JSON numbers."""
    amount_as_number: bool
    """A transaction's Amount as a JSON number with at least one decimal."""
    lone_parameter_as_object: bool
    """A single ResultParameter is an object, not a list of one."""
    msisdn_hashed: bool
    """C2B v1 tells a customer's number as its SHA-256 (C2B, FAQ 3), not as it is (wire facts 5.3)."""
    empty_names_left_out: bool
    """A confirmation lacks the names that a customer has not (wire facts 5.3)."""
    pages: Mapping[Api, Page]
    """What differs from API to API."""

    def initiator_refused(self, case: InitiatorRefusal, api: Api) -> ResultCode:
        """The code that a refused initiator's request ends with (rulings, A refused initiator)."""
        return self.pages[api].initiator_codes[case]


DOCUMENTED = Profile(
    name="documented",
    spaced_keys_accepted=True,
    foreign_command_accepted=True,
    spike_arrest_as_fault=False,
    wrong_secret_unexplained=False,
    invalid_authentication_text="Invalid authentication type passed",
    identifiers_as_numbers=True,
    conversation_base=16,
    times_as_numbers=False,
    amount_as_number=False,
    lone_parameter_as_object=False,
    msisdn_hashed=True,
    empty_names_left_out=False,
    pages={
        Api.ACCOUNT_BALANCE: Page(
            accepted_text=_ACCEPTED,
            success_text=_SUCCESS,
            codes_as_text=True,
            success_keys=("AccountBalance", "BOCompletedTime"),
            failed_keys_naming_fields=_ERROR,
            internal_url=_INTERNAL.format("abresults"),
            initiator_codes={
                **_OF_QUERIES,
                InitiatorRefusal.UNKNOWN: ResultCode.INITIATOR_UNRESOLVED,
            },
        ),
        Api.TRANSACTION_STATUS: Page(
            format_code="400.003.02",
            result_order=_ENVELOPE_OF_STATUS_PAGE,
            success_keys=(*_STATUS_HEAD, "DebitAccountType", *_STATUS_CHARGES, *_STATUS_TAIL),
            failed_keys_naming_fields=_ERROR,
            reference_keys=_OCCASION,
            initiator_codes={**_OF_QUERIES, InitiatorRefusal.UNKNOWN: ResultCode.OPERATOR_UNKNOWN},
        ),
        Api.B2C: Page(
            acknowledgement=Acknowledgement.CONVERSATION_FIRST,
            success_keys=_PAYMENT_KEYS,
            failed_keys_naming_fields=_ERROR,
            internal_url=_INTERNAL.format("b2cresults"),
        ),
        Api.B2B: _B2B,
        Api.TAX_REMITTANCE: _B2B,
        Api.C2B: Page(format_code="400.003.02", acknowledgement=Acknowledgement.MISSPELT),
        Api.C2B_REGISTER: Page(
            format_code="400.003.02",
            acknowledgement=Acknowledgement.MISSPELT,
            accepted_text="Success",
            earlier_accepted_text="success",
        ),
        Api.EXPRESS: _EXPRESS,
        Api.EXPRESS_QUERY: _EXPRESS_QUERY,
        Api.REVERSAL: Page(
            success_keys=_REVERSAL_KEYS,
            failed_keys_naming_fields=_ERROR,
            internal_url=_INTERNAL.format("reversalresults"),
        ),
    },
)
"""What the pages say: their JSON samples first, then their tables."""

OBSERVED = Profile(
    name="observed",
    spaced_keys_accepted=False,
    foreign_command_accepted=False,
    spike_arrest_as_fault=True,
    wrong_secret_unexplained=True,
    invalid_authentication_text="Invalid Authentication passed",
    identifiers_as_numbers=False,
    conversation_base=36,
    times_as_numbers=True,
    amount_as_number=True,
    lone_parameter_as_object=True,
    msisdn_hashed=False,
    empty_names_left_out=True,
    pages={
        Api.ACCOUNT_BALANCE: Page(
            success_keys=("ActionType", "AccountBalance", "BOCompletedTime"),
            failed_keys=_BALANCE_ERROR,
            failed_keys_naming_fields=_BALANCE_ERROR,
            internal_url=_INTERNAL.format("abresults"),
        ),
        Api.TRANSACTION_STATUS: Page(
            success_keys=(*_STATUS_HEAD, *_STATUS_CHARGES, "DebitAccountType", *_STATUS_TAIL),
            reference_keys=_OCCASION,
        ),
        Api.B2C: Page(
            acknowledgement=Acknowledgement.CONVERSATION_FIRST,
            success_keys=_PAYMENT_KEYS,
            internal_url=_INTERNAL.format("b2cresults"),
        ),
        Api.B2B: _B2B_OBSERVED,
        Api.TAX_REMITTANCE: _B2B_OBSERVED,
        Api.C2B: Page(acknowledgement=Acknowledgement.MISSPELT_AND_WHOLE),
        Api.C2B_REGISTER: Page(
            acknowledgement=Acknowledgement.MISSPELT, accepted_text="Success", earlier_accepted_text="success"
        ),
        Api.EXPRESS: msgspec.structs.replace(
            _EXPRESS, callback_items=(*_ITEMS[:2], "Balance", *_ITEMS[2:]), own_texts=_PROMPT_TEXTS
        ),
        Api.EXPRESS_QUERY: msgspec.structs.replace(_EXPRESS_QUERY, own_texts=_PROMPT_TEXTS),
        Api.REVERSAL: Page(success_keys=_REVERSAL_KEYS, internal_url=_INTERNAL.format("reversalresults")),
    },
)
"""What Safaricom's servers were seen to send, 2020 to 2026 (wire facts)."""

PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (DOCUMENTED, OBSERVED)}
"""Both, by name."""
