"""*Pay this customer.* — decided, by a table of the page's codes."""

from typing import Any

import pytest

from salio.core.ledger.accounts import PLATFORM_HOLDER, AccountKind, Balance
from salio.core.ledger.ledger import Ledger, Movement
from salio.core.ledger.tariffs import TariffBand, Tariffs
from salio.core.parties.directory import Directory
from salio.core.parties.organizations import ChargeBearer
from salio.core.parties.roles import Role
from salio.core.requests import b2c_payment
from salio.core.requests.asking import Identified
from salio.core.requests.outcomes import Decision, Outcome, PaymentFacts
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Charge, ChargedSide
from salio.storage.sqlite.store import SqliteStore
from tests.builders import (
    MSISDN,
    NOW,
    OTHER_SHORT_CODE,
    SHORT_CODE,
    WRONG,
    FakeReceipts,
    a_payment,
    a_request,
    ago,
    an_app,
    an_operator,
    asking,
)
from tests.core.requests.paying import (
    CHARGE,
    CUSTOMERS,
    LIMITS,
    NUMBERS,
    OPERATORS,
    PAYBILL,
    POOR,
    RICH,
    SINCE,
    on_tariff,
    settle_down,
)
from tests.stores import in_memory

CODES = frozenset({SHORT_CODE, PAYBILL})


@pytest.fixture
def ledger() -> Ledger:
    """As a start reads it."""
    store = SqliteStore(in_memory())
    settle_down(store)
    return Ledger.read(store, FakeReceipts(), NOW)


def decide(
    ledger: Ledger,
    operator: dict[str, Any] | None = None,
    password: str = "",
    borne_by: ChargeBearer = ChargeBearer.ORGANIZATION,
    **changes: Any,
) -> tuple[Decision, Identified | None, Movement | None]:
    """The decision on the usual payment with these members changed."""
    others = [each for each in OPERATORS if each.short_code != SHORT_CODE]
    mine = an_operator(**{"roles": OPERATORS[0].roles, **(operator or {})})
    directory = Directory(on_tariff(borne_by), CUSTOMERS, [mine, *others])
    given = {"password": password} if password else {}
    snapshot = asking(directory=directory, app=an_app(short_codes=CODES), **given)
    query = a_payment(**changes)
    return b2c_payment.decide(a_request(query=query), query, snapshot, ledger)


@pytest.mark.parametrize(
    ("command", "reason_type"),
    [
        ("BusinessPayment", "Business Payment to Customer via API"),
        ("SalaryPayment", "Salary Payment to Customer via API"),
        ("PromotionPayment", "Promotion Payment to Customer via API"),
    ],
)
def test_a_payment_is_made(ledger: Ledger, command: str, reason_type: str) -> None:
    """Out of Utility to the customer; the charge is owed in Charges Paid, and the platform has earned it."""
    decision, identified, movement = decide(ledger, command=command)
    assert decision.outcome is Outcome.SUCCEEDED
    assert identified is not None
    assert movement is not None
    ledger.make(movement, NOW)
    held = {each.kind: each.balance for each in ledger.book.balances_of(SHORT_CODE)}
    assert held == {
        AccountKind.WORKING: Balance(),
        AccountKind.UTILITY: Balance(90_000),
        AccountKind.CHARGES_PAID: Balance(-CHARGE),
    }
    assert [each.balance for each in ledger.book.balances_of(MSISDN)] == [Balance(10_000)]
    assert ledger.book.total("KES") == 0
    assert decision.facts == PaymentFacts(10_000, MSISDN, "Customer 9", ledger.book.balances_of(SHORT_CODE))
    transaction = movement.transaction
    assert decision.receipt == transaction.receipt == "UHG0000001"
    assert (transaction.state, transaction.reason_type) == (TransactionState.COMPLETED, reason_type)
    assert transaction.charge == Charge("Fee For B2C Payment", CHARGE, ChargedSide.DEBIT)
    assert transaction.originator_conversation_id == "documented-1"


DECLINED = [
    pytest.param({"cents": 999}, Outcome.AMOUNT_TOO_SMALL, "KES 9.99 is less than KES 10.00", id="2"),
    pytest.param({"cents": 50_001}, Outcome.AMOUNT_TOO_LARGE, "largest B2C payment: KES 500.01", id="3"),
    pytest.param({"receiver": RICH}, Outcome.BALANCE_LIMIT_EXCEEDED, "may hold: KES 1,050.00 would", id="8"),
]
REFUSED = [
    pytest.param(
        {"command": "Pay"}, Outcome.COMMAND_UNKNOWN, "not BusinessPayment or SalaryPayment", id="29"
    ),
    pytest.param({"party": OTHER_SHORT_CODE}, Outcome.PARTY_NOT_OWN, "not a short code of the app;", id="21"),
    pytest.param({"initiator": "nobody"}, Outcome.INITIATOR_UNKNOWN, "no initiator nobody", id="2001"),
    pytest.param({"party": PAYBILL}, Outcome.PRODUCT_NOT_ASSIGNED, "is a paybill short code", id="2028"),
    pytest.param({"receiver": "254722333333"}, Outcome.RECEIVER_UNREGISTERED, "has no M-PESA", id="2040"),
    pytest.param({"receiver": "254201234567"}, Outcome.RECEIVER_UNKNOWN, "no mobile number", id="SFC_IC0003"),
]


@pytest.mark.parametrize(("changes", "outcome", "cause"), DECLINED)
def test_a_limit_declines(ledger: Ledger, changes: dict[str, Any], outcome: Outcome, cause: str) -> None:
    """The transaction is there, declined, and nothing has moved."""
    decision, identified, movement = decide(ledger, **changes)
    assert decision.outcome is outcome
    assert cause in decision.cause
    assert identified is not None
    assert movement is not None
    assert movement.entries == ()
    assert movement.transaction.state is TransactionState.DECLINED
    assert movement.transaction.receipt == decision.receipt
    assert decision.facts is None


@pytest.mark.parametrize(("changes", "outcome", "cause"), REFUSED)
def test_who_may_not_leaves_no_transaction(
    ledger: Ledger, changes: dict[str, Any], outcome: Outcome, cause: str
) -> None:
    """The result has a receipt all the same, as the page's sample of a failure."""
    decision, _, movement = decide(ledger, **changes)
    assert (decision.outcome, movement, decision.receipt) == (outcome, None, "UHG0000001")
    assert cause in decision.cause


@pytest.mark.parametrize(
    ("operator", "password", "outcome"),
    [
        pytest.param({"roles": frozenset({Role.STATUS_QUERY_API})}, "", Outcome.ROLE_MISSING, id="21"),
        pytest.param({"last_used_at": ago(days=91)}, "", Outcome.INITIATOR_DORMANT, id="dormant"),
        pytest.param({"password_set_at": ago(days=91)}, "", Outcome.PASSWORD_EXPIRED, id="expired"),
        pytest.param({}, WRONG, Outcome.PASSWORD_WRONG, id="2001"),
    ],
)
def test_a_refused_initiator(ledger: Ledger, operator: Any, password: str, outcome: Outcome) -> None:
    """The checks that all requests share; nothing of the receiver is told before them."""
    assert decide(ledger, operator, password, receiver="254201234567")[0].outcome is outcome


def pay(ledger: Ledger, **changes: Any) -> Outcome:
    """Decides, and does what the decision does."""
    decision, _, movement = decide(ledger, **changes)
    if movement is not None:
        ledger.make(movement, NOW)
        ledger.settle(ledger.standing()[movement.transaction.receipt])
    return decision.outcome


@pytest.mark.parametrize(
    ("borne_by", "owed", "customer", "sides"),
    [
        pytest.param(
            ChargeBearer.ORGANIZATION, -501, 10_000, {ChargedSide.DEBIT: 501}, id="the organization"
        ),
        pytest.param(ChargeBearer.CUSTOMER, 0, 9_499, {ChargedSide.CREDIT: 501}, id="the customer"),
        pytest.param(
            ChargeBearer.SPLIT, -251, 9_750, {ChargedSide.DEBIT: 251, ChargedSide.CREDIT: 250}, id="both"
        ),
    ],
)
def test_who_bears_the_charge(
    ledger: Ledger, borne_by: ChargeBearer, owed: int, customer: int, sides: dict[ChargedSide, int]
) -> None:
    """The organization owes its share, the customer pays its own out of what comes in; revenue has both."""
    decision, _, movement = decide(ledger, borne_by=borne_by)
    assert (decision.outcome, movement is not None) == (Outcome.SUCCEEDED, True)
    assert movement is not None
    ledger.make(movement, NOW)
    held = {each.kind: each.balance for each in ledger.book.balances_of(SHORT_CODE)}
    assert held[AccountKind.UTILITY] == Balance(90_000)
    assert held[AccountKind.CHARGES_PAID] == Balance(owed)
    assert [each.balance for each in ledger.book.balances_of(MSISDN)] == [Balance(customer)]
    assert ledger.book.balances_of(PLATFORM_HOLDER)[1].balance == Balance(CHARGE)
    assert ledger.totals.of(NUMBERS[MSISDN, AccountKind.CUSTOMER], NOW).received == customer
    transaction = movement.transaction
    assert {side: transaction.charged(side) for side in ChargedSide if transaction.charged(side)} == sides


def test_a_customer_who_cannot_bear_it(ledger: Ledger) -> None:
    """A charge above what comes in, with nothing to pay it from: code 1, and nothing moves."""
    dear = TariffBand(
        kind=TransactionKind.B2C,
        effective_from=SINCE,
        up_to=50_000,
        charge=1_001,
        borne_by=ChargeBearer.CUSTOMER,
        customer_share=1_001,
    )
    ledger.tariffs = Tariffs([dear], LIMITS)
    decision, _, movement = decide(ledger, borne_by=ChargeBearer.CUSTOMER, cents=1_000)
    assert decision.outcome is Outcome.BALANCE_INSUFFICIENT
    assert f"{MSISDN} holds KES 0.00, KES 0.01 is asked for" in decision.cause
    assert movement is not None
    assert movement.entries == ()
    assert movement.transaction.charge is None


def test_l2_the_balance_is_spent_to_the_cent(ledger: Ledger) -> None:
    """To the floor, never below; charges are owed apart, so they need no cover."""
    assert [pay(ledger, cents=50_000), pay(ledger, cents=1_000)] == [Outcome.SUCCEEDED] * 2
    assert pay(ledger, cents=49_001, receiver=POOR) is Outcome.BALANCE_INSUFFICIENT
    assert pay(ledger, cents=49_000, receiver=POOR) is Outcome.SUCCEEDED
    assert ledger.book.balances_of(SHORT_CODE)[1].balance == Balance(0)


def test_the_day_is_full_before_the_pocket(ledger: Ledger) -> None:
    """What a customer may receive in a day, to the cent."""
    assert pay(ledger, cents=50_000) is Outcome.SUCCEEDED
    assert pay(ledger, cents=30_001) is Outcome.DAY_LIMIT_EXCEEDED
    assert pay(ledger, cents=30_000) is Outcome.SUCCEEDED
    assert pay(ledger, cents=1_000) is Outcome.DAY_LIMIT_EXCEEDED


def test_what_a_customer_may_hold(ledger: Ledger) -> None:
    """To the cent as well."""
    assert pay(ledger, receiver=RICH, cents=5_000) is Outcome.SUCCEEDED
    assert pay(ledger, receiver=RICH, cents=1_000) is Outcome.BALANCE_LIMIT_EXCEEDED
