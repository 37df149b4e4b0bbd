"""The one translation of an outcome to a result code (rulings, "A refused initiator" and "Requests")."""

from collections.abc import Mapping

from salio.core.access.apps import Product
from salio.core.requests.outcomes import Outcome
from salio.wire.apis import Api
from salio.wire.profile import Profile
from salio.wire.result_codes import InitiatorRefusal, ResultCode

_APIS: Mapping[Product, Api] = {product: Api[product.name] for product in Product}


def api_of(product: Product) -> Api:
    """The wire's name of a product."""
    return _APIS[product]


def result_code(outcome: Outcome, product: Product, profile: Profile) -> ResultCode:  # noqa: C901, PLR0911, PLR0912 - a table
    """The code of an outcome; that of a refused initiator depends on the API and the profile."""
    match outcome:
        case Outcome.SUCCEEDED:
            return ResultCode.SUCCESS
        case Outcome.DUPLICATE:
            return ResultCode.DUPLICATE_DETECTED
        case Outcome.INTERNAL_FAILURE | Outcome.QUEUE_TIMED_OUT | Outcome.PAYMENT_CANCELLED:
            return ResultCode.INTERNAL_FAILURE
        case Outcome.OUT_OF_SEQUENCE:
            return ResultCode.SEQUENCE_FAILED
        case Outcome.TRAFFIC_BLOCKED:
            return ResultCode.TRAFFIC_BLOCKED
        case Outcome.COMMAND_UNKNOWN:
            return ResultCode.COMMAND_INVALID
        case Outcome.FIELDS_MISSING:
            return ResultCode.MANDATORY_FIELDS_MISSING
        case Outcome.PARAMETERS_CONFLICT:
            return ResultCode.PARAMETERS_INVALID
        case Outcome.TRANSACTION_UNKNOWN:
            return ResultCode.RECEIPT_UNKNOWN
        case Outcome.BALANCE_INSUFFICIENT:
            return ResultCode.BALANCE_INSUFFICIENT
        case Outcome.AMOUNT_TOO_SMALL:
            return ResultCode.AMOUNT_TOO_SMALL
        case Outcome.AMOUNT_TOO_LARGE:
            return ResultCode.AMOUNT_TOO_LARGE
        case Outcome.DAY_LIMIT_EXCEEDED:
            return ResultCode.DAY_LIMIT_EXCEEDED
        case Outcome.BALANCE_LIMIT_EXCEEDED:
            return ResultCode.BALANCE_LIMIT_EXCEEDED
        case Outcome.DEBIT_PARTY_NOT_IN_ORDER:
            return ResultCode.DEBIT_PARTY_INVALID
        case Outcome.ACCOUNT_NOT_IN_ORDER:
            return ResultCode.ACCOUNT_STATUS_INVALID
        case Outcome.PRODUCT_NOT_ASSIGNED:
            return ResultCode.PRODUCT_NOT_ASSIGNED
        case Outcome.RECEIVER_UNREGISTERED:
            return ResultCode.CUSTOMER_TYPE_UNSUPPORTED
        case Outcome.RECEIVER_UNKNOWN | Outcome.RECEIVER_INVALID:
            return ResultCode.OPERATOR_UNKNOWN
        case Outcome.ORIGINAL_INVALID:
            return ResultCode.ORIGINAL_INVALID
        case Outcome.ALREADY_REVERSED:
            return ResultCode.ALREADY_REVERSED
        case Outcome.PARTY_NOT_OWN:
            refusal = InitiatorRefusal.PARTY_NOT_OWN
        case Outcome.INITIATOR_UNKNOWN:
            refusal = InitiatorRefusal.UNKNOWN
        case Outcome.INITIATOR_DORMANT:
            refusal = InitiatorRefusal.DORMANT
        case Outcome.ROLE_MISSING:
            refusal = InitiatorRefusal.ROLE_MISSING
        case Outcome.INITIATOR_LOCKED:
            refusal = InitiatorRefusal.LOCKED
        case Outcome.PASSWORD_EXPIRED:
            refusal = InitiatorRefusal.PASSWORD_EXPIRED
        case Outcome.PASSWORD_WRONG:
            refusal = InitiatorRefusal.PASSWORD_WRONG
    return profile.initiator_refused(refusal, api_of(product))
