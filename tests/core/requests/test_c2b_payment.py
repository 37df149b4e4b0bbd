"""*This customer pays.* — decided, by a table."""

from datetime import datetime, time, timedelta
from typing import Any

import msgspec
import pytest

from salio.core.ledger.accounts import PLATFORM_HOLDER, AccountKind, Balance
from salio.core.ledger.day_totals import DayTotal
from salio.core.ledger.ledger import Ledger, Movement
from salio.core.ledger.tariffs import Limit, LimitRow, Tariffs
from salio.core.parties.directory import Directory
from salio.core.parties.organizations import ChargeBearer
from salio.core.parties.registration import DefaultAction, Registration
from salio.core.requests import c2b_payment
from salio.core.requests.asking import PresentedCredential
from salio.core.requests.decided import Judged
from salio.core.requests.outcomes import ConfirmationFacts, Decision, Outcome
from salio.core.requests.validation import Question, ValidatorWord
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import ChargedSide, Transaction
from salio.storage.sqlite.store import SqliteStore
from tests.builders import (
    MSISDN,
    NOW,
    OTHER_SHORT_CODE,
    SHORT_CODE,
    FakeReceipts,
    FakeVault,
    a_customer_payment,
    a_request,
    an_app,
    asking,
)
from tests.core.requests.paying import (
    BANDS,
    CUSTOMERS,
    LIMITS,
    NUMBERS,
    OPERATORS,
    ORGANIZATIONS,
    PAYBILL,
    RICH,
    SINCE,
    on_tariff,
    settle_down,
)
from tests.core.requests.running import running
from tests.stores import in_memory

REGISTERED = Registration(short_code=PAYBILL, confirmation_url="http://shop/paid")


@pytest.fixture
def ledger() -> Ledger:
    """As a start reads it."""
    store = SqliteStore(in_memory())
    settle_down(store)
    return Ledger.read(store, FakeReceipts(), NOW)


def decide(
    ledger: Ledger,
    registered: Registration = REGISTERED,
    borne_by: ChargeBearer = ChargeBearer.ORGANIZATION,
    now: datetime = NOW,
    **changes: Any,
) -> Judged:
    """The decision on a payment of the rich to the paybill, with these members changed."""
    directory = Directory(on_tariff(borne_by), CUSTOMERS, OPERATORS)
    app = an_app(short_codes=frozenset({SHORT_CODE, PAYBILL}))
    snapshot = msgspec.structs.replace(asking(directory=directory, app=app), now=now)
    query = a_customer_payment(**({"party": PAYBILL, "payer": RICH} | changes))
    judged = c2b_payment.decide(a_request(query=query), query, snapshot, ledger, registered)
    assert isinstance(judged[0], Decision)
    return judged[0], *judged[1:]


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
    pytest.param(
        {"party": OTHER_SHORT_CODE},
        Outcome.PARTY_NOT_OWN,
        "ShortCode 600782 is not a short code of",
        id="not own",
    ),
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


# --- charges -----------------------------------------------------------------------------------------------

BORNE = [
    pytest.param(ChargeBearer.ORGANIZATION, 0, 0, id="the organization, whose tariff has no rows"),
    pytest.param(ChargeBearer.CUSTOMER, 0, 501, id="the customer"),
    pytest.param(ChargeBearer.SPLIT, 251, 250, id="both"),
]


@pytest.mark.parametrize(("borne_by", "organization", "customer"), BORNE)
def test_who_bears_the_charge(
    ledger: Ledger, borne_by: ChargeBearer, organization: int, customer: int
) -> None:
    """The customer's share leaves its account with the payment, the organization's is owed."""
    movement = decide(ledger, borne_by=borne_by)[2]
    assert movement is not None
    ledger.make(movement, NOW)
    assert borne(ledger) == (85_000 - customer, 0, -organization, organization + customer)
    transaction = movement.transaction
    assert transaction.charged(ChargedSide.CREDIT) == organization
    assert transaction.charged(ChargedSide.DEBIT) == customer


def borne(ledger: Ledger) -> tuple[int, int, int, int]:
    """What the rich have available and reserved, what the paybill owes, and what the platform has earned."""
    (rich,) = ledger.book.balances_of(RICH)
    owed = ledger.book.balance(NUMBERS[PAYBILL, AccountKind.CHARGES_PAID])
    earned = ledger.book.balance(NUMBERS[PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE])
    assert ledger.book.total("KES") == 0
    return rich.balance.available, rich.balance.reserved, owed.available, earned.available


def test_the_customers_share_needs_cover(ledger: Ledger) -> None:
    """To the cent: of 890 shillings a payment of 884.99 leaves just enough for the charge of 5.01."""
    movement = decide(ledger, cents=6_000)[2]
    assert movement is not None
    ledger.make(movement, NOW)
    short = decide(ledger, borne_by=ChargeBearer.CUSTOMER, cents=88_500)[0]
    assert short.outcome is Outcome.BALANCE_INSUFFICIENT
    assert "holds KES 890.00, KES 890.01 is asked for" in short.cause
    assert decide(ledger, borne_by=ChargeBearer.CUSTOMER, cents=88_499)[0].outcome is Outcome.SUCCEEDED


@pytest.mark.parametrize(("borne_by", "organization", "customer"), BORNE)
@pytest.mark.parametrize("accepts", [True, False], ids=["accepted", "rejected"])
def test_the_charge_of_a_validated_payment(
    ledger: Ledger, borne_by: ChargeBearer, organization: int, customer: int, accepts: bool
) -> None:
    """The customer's share is set aside with the amount, then paid with it, or free again with it."""
    directory = Directory(on_tariff(borne_by), CUSTOMERS, OPERATORS)
    transaction = opened(ledger, directory)
    assert borne(ledger) == (85_000 - customer, 10_000 + customer, 0, 0)
    word = ACCEPTS if accepts else REJECTS
    movement = c2b_payment.go_on(QUERY, transaction, word, directory, NOW, ledger, VALIDATED)[-1]
    assert isinstance(movement, Movement)
    ledger.make(movement, NOW)
    whole = organization + customer
    assert borne(ledger) == ((85_000 - customer, 0, -organization, whole) if accepts else (95_000, 0, 0, 0))
    sides = [movement.transaction.charged(each) for each in (ChargedSide.CREDIT, ChargedSide.DEBIT)]
    assert sides == ([organization, customer] if accepts else [0, 0])


# --- the day's limit ---------------------------------------------------------------------------------------


def limited(ledger: Ledger, cents: int) -> None:
    """Nobody may send more than that in a day."""
    row = LimitRow(limit=Limit.CUSTOMER_DAY_SENT, effective_from=SINCE, cents=cents)
    ledger.tariffs = Tariffs(BANDS, [*LIMITS, row])


def test_what_a_customer_may_send_in_a_day(ledger: Ledger) -> None:
    """To the cent, the customer's share of a charge among it; the next day begins anew."""
    limited(ledger, 30_501)
    first = decide(ledger, cents=10_000)[2]
    assert first is not None
    ledger.make(first, NOW)
    above = decide(ledger, cents=20_502)[0]
    assert above.outcome is Outcome.DAY_LIMIT_EXCEEDED
    assert "may send in a day: KES 305.02 would be more than KES 305.01" in above.cause
    borne = ChargeBearer.CUSTOMER
    assert decide(ledger, borne_by=borne, cents=20_001)[0].outcome is Outcome.DAY_LIMIT_EXCEEDED
    assert decide(ledger, borne_by=borne, cents=20_000)[0].outcome is Outcome.SUCCEEDED
    assert decide(ledger, cents=20_501)[0].outcome is Outcome.SUCCEEDED
    assert decide(ledger, now=NOW + timedelta(days=1), cents=30_000)[0].outcome is Outcome.SUCCEEDED


def test_what_is_set_aside_counts_as_sent(ledger: Ledger) -> None:
    """Otherwise many payments that wait could pass the limit together; what is free again was not sent."""
    limited(ledger, 15_000)
    transaction = opened(ledger)
    assert decide(ledger, cents=5_001)[0].outcome is Outcome.DAY_LIMIT_EXCEEDED
    assert decide(ledger, cents=5_000)[0].outcome is Outcome.SUCCEEDED
    movement = c2b_payment.go_on(QUERY, transaction, REJECTS, DIRECTORY, NOW, ledger, VALIDATED)[-1]
    assert isinstance(movement, Movement)
    ledger.make(movement, NOW)
    assert decide(ledger, cents=15_000)[0].outcome is Outcome.SUCCEEDED


def filling(ledger: Ledger, cents: int) -> None:
    """No revenue account may hold more than that; the paybill's holds 100,000."""
    row = LimitRow(limit=Limit.REVENUE_BALANCE, effective_from=SINCE, cents=cents)
    ledger.tariffs = Tariffs(BANDS, [*LIMITS, row])


def test_what_an_organization_may_hold(ledger: Ledger) -> None:
    """To the cent, whatever the customer has; before the limit's first day there is none."""
    filling(ledger, 109_999)
    decision, _, movement = decide(ledger, cents=10_000)
    assert decision.outcome is Outcome.BALANCE_LIMIT_EXCEEDED
    assert "revenue account may hold: KES 1,100.00 would be more than KES 1,099.99" in decision.cause
    assert movement is not None
    assert (movement.transaction.state, movement.entries) == (TransactionState.DECLINED, ())
    assert decide(ledger, cents=9_999)[0].outcome is Outcome.SUCCEEDED
    past = datetime.combine(SINCE, time(), NOW.tzinfo) - timedelta(days=1)
    assert decide(ledger, now=past, cents=10_000)[0].outcome is Outcome.SUCCEEDED


# --- external validation ---------------------------------------------------------------------------------

VALIDATED = msgspec.structs.replace(REGISTERED, validated=True, validation_url="http://shop/pay")
CANCELLING = msgspec.structs.replace(VALIDATED, default_action=DefaultAction.CANCELLED)
DIRECTORY = Directory(ORGANIZATIONS, CUSTOMERS, OPERATORS)
QUERY = a_customer_payment(party=PAYBILL, payer=RICH)


def opened(ledger: Ledger, directory: Directory = DIRECTORY) -> Transaction:
    """The payment, authorized and set aside."""
    snapshot = asking(directory=directory, app=an_app(short_codes=frozenset({PAYBILL})))
    question, movement = c2b_payment.decide(a_request(query=QUERY), QUERY, snapshot, ledger, VALIDATED)[:2]
    assert isinstance(question, Question)
    assert isinstance(movement, Movement)
    assert (question.url, question.transaction) == ("http://shop/pay", movement.transaction)
    ledger.make(movement, NOW)
    return movement.transaction


def test_a_payment_waits_for_its_organization(ledger: Ledger) -> None:
    """Authorized, not final; the amount is reserved, and nobody has it yet."""
    transaction = opened(ledger)
    assert (transaction.state, transaction.finalised_at) == (TransactionState.AUTHORIZED, None)
    assert [each.balance for each in ledger.book.balances_of(RICH)] == [Balance(85_000, reserved=10_000)]
    held = {each.kind: each.balance for each in ledger.book.balances_of(PAYBILL)}
    assert held[AccountKind.UTILITY] == Balance(100_000)


@pytest.mark.parametrize(
    "registered",
    [
        pytest.param(REGISTERED, id="switched off"),
        pytest.param(msgspec.structs.replace(VALIDATED, validation_url=None), id="no URL"),
    ],
)
def test_nobody_is_asked(ledger: Ledger, registered: Registration) -> None:
    """Without a word to anybody the payment is made."""
    assert decide(ledger, registered)[0].outcome is Outcome.SUCCEEDED


ACCEPTS = ValidatorWord(accepts=True, said="accepted", third_party_id="mine-1")
REJECTS = ValidatorWord(accepts=False, said="rejected: C2B00012")
SILENT = ValidatorWord(accepts=None, said="nobody answered")
WORDS = [
    pytest.param(ACCEPTS, VALIDATED, TransactionState.COMPLETED, "accepted", id="accepted"),
    pytest.param(ACCEPTS, CANCELLING, TransactionState.COMPLETED, "accepted", id="accepted all the same"),
    pytest.param(REJECTS, VALIDATED, TransactionState.CANCELLED, "rejected: C2B00012", id="rejected"),
    pytest.param(SILENT, VALIDATED, TransactionState.COMPLETED, "nobody answered: Completed", id="completed"),
    pytest.param(
        SILENT, CANCELLING, TransactionState.CANCELLED, "nobody answered: Cancelled", id="cancelled"
    ),
    pytest.param(
        None, REGISTERED, TransactionState.COMPLETED, "nobody is asked any more: Completed", id="switched off"
    ),
]


def test_an_account_that_is_full_meanwhile(ledger: Ledger) -> None:
    """The organization takes the payment and cannot hold it: Declined, and the amount is free again."""
    transaction = opened(ledger)
    filling(ledger, 109_999)
    end = c2b_payment.go_on(QUERY, transaction, ACCEPTS, DIRECTORY, NOW, ledger, VALIDATED)
    decision, movement = end[0], end[-1]
    assert isinstance(decision, Decision)
    assert isinstance(movement, Movement)
    assert (decision.outcome, decision.receipt) == (Outcome.BALANCE_LIMIT_EXCEEDED, transaction.receipt)
    ledger.make(movement, NOW)
    assert movement.transaction.state is TransactionState.DECLINED
    assert movement.transaction.reason == "Balance limit exceeded."
    assert [each.balance for each in ledger.book.balances_of(RICH)] == [Balance(95_000)]


@pytest.mark.parametrize(("word", "registered", "state", "cause"), WORDS)
def test_what_comes_of_asking(
    ledger: Ledger, word: ValidatorWord | None, registered: Registration, state: TransactionState, cause: str
) -> None:
    """The organization's word, or its default action; what was set aside is paid, or the customer's again."""
    transaction = opened(ledger)
    end = c2b_payment.go_on(QUERY, transaction, word, DIRECTORY, NOW, ledger, registered)
    decision, movement = end[0], end[-1]
    assert isinstance(decision, Decision)
    assert isinstance(movement, Movement)
    ledger.make(movement, NOW)
    paid = state is TransactionState.COMPLETED
    assert (movement.transaction.state, decision.cause) == (state, cause)
    assert decision.outcome is (Outcome.SUCCEEDED if paid else Outcome.PAYMENT_CANCELLED)
    assert [each.balance for each in ledger.book.balances_of(RICH)] == [Balance(85_000 if paid else 95_000)]
    held = {each.kind: each.balance for each in ledger.book.balances_of(PAYBILL)}
    assert held[AccountKind.UTILITY] == Balance(110_000 if paid else 100_000)
    assert ledger.book.total("KES") == 0
    assert ledger.totals.of(NUMBERS[RICH, AccountKind.CUSTOMER], NOW) == DayTotal(sent=10_000 if paid else 0)
    if paid:
        assert isinstance(decision.facts, ConfirmationFacts)
        assert decision.facts.third_party_id == (word.third_party_id if word is not None else None)
    else:
        assert (movement.transaction.reason, decision.facts) == (cause, None)


class SealedVault(FakeVault):
    """Opens nothing."""

    def open_credential(self, credential: str) -> PresentedCredential:
        """Fails."""
        raise AssertionError(f"{credential!r} was opened")


def test_no_credential_is_opened() -> None:
    """A customer's payment has none: to decrypt for it would take more time than all the rest."""
    run = running(settle=settle_down, vault=SealedVault())
    app = an_app(short_codes=frozenset({PAYBILL}))
    run.apps.refresh([app], (), ())
    run.submit("", query=QUERY, app=app)
    run.drain()
    assert run.outcomes() == [Outcome.SUCCEEDED]


def test_whoever_died_before_he_heard_asks_again(ledger: Ledger) -> None:
    """Nothing moves meanwhile."""
    transaction = opened(ledger)
    question, movement = c2b_payment.go_on(QUERY, transaction, None, DIRECTORY, NOW, ledger, VALIDATED)[:2]
    assert isinstance(question, Question)
    assert (question.transaction, movement) == (transaction, None)
