"""Payments that wait for a word: what is set aside is paid or free in the end, whatever happens meanwhile."""

from datetime import datetime

import msgspec
import pytest

from salio.core.ledger.accounts import AccountKind, Balance
from salio.core.parties.registration import Registration
from salio.core.ports import AcceptedRequest, DoubtfulCommitError, StoreUnavailableError
from salio.core.requests.c2b_payment import INSTRUCTED_WITHIN
from salio.core.requests.outcomes import Outcome, StatusFacts
from salio.core.requests.recovery import MOST_DEATHS, NO_DEATHS
from salio.core.requests.validation import Instruction, Question, ValidatorWord
from salio.core.transactions.states import TransactionState
from tests.builders import FakeReceipts, a_customer_payment, a_status_query, an_app
from tests.core.requests.paying import NUMBERS, PAYBILL, RICH, settle_down
from tests.core.requests.running import OUTAGE, Running, ShakyStore, running
from tests.core.requests.test_recovery import KnownDeaths

PAYMENT = a_customer_payment(party=PAYBILL, payer=RICH)
VALIDATED = Registration(short_code=PAYBILL, validated=True, validation_url="http://shop/pay")
HELD, SET_ASIDE, PAID = Balance(95_000), Balance(85_000, reserved=10_000), Balance(85_000)
SILENT = ValidatorWord(accepts=None, said="nobody answered")
ACCEPTS = ValidatorWord(accepts=True, said="accepted")
REJECTS = ValidatorWord(accepts=False, said="rejected")
APP = an_app(short_codes=frozenset({PAYBILL}))


class LaterReceipts(FakeReceipts):
    """Of a version that makes others."""

    def receipt(self, number: int, at: datetime) -> str:
        """None is an earlier one's."""
        return super().receipt(number + 5_000_000, at)


def started(
    *, instructs: bool = False, store: ShakyStore | None = None, deaths: KnownDeaths | None = None
) -> Running:
    """The small country; payments to its paybill are validated."""

    def settle(empty: ShakyStore) -> None:
        settle_down(empty)
        with empty.unit() as unit:
            unit.save_registrations([msgspec.structs.replace(VALIDATED, instructs=instructs)])

    run = running(settle=settle if store is None else lambda _: None, store=store, deaths=deaths or NO_DEATHS)
    run.apps.refresh([APP], (), ())
    return run


def again(run: Running, deaths: KnownDeaths | None = None) -> Running:
    """The next process on the same store, which takes up what this one left."""
    later = started(store=run.store, deaths=deaths)
    later.clock.set_wall(run.clock.now())
    later.processor.recover(later.store.undecided())
    return later


def waiting(run: Running) -> tuple[int, TransactionState]:
    """The one payment that waits: its request's number, and its state, on which memory and store agree."""
    (asked,) = run.processor.waiting_for_words()
    transaction = asked.question.transaction
    found = run.store.find_transactions([transaction.receipt], []).by_receipt[transaction.receipt]
    assert found == transaction
    return asked.accepted.request.number, found.state


def held(run: Running) -> Balance:
    """The customer's balance, on which memory and store agree."""
    number = NUMBERS[RICH, AccountKind.CUSTOMER]
    here = run.ledger.book.balance(number)
    assert here == run.store.accounts()[1][number]
    assert not run.ledger.standing()
    assert run.store.check_journal().holds
    return here


def state(run: Running, number: int = 1) -> TransactionState:
    """What the store has of the payment of that request."""
    receipt = f"UHG{number:07d}"
    return run.store.find_transactions([receipt], []).by_receipt[receipt].state


def asked(run: Running) -> int:
    """Has the customer pay; the organization was asked. The request's number."""
    run.submit(query=PAYMENT, app=APP)
    run.drain()
    number, found = waiting(run)
    assert (found, held(run)) == (TransactionState.AUTHORIZED, SET_ASIDE)
    return number


def pending(run: Running) -> int:
    """The same, and the organization was out of reach."""
    number = asked(run)
    assert run.processor.heard(number, SILENT)
    run.drain()
    assert waiting(run) == (number, TransactionState.PENDING_AUTHORIZED)
    return number


# --- one word ends it ------------------------------------------------------------------------------------


def test_of_two_words_the_first_counts() -> None:
    """The second is nobody's, before the payment is decided and after."""
    run = started()
    number = asked(run)
    assert run.processor.heard(number, REJECTS)
    assert not run.processor.heard(number, ACCEPTS)
    run.drain()
    assert not run.processor.heard(number, ACCEPTS)
    assert run.outcomes() == [Outcome.PAYMENT_CANCELLED]
    assert (state(run), held(run)) == (TransactionState.CANCELLED, HELD)


def test_an_outage_loses_no_word() -> None:
    """It is decided with the same word when the store is back."""
    run = started()
    run.processor.heard(asked(run), ACCEPTS)
    run.store.commits.append(OUTAGE)
    with pytest.raises(StoreUnavailableError):
        run.turn()
    run.drain()
    assert (state(run), held(run)) == (TransactionState.COMPLETED, PAID)


def test_what_waits_is_found_whatever_receipts_are_made_by_then() -> None:
    """A later version may make others of the same numbers: the payment that was begun goes on."""
    run = started()
    number = asked(run)
    later = again(run)
    later.ledger.receipts = LaterReceipts()
    later.drain()
    assert waiting(later) == (number, TransactionState.AUTHORIZED)
    assert later.processor.heard(number, ACCEPTS)
    later.drain()
    assert (state(later), held(later)) == (TransactionState.COMPLETED, PAID)


# --- nothing stays set aside -----------------------------------------------------------------------------


def test_a_question_that_is_refused_when_it_is_asked_again() -> None:
    """After a death it is asked again; should the store refuse that, the payment ends, its money free."""
    run = started()
    asked(run)
    later = again(run)
    later.store.commits.extend([ValueError("bad row")] * 2)
    later.drain()
    assert later.outcomes() == [Outcome.INTERNAL_FAILURE]
    assert (state(later), held(later)) == (TransactionState.DECLINED, HELD)


def test_what_was_decided_beside_a_question_that_is_refused() -> None:
    """It is decided again: the customer has the money that was set aside."""
    run = started()
    asked(run)
    behind = run.intake.draft(APP, msgspec.structs.replace(PAYMENT, cents=90_000))
    with run.store.unit() as unit:
        unit.add_requests([AcceptedRequest(behind, "")])
    later = again(run)
    later.store.commits.extend([ValueError("bad row")] * 2)
    later.drain()
    assert later.outcomes() == [Outcome.INTERNAL_FAILURE]
    assert waiting(later) == (behind.number, TransactionState.AUTHORIZED)
    assert held(later) == Balance(5_000, reserved=90_000)


def test_an_end_that_the_store_refuses() -> None:
    """The request ends as an internal failure, its transaction is declined, and the money is free."""
    run = started()
    number = asked(run)
    run.store.poisoned = {number}
    run.processor.heard(number, ACCEPTS)
    run.drain()
    assert run.outcomes() == [Outcome.INTERNAL_FAILURE]
    assert (state(run), held(run)) == (TransactionState.DECLINED, HELD)


def test_an_outage_while_it_is_set_free() -> None:
    """Nothing is free before the store has it."""
    run = started()
    number = asked(run)
    run.store.poisoned = {number}
    run.processor.heard(number, ACCEPTS)
    run.store.commits.append(OUTAGE)
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert held(run) == SET_ASIDE
    run.drain()
    assert (state(run), held(run)) == (TransactionState.DECLINED, HELD)


@pytest.mark.parametrize("committed", [True, False])
def test_a_doubt_while_it_is_set_free(*, committed: bool) -> None:
    """Whatever came of that commit, in the end it is free."""
    run = started()
    number = asked(run)
    run.store.poisoned = {number}
    run.processor.heard(number, ACCEPTS)
    if committed:
        run.store.commits_then_doubts = DoubtfulCommitError("gone", lambda: True)
    else:
        run.store.commits.append(DoubtfulCommitError("gone", lambda: False))
    with pytest.raises(DoubtfulCommitError):
        run.turn()
    run.drain()
    assert run.outcomes() == [Outcome.INTERNAL_FAILURE]
    assert (state(run), held(run)) == (TransactionState.DECLINED, HELD)


@pytest.mark.parametrize(
    ("deaths", "balance"),
    [
        pytest.param(MOST_DEATHS, HELD, id="given up"),
        pytest.param(MOST_DEATHS + 1, SET_ASIDE, id="the platform died over that, too"),
    ],
)
def test_a_payment_that_is_given_up(deaths: int, balance: Balance) -> None:
    """What it had set aside is free, unless clearing up is what the platform dies of."""
    run = started()
    asked(run)
    known = KnownDeaths()
    (request,) = (each.request for each in run.store.undecided())
    known.counts = {request.conversation_id: deaths}
    later = again(run, known)
    later.drain()
    assert later.outcomes() == [Outcome.INTERNAL_FAILURE]
    assert held(later) == balance


# --- Pending Authorized ----------------------------------------------------------------------------------

INSTRUCTIONS = [
    pytest.param(ACCEPTS, Outcome.SUCCEEDED, TransactionState.COMPLETED, PAID, id="accepted"),
    pytest.param(REJECTS, Outcome.PAYMENT_CANCELLED, TransactionState.CANCELLED, HELD, id="rejected"),
]


@pytest.mark.parametrize("restarted", [False, True], ids=["", "after a restart"])
@pytest.mark.parametrize(("word", "outcome", "end", "balance"), INSTRUCTIONS)
def test_an_instruction_ends_it(
    word: ValidatorWord, outcome: Outcome, end: TransactionState, balance: Balance, *, restarted: bool
) -> None:
    """TS, FAQ 3: the partner's instruction, where the validation endpoint is unavailable."""
    run = started(instructs=True)
    number = pending(run)
    if restarted:
        run = again(run)
        run.drain()
        assert waiting(run) == (number, TransactionState.PENDING_AUTHORIZED)
    run.processor.heard(number, word)
    run.drain()
    assert run.outcomes() == [outcome]
    assert (state(run), held(run)) == (end, balance)


def test_while_it_is_pending_a_status_query_sees_it() -> None:
    """By the conversation of its request; it tells why it waits."""
    run = started(instructs=True)
    pending(run)
    (asked,) = run.processor.waiting_for_words()
    assert isinstance(asked.question, Instruction)
    run.submit(
        query=a_status_query(
            party=PAYBILL,
            receipt=None,
            original_conversation_id=asked.accepted.request.originator_conversation_id,
        ),
        app=APP,
    )
    run.drain()
    ((_, conclusion),) = run.decided
    assert conclusion.decision.outcome is Outcome.SUCCEEDED
    facts = conclusion.decision.facts
    assert isinstance(facts, StatusFacts)
    assert facts.transaction.state is TransactionState.PENDING_AUTHORIZED
    assert facts.transaction.reason == "nobody answered: waits for an instruction"


@pytest.mark.parametrize("restarted", [False, True], ids=["", "after a restart"])
def test_it_expires_by_the_clock(*, restarted: bool) -> None:
    """An hour after it began, not a second sooner; the money is free."""
    run = started(instructs=True)
    pending(run)
    run.clock.advance(seconds=INSTRUCTED_WITHIN.total_seconds() - 1)
    if restarted:
        run = again(run)
    run.drain()
    assert (run.processor.due(), waiting(run)[1]) == (0, TransactionState.PENDING_AUTHORIZED)
    assert run.processor.patience() is not None
    run.clock.advance(seconds=1)
    assert run.processor.due() == 1
    run.drain()
    assert run.outcomes() == [Outcome.PAYMENT_EXPIRED]
    assert (state(run), held(run)) == (TransactionState.EXPIRED, HELD)
    assert (run.processor.waiting_for_words(), run.processor.patience()) == ([], None)


def test_a_word_at_the_last_moment() -> None:
    """Whoever was heard before the time was over is not overtaken by it."""
    run = started(instructs=True)
    number = pending(run)
    run.processor.heard(number, ACCEPTS)
    run.clock.advance(seconds=INSTRUCTED_WITHIN.total_seconds())
    run.drain()
    assert run.outcomes() == [Outcome.SUCCEEDED]
    assert held(run) == PAID


def test_whoever_is_asked_has_no_end_here() -> None:
    """The attempt has limits of its own: only an instruction's time runs out by this clock."""
    run = started()
    asked(run)
    (one,) = run.processor.waiting_for_words()
    assert isinstance(one.question, Question)
    run.clock.advance(days=1)
    run.drain()
    assert waiting(run)[1] is TransactionState.AUTHORIZED


def test_recovery_does_not_last_while_somebody_is_waited_for() -> None:
    """The rest of what was left open is decided, and the next requests as in any hour."""
    run = started(instructs=True)
    pending(run)
    deaths = KnownDeaths()
    later = again(run, deaths)
    later.drain()
    assert later.processor.patience() is not None
    number, _ = waiting(later)
    assert deaths.kept
    later.processor.heard(number, ACCEPTS)
    later.drain()
    assert deaths.kept == set()
