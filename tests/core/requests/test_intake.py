"""Intake: numbers and names, duplicates, usage, a shut door, and a store that refuses."""

import pytest

from salio.core.access.apps import App
from salio.core.ports import StoreUnavailableError
from salio.core.requests.intake import Submission
from salio.core.requests.outcomes import Admission
from tests.builders import NOW, a_balance_query, a_status_query, accepted, an_app
from tests.core.requests.running import OUTAGE, SECOND_APP, Running, running

FIRST_APP = an_app()
ACCEPTED, DUPLICATE, FAILED = Admission.ACCEPTED, Admission.DUPLICATE, Admission.INTERNAL_ERROR
POISON = a_balance_query(remarks="\ud800")
"""Half a character: no store can keep it. The gateway refuses such a request."""


def heard(run: Running) -> list[Admission]:
    """What the requests heard, in the order of their numbers."""
    return [admission for _, admission in sorted(run.admissions().items(), key=str)]


# --- drafts ----------------------------------------------------------------------------------------------


def test_a_draft_is_numbered_and_named() -> None:
    """A request gets the next number, the platform's identifiers, the time and the app's profile."""
    draft = running().intake.draft(an_app(profile="observed"), a_balance_query(), unknown_members=("Extra",))
    assert draft.number == 1
    assert draft.app_number == 1
    assert draft.profile == "observed"
    assert draft.originator_conversation_id == "observed-1"
    assert draft.conversation_id == f"AG_20260816_{1:020x}"
    assert draft.accepted_at == NOW
    assert draft.query == a_balance_query()
    assert draft.unknown_members == ("Extra",)
    assert not draft.chosen_by_caller


def test_a_draft_takes_the_callers_own_id() -> None:
    """An organization may bring its own OriginatorConversationID; the ConversationID is the platform's."""
    draft = running().intake.draft(FIRST_APP, a_status_query(), caller_id="mine-1")
    assert draft.originator_conversation_id == "mine-1"
    assert draft.conversation_id == f"AG_20260816_{1:020x}"
    assert draft.chosen_by_caller


def test_no_number_is_given_twice() -> None:
    """Each draft has a number of its own, kept or not."""
    run = running()
    assert [run.intake.draft(FIRST_APP, a_balance_query()).number for _ in range(3)] == [1, 2, 3]


# --- the group -------------------------------------------------------------------------------------------


def test_a_group_is_durable_before_anybody_hears() -> None:
    """The acknowledgement follows the commit, and the decision follows both."""
    run = running()
    requests = [run.submit() for _ in range(3)]
    assert run.answered == []
    run.turn()
    assert [each.request for each in run.store.undecided()] == requests
    assert heard(run) == [ACCEPTED] * 3
    assert run.processor.waiting() == 3


def test_the_answer_carries_the_callers_mark() -> None:
    """Whoever submits is told by the mark that came with the request."""
    run = running()
    run.intake.submit(Submission(accepted(7), "the mark"))
    run.turn()
    assert run.answered == [("the mark", ACCEPTED)]


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        pytest.param([[(FIRST_APP, "a"), (FIRST_APP, "a")]], [ACCEPTED, DUPLICATE], id="within a group"),
        pytest.param([[(FIRST_APP, "a")], [(FIRST_APP, "a")]], [ACCEPTED, DUPLICATE], id="across groups"),
        pytest.param([[(FIRST_APP, "a")] * 3], [ACCEPTED, DUPLICATE, DUPLICATE], id="three times"),
        pytest.param([[(FIRST_APP, "a"), (SECOND_APP, "a")]], [ACCEPTED] * 2, id="another app"),
        pytest.param([[(FIRST_APP, "a"), (FIRST_APP, "A")]], [ACCEPTED] * 2, id="another letter case"),
        pytest.param([[(FIRST_APP, None), (FIRST_APP, None)]], [ACCEPTED] * 2, id="none chosen"),
    ],
)
def test_duplicates(groups: list[list[tuple[App, str | None]]], expected: list[Admission]) -> None:
    """An OriginatorConversationID counts once per app; the second is told so and nothing of it is kept."""
    run = running()
    for group in groups:
        for app, caller_id in group:
            run.submit(app=app, caller_id=caller_id)
        run.turn()
    run.drain()
    assert heard(run) == expected
    assert len(run.decided) == expected.count(ACCEPTED)
    assert run.store.usage("2026-08-16").get(1, 0) + run.store.usage("2026-08-16").get(2, 0) == len(
        run.decided
    )


def test_a_duplicate_of_a_decided_request() -> None:
    """An id stays used after its request has ended."""
    run = running()
    run.submit(caller_id="a")
    run.drain()
    run.submit(caller_id="a")
    run.drain()
    assert heard(run) == [ACCEPTED, DUPLICATE]


def test_usage_is_counted_by_day_and_app() -> None:
    """A group that crosses midnight UTC counts each request on its day."""
    run = running()
    run.clock.set_wall(NOW.replace(hour=23, minute=59))
    run.submit()
    run.submit(app=SECOND_APP)
    run.clock.advance(minutes=2)
    run.submit()
    run.submit()
    run.drain()
    assert run.store.usage("2026-08-16") == {1: 1, 2: 1}
    assert run.store.usage("2026-08-17") == {1: 2}


# --- the door --------------------------------------------------------------------------------------------


def test_the_door_is_shut_at_the_bound_t10() -> None:
    """Requests that wait for their commit and for their decision count together (fault catalogue, T10)."""
    run = running(most_waiting=3)
    run.submit()
    run.submit()
    run.turn()
    run.submit()
    assert run.intake.submit(Submission(accepted(9), "late")) is Admission.OVERLOADED
    run.drain()
    assert len(run.answered) == len(run.decided) == 3
    assert run.intake.submit(Submission(accepted(10), "again")) is None


def test_a_group_on_its_way_to_the_disk_counts_too_t10() -> None:
    """Until it is durable, or refused: a slow disk lets nobody in beyond the bound."""
    run = running(most_waiting=2)
    late = Submission(accepted(9), "late")
    run.submit()
    run.submit()
    under_way = run.intake.take()
    assert run.intake.submit(late) is Admission.OVERLOADED
    run.intake.spoil(under_way[0], ValueError())
    run.intake.put_back(under_way[1:], StoreUnavailableError())
    run.submit()
    run.store.commits.append(OUTAGE)
    with pytest.raises(StoreUnavailableError):
        run.turn()
    run.submit()
    run.submit()
    assert run.intake.submit(late) is Admission.OVERLOADED
    run.drain()
    assert run.intake.submit(late) is None


def test_an_overloaded_request_leaves_no_trace() -> None:
    """What is refused at the door is neither kept nor counted, and its id is free."""
    run = running(most_waiting=0)
    refused = run.intake.submit(Submission(accepted(1, chosen_by_caller=True), "mark"))
    assert refused is Admission.OVERLOADED
    assert not run.turn()
    assert run.answered == []
    assert run.store.undecided() == []


# --- a store that refuses --------------------------------------------------------------------------------


def test_a_request_that_cannot_be_kept() -> None:
    """One request that the store refuses hears so; its neighbours are accepted."""
    run = running()
    run.submit()
    run.submit(query=POISON)
    run.submit()
    run.drain()
    assert heard(run) == [ACCEPTED, FAILED, ACCEPTED]
    assert len(run.decided) == 2
    assert run.store.usage("2026-08-16") == {1: 2}


def test_the_id_of_a_request_that_could_not_be_kept_is_free() -> None:
    """A duplicate is one of a request that was kept."""
    run = running()
    run.submit(query=POISON, caller_id="a")
    run.submit(caller_id="a")
    run.submit(caller_id="a")
    run.drain()
    assert heard(run) == [FAILED, ACCEPTED, DUPLICATE]


def test_an_outage_is_told_at_once() -> None:
    """While the store is out of reach everybody hears so, nothing is kept, and the next group is accepted."""
    run = running()
    run.submit(caller_id="a")
    run.submit()
    run.store.commits.append(OUTAGE)
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert heard(run) == [FAILED, FAILED]
    assert run.store.undecided() == []
    run.submit(caller_id="a")
    run.drain()
    assert heard(run) == [FAILED, FAILED, ACCEPTED]


def test_an_outage_in_the_middle_of_a_replay() -> None:
    """Of a group replayed one by one, what was committed is accepted and the rest is refused."""
    run = running()
    run.submit(query=POISON)
    for _ in range(3):
        run.submit()
    run.store.commits.extend([None, OUTAGE])
    with pytest.raises(StoreUnavailableError):
        run.turn()
    run.drain()
    assert heard(run) == [FAILED, ACCEPTED, FAILED, FAILED]
    assert len(run.decided) == 1


def test_numbers_go_on_after_a_restart() -> None:
    """The next number follows the highest that the store has."""
    run = running()
    run.submit()
    run.submit()
    run.drain()
    assert run.store.next_request_number() == 3


def test_a_shut_door() -> None:
    """Whoever waits, and whoever comes later, hears that nothing was kept; nothing is."""
    run = running()
    for _ in range(2):
        run.submit()
    run.intake.shut()
    assert heard(run) == [FAILED, FAILED]
    assert run.intake.submit(Submission(accepted(3), "late")) is FAILED
    run.drain()
    assert run.store.undecided() == []
