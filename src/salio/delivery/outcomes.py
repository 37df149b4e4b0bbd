"""The one translation of an outcome to a result code (rulings, "A refused initiator" and "Requests")."""

from collections.abc import Mapping

from salio.core.access.apps import Product
from salio.core.requests.outcomes import Outcome
from salio.wire.apis import Api
from salio.wire.profile import Profile
from salio.wire.result_codes import InitiatorRefusal, ResultCode

_APIS: Mapping[Product, Api] = {product: Api[product.name] for product in Product}
_CODES: Mapping[Outcome, ResultCode | InitiatorRefusal] = {
    Outcome.SUCCEEDED: ResultCode.SUCCESS,
    Outcome.DUPLICATE: ResultCode.DUPLICATE_DETECTED,
    Outcome.INTERNAL_FAILURE: ResultCode.INTERNAL_FAILURE,
    Outcome.QUEUE_TIMED_OUT: ResultCode.INTERNAL_FAILURE,
    Outcome.PAYMENT_CANCELLED: ResultCode.INTERNAL_FAILURE,
    Outcome.PAYMENT_EXPIRED: ResultCode.INTERNAL_FAILURE,
    Outcome.OUT_OF_SEQUENCE: ResultCode.SEQUENCE_FAILED,
    Outcome.TRAFFIC_BLOCKED: ResultCode.TRAFFIC_BLOCKED,
    Outcome.COMMAND_UNKNOWN: ResultCode.COMMAND_INVALID,
    Outcome.FIELDS_MISSING: ResultCode.MANDATORY_FIELDS_MISSING,
    Outcome.PARAMETERS_CONFLICT: ResultCode.PARAMETERS_INVALID,
    Outcome.TRANSACTION_UNKNOWN: ResultCode.RECEIPT_UNKNOWN,
    Outcome.BALANCE_INSUFFICIENT: ResultCode.BALANCE_INSUFFICIENT,
    Outcome.AMOUNT_TOO_SMALL: ResultCode.AMOUNT_TOO_SMALL,
    Outcome.AMOUNT_TOO_LARGE: ResultCode.AMOUNT_TOO_LARGE,
    Outcome.DAY_LIMIT_EXCEEDED: ResultCode.DAY_LIMIT_EXCEEDED,
    Outcome.BALANCE_LIMIT_EXCEEDED: ResultCode.BALANCE_LIMIT_EXCEEDED,
    Outcome.DEBIT_PARTY_NOT_IN_ORDER: ResultCode.DEBIT_PARTY_INVALID,
    Outcome.ACCOUNT_NOT_IN_ORDER: ResultCode.ACCOUNT_STATUS_INVALID,
    Outcome.PRODUCT_NOT_ASSIGNED: ResultCode.PRODUCT_NOT_ASSIGNED,
    Outcome.RECEIVER_UNREGISTERED: ResultCode.CUSTOMER_TYPE_UNSUPPORTED,
    Outcome.RECEIVER_UNKNOWN: ResultCode.OPERATOR_UNKNOWN,
    Outcome.RECEIVER_INVALID: ResultCode.OPERATOR_UNKNOWN,
    Outcome.ORIGINAL_INVALID: ResultCode.ORIGINAL_INVALID,
    Outcome.ALREADY_REVERSED: ResultCode.ALREADY_REVERSED,
    Outcome.RULE_LIMITED: ResultCode.RULE_LIMITED,
    Outcome.SUBSCRIBER_LOCKED: ResultCode.SUBSCRIBER_LOCKED,
    Outcome.PUSH_FAILED: ResultCode.PUSH_FAILED,
    Outcome.PROMPT_CANCELLED: ResultCode.PROMPT_CANCELLED,
    Outcome.PHONE_UNREACHABLE: ResultCode.PHONE_UNREACHABLE,
    Outcome.PIN_WRONG: ResultCode.INITIATOR_INFORMATION_INVALID,
    Outcome.PIN_LOCKED: ResultCode.CREDENTIAL_LOCKED,
    Outcome.PARTY_NOT_OWN: InitiatorRefusal.PARTY_NOT_OWN,
    Outcome.INITIATOR_UNKNOWN: InitiatorRefusal.UNKNOWN,
    Outcome.INITIATOR_DORMANT: InitiatorRefusal.DORMANT,
    Outcome.ROLE_MISSING: InitiatorRefusal.ROLE_MISSING,
    Outcome.INITIATOR_LOCKED: InitiatorRefusal.LOCKED,
    Outcome.PASSWORD_EXPIRED: InitiatorRefusal.PASSWORD_EXPIRED,
    Outcome.PASSWORD_WRONG: InitiatorRefusal.PASSWORD_WRONG,
}
"""Of every outcome."""


def api_of(product: Product) -> Api:
    """The wire's name of a product."""
    return _APIS[product]


def result_code(outcome: Outcome, product: Product, profile: Profile) -> ResultCode:
    """The code of an outcome; that of a refused initiator depends on the API and the profile."""
    if product is Product.EXPRESS and outcome is Outcome.QUEUE_TIMED_OUT:
        return ResultCode.TRANSACTION_EXPIRED  # it has one URL for every end, and a code for this one
    code = _CODES[outcome]
    return profile.initiator_refused(code, api_of(product)) if isinstance(code, InitiatorRefusal) else code
