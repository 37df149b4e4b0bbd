"""Money from abroad: what arrives, what it shows while it is uncleared, and how it is cleared."""

from typing import Any

import pytest

from salio.core.ledger.accounts import PLATFORM_HOLDER, AccountKind, Balance
from salio.core.ports import StoreUnavailableError
from salio.core.requests.abroad import AbroadAct, Arrival, Clearing
from salio.core.requests.funds import FundsMoved, FundsRefusal, FundsRefused, Withdrawal
from salio.core.requests.outcomes import BalanceFacts, Outcome, StatusFacts
from salio.core.requests.queries import IdentifierType
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from tests.builders import (
    MSISDN,
    OTHER_SHORT_CODE,
    SHORT_CODE,
    a_balance_query,
    a_payment,
    a_status_query,
    an_operator,
    changed,
)
from tests.core.requests.running import OUTAGE, SECOND_APP, Running, running
from tests.core.requests.settling import NUMBERS, OPENINGS, settle_down

WORKING, CUSTOMER = AccountKind.WORKING, AccountKind.CUSTOMER
HELD = {MSISDN: 0, SHORT_CODE: OPENINGS[SHORT_CODE, WORKING]}
"""In the account where it arrives: the customer has spent all on bills."""


@pytest.fixture
def run() -> Running:
    """A paybill, a B2C short code that brings money, and a customer."""
    return running(settle=settle_down)


def an_arrival(**changes: Any) -> Arrival:
    """Two hundred shillings for the customer."""
    arrival = Arrival(
        through=OTHER_SHORT_CODE, receiver=MSISDN, cents=20_000, sender="Jane Roe", country="GB"
    )
    return changed(arrival, changes)


def done(run: Running, act: AbroadAct | Withdrawal) -> Any:
    """What becomes of an act that comes alone."""
    assert run.processor.submit(act) is None
    run.turn()
    return run.acts[-1][1]


def moved(run: Running, act: AbroadAct) -> FundsMoved:
    """What an act moves."""
    end = done(run, act)
    assert isinstance(end, FundsMoved)
    return end


def held(run: Running, holder: str, kind: AccountKind) -> Balance:
    """What memory and store agree on; the sum is zero, and the books are in order."""
    number = NUMBERS[holder, kind]
    assert run.ledger.book.balance(number) == run.store.accounts()[1][number]
    assert run.ledger.book.total("KES") == 0
    assert run.store.check_journal().holds
    return run.ledger.book.balance(number)


@pytest.mark.parametrize(
    ("receiver", "kind"),
    [
        pytest.param(MSISDN, CUSTOMER, id="a customer"),
        pytest.param(SHORT_CODE, WORKING, id="an organization"),
    ],
)
def test_it_arrives_uncleared(run: Running, receiver: str, kind: AccountKind) -> None:
    """Out of the platform's trust, through who brings it, whose account it leaves as it was."""
    before, trust = HELD[receiver], held(run, PLATFORM_HOLDER, AccountKind.TRUST)
    end = moved(run, an_arrival(receiver=receiver))
    assert held(run, receiver, kind) == Balance(before, uncleared=20_000)
    assert held(run, OTHER_SHORT_CODE, WORKING) == Balance()
    assert held(run, PLATFORM_HOLDER, AccountKind.TRUST) == Balance(trust.available - 20_000)
    assert end.accounts == run.ledger.book.balances_of(receiver)
    transaction = end.transaction
    assert transaction is not None
    assert (transaction.kind, transaction.state) == (TransactionKind.IMT, TransactionState.COMPLETED)
    assert (transaction.debit_party, transaction.credit_party) == (OTHER_SHORT_CODE, receiver)
    assert (transaction.cents, transaction.debit_account) == (20_000, WORKING)
    assert transaction.reason == "Sent by Jane Roe, GB."


def test_what_is_uncleared_cannot_be_spent(run: Running) -> None:
    """Not withdrawn, though a balance query shows it; cleared, it can be."""
    through = an_arrival(receiver="600997", cents=5_000)
    moved(run, through)
    taken = Withdrawal(short_code="600997", cents=200_001)
    refusal = done(run, taken)
    assert isinstance(refusal, FundsRefused)
    assert refusal.refusal is FundsRefusal.BALANCE_INSUFFICIENT
    assert held(run, "600997", WORKING) == Balance(200_000, uncleared=5_000)
    moved(run, Clearing(holder="600997"))
    assert held(run, "600997", WORKING) == Balance(205_000)


def test_clearing(run: Running) -> None:
    """All of it at once, by a transaction of its own; a second time nothing is left to clear."""
    moved(run, an_arrival())
    moved(run, an_arrival(cents=1_000))
    end = moved(run, Clearing(holder=MSISDN))
    assert end.transaction is not None
    assert (end.transaction.cents, end.transaction.reason_type) == (21_000, "Clearing of Uncleared Funds")
    assert held(run, MSISDN, CUSTOMER) == Balance(HELD[MSISDN] + 21_000)
    assert moved(run, Clearing(holder=MSISDN)) == FundsMoved(None, run.ledger.book.balances_of(MSISDN))


def test_a_balance_query_shows_it(run: Running) -> None:
    """Uncleared, and no part of what is available or current (rulings, "balance text")."""
    run.directory.put(an_operator())
    moved(run, an_arrival(receiver=SHORT_CODE))
    run.submit(query=a_balance_query())
    run.drain()
    facts = run.decided[-1][1].decision.facts
    assert isinstance(facts, BalanceFacts)
    working = next(each.balance for each in facts.accounts if each.kind is WORKING)
    assert (working.current, working.available, working.uncleared) == (1_000, 1_000, 20_000)


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"party": OTHER_SHORT_CODE}, id="who brought it"),
        pytest.param({"party": MSISDN, "identifier_type": IdentifierType.MSISDN}, id="of the customer"),
    ],
)
def test_a_status_query_finds_it(run: Running, asked: dict[str, Any]) -> None:
    """By its receipt."""
    arrived = moved(run, an_arrival()).transaction
    assert arrived is not None
    run.submit(query=a_status_query(receipt=arrived.receipt, **asked), app=SECOND_APP)
    run.drain()
    facts = run.decided[-1][1].decision.facts
    assert isinstance(facts, StatusFacts)
    assert facts.transaction == arrived


@pytest.mark.parametrize(
    ("changes", "refusal", "cause"),
    [
        pytest.param(
            {"through": "699999"}, FundsRefusal.ORGANIZATION_UNKNOWN, "699999", id="nobody brings it"
        ),
        pytest.param(
            {"receiver": "254700000009"}, FundsRefusal.HOLDER_UNKNOWN, "has no M-PESA", id="no customer"
        ),
        pytest.param({"cents": 80_001}, FundsRefusal.LIMIT_EXCEEDED, "receive in a day", id="the day"),
    ],
)
def test_what_does_not_arrive(
    run: Running, changes: dict[str, Any], refusal: FundsRefusal, cause: str
) -> None:
    """Nothing moves: a customer's limits hold for whatever comes in."""
    before = run.ledger.book.all_balances()
    end = done(run, an_arrival(**changes))
    assert isinstance(end, FundsRefused)
    assert (end.refusal, cause in end.cause) == (refusal, True)
    assert run.ledger.book.all_balances() == before


def test_what_a_customer_may_hold(run: Running) -> None:
    """What is uncleared among it, from whichever day."""
    moved(run, an_arrival(cents=80_000))
    run.clock.advance(days=1)
    end = done(run, an_arrival(cents=20_001))
    assert isinstance(end, FundsRefused)
    assert (end.refusal, "may hold: KES 1,000.01" in end.cause) == (FundsRefusal.LIMIT_EXCEEDED, True)
    moved(run, an_arrival(cents=20_000))


def test_nobody_is_cleared(run: Running) -> None:
    """Who has no account."""
    end = done(run, Clearing(holder="699999"))
    assert isinstance(end, FundsRefused)
    assert end.refusal is FundsRefusal.HOLDER_UNKNOWN


def test_what_is_uncleared_counts_for_the_limits(run: Running) -> None:
    """Of the day, from its arrival on; clearing brings nothing more."""
    moved(run, an_arrival(cents=79_000))
    pay = {"party": OTHER_SHORT_CODE, "receiver": MSISDN}
    run.submit(query=a_payment(cents=1_001, **pay), app=SECOND_APP)
    moved(run, Clearing(holder=MSISDN))
    run.submit(query=a_payment(cents=1_001, **pay), app=SECOND_APP)
    run.submit(query=a_payment(cents=1_000, **pay), app=SECOND_APP)
    run.drain()
    full = Outcome.DAY_LIMIT_EXCEEDED
    assert run.outcomes() == [full, full, Outcome.SUCCEEDED]
    assert run.ledger.totals.of(NUMBERS[MSISDN, CUSTOMER], run.clock.now()).received == 80_000


@pytest.mark.parametrize("act", [an_arrival(), Clearing(holder=MSISDN)], ids=["arrival", "clearing"])
def test_an_outage_takes_it_back(run: Running, act: AbroadAct) -> None:
    """Nothing of it is left, in memory or in the store; asked again, it is done."""
    moved(run, an_arrival(cents=1_000))
    before = held(run, MSISDN, CUSTOMER)
    run.store.commits.append(OUTAGE)
    run.processor.submit(act)
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert held(run, MSISDN, CUSTOMER) == before
    moved(run, act)
    assert held(run, MSISDN, CUSTOMER) != before
