"""How a request ends. Every outcome has a name; its number and wording live in the wire."""

import enum
from datetime import datetime

import msgspec

from salio.core.ledger.accounts import AccountBalance
from salio.core.transactions.transaction import Transaction


class Admission(enum.Enum):
    """What the core says to a request at its door, before anything is kept."""

    ACCEPTED = "accepted"
    DUPLICATE = "the app used this OriginatorConversationID before"
    SUBSCRIBER_LOCKED = "the phone shows another prompt"
    TRAFFIC_BLOCKED = "a traffic block is in place"
    CACHED = "cached, waiting for resending"
    OVERLOADED = "too many requests wait to be decided"
    THROTTLED = "throttled by the core"
    INTERNAL_ERROR = "the store could not keep the request"
    INPUT_INVALID = "an input value is invalid"
    SERVICE_ABNORMAL = "the service is not in order"
    API_ABNORMAL = "the API is not in order"
    PERMISSION_INSUFFICIENT = "the app may not call this service"
    RATE_EXCEEDED = "the request rate is above its limit"
    FIELDS_MISSING = "a mandatory field is missing"
    PARAMETERS_INVALID = "a parameter cannot be read"


class Outcome(enum.Enum):
    """How an accepted request ended (rulings, "A refused initiator" and "Requests")."""

    SUCCEEDED = "succeeded"
    DUPLICATE = "duplicate"
    """No natural cause: duplicates are refused at the door."""
    INTERNAL_FAILURE = "internal failure"
    """The decision itself failed; the cause is in the log."""
    OUT_OF_SEQUENCE = "out of sequence"
    """No natural cause."""
    TRAFFIC_BLOCKED = "traffic blocked"
    """No natural cause: such a request is declined at the door; what was accepted is decided."""
    COMMAND_UNKNOWN = "command unknown"
    FIELDS_MISSING = "fields missing"
    """No natural cause: the gateway refuses such a request."""
    PARAMETERS_CONFLICT = "parameters conflict"
    """Receipt and conversation name different transactions."""
    PARTY_NOT_OWN = "party not own"
    """PartyA is neither the app's short code nor below it."""
    INITIATOR_UNKNOWN = "initiator unknown"
    """Unknown, of another short code, or of the Web channel."""
    INITIATOR_DORMANT = "initiator dormant"
    ROLE_MISSING = "role missing"
    INITIATOR_LOCKED = "initiator locked"
    PASSWORD_EXPIRED = "password expired"  # noqa: S105 - an outcome's name
    PASSWORD_WRONG = "password wrong"  # noqa: S105 - an outcome's name
    TRANSACTION_UNKNOWN = "transaction unknown"
    """No such receipt or conversation, or not this organization's."""
    BALANCE_INSUFFICIENT = "balance insufficient"
    AMOUNT_TOO_SMALL = "amount too small"
    AMOUNT_TOO_LARGE = "amount too large"
    DAY_LIMIT_EXCEEDED = "day's limit exceeded"
    """A customer's, of what may come in, or be sent, within a day."""
    BALANCE_LIMIT_EXCEEDED = "balance limit exceeded"
    """The receiver's."""
    DEBIT_PARTY_NOT_IN_ORDER = "debit party not in order"
    """Of C2B: nobody has the customer's number. No organization is ever out of order here."""
    ACCOUNT_NOT_IN_ORDER = "account not in order"
    """No natural cause: no account is ever out of order here."""
    PRODUCT_NOT_ASSIGNED = "product not assigned"
    """PartyA's short code is not of a kind that may do this."""
    RECEIVER_UNREGISTERED = "receiver unregistered"
    """A mobile number without an account."""
    RECEIVER_UNKNOWN = "receiver unknown"
    """A number that cannot have an account, or that no organization has."""
    RECEIVER_INVALID = "receiver invalid"
    """A short code that the command does not pay."""
    ORIGINAL_INVALID = "original invalid"
    """No transaction of the party that could be reversed has that receipt."""
    ALREADY_REVERSED = "already reversed"
    PAYMENT_CANCELLED = "payment cancelled"
    """The organization does not take a customer's payment; nobody is told."""
    PAYMENT_EXPIRED = "payment expired"
    """Nobody said in time whether it is to be made."""
    RULE_LIMITED = "rule limited"
    """The customer paid the same to the same short code a moment ago."""
    SUBSCRIBER_LOCKED = "subscriber locked"
    """The phone shows another prompt."""
    PUSH_FAILED = "push failed"
    """The prompt is longer than a phone can show."""
    PROMPT_CANCELLED = "prompt cancelled"
    PHONE_UNREACHABLE = "phone unreachable"
    """Nobody answered the prompt, or no phone has that number."""
    PIN_WRONG = "PIN wrong"
    PIN_LOCKED = "PIN locked"
    QUEUE_TIMED_OUT = "queue timed out"
    """Waited longer than the limit; told to QueueTimeOutURL, and final."""


class BalanceFacts(msgspec.Struct, frozen=True, tag="balance"):
    """What a balance query found."""

    accounts: tuple[AccountBalance, ...]


class StatusFacts(msgspec.Struct, frozen=True, tag="status"):
    """What a status query found."""

    transaction: Transaction


class PaymentFacts(msgspec.Struct, frozen=True, tag="payment"):
    """What a payment did, and how the paying organization's accounts stand since."""

    cents: int
    receiver: str
    receiver_name: str
    accounts: tuple[AccountBalance, ...]


class B2BFacts(msgspec.Struct, frozen=True, tag="b2b"):
    """What a payment to an organization did, or a move of one's own, and how the debited account stands."""

    cents: int
    receiver: str
    receiver_name: str
    charge: int
    """Cents."""
    debited: AccountBalance


class ConfirmationFacts(msgspec.Struct, frozen=True, tag="confirmation"):
    """What a customer paid, as the organization is told it."""

    transaction: Transaction
    is_bill: bool
    """Paid to a paybill, not to a till."""
    bill_reference: str | None
    whole_number_told: bool
    balance: int
    """What the paid account has available since, in cents."""
    url: str | None
    """Who is told; None: nobody registered."""
    third_party_id: str | None = None
    """The organization's own id of it, given when it was asked."""


class PromptFacts(msgspec.Struct, frozen=True, tag="prompt"):
    """What a customer paid who was asked to, as the organization is told it."""

    transaction: Transaction


class ReversalFacts(msgspec.Struct, frozen=True, tag="reversal"):
    """What a reversal did, and how the account stands since that had been paid into."""

    transaction: Transaction
    account: AccountBalance


Facts = BalanceFacts | StatusFacts | PaymentFacts | B2BFacts | ConfirmationFacts | PromptFacts | ReversalFacts


class Decision(msgspec.Struct, frozen=True):
    """What a module of rules returns: the outcome, its exact cause in words, and the facts of a success."""

    outcome: Outcome
    cause: str = ""
    facts: Facts | None = None
    fields: tuple[str, ...] = ()
    """The fields that FIELDS_MISSING or PARAMETERS_CONFLICT names."""
    receipt: str | None = None
    """Of a request that moves money, whether it did or not; a query has none."""


class Conclusion(msgspec.Struct, frozen=True, kw_only=True):
    """The recorded end of a request: decided once, never changed."""

    number: int
    decided_at: datetime
    decision: Decision
