"""*This customer pays.* — decided, by a table."""

from typing import Any

import pytest

from salio.core.ledger.accounts import AccountKind, Balance
from salio.core.ledger.ledger import Ledger
from salio.core.parties.directory import Directory
from salio.core.parties.registration import Registration
from salio.core.requests import c2b_payment
from salio.core.requests.decided import Judged
from salio.core.requests.outcomes import ConfirmationFacts, Outcome
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.storage.sqlite.store import SqliteStore
from tests.builders import (
    MSISDN,
    NOW,
    OTHER_SHORT_CODE,
    SHORT_CODE,
    FakeReceipts,
    a_customer_payment,
    a_request,
    an_app,
    asking,
)
from tests.core.requests.paying import CUSTOMERS, OPERATORS, ORGANIZATIONS, PAYBILL, RICH, settle_down
from tests.stores import in_memory

REGISTERED = Registration(short_code=PAYBILL, confirmation_url="http://shop/paid")


@pytest.fixture
def ledger() -> Ledger:
    """As a start reads it."""
    store = SqliteStore(in_memory())
    settle_down(store)
    return Ledger.read(store, FakeReceipts(), NOW)


def decide(ledger: Ledger, registered: Registration = REGISTERED, **changes: Any) -> Judged:
    """The decision on a payment of the rich to the paybill, with these members changed."""
    directory = Directory(ORGANIZATIONS, CUSTOMERS, OPERATORS)
    snapshot = asking(directory=directory, app=an_app(short_codes=frozenset({SHORT_CODE, PAYBILL})))
    query = a_customer_payment(**({"party": PAYBILL, "payer": RICH} | changes))
    return c2b_payment.decide(a_request(query=query), query, snapshot, ledger, registered)


def test_a_payment_is_made(ledger: Ledger) -> None:
    """Out of the customer's account into Utility; the confirmation tells what it holds since."""
    decision, identified, movement = decide(ledger)
    assert (decision.outcome, identified) == (Outcome.SUCCEEDED, None)
    assert movement is not None
    ledger.make(movement, NOW)
    held = {each.kind: each.balance for each in ledger.book.balances_of(PAYBILL)}
    assert held[AccountKind.UTILITY] == Balance(110_000)
    assert [each.balance for each in ledger.book.balances_of(RICH)] == [Balance(85_000)]
    assert ledger.book.total("KES") == 0
    facts = decision.facts
    assert isinstance(facts, ConfirmationFacts)
    assert (facts.balance, facts.url, facts.is_bill) == (110_000, "http://shop/paid", True)
    transaction = movement.transaction
    assert transaction == facts.transaction
    assert (transaction.kind, transaction.state) == (TransactionKind.C2B, TransactionState.COMPLETED)
    assert (transaction.debit_party, transaction.credit_party) == (RICH, PAYBILL)
    assert transaction.reason_type == "Pay Bill Online"
    assert decision.receipt == transaction.receipt


def test_nothing_registered(ledger: Ledger) -> None:
    """The payment is made all the same (C2B, How It Works 7)."""
    decision, _, movement = decide(ledger, Registration(short_code=PAYBILL))
    assert movement is not None
    assert isinstance(decision.facts, ConfirmationFacts)
    assert decision.facts.url is None


DECLINED = [
    pytest.param({"cents": 99}, Outcome.AMOUNT_TOO_SMALL, "KES 0.99 is less than KES 1.00", id="too small"),
    pytest.param({"cents": 90_001}, Outcome.AMOUNT_TOO_LARGE, "largest C2B payment", id="too large"),
    pytest.param({"payer": MSISDN}, Outcome.BALANCE_INSUFFICIENT, "holds KES 0.00", id="not covered"),
]
REFUSED = [
    pytest.param({"command": "Pay"}, Outcome.COMMAND_UNKNOWN, "not CustomerPayBillOnline or", id="command"),
    pytest.param({"party": OTHER_SHORT_CODE}, Outcome.PARTY_NOT_OWN, "not a short code of", id="not own"),
    pytest.param({"party": SHORT_CODE}, Outcome.PRODUCT_NOT_ASSIGNED, "is a B2C short code", id="B2C"),
    pytest.param(
        {"command": "CustomerBuyGoodsOnline"},
        Outcome.PRODUCT_NOT_ASSIGNED,
        "a paybill short code",
        id="no till",
    ),
    pytest.param({"payer": "254722333333"}, Outcome.DEBIT_PARTY_NOT_IN_ORDER, "has no M-PESA", id="stranger"),
]


@pytest.mark.parametrize(("changes", "outcome", "cause"), DECLINED)
def test_a_declined_payment(ledger: Ledger, changes: dict[str, Any], outcome: Outcome, cause: str) -> None:
    """The transaction is there, declined, and nothing has moved; nobody is told."""
    decision, _, movement = decide(ledger, **changes)
    assert (decision.outcome, decision.facts) == (outcome, None)
    assert cause in decision.cause
    assert movement is not None
    assert (movement.transaction.state, movement.entries) == (TransactionState.DECLINED, ())


@pytest.mark.parametrize(("changes", "outcome", "cause"), REFUSED)
def test_a_refused_payment(ledger: Ledger, changes: dict[str, Any], outcome: Outcome, cause: str) -> None:
    """No transaction comes of it."""
    decision, _, movement = decide(ledger, **changes)
    assert (decision.outcome, movement) == (outcome, None)
    assert cause in decision.cause
