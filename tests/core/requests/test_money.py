"""Processor and store move money together, whatever fails: against a naive ledger, and case by case (P4).

The model knows nothing of batches, units or ways back. It reads how each request ended, in the order in which
they were told, and does that by hand; book, store and journal have to agree with it after every turn.
"""

from collections import defaultdict

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from salio.core.ledger.accounts import PLATFORM_HOLDER, AccountKind, Balance
from salio.core.ledger.ledger import Ledger
from salio.core.ports import DoubtfulCommitError, StoreUnavailableError
from salio.core.requests.outcomes import BalanceFacts, Conclusion, Outcome, PaymentFacts, StatusFacts
from salio.core.requests.queries import B2CPayment, Request
from salio.core.transactions.states import TransactionState
from tests.builders import MSISDN, SHORT_CODE, FakeReceipts, a_balance_query, a_payment, a_status_query
from tests.core.requests.paying import ACCOUNTS, CHARGE, NUMBERS, OPENINGS, POOR, RICH, settle_down
from tests.core.requests.running import OUTAGE, Running, running

UTILITY, CHARGES, CUSTOMER = AccountKind.UTILITY, AccountKind.CHARGES_PAID, AccountKind.CUSTOMER
DONE, FAILED, SHORT = Outcome.SUCCEEDED, Outcome.INTERNAL_FAILURE, Outcome.BALANCE_INSUFFICIENT


@pytest.fixture
def run() -> Running:
    """The small country: the short code has 1,000 shillings."""
    return running(settle=settle_down)


def available(run: Running, holder: str = SHORT_CODE, kind: AccountKind = UTILITY) -> int:
    """What memory and store agree on."""
    number = NUMBERS[holder, kind]
    here = run.ledger.book.balance(number)
    assert here == run.store.accounts()[1][number]
    return here.available


def test_a_payment_is_durable_with_its_end(run: Running) -> None:
    """Transaction, posting, balances and conclusion are one commit; a restart finds all of it."""
    request = run.submit(query=a_payment())
    run.drain()
    assert run.outcomes() == [DONE]
    assert (available(run), available(run, MSISDN, CUSTOMER)) == (90_000, 10_000)
    again = Ledger.read(run.store, FakeReceipts(), run.clock.now())
    assert again.book.all_balances() == run.ledger.book.all_balances()
    assert again.received.of(NUMBERS[MSISDN, CUSTOMER], run.clock.now()) == 10_000
    receipt = f"UHG{request.number:07d}"
    found = run.store.find_transactions([receipt], [request.originator_conversation_id])
    assert [*found.by_originator_conversation_id.values()] == [[found.by_receipt[receipt]]]
    assert run.store.check_journal().holds


def test_later_requests_of_a_batch_see_the_money(run: Running) -> None:
    """A balance asked for behind a payment, and its status, though the store has neither yet."""
    first = run.submit(query=a_payment(cents=50_000))
    run.submit(query=a_balance_query())
    run.submit(query=a_status_query(receipt=None, original_conversation_id=first.originator_conversation_id))
    run.drain()
    _, balance, status = (conclusion.decision.facts for _, conclusion in run.decided)
    assert isinstance(balance, BalanceFacts)
    assert [each.balance.available for each in balance.accounts] == [0, 50_000, -CHARGE]
    assert isinstance(status, StatusFacts)
    assert status.transaction.state is TransactionState.COMPLETED


def test_an_outage_takes_all_of_it_back(run: Running) -> None:
    """Money that the store has not is nobody's; decided again, it moves once."""
    for _ in range(2):
        run.submit(query=a_payment())
    run.turn()
    run.store.commits.extend([OUTAGE, OUTAGE])
    for _ in range(2):
        with pytest.raises(StoreUnavailableError):
            run.turn()
        assert available(run) == 100_000
        assert not run.ledger.standing()
    run.drain()
    assert run.outcomes() == [DONE, DONE]
    assert available(run) == 80_000


def test_what_was_built_upon_a_refused_payment_is_decided_again(run: Running) -> None:
    """The balance behind it never tells money that did not move; and who found too little may have enough."""
    for cents in (50_000, 40_000, 30_000):
        run.submit(query=a_payment(cents=cents, receiver=POOR if cents == 40_000 else MSISDN))
    run.submit(query=a_balance_query())
    run.turn()
    run.store.poisoned = {2}
    run.drain()
    assert run.outcomes() == [DONE, FAILED, DONE, DONE]
    assert available(run) == 20_000
    facts = run.decided[-1][1].decision.facts
    assert isinstance(facts, BalanceFacts)
    assert facts.accounts[1].balance == Balance(20_000)


def test_nobody_is_told_of_a_transaction_that_was_never_kept(run: Running) -> None:
    """A payment that is declined moves nothing, and is a transaction all the same."""
    declined = run.submit(query=a_payment(cents=60_000))
    conversation = declined.originator_conversation_id
    run.submit(query=a_status_query(receipt=None, original_conversation_id=conversation))
    run.turn()
    run.store.poisoned = {1}
    run.drain()
    assert run.outcomes() == [FAILED, Outcome.TRANSACTION_UNKNOWN]
    assert not run.ledger.standing()


def test_an_outage_while_a_payment_is_spoilt(run: Running) -> None:
    """The failure waits like all others; the money is where it was."""
    run.store.poisoned = {1}
    run.submit(query=a_payment())
    run.submit(query=a_payment())
    run.turn()
    run.store.commits.extend([OUTAGE])
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert available(run) == 100_000
    run.drain()
    assert run.outcomes() == [FAILED, DONE]
    assert available(run) == 90_000


@pytest.mark.parametrize("committed", [True, False])
def test_a_doubt_about_a_failure(run: Running, *, committed: bool) -> None:
    """Should nobody know whether the failure was kept, nobody is told anything; once known, it is told."""
    run.store.poisoned = {1}
    run.submit(query=a_payment())
    run.turn()
    if not committed:
        run.store.commits.append(DoubtfulCommitError("gone", lambda: False))
        with pytest.raises(DoubtfulCommitError):
            run.turn()
    else:
        run.store.commits_then_doubts = DoubtfulCommitError("gone", lambda: True)
        with pytest.raises(DoubtfulCommitError):
            run.turn()
    assert run.decided == []
    run.drain()
    assert run.outcomes() == [FAILED]
    assert available(run) == 100_000


def test_l1_more_debits_than_the_account_covers(run: Running) -> None:
    """Of fifty at once exactly ten succeed, and the account stands at its floor."""
    for place in range(50):
        run.submit(query=a_payment(cents=10_000, receiver=(MSISDN, POOR)[place % 2]))
    run.drain()
    assert sorted(map(str, run.outcomes())) == sorted(map(str, [DONE] * 10 + [SHORT] * 40))
    assert available(run) == 0


# --- against a naive ledger ------------------------------------------------------------------------------

PAYMENTS = st.builds(
    a_payment,
    cents=st.sampled_from([500, 1_000, 7_001, 30_000, 50_000, 60_000]),
    receiver=st.sampled_from([MSISDN, POOR, RICH, "254722333333"]),
)
ASKED = PAYMENTS | st.just(a_balance_query())


class Money(RuleBasedStateMachine):
    """Requests, refused items, lost stores and restarts in any order."""

    @initialize()
    def begin(self) -> None:
        """Everybody as they were."""
        self.run = running(settle=settle_down)
        self.naive: dict[tuple[str, AccountKind], int] = defaultdict(int, OPENINGS)
        self.told = 0
        self.numbers = 0

    @rule(queries=st.lists(ASKED, min_size=1, max_size=5), poisoned=st.sets(st.integers(0, 4), max_size=2))
    def submit(self, queries: list[B2CPayment], poisoned: set[int]) -> None:
        """Some requests come in; the store will refuse what some of them end with."""
        for place, query in enumerate(queries):
            number = self.run.submit(query=query).number
            if place in poisoned:
                self.run.store.poisoned.add(number)

    @rule(failures=st.lists(st.sampled_from([None, OUTAGE, ValueError("bad row")]), max_size=4))
    def turn(self, failures: list[Exception | None]) -> None:
        """One turn, of which some commits fail."""
        self.run.store.commits.extend(failures)
        try:
            self.run.turn()
        except (StoreUnavailableError, ValueError):
            pass
        finally:
            self.run.store.commits.clear()
        self._follow()

    @rule()
    def settle(self) -> None:
        """Turns until nothing is left; whoever could not even be spoilt is taken up as after a restart."""
        self.run.drain()
        self.run.processor.enqueue(self.run.store.undecided())
        self.run.drain()
        self._follow()

    def _follow(self) -> None:
        for request, conclusion in self.run.decided[self.told :]:
            self._do(request, conclusion)
        self.told = len(self.run.decided)

    def _do(self, request: Request, conclusion: Conclusion) -> None:
        query, facts = request.query, conclusion.decision.facts
        if isinstance(facts, BalanceFacts):
            assert [each.balance.available for each in facts.accounts] == self._of(SHORT_CODE)
        if not isinstance(query, B2CPayment):
            return
        available = self.naive[SHORT_CODE, UTILITY]
        if conclusion.decision.outcome is SHORT:
            assert available < query.cents
        if conclusion.decision.outcome is DONE:
            assert available >= query.cents
            self.naive[SHORT_CODE, UTILITY] -= query.cents
            self.naive[query.receiver, CUSTOMER] += query.cents
            self.naive[SHORT_CODE, CHARGES] -= CHARGE
            self.naive[PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE] += CHARGE
            assert isinstance(facts, PaymentFacts)
            assert [each.balance.available for each in facts.accounts] == self._of(SHORT_CODE)

    def _of(self, holder: str) -> list[int]:
        return [self.naive[holder, kind] for kind in (AccountKind.WORKING, UTILITY, CHARGES)]

    @invariant()
    def all_agree(self) -> None:
        """Book, store and journal say what the naive ledger says, and everything sums to zero."""
        self._follow()
        wanted = {
            number: self.naive[held] for held, number in NUMBERS.items() if held[1] is not AccountKind.TRUST
        }
        wanted[NUMBERS[PLATFORM_HOLDER, AccountKind.TRUST]] = -sum(OPENINGS.values())
        book, (_, kept) = self.run.ledger.book, self.run.store.accounts()
        assert {number: each.available for number, each in kept.items()} == wanted
        assert {number: each.available for number, each in book.all_balances().items()} == wanted
        assert book.total("KES") == 0
        assert not self.run.ledger.standing()

    def teardown(self) -> None:
        """In the end every request has one end, and the journal is what was written."""
        if not hasattr(self, "run"):
            return
        self.settle()
        assert self.run.store.undecided() == []
        assert len(self.run.outcomes()) == len({request.number for request, _ in self.run.decided})
        assert self.run.store.check_journal().holds
        sums = self.run.store._connection.execute("SELECT account, sum(cents) FROM entry GROUP BY account")
        journal = dict.fromkeys((each.number for each in ACCOUNTS), 0) | dict(sums.fetchall())
        assert journal == {number: each.available for number, each in self.run.store.accounts()[1].items()}


TestMoney = Money.TestCase
TestMoney.settings = settings(settings(), stateful_step_count=30)
