"""Processor and store move money together, whatever fails: case by case (P4)."""

import pytest

from salio.core.ledger.accounts import AccountKind, Balance
from salio.core.ledger.ledger import Ledger
from salio.core.ports import DoubtfulCommitError, StoreUnavailableError
from salio.core.requests.outcomes import BalanceFacts, Outcome, StatusFacts
from salio.core.transactions.states import TransactionState
from tests.builders import (
    MSISDN,
    SHORT_CODE,
    FakeReceipts,
    a_balance_query,
    a_customer_payment,
    a_payment,
    a_status_query,
)
from tests.core.requests import country
from tests.core.requests.paying import CHARGE, NUMBERS, POOR, RICH, settle_down
from tests.core.requests.running import OUTAGE, Running, running

UTILITY, CUSTOMER = AccountKind.UTILITY, AccountKind.CUSTOMER
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
    assert again.totals.of(NUMBERS[MSISDN, CUSTOMER], run.clock.now()).received == 10_000
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


def test_a_doubt_about_the_failure_of_a_question() -> None:
    """Once it is known that a payment failed, its organization is not asked about it, and it ends once."""
    run = running(settle=country.settle_down)
    run.apps.refresh([country.APP], [], [])
    run.submit(query=a_customer_payment(party=country.CLUB, payer=RICH), app=country.APP)
    run.turn()
    run.store.commits.extend([ValueError("bad row"), ValueError("bad row")])
    run.store.commits_then_doubts = DoubtfulCommitError("gone", lambda: True)
    with pytest.raises(DoubtfulCommitError):
        run.turn()
    run.drain()
    assert (run.outcomes(), run.asked) == ([FAILED], [])
    assert not run.ledger.standing()


def test_l1_more_debits_than_the_account_covers(run: Running) -> None:
    """Of fifty at once exactly ten succeed, and the account stands at its floor."""
    for place in range(50):
        run.submit(query=a_payment(cents=10_000, receiver=(MSISDN, POOR)[place % 2]))
    run.drain()
    assert sorted(map(str, run.outcomes())) == sorted(map(str, [DONE] * 10 + [SHORT] * 40))
    assert available(run) == 0
