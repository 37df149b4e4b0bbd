"""Revenue settlement and withdrawal: what they move, what they refuse, and whatever fails meanwhile."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.core.ledger.accounts import PLATFORM_HOLDER, AccountKind
from salio.core.ledger.ledger import Ledger
from salio.core.parties.acts import Act, ActRefusal, OperatorAct
from salio.core.ports import StoreUnavailableError
from salio.core.requests.abroad import Arrival, Clearing
from salio.core.requests.funds import (
    FundsAct,
    FundsMoved,
    FundsRefusal,
    FundsRefused,
    Settlement,
    Withdrawal,
)
from salio.core.requests.outcomes import Outcome, StatusFacts
from salio.core.requests.queries import Reversal
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.transaction import Transaction
from tests.builders import (
    MSISDN,
    OTHER_SHORT_CODE,
    SHORT_CODE,
    FakeReceipts,
    a_payment,
    a_status_query,
    changed,
)
from tests.core.requests.reversing import a_reversal
from tests.core.requests.running import OUTAGE, SECOND_APP, Running, running
from tests.core.requests.settling import BILL, BILLS, FEE, NUMBERS, OWN, POOR, TILL, settle_down

WORKING, UTILITY, MERCHANT = AccountKind.WORKING, AccountKind.UTILITY, AccountKind.MERCHANT
CHARGES, PASSAGE = AccountKind.CHARGES_PAID, AccountKind.ORGANIZATION_SETTLEMENT
RECEIPTS, OWED = BILL * len(BILLS), FEE * len(BILLS)


@pytest.fixture
def run() -> Running:
    """A paybill with 600 shillings of receipts that owes 30 of charges, and others."""
    return running(settle=settle_down)


def held(run: Running, short_code: str = SHORT_CODE) -> Mapping[AccountKind, int]:
    """What memory and store agree on."""
    kept = run.store.accounts()[1]
    here = {kind: number for (holder, kind), number in NUMBERS.items() if holder == short_code}
    assert all(run.ledger.book.balance(number) == kept[number] for number in here.values())
    return {kind: kept[number].available for kind, number in here.items()}


def done(run: Running, act: FundsAct) -> Any:
    """What becomes of an act that comes alone."""
    assert run.processor.submit(act) is None
    run.turn()
    return run.acts[-1][1]


def moved(run: Running, act: FundsAct) -> Transaction:
    """The transaction of an act that moves money."""
    end = done(run, act)
    assert isinstance(end, FundsMoved)
    assert end.transaction is not None
    return end.transaction


def refused(run: Running, act: FundsAct) -> FundsRefused:
    """Why an act moves nothing; nothing does."""
    before = run.ledger.book.all_balances()
    end = done(run, act)
    assert isinstance(end, FundsRefused)
    assert run.ledger.book.all_balances() == before
    return end


# --- settlement ------------------------------------------------------------------------------------------


def test_a_settlement_pays_the_charges_and_moves_the_rest(run: Running) -> None:
    """One posting, through the Organization Settlement account, which stands at zero again."""
    transaction = moved(run, Settlement(short_code=SHORT_CODE))
    assert held(run) == {WORKING: 1_000 + RECEIPTS - OWED, UTILITY: 0, CHARGES: 0, PASSAGE: 0}
    assert (transaction.kind, transaction.cents) == (TransactionKind.B2B, RECEIPTS)
    assert (transaction.debit_party, transaction.credit_party) == (SHORT_CODE, SHORT_CODE)
    entries = run.store.find_originals([transaction.receipt])[transaction.receipt].entries
    passed = [each.cents for each in entries if each.account == NUMBERS[SHORT_CODE, PASSAGE]]
    assert passed == [RECEIPTS, -OWED, OWED - RECEIPTS]
    assert run.ledger.book.total("KES") == 0
    assert run.store.check_journal().holds


def test_a_till_settles_without_the_passage(run: Running) -> None:
    """Out of Merchant, straight to where it belongs."""
    assert moved(run, Settlement(short_code=TILL)).debit_account is MERCHANT
    assert held(run, TILL) == {WORKING: 29_300, MERCHANT: 0, CHARGES: 0}


def test_a_b2c_short_code_goes_on_paying(run: Running) -> None:
    """Its charges are paid out of Utility, and the rest stays there: it is no revenue."""
    assert moved(run, Settlement(short_code=OTHER_SHORT_CODE)).cents == 2_000
    assert held(run, OTHER_SHORT_CODE) == {WORKING: 0, UTILITY: 98_000, CHARGES: 0}


def test_l7_a_second_settlement_does_nothing(run: Running) -> None:
    """Nor a third in the same turn; there is no transaction, and nobody is refused."""
    moved(run, Settlement(short_code=SHORT_CODE))
    before = held(run)
    for _ in range(2):
        run.processor.submit(Settlement(short_code=SHORT_CODE))
    run.turn()
    ends = [end for _, end in run.acts[1:]]
    assert ends == [FundsMoved(None, run.ledger.book.balances_of(SHORT_CODE))] * 2
    assert held(run) == before


def test_receipts_that_do_not_cover_the_charges(run: Running) -> None:
    """Nothing moves, not even what is there."""
    end = refused(run, Settlement(short_code=POOR))
    assert end.refusal is FundsRefusal.BALANCE_INSUFFICIENT
    assert end.cause == "the Utility Account of 600610 holds KES 5.00, KES 5.01 are owed"


def test_a_charge_given_back_is_settled_too(run: Running) -> None:
    """A reversal behind a settlement: the receipts are gone; a new one's charge is above zero then."""
    run.submit(query=a_reversal(receipt=BILLS[0], cents=BILL))
    run.drain()
    moved(run, Settlement(short_code=SHORT_CODE))
    assert held(run)[WORKING] == 1_000 + RECEIPTS - BILL - OWED + FEE
    run.submit(query=a_reversal(receipt=BILLS[1], cents=BILL))
    run.drain()
    assert run.outcomes() == [Outcome.SUCCEEDED, Outcome.BALANCE_INSUFFICIENT]


# --- withdrawal ------------------------------------------------------------------------------------------


def test_a_withdrawal_leaves_for_the_bank(run: Running) -> None:
    """Out of Working, and out of M-PESA: the platform owes less; a status query finds it by its receipt."""
    moved(run, Settlement(short_code=SHORT_CODE))
    trust = run.ledger.book.balance(NUMBERS[PLATFORM_HOLDER, AccountKind.TRUST]).available
    transaction = moved(run, Withdrawal(short_code=SHORT_CODE, cents=50_000))
    assert held(run)[WORKING] == 1_000 + RECEIPTS - OWED - 50_000
    assert run.ledger.book.balance(NUMBERS[PLATFORM_HOLDER, AccountKind.TRUST]).available == trust + 50_000
    assert (transaction.kind, transaction.debit_account) == (TransactionKind.B2B, WORKING)
    assert (transaction.credit_party, transaction.credit_party_name) == ("M-PESA", "Bank")
    run.submit(query=a_status_query(receipt=transaction.receipt))
    run.drain()
    facts = run.decided[-1][1].decision.facts
    assert isinstance(facts, StatusFacts)
    assert facts.transaction == transaction


def test_a_withdrawal_to_the_own_number(run: Running) -> None:
    """The settlement option says so: the customer of that number has it, within a customer's limits."""
    transaction = moved(run, Withdrawal(short_code=OWN, cents=80_000))
    assert (transaction.kind, transaction.credit_party) == (TransactionKind.B2C, MSISDN)
    assert held(run, OWN)[WORKING] == 120_000
    assert refused(run, Withdrawal(short_code=OWN, cents=20_001)).refusal is FundsRefusal.LIMIT_EXCEEDED


@pytest.mark.parametrize(
    ("changes", "refusal", "cause"),
    [
        pytest.param(
            {}, FundsRefusal.CHARGES_OWED, "600000 owes KES 30.00 of charges: settle them first", id="l8"
        ),
        pytest.param({"short_code": "600999"}, FundsRefusal.ORGANIZATION_UNKNOWN, "600999", id="nobody"),
        pytest.param(
            {"short_code": OWN, "cents": 200_001}, FundsRefusal.BALANCE_INSUFFICIENT, "holds", id="too much"
        ),
        pytest.param({"maker": "manager"}, FundsRefusal.NOT_APPROVED, "somebody else", id="not approved"),
        pytest.param(
            {"maker": "manager", "checker": "manager"}, FundsRefusal.NOT_APPROVED, "the same", id="by himself"
        ),
    ],
)
def test_what_is_not_withdrawn(
    run: Running, changes: dict[str, Any], refusal: FundsRefusal, cause: str
) -> None:
    """The refusal says exactly why."""
    end = refused(run, changed(Withdrawal(short_code=SHORT_CODE, cents=1), changes))
    assert end.refusal is refusal
    assert cause in end.cause


def test_l8_charges_block_a_withdrawal_until_they_are_settled(run: Running) -> None:
    """Whatever lies in Working; and in the same turn, behind the settlement, it is allowed."""
    assert refused(run, Withdrawal(short_code=SHORT_CODE, cents=1)).refusal is FundsRefusal.CHARGES_OWED
    run.processor.submit(Settlement(short_code=SHORT_CODE))
    run.processor.submit(Withdrawal(short_code=SHORT_CODE, cents=1))
    run.turn()
    assert [type(end) for _, end in run.acts] == [FundsRefused, FundsMoved, FundsMoved]


def test_who_signed_is_kept(run: Running) -> None:
    """With the transaction, for whoever asks for its status."""
    settled = moved(run, Settlement(short_code=SHORT_CODE, maker="clerk"))
    assert settled.reason == "Initiated by clerk."
    taken = moved(run, Withdrawal(short_code=SHORT_CODE, cents=1, maker="manager", checker="deputy"))
    assert taken.reason == "Initiated by manager, approved by deputy."


# --- whatever fails --------------------------------------------------------------------------------------


def test_l6_an_outage_takes_all_of_it_back(run: Running) -> None:
    """Neither half of a settlement stays, and whoever asked learns that nothing was kept."""
    before = run.ledger.book.all_balances()
    for act in (Settlement(short_code=SHORT_CODE), Withdrawal(short_code=SHORT_CODE, cents=1)):
        run.processor.submit(act)
    run.store.commits.append(OUTAGE)
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert run.ledger.book.all_balances() == before
    assert not run.ledger.standing()
    assert [end for _, end in run.acts] == [ActRefusal.NOT_KEPT] * 2
    moved(run, Settlement(short_code=SHORT_CODE))
    assert held(run)[UTILITY] == 0


def test_l6_a_restart_finds_all_or_nothing(run: Running) -> None:
    """What was answered is in the store, and receipts go on where they were."""
    first = moved(run, Settlement(short_code=SHORT_CODE))
    again = Ledger.read(run.store, FakeReceipts(), run.clock.now())
    assert again.book.all_balances() == run.ledger.book.all_balances()
    second = moved(run, Withdrawal(short_code=SHORT_CODE, cents=1))
    assert again.receipt_of_next(run.clock.now()) == second.receipt != first.receipt


def test_what_the_store_refuses_was_never_moved(run: Running) -> None:
    """And what was built upon it is refused with it: neither is answered as done."""
    run.store.commits.extend([ValueError("bad"), ValueError("bad")])
    run.processor.submit(Settlement(short_code=SHORT_CODE, answer=1))
    run.processor.submit(Withdrawal(short_code=SHORT_CODE, cents=1, answer=2))
    run.processor.submit(OperatorAct(short_code=SHORT_CODE, name="testapiuser", act=Act.LOCK, answer=3))
    before = run.ledger.book.all_balances()
    run.turn()
    assert run.acts == [(mark, ActRefusal.NOT_KEPT) for mark in (1, 2, 3)]
    assert run.ledger.book.all_balances() == before
    assert not run.ledger.standing()


class NoReceipts:
    """As on a day that has no letter."""

    def receipt(self, number: int, at: datetime) -> str:
        """Never."""
        raise ValueError(f"no letter for {number} in {at.year}")


def test_an_act_that_fails_hurts_no_decision(run: Running) -> None:
    """It is refused with its cause, and what is decided in its turn goes its way."""
    run.ledger.receipts = NoReceipts()
    run.submit(query=a_status_query(receipt=BILLS[0]))
    run.turn()
    end = refused(run, Settlement(short_code=SHORT_CODE))
    assert (end.refusal, "no letter" in end.cause) == (FundsRefusal.INTERNAL_FAILURE, True)
    assert run.outcomes() == [Outcome.SUCCEEDED]


def test_decisions_come_first(run: Running) -> None:
    """A reversal of the same turn finds the receipts; the settlement moves what is left."""
    run.submit(query=a_reversal(receipt=BILLS[0], cents=BILL))
    run.turn()
    transaction = moved(run, Settlement(short_code=SHORT_CODE))
    assert run.outcomes() == [Outcome.SUCCEEDED]
    assert transaction.cents == RECEIPTS - BILL


# --- any of them in any order ----------------------------------------------------------------------------

STEPS = st.one_of(
    st.sampled_from(BILLS).map(lambda receipt: a_reversal(receipt=receipt, cents=BILL)),
    st.sampled_from([1_000, 30_000, 60_000]).map(
        lambda cents: a_payment(party=OTHER_SHORT_CODE, cents=cents)
    ),
    st.sampled_from([SHORT_CODE, OTHER_SHORT_CODE, TILL, POOR]).map(lambda code: Settlement(short_code=code)),
    st.builds(
        Withdrawal,
        short_code=st.sampled_from([SHORT_CODE, OTHER_SHORT_CODE, TILL, OWN]),
        cents=st.sampled_from([1, 500, 20_000, 100_000]),
    ),
    st.builds(
        Arrival,
        through=st.just(OTHER_SHORT_CODE),
        receiver=st.sampled_from([SHORT_CODE, MSISDN]),
        cents=st.sampled_from([1, 30_000]),
        sender=st.just("Jane Roe"),
        country=st.just("GB"),
    ),
    st.sampled_from([SHORT_CODE, MSISDN]).map(lambda holder: Clearing(holder=holder)),
)


@given(
    steps=st.lists(st.lists(STEPS, min_size=1, max_size=4), max_size=8), outages=st.sets(st.integers(0, 7))
)
def test_nothing_is_made_or_lost(steps: list[list[Any]], outages: set[int]) -> None:
    """Payments, reversals, settlements, withdrawals and money from abroad in any order, over outages: the sum
    is zero, no account lies below its floor, no bill is put back twice, and memory, store and journal agree.
    """
    run = running(settle=settle_down)
    for turn, together in enumerate(steps):
        for each in together:
            if isinstance(each, FundsAct | Arrival | Clearing):
                run.processor.submit(each)
            else:
                run.submit(query=each, app=SECOND_APP if each.party == OTHER_SHORT_CODE else None)
        if turn in outages:
            run.store.commits.extend([OUTAGE, None] if turn % 2 else [None, OUTAGE])
        for _ in range(2):
            with suppress(StoreUnavailableError):
                run.turn()
        run.store.commits.clear()
    run.drain()
    book, (accounts, kept) = run.ledger.book, run.store.accounts()
    assert book.all_balances() == kept
    assert book.total("KES") == 0
    for each in accounts:
        assert each.floor is None or kept[each.number].available >= each.floor
        if each.kind is PASSAGE:
            assert kept[each.number].available == 0
    sums = run.store._connection.execute("SELECT account, sum(cents) FROM entry GROUP BY account").fetchall()
    assert dict(sums) == {number: kept[number].current + kept[number].uncleared for number, _ in sums}
    reversed_ = [
        request.query.receipt
        for request, conclusion in run.decided
        if isinstance(request.query, Reversal) and conclusion.decision.outcome is Outcome.SUCCEEDED
    ]
    assert len(reversed_) == len(set(reversed_))
    assert run.store.check_journal().holds
