"""Stories are read whole, beside a writer, whichever engine has them."""

from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest

from salio.core.audit.stories import Story
from salio.core.ports import AcceptedRequest
from salio.core.requests.queries import Request
from salio.storage.ports import Databases, Stories
from tests.builders import a_conclusion, a_refusal, a_request, an_attempt, an_end
from tests.core.audit.noting import a_note


def kept(request: Request) -> AcceptedRequest:
    """As intake hands it over."""
    return AcceptedRequest(request, "credential")


@pytest.fixture
def written(databases: Databases) -> Databases:
    """Four requests got as far as each can get: accepted, decided, sent again, answered."""
    with closing(databases.store()) as store, store.unit() as unit:
        unit.add_requests(
            [kept(a_request(number)) for number in (1, 2, 3)]
            + [kept(a_request(4, chosen_by_caller=True, originator_conversation_id="my-own"))]
        )
        unit.add_conclusions([a_conclusion(number) for number in (2, 3, 4)])
        unit.start_attempts([an_attempt(3), an_attempt(4)])
        unit.start_attempts([an_attempt(3, resent=True)])
        unit.end_attempts([an_end(4)])
        unit.add_notes([a_note(4), a_note(2), a_note(4, text="fault 2: delay result")])
        unit.add_refusals([a_refusal(number) for number in (1, 2, 3)])
    return databases


@pytest.fixture
def reader(written: Databases) -> Iterator[Stories]:
    """Of those."""
    with closing(written.stories()) as reader:
        yield reader


FULL = [
    Story(request=a_request(1)),
    Story(request=a_request(2), conclusion=a_conclusion(2), notes=(a_note(2),)),
    Story(request=a_request(3), conclusion=a_conclusion(3), attempt=an_attempt(3, resent=True)),
    Story(
        request=a_request(4, chosen_by_caller=True, originator_conversation_id="my-own"),
        conclusion=a_conclusion(4),
        attempt=an_attempt(4),
        end=an_end(4),
        notes=(a_note(4), a_note(4, text="fault 2: delay result")),
    ),
]


def numbers(stories: Sequence[Story]) -> list[int]:
    """Whose stories they are."""
    return [each.request.number for each in stories]


def test_stories_are_whole(reader: Stories) -> None:
    """Whatever of a request is recorded, and no more."""
    assert reader.latest(4)[0] == FULL


@pytest.mark.parametrize(("most", "found"), [(0, []), (1, [4]), (3, [2, 3, 4]), (99, [1, 2, 3, 4])])
def test_the_latest_stories(reader: Stories, most: int, found: list[int]) -> None:
    """So many at most, oldest first."""
    assert numbers(reader.latest(most)[0]) == found


@pytest.mark.parametrize(
    ("after", "most", "numbers"), [(0, 2, [1, 2]), (2, 9, [3, 4]), (4, 9, []), (10**18, 1, [])]
)
def test_the_first_stories_after_a_number(reader: Stories, after: int, most: int, numbers: list[int]) -> None:
    """At most so many, oldest first."""
    assert [each.request.number for each in reader.first_stories(after, most)] == numbers


def test_stories_by_number(reader: Stories) -> None:
    """Those that exist, in order."""
    assert reader.stories_of([4, 1, 99]) == [FULL[0], FULL[3]]
    assert reader.stories_of([]) == []


def test_a_callers_own_id_finds_its_request(reader: Stories) -> None:
    """And an id of nobody's finds nothing."""
    assert reader.chosen("my-own") == [4]
    assert reader.chosen("documented-1") == []


def test_refusals(reader: Stories) -> None:
    """The latest, oldest first, and by requestId."""
    assert reader.latest_refusals(2)[0] == [a_refusal(2), a_refusal(3)]
    assert reader.refusals_by_id(a_refusal(2).request_id) == [a_refusal(2)]
    assert reader.refusals_by_id("nobody's") == []


def test_where_nothing_is(databases: Databases) -> None:
    """No story, no refusal, and a place to go on from."""
    with closing(databases.stories()) as empty:
        (stories, mark), (refusals, mark_of_refusals) = empty.latest(9), empty.latest_refusals(9)
        assert (stories, refusals, empty.first_stories(0, 9)) == ([], [], [])
        assert empty.following(mark, 9)[0] == []
        assert empty.following_refusals(mark_of_refusals, 9)[0] == []


def test_it_sees_what_a_writer_commits(written: Databases, reader: Stories) -> None:
    """Beside a running platform, without being opened again; each once."""
    (_, mark), (_, mark_of_refusals) = reader.latest(1), reader.latest_refusals(1)
    with closing(written.store()) as store, store.unit() as unit:
        unit.add_requests([kept(a_request(5)), kept(a_request(6))])
        unit.add_refusals([a_refusal(4)])
        assert reader.following(mark, 9)[0] == []
    told, refused = [], []
    for _ in range(3):
        stories, mark = reader.following(mark, 1)
        refusals, mark_of_refusals = reader.following_refusals(mark_of_refusals, 9)
        told += numbers(stories)
        refused += refusals
    assert (told, refused) == ([5, 6], [a_refusal(4)])
