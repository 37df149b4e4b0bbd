"""How a request ended: the name of each outcome, its code and its wording on the wire.

Source: AB, Error Codes; TS, Result codes; B2C and Reversal, Result Codes; wire facts 3.2 and 3.3 for 21's
wording, 2001, 2032, 8006, 1001 and 4999; M-PESA Express, Result codes.
"""

import enum
from typing import Self


class ResultCode(enum.Enum):
    """An outcome as `ResultCode` and `ResultDesc` tell it. Its value is its code, or says whose."""

    __hash__ = object.__hash__  # one object for each member: Enum hashes its name anew each time

    code: str
    description: str

    def __new__(  # the defaults let mypy read ResultCode("18")
        cls, code: str, description: str = "", value: str = ""
    ) -> Self:
        member = object.__new__(cls)
        member._value_ = value or code
        member.code = code
        member.description = description
        return member

    SUCCESS = ("0", "The service request is processed successfully")
    """It was done as asked. The profile adds the full stop: see `Profile.success_text`."""

    BALANCE_INSUFFICIENT = ("1", "The balance is insufficient for the transaction.")
    """The payer's account holds less than the amount (B2C, as all codes up to 8)."""

    AMOUNT_TOO_SMALL = ("2", "Declined due to limit rule")
    """Less than the smallest payment."""

    AMOUNT_TOO_LARGE = ("3", "Declined due to limit rule: greater than the maximum transaction amount.")
    """More than the largest payment."""

    DAY_LIMIT_EXCEEDED = ("4", "Declined due to limit rule: would exceed daily transfer limit")
    """More than a customer may receive, or send, in a day."""

    BALANCE_LIMIT_EXCEEDED = ("8", "Declined due to limit rule: would exceed the maximum balance.")
    """More than the receiver may hold."""

    DEBIT_PARTY_INVALID = ("11", "The DebitParty is in an invalid state.")
    """Whoever pays is not active; here a customer whom nobody knows (C2B, in the log alone), or on demand."""

    ACCOUNT_STATUS_INVALID = (
        "2006",
        "Declined due to account rule: The account status does not allow this transaction.",
    )
    """The paying account is not active; here only when the sandbox's control asks for it."""

    PRODUCT_NOT_ASSIGNED = ("2028", "The request is not permitted according to product assignment.")
    """PartyA's short code may not do this; ReceiverParty's takes no payments."""

    CUSTOMER_TYPE_UNSUPPORTED = (
        "2040",
        "Credit Party customer type (Unregistered or Registered Customer) can't be supported by the service.",
    )
    """The receiver has no M-PESA account."""

    ALREADY_REVERSED = ("R000001", "The transaction has already been reversed.")
    """What a reversal wants to put back was put back before (Reversal, as the next)."""

    ORIGINAL_INVALID = ("R000002", "The OriginalTransactionID is invalid.")
    """No payment to this organization that could be reversed has that receipt."""

    DUPLICATE_DETECTED = ("15", "Duplicate Detected")
    """The core finds an OriginatorConversationID that this app has used before."""

    INTERNAL_FAILURE = ("17", "Internal Failure")
    """Whatever has no code of its own; also the queue timeout's code."""

    CREDENTIAL_CHECK_FAILED = ("18", "Initiator Credential Check Failure")
    """The initiator's password is wrong, expired, locked, or could not be decrypted."""

    SEQUENCE_FAILED = ("19", "Message Sequencing Failure")
    """No natural cause here: only when the sandbox's control asks for it."""

    INITIATOR_UNRESOLVED = ("20", "Unresolved Initiator")
    """A balance query's initiator is not known to the short code."""

    PRIMARY_PARTY_NOT_PERMITTED = ("21", "The initiator is not allowed to initiate this request.")
    """The initiator may not ask for this party, or lacks the API's role."""

    INITIATOR_NOT_ACTIVE = ("22", "Initiator to Receiver Party Permission Failure")
    """The initiator is dormant: AB's details say so, whatever its title says."""

    MANDATORY_FIELDS_MISSING = ("24", "Missing mandatory fields")
    """The core misses a field that the gateway let through; ErrorMsg names it."""

    PARAMETERS_INVALID = ("25", "InvalidRequestParameters")
    """Fields contradict each other, as when two ids name different transactions; ErrorMsg names them."""

    TRAFFIC_BLOCKED = ("26", "Traffic blocking condition in place")
    """An acknowledgement's code by nature; as a result only when the sandbox's control asks for it."""

    COMMAND_INVALID = ("29", "InvalidCommand")
    """The CommandID is text, but not this API's."""

    INITIATOR_INFORMATION_INVALID = ("2001", "The initiator information is invalid.")
    """Unknown, dormant or wrong password: what the real platform says for all of them."""

    RECEIPT_UNKNOWN = ("2032", "The transaction receipt number does not exist.")
    """No transaction of this organization has that receipt or conversation id."""

    CREDENTIAL_LOCKED = ("8006", "The security credential is locked.")
    """Too many wrong passwords in a row, as the real platform says it."""

    OPERATOR_UNKNOWN = ("SFC_IC0003", "The operator does not exist.")
    """A status query's initiator is unknown to the short code; or a payment's PartyB cannot be paid. B2B says
    it in words of its own: see `Page.own_texts`."""

    RULE_LIMITED = ("17", "Rule limited.", "17 of M-PESA Express")
    """The customer paid the same amount less than two minutes ago (M-PESA Express, as all that follow)."""

    SUBSCRIBER_LOCKED = (
        "1001",
        "Unable to lock subscriber, a transaction is already in process for the current subscriber",
    )
    """The phone shows another prompt (wire facts 3.3); at the door it is an error of the same words."""

    TRANSACTION_EXPIRED = ("1019", "Transaction has expired.")
    """It was not decided in time."""

    PUSH_FAILED = ("1025", "An error occurred while sending a push request.")
    """The prompt is longer than a phone can show."""

    PROMPT_CANCELLED = ("1032", "Request cancelled by user.")
    """The customer cancelled the prompt."""

    PHONE_UNREACHABLE = ("1037", "DS timeout user cannot be reached.")
    """Nobody answered the prompt, or no phone has that number."""

    STILL_UNDER_PROCESSING = ("4999", "The transaction is still under processing")
    """The customer has not answered yet; told to a query alone (wire facts 5.4)."""

    @property
    def names_fields(self) -> bool:
        """Whether the result carries the names of the fields at fault (AB, Error Codes, 24 and 25)."""
        return self in {ResultCode.MANDATORY_FIELDS_MISSING, ResultCode.PARAMETERS_INVALID}


class InitiatorRefusal(enum.Enum):
    """Why an initiator was refused, in the order of the checks (rulings, A refused initiator).

    Which code each case gets differs by profile and API: see `Profile.initiator_refused`.
    """

    PARTY_NOT_OWN = enum.auto()
    """PartyA is neither the app's short code nor one below it."""

    UNKNOWN = enum.auto()
    """No such initiator, another short code's, or one whose channel is Web."""

    DORMANT = enum.auto()
    """Unused for too long, or set dormant by hand."""

    ROLE_MISSING = enum.auto()
    """The initiator lacks the role for this API."""

    LOCKED = enum.auto()
    """Too many wrong passwords in a row; looked at before the password."""

    PASSWORD_EXPIRED = enum.auto()
    """The password is older than it may be."""

    PASSWORD_WRONG = enum.auto()
    """The credential does not hold the initiator's password."""
