"""The one table of outcomes and result codes."""

import pytest

from salio.core.access.apps import Product
from salio.core.requests.outcomes import Outcome
from salio.delivery.outcomes import api_of, result_code
from salio.gateway.routes import QUESTIONS
from salio.wire.profile import PROFILES, Profile

CODES = {
    # outcome: (documented AB, TS, B2C and Reversal, observed the same)
    Outcome.SUCCEEDED: ("0",) * 8,
    Outcome.DUPLICATE: ("15",) * 8,
    Outcome.INTERNAL_FAILURE: ("17",) * 8,
    Outcome.OUT_OF_SEQUENCE: ("19",) * 8,
    Outcome.TRAFFIC_BLOCKED: ("26",) * 8,
    Outcome.COMMAND_UNKNOWN: ("29",) * 8,
    Outcome.FIELDS_MISSING: ("24",) * 8,
    Outcome.PARAMETERS_CONFLICT: ("25",) * 8,
    Outcome.PARTY_NOT_OWN: ("21",) * 8,
    Outcome.INITIATOR_UNKNOWN: ("20", "SFC_IC0003", "2001", "2001", "2001", "2001", "2001", "2001"),
    Outcome.INITIATOR_DORMANT: ("22", "22", "2001", "2001", "2001", "2001", "2001", "2001"),
    Outcome.ROLE_MISSING: ("21",) * 8,
    Outcome.INITIATOR_LOCKED: ("18", "18", "8006", "8006", "8006", "8006", "8006", "8006"),
    Outcome.PASSWORD_EXPIRED: ("18", "18", "2001", "2001", "2001", "2001", "2001", "2001"),
    Outcome.PASSWORD_WRONG: ("18", "18", "2001", "2001", "2001", "2001", "2001", "2001"),
    Outcome.TRANSACTION_UNKNOWN: ("2032",) * 8,
    Outcome.BALANCE_INSUFFICIENT: ("1",) * 8,
    Outcome.AMOUNT_TOO_SMALL: ("2",) * 8,
    Outcome.AMOUNT_TOO_LARGE: ("3",) * 8,
    Outcome.DAY_LIMIT_EXCEEDED: ("4",) * 8,
    Outcome.BALANCE_LIMIT_EXCEEDED: ("8",) * 8,
    Outcome.DEBIT_PARTY_NOT_IN_ORDER: ("11",) * 8,
    Outcome.ACCOUNT_NOT_IN_ORDER: ("2006",) * 8,
    Outcome.PRODUCT_NOT_ASSIGNED: ("2028",) * 8,
    Outcome.RECEIVER_UNREGISTERED: ("2040",) * 8,
    Outcome.RECEIVER_UNKNOWN: ("SFC_IC0003",) * 8,
    Outcome.RECEIVER_INVALID: ("SFC_IC0003",) * 8,
    Outcome.PAYMENT_CANCELLED: ("17",) * 8,
    Outcome.PAYMENT_EXPIRED: ("17",) * 8,
    Outcome.ORIGINAL_INVALID: ("R000002",) * 8,
    Outcome.ALREADY_REVERSED: ("R000001",) * 8,
    Outcome.RULE_LIMITED: ("17",) * 8,
    Outcome.SUBSCRIBER_LOCKED: ("1001",) * 8,
    Outcome.PUSH_FAILED: ("1025",) * 8,
    Outcome.PROMPT_CANCELLED: ("1032",) * 8,
    Outcome.PHONE_UNREACHABLE: ("1037",) * 8,
    Outcome.PIN_WRONG: ("2001",) * 8,
    Outcome.PIN_LOCKED: ("8006",) * 8,
    Outcome.QUEUE_TIMED_OUT: ("17",) * 8,
}
PRODUCTS = (Product.ACCOUNT_BALANCE, Product.TRANSACTION_STATUS, Product.B2C, Product.REVERSAL)
COLUMNS = [(profile, product) for profile in ("documented", "observed") for product in PRODUCTS]


@pytest.mark.parametrize("outcome", Outcome, ids=lambda outcome: outcome.name)
@pytest.mark.parametrize("column", range(8), ids=[f"{p}-{api.name}" for p, api in COLUMNS])
def test_each_outcome_has_its_code(outcome: Outcome, column: int) -> None:
    """The rulings' tables, outcome by outcome."""
    profile, product = COLUMNS[column]
    assert result_code(outcome, product, PROFILES[profile]).code == CODES[outcome][column]


@pytest.mark.parametrize("outcome", Outcome, ids=lambda outcome: outcome.name)
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("product", [Product.B2B, Product.TAX_REMITTANCE], ids=lambda product: product.name)
def test_whatever_pays_has_the_same_codes(outcome: Outcome, profile: Profile, product: Product) -> None:
    """A payment to an organization those of one to a customer."""
    assert result_code(outcome, product, profile) is result_code(outcome, Product.B2C, profile)


@pytest.mark.parametrize("outcome", Outcome, ids=lambda outcome: outcome.name)
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_prompt_has_the_same_codes(outcome: Outcome, profile: Profile) -> None:
    """But for one that waited too long in the queue: 1019 (M-PESA Express, Result codes)."""
    expected = result_code(outcome, Product.B2C, profile).code
    expired = outcome is Outcome.QUEUE_TIMED_OUT
    assert result_code(outcome, Product.EXPRESS, profile).code == ("1019" if expired else expected)


def test_each_product_is_one_api() -> None:
    """No two products speak as the same API."""
    assert {api_of(product) for product in Product} == {each.api for each in QUESTIONS}
