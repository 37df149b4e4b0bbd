"""The processor: batches, counting, time limits and poison."""

import sqlite3
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.core.parties.operators import Operator, OperatorRules, OperatorStatus
from salio.core.requests.asking import PresentedCredential
from salio.core.requests.judge import DecisionRules
from salio.core.requests.outcomes import Outcome, StatusFacts
from salio.core.requests.processor import MOST_AT_ONCE
from tests.builders import (
    NOW,
    PASSWORD,
    RECEIPT,
    UNREADABLE,
    WRONG,
    FakeVault,
    a_locked_operator,
    a_status_query,
    a_transaction,
    ago,
    an_operator,
)
from tests.core.requests.running import Running, running

RIGHT = PASSWORD
DONE, BAD, LOCKED = Outcome.SUCCEEDED, Outcome.PASSWORD_WRONG, Outcome.INITIATOR_LOCKED
FAILED, LATE = Outcome.INTERNAL_FAILURE, Outcome.QUEUE_TIMED_OUT


def submitted(run: Running, *credentials: str) -> None:
    """Requests with these credentials, accepted and not yet decided."""
    for credential in credentials:
        run.submit(credential)
    run.turn()


# --- batches and counting --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("credentials", "outcomes", "count"),
    [
        pytest.param([RIGHT] * 3, [DONE] * 3, 0, id="right ones"),
        pytest.param([WRONG] * 4, [BAD] * 4, 4, id="four wrong"),
        pytest.param([WRONG] * 5, [BAD] * 5, 5, id="the fifth locks"),
        pytest.param([WRONG] * 7, [BAD] * 5 + [LOCKED] * 2, 5, id="none is counted after the lock"),
        pytest.param([*[WRONG] * 5, RIGHT], [BAD] * 5 + [LOCKED], 5, id="too late to be right"),
        pytest.param([*[WRONG] * 4, RIGHT, WRONG], [*[BAD] * 4, DONE, BAD], 1, id="a right one resets"),
    ],
)
def test_wrong_passwords_in_one_batch(credentials: list[str], outcomes: list[Outcome], count: int) -> None:
    """Within one batch each request sees what those before it changed, and the end is stored."""
    run = running()
    submitted(run, *credentials)
    run.turn()
    assert run.outcomes() == outcomes
    assert run.operator().wrong_passwords == count


def expected_count(credentials: list[str]) -> int:
    """Five wrong in a row lock for good; a right one before that begins anew."""
    count = 0
    for each in credentials:
        if count < 5:
            count = count + 1 if each == WRONG else 0
    return count


@given(st.lists(st.lists(st.sampled_from([RIGHT, WRONG]), max_size=6), max_size=6))
def test_counting_does_not_depend_on_the_batches(batches: list[list[str]]) -> None:
    """However the same requests are cut into batches, the count is that of the requests one by one."""
    run = running()
    for batch in batches:
        for credential in batch:
            run.submit(credential)
        run.turn()
    run.drain()
    assert run.operator().wrong_passwords == expected_count([each for batch in batches for each in batch])


@pytest.mark.parametrize("bound", [1, MOST_AT_ONCE, 2 * MOST_AT_ONCE])
def test_a_batch_has_its_bound(bound: int) -> None:
    """A turn decides so many and no more; the rest waits for the next."""
    run = running(most_at_once=bound)
    submitted(run, *[RIGHT] * (bound + 2))
    run.turn()
    assert len(run.decided) == bound
    assert run.processor.waiting() == 2
    run.drain()
    assert [request.number for request, _ in run.decided] == list(range(1, bound + 3))


def test_initiators_do_not_share_a_count() -> None:
    """One initiator's wrong passwords are no other's."""
    run = running(an_operator(), an_operator(number=2, name="other"))
    submitted(run, *[WRONG] * 5)
    run.drain()
    assert run.operator().status is OperatorStatus.LOCKED
    assert run.operator("other").wrong_passwords == 0


def test_the_day_of_use_is_stored() -> None:
    """The first use of a day is written down, by request and whatever becomes of the others."""
    run = running(an_operator(last_used_at=ago(days=3)))
    submitted(run, RIGHT, WRONG, RIGHT)
    run.drain()
    assert run.operator() == an_operator(last_used_at=NOW)


def test_both_questions_in_one_batch() -> None:
    """A batch may hold both; the transactions of all are read in one go."""
    run = running(transactions=[a_transaction()])
    run.submit()
    run.submit(query=a_status_query())
    run.submit(query=a_status_query(receipt=None, original_conversation_id="10816-694520-2"))
    run.drain()
    assert run.outcomes() == [DONE] * 3
    facts = [conclusion.decision.facts for _, conclusion in run.decided]
    assert facts[1:] == [StatusFacts(a_transaction())] * 2


# --- what the vault is told ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "credentials", "remembered", "forgotten"),
    [
        pytest.param(an_operator(), [RIGHT], [(RIGHT, 1)], [], id="right"),
        pytest.param(an_operator(), [WRONG], [], [1], id="wrong"),
        pytest.param(a_locked_operator(), [RIGHT, WRONG], [], [], id="locked"),
        pytest.param(an_operator(roles=frozenset()), [RIGHT], [], [], id="refused before the password"),
    ],
)
def test_the_vault_remembers_what_was_right(
    operator: Operator, credentials: list[str], remembered: list[tuple[str, int]], forgotten: list[int]
) -> None:
    """Only a ciphertext that passed is remembered; when the operator changes for the worse it is dropped."""
    run = running(operator)
    submitted(run, *credentials)
    run.drain()
    assert (run.vault.remembered, run.vault.forgotten) == (remembered, forgotten)


def test_trust_is_a_setting_of_the_decision() -> None:
    """With trust for foreign credentials an unreadable one passes (rulings, Requests)."""
    run = running(rules=DecisionRules(operators=OperatorRules(trust_foreign_credentials=True)))
    submitted(run, UNREADABLE, WRONG)
    run.drain()
    assert run.outcomes() == [DONE, BAD]


# --- too late --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("waited", "outcome"),
    [
        pytest.param(timedelta(seconds=60), DONE, id="as long as allowed"),
        pytest.param(timedelta(seconds=60, microseconds=1), LATE, id="a microsecond longer"),
    ],
)
def test_p19_queue_timeout(waited: timedelta, outcome: Outcome) -> None:
    """A request that waited longer than the limit ends as timed out (rulings, Results)."""
    run = running()
    submitted(run, RIGHT)
    run.clock.advance(microseconds=waited // timedelta(microseconds=1))
    run.drain()
    assert run.outcomes() == [outcome]


def test_a_late_request_is_not_looked_at() -> None:
    """What timed out counts no wrong password."""
    run = running()
    submitted(run, WRONG)
    run.clock.advance(hours=1)
    run.drain()
    assert run.outcomes() == [LATE]
    assert run.operator().wrong_passwords == 0
    assert "3600 s" in run.decided[0][1].decision.cause


def test_a_removed_app() -> None:
    """A request whose app is gone since it was accepted is refused as not its own."""
    run = running()
    submitted(run, RIGHT)
    run.apps.refresh([], [], [])
    run.drain()
    assert run.outcomes() == [Outcome.PARTY_NOT_OWN]


# --- poison ----------------------------------------------------------------------------------------------


class BrokenVault(FakeVault):
    """A vault that breaks on one credential."""

    def open_credential(self, credential: str) -> PresentedCredential:
        """Breaks on ``poison``."""
        if credential == "poison":
            raise ZeroDivisionError("of one credential")
        return super().open_credential(credential)


def test_p25_a_decision_that_fails() -> None:
    """It ends as an internal failure with its cause, and the queue moves on."""
    run = running(vault=BrokenVault())
    submitted(run, RIGHT, "poison", RIGHT)
    run.drain()
    assert run.outcomes() == [DONE, FAILED, DONE]
    assert run.decided[1][1].decision.cause == "ZeroDivisionError: of one credential"


def spoil_transaction(run: Running) -> None:
    """Damages the stored transaction beyond reading."""
    connection: sqlite3.Connection = run.store._connection
    connection.execute("UPDATE transaction_ SET details = '{}'")


def test_an_unreadable_transaction_hurts_only_who_asks_for_it() -> None:
    """One damaged row ends one request; neighbours of the same batch are answered."""
    run = running(transactions=[a_transaction()])
    spoil_transaction(run)
    run.submit()
    run.submit(query=a_status_query(receipt=RECEIPT))
    run.submit(query=a_status_query(receipt="MBN31H4699"))
    run.drain()
    assert run.outcomes() == [DONE, FAILED, Outcome.TRANSACTION_UNKNOWN]


@pytest.mark.parametrize("poisoned", [{1}, {2}, {3}, {1, 3}, {1, 2, 3}], ids=str)
def test_p25_an_outcome_that_the_store_refuses(poisoned: set[int]) -> None:
    """It ends as an internal failure, each neighbour as it should, and each is told once."""
    run = running()
    run.store.poisoned = poisoned
    submitted(run, RIGHT, RIGHT, RIGHT)
    run.drain()
    assert run.outcomes() == [FAILED if number in poisoned else DONE for number in (1, 2, 3)]
    assert run.store.undecided() == []
    assert len(run.store.undelivered()) == 3


@pytest.mark.parametrize("poisoned", [{1}, {2}, {3}, {1, 2}, {2, 3}], ids=str)
def test_memory_and_store_agree_after_poison(poisoned: set[int]) -> None:
    """Whichever of three wrong passwords is poison: all were wrong, in memory and in the store."""
    run = running()
    run.store.poisoned = poisoned
    submitted(run, WRONG, WRONG, WRONG)
    run.drain()
    assert run.operator().wrong_passwords == 3
