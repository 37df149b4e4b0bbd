"""Stories are read whole, beside a writer, whichever engine has them."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from salio.core.audit.stories import Story
from salio.core.ports import AcceptedRequest
from salio.core.requests.queries import Request
from salio.storage.ports import Databases, Stories
from tests.builders import a_conclusion, a_note, a_refusal, a_request, an_attempt, an_end


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


def test_stories_are_whole(reader: Stories) -> None:
    """Whatever of a request is recorded, and no more."""
    assert reader.stories(0, 4) == FULL


@pytest.mark.parametrize(
    ("after", "until", "numbers"),
    [(0, 0, []), (0, 1, [1]), (1, 3, [2, 3]), (3, 99, [4]), (4, 99, [])],
)
def test_a_range_of_stories(reader: Stories, after: int, until: int, numbers: list[int]) -> None:
    """After one number, up to another."""
    assert [each.request.number for each in reader.stories(after, until)] == numbers


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
    """In order with their numbers, and by requestId."""
    assert reader.refusals(1, 10) == [(2, a_refusal(2)), (3, a_refusal(3))]
    assert reader.refusals(0, 1) == [(1, a_refusal(1))]
    assert reader.refusals_by_id(a_refusal(2).request_id) == [a_refusal(2)]
    assert reader.refusals_by_id("nobody's") == []


def test_the_highest_numbers(reader: Stories) -> None:
    """Of requests and of refusals."""
    assert (reader.highest_request(), reader.highest_refusal()) == (4, 3)


def test_where_nothing_is(databases: Databases) -> None:
    """No number, no story, no refusal."""
    with closing(databases.stories()) as empty:
        assert (empty.highest_request(), empty.highest_refusal()) == (0, 0)
        assert (empty.first_stories(0, 9), empty.refusals(0, 9)) == ([], [])


def test_it_sees_what_a_writer_commits(written: Databases, reader: Stories) -> None:
    """Beside a running platform, without being opened again."""
    with closing(written.store()) as store:
        with store.unit() as unit:
            unit.add_requests([kept(a_request(5))])
            assert reader.highest_request() == 4
        assert reader.highest_request() == 5
