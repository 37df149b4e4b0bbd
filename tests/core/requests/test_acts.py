"""Acts upon an initiator: locked and unlocked by hand, whatever is decided and whatever breaks meanwhile."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from salio.core.parties.acts import Act, ActRefusal, OperatorAct
from salio.core.parties.operators import Operator, OperatorStatus
from salio.core.ports import StoreUnavailableError
from salio.core.requests.outcomes import Outcome
from tests.builders import (
    PASSWORD,
    SHORT_CODE,
    WRONG,
    a_locked_operator,
    a_status_query,
    a_transaction,
    an_operator,
)
from tests.core.requests.running import OUTAGE, Running, running

RIGHT = PASSWORD
DONE, BAD, LOCKED = Outcome.SUCCEEDED, Outcome.PASSWORD_WRONG, Outcome.INITIATOR_LOCKED
ACTIVE, DORMANT = OperatorStatus.ACTIVE, OperatorStatus.DORMANT
LOCK, UNLOCK = Act.LOCK, Act.UNLOCK


def wanted(act: Act, mark: object = "mark", name: str = "testapiuser") -> OperatorAct:
    """The act, wanted of the usual initiator."""
    return OperatorAct(short_code=SHORT_CODE, name=name, act=act, answer=mark)


def accepted(run: Running, *credentials: str) -> None:
    """Requests with these credentials, acknowledged and not yet decided."""
    for credential in credentials:
        run.submit(credential)
    run.turn()


def state(operator: Operator) -> tuple[OperatorStatus, int]:
    """What an act may change."""
    return operator.status, operator.wrong_passwords


# --- what an act does ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "act", "after"),
    [
        pytest.param((ACTIVE, 0), LOCK, (OperatorStatus.LOCKED, 0), id="locked"),
        pytest.param((ACTIVE, 3), LOCK, (OperatorStatus.LOCKED, 0), id="by hand, not by three passwords"),
        pytest.param((OperatorStatus.LOCKED, 5), LOCK, (OperatorStatus.LOCKED, 5), id="locked already"),
        pytest.param((OperatorStatus.LOCKED, 5), UNLOCK, (ACTIVE, 0), id="after five passwords"),
        pytest.param((OperatorStatus.LOCKED, 0), UNLOCK, (ACTIVE, 0), id="unlocked"),
        pytest.param((ACTIVE, 4), UNLOCK, (ACTIVE, 0), id="one before the lock"),
        pytest.param((ACTIVE, 0), UNLOCK, (ACTIVE, 0), id="free already"),
        pytest.param((DORMANT, 2), UNLOCK, (DORMANT, 0), id="goes on resting"),
    ],
)
def test_an_act(before: tuple[OperatorStatus, int], act: Act, after: tuple[OperatorStatus, int]) -> None:
    """It is durable before it is answered, with the operator as it then stands."""
    run = running(an_operator(status=before[0], wrong_passwords=before[1]))
    run.processor.submit(wanted(act))
    assert run.acts == []
    run.turn()
    assert state(run.operator()) == after
    assert run.acts == [("mark", run.operator())]


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        pytest.param(wanted(LOCK, name="nobody"), ActRefusal.OPERATOR_UNKNOWN, id="lock nobody"),
        pytest.param(wanted(UNLOCK, name="nobody"), ActRefusal.OPERATOR_UNKNOWN, id="unlock nobody"),
        pytest.param(wanted(LOCK), ActRefusal.DORMANT, id="lock who rests"),
    ],
)
def test_an_act_that_cannot_be(act: OperatorAct, refusal: ActRefusal) -> None:
    """Nothing changes, and whoever asked learns why."""
    run = running(an_operator(status=DORMANT))
    run.processor.submit(act)
    run.turn()
    assert run.acts == [("mark", refusal)]
    assert run.operator() == an_operator(status=DORMANT)


def test_the_vault_forgets() -> None:
    """What was remembered of an operator's ciphertexts is dropped with every change, and only then."""
    run = running()
    for act in (LOCK, LOCK, UNLOCK, UNLOCK):
        run.processor.submit(wanted(act))
        run.turn()
    assert run.vault.forgotten == [1, 1]


def test_nobody_waits_for_ever() -> None:
    """When no turn will come any more, whoever waits for an act learns that nothing was kept."""
    run = running()
    run.processor.submit(wanted(LOCK))
    run.processor.shut()
    assert run.acts == [("mark", ActRefusal.NOT_KEPT)]
    run.turn()
    assert state(run.operator()) == (ACTIVE, 0)


# --- among decisions -------------------------------------------------------------------------------------


def test_a_lock_follows_the_decisions_of_its_turn() -> None:
    """Requests that waited are decided by the old state; every later one finds the lock."""
    run = running()
    accepted(run, RIGHT, WRONG)
    run.processor.submit(wanted(LOCK))
    run.turn()
    accepted(run, RIGHT)
    run.drain()
    assert run.outcomes() == [DONE, BAD, LOCKED]
    assert run.decided[-1][1].decision.cause.startswith("initiator testapiuser of 600000 is locked by hand")
    assert state(run.operator()) == (OperatorStatus.LOCKED, 0)


def test_an_unlock_begins_the_count_anew() -> None:
    """Five wrong passwords lock, and after the unlock it takes five again."""
    run = running()
    accepted(run, *[WRONG] * 5)
    run.processor.submit(wanted(UNLOCK))
    run.turn()
    accepted(run, *[WRONG] * 5, RIGHT)
    run.drain()
    assert run.outcomes() == [BAD] * 10 + [LOCKED]


# --- when the store fails --------------------------------------------------------------------------------


@pytest.mark.parametrize("act", Act)
def test_an_outage_undoes_decisions_and_act_alike(act: Act) -> None:
    """Neither the wrong password nor the act upon it stays in memory; the one is decided again, and counts
    once, the other is refused.
    """
    run = running(an_operator(wrong_passwords=2))
    accepted(run, WRONG)
    run.processor.submit(wanted(act))
    run.store.commits.append(OUTAGE)
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert state(run.operator()) == (ACTIVE, 2)
    assert run.acts == [("mark", ActRefusal.NOT_KEPT)]
    run.drain()
    assert state(run.operator()) == (ACTIVE, 3)
    assert run.outcomes() == [BAD]


def test_an_outage_between_decision_and_act() -> None:
    """In a replay one by one the decision is durable, and the act upon it undone down to that."""
    run = running()
    accepted(run, WRONG)
    run.processor.submit(wanted(LOCK))
    run.store.commits.extend([ValueError("one bad row"), None, OUTAGE])
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert state(run.operator()) == (ACTIVE, 1)
    assert run.acts == [("mark", ActRefusal.NOT_KEPT)]


def test_an_act_that_the_store_refuses() -> None:
    """Its neighbours are kept, and it is undone."""
    run = running(a_locked_operator(), an_operator(number=2, name="other"))
    run.processor.submit(wanted(UNLOCK, "first"))
    run.processor.submit(wanted(LOCK, "second", name="other"))
    run.store.commits.extend([ValueError("one bad row"), ValueError("this one")])
    run.turn()
    assert run.operator() == a_locked_operator()
    assert run.operator("other").status is OperatorStatus.LOCKED
    assert run.acts == [("first", ActRefusal.NOT_KEPT), ("second", run.operator("other"))]


def test_an_act_upon_a_decision_that_was_never_kept() -> None:
    """Neither can be written: what stands is what the store has, not what the act was built upon."""
    run = running()
    accepted(run, WRONG)
    run.processor.submit(wanted(LOCK))
    run.store.commits.extend([ValueError("one bad row")] * 4)
    with pytest.raises(ValueError, match="one bad row"):
        run.turn()
    assert state(run.operator()) == (ACTIVE, 0)
    assert run.acts == [("mark", ActRefusal.NOT_KEPT)]


def test_acts_of_one_turn_upon_one_operator() -> None:
    """None builds upon another that may yet be refused: what the first would have made is nowhere."""
    run = running()
    run.processor.submit(wanted(LOCK, "first"))
    run.processor.submit(wanted(UNLOCK, "second"))
    run.store.commits.extend([ValueError("one bad row"), ValueError("this one"), OUTAGE])
    run.turn()
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert state(run.operator()) == (ACTIVE, 0)
    assert run.acts == [("first", ActRefusal.NOT_KEPT), ("second", ActRefusal.NOT_KEPT)]


def test_an_act_after_the_end() -> None:
    """Nobody takes it, and whoever wants it learns so at once; who waited learns it too."""
    run = running()
    run.processor.submit(wanted(LOCK, "before"))
    run.processor.shut()
    assert run.acts == [("before", ActRefusal.NOT_KEPT)]
    assert run.processor.submit(wanted(LOCK, "after")) is ActRefusal.NOT_KEPT
    run.drain()
    assert state(run.operator()) == (ACTIVE, 0)


def test_poison_before_an_act() -> None:
    """A request that cannot be kept as it was decided leaves the act upon its operator alone."""
    run = running()
    run.store.poisoned = {1}
    accepted(run, WRONG)
    run.processor.submit(wanted(LOCK))
    run.drain()
    assert state(run.operator()) == (OperatorStatus.LOCKED, 0)
    assert run.outcomes() == [Outcome.INTERNAL_FAILURE]


STEPS = st.lists(st.sampled_from([RIGHT, WRONG, LOCK, UNLOCK]), max_size=5)
ENDS = st.lists(st.sampled_from([None, OUTAGE, ValueError("one bad row")]), max_size=8)


@given(st.lists(STEPS, max_size=5), ENDS)
@example([[WRONG], [LOCK]], [None, *[ValueError("one bad row")] * 4])
def test_memory_and_store_agree_whatever_breaks(
    turns: Sequence[Sequence[str | Act]], ends: Sequence[Exception | None]
) -> None:
    """After any mixture of requests, acts and failing commits; and each act is answered, once."""
    run, marks = running(), 0
    run.store.commits.extend(ends)
    for steps in [*turns, *[()] * len(ends)]:
        for step in steps:
            if isinstance(step, Act):
                run.processor.submit(wanted(step, marks))
                marks += 1
            else:
                run.submit(step)
        try:
            run.turn()
        except (StoreUnavailableError, ValueError):
            run.operator()
    run.drain()
    assert state(run.operator())[1] <= 5
    assert sorted(str(mark) for mark, _ in run.acts) == sorted(map(str, range(marks)))


def test_an_act_while_facts_are_read_in_vain() -> None:
    """Who asked learns at once that nothing was kept; the act is not carried out later."""
    run = running(transactions=[a_transaction()])
    run.submit(query=a_status_query())
    run.turn()
    run.processor.submit(wanted(LOCK))
    run.store.reads.append(OUTAGE)
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert run.acts == [("mark", ActRefusal.NOT_KEPT)]
    run.drain()
    assert run.outcomes() == [DONE]
    assert run.operator().status is ACTIVE
