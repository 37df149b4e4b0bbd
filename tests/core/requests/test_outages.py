"""A store that goes away, and rows that cannot be kept: nothing is lost and nothing doubled (P1, P2)."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.core.ports import AcceptedRequest, StoreConflictError, StoreUnavailableError
from salio.core.requests.outcomes import Admission, Outcome
from salio.sandbox.fault import Fault
from tests.builders import (
    PASSWORD,
    UNREADABLE,
    WRONG,
    a_status_query,
    a_transaction,
    accepted,
)
from tests.core.requests.running import OUTAGE, Running, running

RIGHT = PASSWORD
DONE, BAD, LOCKED = Outcome.SUCCEEDED, Outcome.PASSWORD_WRONG, Outcome.INITIATOR_LOCKED
IN_THE_WAY = StoreConflictError("in the way")
FAILED, LATE = Outcome.INTERNAL_FAILURE, Outcome.QUEUE_TIMED_OUT


def submitted(run: Running, *credentials: str) -> None:
    """Requests with these credentials, accepted and not yet decided."""
    for credential in credentials:
        run.submit(credential)
    run.turn()


def spoil_transaction(run: Running) -> None:
    """Damages the stored transaction beyond reading."""
    connection: sqlite3.Connection = run.store._connection
    connection.execute("UPDATE transaction_ SET details = '{}'")


def test_l17_an_outage_loses_and_doubles_nothing() -> None:
    """What could not be committed is decided again, in its order, and its effects count once."""
    run = running()
    submitted(run, *[WRONG] * 3, RIGHT, WRONG)
    run.store.commits.extend([OUTAGE, OUTAGE])
    for _ in range(2):
        with pytest.raises(StoreUnavailableError):
            run.turn()
        assert run.operator().wrong_passwords == 0
        assert run.processor.waiting() == 5
        assert run.decided == []
    run.drain()
    assert run.outcomes() == [BAD, BAD, BAD, DONE, BAD]
    assert run.operator().wrong_passwords == 1


def test_l17_a_transaction_that_stays_in_the_way() -> None:
    """Who is at the door is told 26 and nothing is kept; what was acknowledged waits, and is decided once."""
    run = running()
    submitted(run, WRONG, RIGHT)
    late = run.submit(RIGHT)
    run.store.commits.extend([IN_THE_WAY] * 3)
    with pytest.raises(StoreConflictError):
        run.turn()
    assert run.admissions()[late.number] is Admission.TRAFFIC_BLOCKED
    assert (run.processor.waiting(), run.decided) == (2, [])
    assert run.operator().wrong_passwords == 0
    run.drain()
    assert run.outcomes() == [BAD, DONE]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        pytest.param(Fault(end="out_of_sequence", next=1), Outcome.OUT_OF_SEQUENCE, id="an outcome"),
        pytest.param(Fault(contradict="declined", next=1), DONE, id="a contradiction"),
    ],
)
def test_an_outage_spends_no_fault(fault: Fault, outcome: Outcome) -> None:
    """A fault for one request touches the one that it touched first, however often that is decided."""
    run = running(transactions=[a_transaction()], faults=[fault])
    for _ in range(2):
        run.submit(query=a_status_query())
    run.turn()
    run.store.commits.extend([OUTAGE, OUTAGE])
    for _ in range(2):
        with pytest.raises(StoreUnavailableError):
            run.turn()
    run.drain()
    causes = [conclusion.decision.cause for _, conclusion in run.decided]
    assert run.outcomes() == [outcome, DONE]
    assert ["fault 1" in each for each in causes] == [True, False]
    assert [each.touched for each in run.faults.standing()] == [1]


def test_an_outage_in_the_middle_of_a_replay() -> None:
    """Of a batch replayed one by one, what was committed stays and the rest is decided again."""
    run = running()
    submitted(run, *[WRONG] * 4)
    run.store.commits.extend([ValueError("one bad row"), None, None, OUTAGE])
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert run.operator().wrong_passwords == 2
    assert run.processor.waiting() == 2
    run.drain()
    assert run.outcomes() == [BAD] * 4
    assert run.operator().wrong_passwords == 4


def test_an_outage_while_a_request_is_spoilt() -> None:
    """When the store goes away before the internal failure is kept, the request waits like all others."""
    run = running()
    run.store.poisoned = {2}
    submitted(run, WRONG, WRONG, WRONG)
    run.store.commits.extend([None, OUTAGE])
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert run.operator().wrong_passwords == 1
    assert run.processor.waiting() == 2
    run.drain()
    assert run.outcomes() == [BAD, FAILED, BAD]


def test_an_outage_while_facts_are_read() -> None:
    """Nothing is decided without its facts; requests that came meanwhile hear that nothing was kept."""
    run = running(transactions=[a_transaction()])
    run.submit(query=a_status_query())
    run.turn()
    late = run.submit()
    run.store.reads.append(OUTAGE)
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert late.number in run.admissions()
    run.drain()
    assert run.outcomes() == [DONE]


def test_an_outage_while_facts_are_read_one_by_one() -> None:
    """The same when the batch is being read row by row for a damaged one."""
    run = running(transactions=[a_transaction()])
    spoil_transaction(run)
    run.submit(query=a_status_query())
    run.submit(query=a_status_query(receipt="MBN31H4699"))
    run.turn()
    run.store.reads.extend([None, None, OUTAGE])
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert run.processor.waiting() == 2
    run.drain()
    assert run.outcomes() == [FAILED, Outcome.TRANSACTION_UNKNOWN]


def test_a_request_decided_twice_keeps_its_first_end() -> None:
    """Should a request come to the decision twice, its end stands, and its neighbours get theirs."""
    run = running()
    first = run.submit()
    run.turn()
    (again,) = run.store.undecided()
    run.drain()
    run.submit(RIGHT)
    run.processor.enqueue([again])
    with pytest.raises(sqlite3.IntegrityError):
        run.turn()
    run.drain()
    assert [request.number for request, _ in run.decided] == [first.number, first.number + 1]
    assert run.outcomes() == [DONE, DONE]


def test_a_hopeless_request_takes_nothing_from_those_built_upon_it() -> None:
    """Memory and store agree though the request before could neither be decided nor spoilt."""
    run = running()
    run.submit()
    run.turn()
    (again,) = run.store.undecided()
    run.drain()
    later = accepted(2, credential=WRONG)
    with run.store.unit() as unit:
        unit.add_requests([later])
    run.processor.enqueue([AcceptedRequest(again.request, WRONG), later])
    with pytest.raises(sqlite3.IntegrityError):
        run.turn()
    assert run.outcomes() == [DONE, BAD]
    assert run.operator().wrong_passwords == 2


FAILURES = st.lists(st.sampled_from([None, OUTAGE, ValueError("bad row")]), max_size=12)


@given(
    turns=st.lists(st.lists(st.sampled_from([RIGHT, WRONG, UNREADABLE]), max_size=4), min_size=1, max_size=5),
    commits=FAILURES,
    poisoned=st.sets(st.integers(1, 20), max_size=4),
)
def test_whatever_fails_nothing_is_lost_or_doubled(
    turns: list[list[str]], commits: list[Exception | None], poisoned: set[int]
) -> None:
    """P1 and P2: who was told "accepted" gets exactly one outcome, who was not leaves no trace.

    A request that could not even be spoilt is decided at the next start.
    """
    run = running()
    run.store.commits.extend(commits)
    run.store.poisoned = poisoned
    submitted_numbers = []
    for credentials in [*turns, *[[]] * (len(commits) + len(turns))]:
        submitted_numbers += [run.submit(each).number for each in credentials]
        turn_or_fail(run)
    run.store.commits.clear()
    run.drain()
    run.processor.enqueue(run.store.undecided())
    run.drain()
    heard = run.admissions()
    kept = [number for number in submitted_numbers if heard[number] is Admission.ACCEPTED]
    assert [number for number in submitted_numbers if number in heard] == submitted_numbers
    assert sorted(request.number for request, _ in run.decided) == kept
    assert len(run.outcomes()) == len(run.store.due(submitted_numbers)) == len(kept)
    assert run.store.undecided() == []


def turn_or_fail(run: Running) -> None:
    """One turn, as the loop around it takes it: an outage or a hopeless item is reported, not fatal."""
    try:
        run.turn()
    except (StoreUnavailableError, ValueError):
        return
