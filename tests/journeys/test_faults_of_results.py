"""Faults of what the receiver hears, and when: delayed, doubled, contradicted, held."""

from datetime import timedelta

import pytest

from salio.core.requests.outcomes import Outcome
from salio.core.transactions.states import TransactionState
from salio.sandbox.kinds import STATES
from salio.wire.apis import Api
from tests.journeys.conftest import Fresh
from tests.journeys.provoking import (
    CLOCK,
    FAULTS,
    RunningClock,
    advance,
    call,
    ends,
    flush,
    latest,
    log_lines,
    notes,
    put,
    remove_faults,
    touched,
)
from tests.journeys.running import BALANCE, QUERIES, STATUS, Platform


def asked(platform: Platform, api: Api = BALANCE) -> str:
    """The conversation of a question that was acknowledged."""
    answer = platform.ask(api)
    assert answer.json["ResponseCode"] == "0"
    return str(answer.json["ConversationID"])


def attempts(platform: Platform, conversation_id: str) -> int:
    """How many are recorded."""
    statement = "SELECT count(*) FROM attempt JOIN request USING (number) WHERE conversation_id = ?"
    return int(platform.rows(statement, [conversation_id])[0][0])


# --- delay -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stopped", [False, True], ids=["running", "stopped"])
def test_a_result_is_delayed_until_time_has_passed(fresh: Fresh, api: Api, stopped: bool) -> None:
    """Decided and kept, not claimed, in nobody's way; nothing waits for it but time, and flush does not."""
    platform = fresh(clock=RunningClock())
    if stopped:
        assert call(platform, "POST", f"{CLOCK}/stop").status == 200
    name = put(platform, delay="result", seconds=90, next=1)
    delayed, told = asked(platform, api), asked(platform, api)
    assert platform.receiver.wait(told).code == "0"
    flush(platform)
    assert platform.receiver.heard(delayed) == []
    assert platform.end(delayed).outcome == "succeeded"
    assert attempts(platform, delayed) == 0
    assert notes(platform, delayed) == [f"{name}: delay result, 90 s"]
    advance(platform, 90)
    flush(platform)
    assert len(platform.receiver.heard(delayed)) == 1
    assert (ends(platform, delayed), touched(platform)) == ([(200, None)], [(1, True)])


def test_a_result_is_delayed_in_natural_time(fresh: Fresh) -> None:
    """The writer looks again by itself."""
    clock = RunningClock()
    platform = fresh(clock=clock)
    put(platform, delay="result", seconds=0.3)
    before = clock.monotonic()
    conversation = asked(platform)
    assert platform.receiver.wait(conversation).code == "0"
    assert clock.monotonic() - before >= 0.3


def test_a_delayed_result_outlives_a_restart(fresh: Fresh) -> None:
    """It is a result as all others: without the fault it leaves at once, and once."""
    platform = fresh(clock=RunningClock())
    put(platform, delay="result", seconds=3600)
    conversations = [asked(platform, api) for api in QUERIES]
    flush(platform)
    again = platform.restarted()
    for each in conversations:
        assert again.receiver.wait(each).code == "0"
    flush(again)
    assert [ends(again, each) for each in conversations] == [[(200, None)]] * 2


# --- double ----------------------------------------------------------------------------------------------


def test_a_result_is_told_twice(fresh: Fresh, api: Api) -> None:
    """The same bytes; one attempt and its end on record, and a note of the other. The next is told once."""
    platform = fresh()
    name = put(platform, double="result", next=1)
    twice, once = asked(platform, api), asked(platform, api)
    flush(platform)
    first, second = platform.receiver.heard(twice)
    assert (first.raw, first.path) == (second.raw, second.path)
    assert len(platform.receiver.heard(once)) == 1
    for each in (twice, once):
        assert (attempts(platform, each), ends(platform, each)) == (1, [(200, None)])
    noted = [f"{name}: double result", f"{name}: double result: the second ended with HTTP 200"]
    assert (notes(platform, twice), notes(platform, once)) == (noted, [])


def test_a_timeout_notice_is_told_twice_to_nobody(fresh: Fresh) -> None:
    """Whatever the receiver does with either: the delivery ends as its attempt did."""
    platform = fresh()
    name = put(platform, double="result")
    nowhere = {"ResultURL": "http://127.0.0.1:9/result"}
    conversation = platform.ask(BALANCE, nowhere).json["ConversationID"]
    flush(platform)
    [(status, fault)] = ends(platform, conversation)
    assert (status, "refused" in fault) == (None, True)
    assert notes(platform, conversation)[1].startswith(f"{name}: double result: the second ended with ")


# --- contradict ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", STATES)
def test_a_status_contradicts_the_records(fresh: Fresh, word: str) -> None:
    """One answer claims the state, the conclusion's cause tells both, and the transaction stays as it was."""
    platform = fresh()
    name = put(platform, contradict=word, next=1)
    told = [platform.result(STATUS) for _ in range(2)]
    states = [each.parameters["TransactionStatus"] for each in told]
    contradicted = STATES[word] is not TransactionState.COMPLETED
    assert states == [STATES[word].value if contradicted else "Completed", "Completed"]
    assert [each.code for each in told] == ["0", "0"]
    cause = f"{name}: contradict {word}: the records say Completed" if contradicted else ""
    assert platform.end(told[0].result["ConversationID"]).cause == cause
    assert touched(platform) == [(int(contradicted), contradicted)]


def test_what_was_claimed_is_claimed_again_after_a_restart(fresh: Fresh) -> None:
    """The conclusion holds it: a result that left later says the same without the fault."""
    platform = fresh()
    put(platform, contradict="declined")
    put(platform, delay="result", seconds=3600)
    conversation = asked(platform, STATUS)
    flush(platform)
    again = platform.restarted()
    assert again.receiver.wait(conversation).parameters["TransactionStatus"] == "Declined"
    assert again.result(STATUS).parameters["TransactionStatus"] == "Completed"


# --- hold ------------------------------------------------------------------------------------------------


def test_p19_a_held_request_times_out(fresh: Fresh, api: Api) -> None:
    """Others overtake it; after its longest wait QueueTimeOutURL is told, and that is final."""
    platform = fresh(clock=RunningClock())
    name = put(platform, hold="queue", next=1)
    held, told = asked(platform, api), asked(platform, api)
    assert platform.receiver.wait(told).code == "0"
    flush(platform)
    assert platform.rows("SELECT count(*) FROM intake") == [(1,)]
    advance(platform, 120)
    flush(platform)
    [callback] = platform.receiver.heard(held)
    assert (callback.path, callback.code) == ("/timeout", "17")
    assert platform.end(held).outcome == Outcome.QUEUE_TIMED_OUT.value
    assert "in the queue, 60 s allowed" in platform.end(held).cause
    assert notes(platform, held) == [f"{name}: hold queue"]
    remove_faults(platform)
    flush(platform)
    assert len(platform.receiver.heard(held)) == 1


@pytest.mark.parametrize("how", ["removed", "cleared", "until"])
def test_a_held_request_is_decided_when_the_fault_ends(fresh: Fresh, how: str) -> None:
    """By hand or by the clock: as if it had just come."""
    platform = fresh(clock=RunningClock())
    put(platform, hold="queue", until="2026-08-16T09:30:50Z")
    held = [asked(platform, api) for api in QUERIES]
    flush(platform)
    assert [platform.receiver.heard(each) for each in held] == [[], []]
    if how == "until":
        advance(platform, 50)
    else:
        assert call(platform, "DELETE", f"{FAULTS}/1" if how == "removed" else FAULTS).status == 200
    for each in held:
        assert platform.receiver.wait(each).code == "0"


def test_p19_a_held_request_times_out_in_natural_time(fresh: Fresh) -> None:
    """The writer looks again by itself, though nothing else happens."""
    platform = fresh(clock=RunningClock(), longest_wait=timedelta(seconds=0.4))
    put(platform, hold="queue")
    assert platform.receiver.wait(asked(platform)).path == "/timeout"


def test_held_requests_fill_the_queue(fresh: Fresh) -> None:
    """Until the door says that it is overloaded, as a queue that stands still does."""
    platform = fresh(most_waiting=2)
    put(platform, hold="queue")
    codes = [platform.ask(BALANCE).json["ResponseCode"] for _ in range(3)]
    assert codes == ["0", "0", "100000001"]


def test_a_held_request_outlives_a_restart(fresh: Fresh) -> None:
    """It is in the store: without the fault it is decided at once."""
    platform = fresh(clock=RunningClock())
    name = put(platform, hold="queue")
    conversation = asked(platform)
    flush(platform)
    again = platform.restarted()
    assert again.receiver.wait(conversation).code == "0"
    assert latest(again) == conversation
    assert f"{name}: hold queue" in log_lines(again)[-1]
