"""Stories are read whole, beside a writer, and nothing can be written while reading."""

import sqlite3
from pathlib import Path

import pytest

from salio.core.audit.stories import Story
from salio.core.ports import AcceptedRequest, StoreUnavailableError
from salio.core.requests.queries import Request
from salio.storage.sqlite.connection import connect_to_read
from salio.storage.sqlite.store import SqliteStore
from salio.storage.sqlite.stories import SqliteStories
from tests.builders import a_conclusion, a_note, a_refusal, a_request, an_attempt, an_end
from tests.stores import in_file


def kept(request: Request) -> AcceptedRequest:
    """As intake hands it over."""
    return AcceptedRequest(request, "credential")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database whose four requests got as far as each can get: accepted, decided, sent again, answered."""
    path = tmp_path / "sandbox.db"
    store = SqliteStore(in_file(path))
    with store.unit() as unit:
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
    store.close()
    return path


@pytest.fixture
def reader(path: Path) -> SqliteStories:
    """Of that database."""
    return SqliteStories.open(path)


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


def test_stories_are_whole(reader: SqliteStories) -> None:
    """Whatever of a request is recorded, and no more."""
    assert reader.stories(0, 4) == FULL


@pytest.mark.parametrize(
    ("after", "until", "numbers"),
    [(0, 0, []), (0, 1, [1]), (1, 3, [2, 3]), (3, 99, [4]), (4, 99, [])],
)
def test_a_range_of_stories(reader: SqliteStories, after: int, until: int, numbers: list[int]) -> None:
    """After one number, up to another."""
    assert [each.request.number for each in reader.stories(after, until)] == numbers


@pytest.mark.parametrize(
    ("after", "most", "numbers"), [(0, 2, [1, 2]), (2, 9, [3, 4]), (4, 9, []), (10**18, 1, [])]
)
def test_the_first_stories_after_a_number(
    reader: SqliteStories, after: int, most: int, numbers: list[int]
) -> None:
    """At most so many, oldest first."""
    assert [each.request.number for each in reader.first_stories(after, most)] == numbers


def test_stories_by_number(reader: SqliteStories) -> None:
    """Those that exist, in order."""
    assert reader.stories_of([4, 1, 99]) == [FULL[0], FULL[3]]
    assert reader.stories_of([]) == []


def test_a_callers_own_id_finds_its_request(reader: SqliteStories) -> None:
    """And an id of nobody's finds nothing."""
    assert reader.chosen("my-own") == [4]
    assert reader.chosen("documented-1") == []


def test_refusals(reader: SqliteStories) -> None:
    """In order with their numbers, and by requestId."""
    assert reader.refusals(1, 10) == [(2, a_refusal(2)), (3, a_refusal(3))]
    assert reader.refusals(0, 1) == [(1, a_refusal(1))]
    assert reader.refusals_by_id(a_refusal(2).request_id) == [a_refusal(2)]
    assert reader.refusals_by_id("nobody's") == []


def test_the_highest_numbers(reader: SqliteStories, tmp_path: Path) -> None:
    """Zero where there is nothing yet."""
    assert (reader.highest_request(), reader.highest_refusal()) == (4, 3)
    in_file(tmp_path / "empty.db").close()
    empty = SqliteStories.open(tmp_path / "empty.db")
    assert (empty.highest_request(), empty.highest_refusal()) == (0, 0)


def test_it_sees_what_a_writer_commits(path: Path, reader: SqliteStories) -> None:
    """Beside a running platform, without being opened again."""
    store = SqliteStore(in_file(path))
    with store.unit() as unit:
        unit.add_requests([kept(a_request(5))])
        assert reader.highest_request() == 4
    assert reader.highest_request() == 5
    store.close()


def test_it_sees_what_a_killed_writer_left(path: Path, tmp_path: Path) -> None:
    """The log that SQLite did not fold back in is read too."""
    writer = in_file(path)
    with SqliteStore(writer).unit() as unit:
        unit.add_requests([kept(a_request(5))])
    left = tmp_path / "left"
    left.mkdir()
    for suffix in ("", "-wal"):
        (left / f"sandbox.db{suffix}").write_bytes((tmp_path / f"sandbox.db{suffix}").read_bytes())
    writer.close()
    assert SqliteStories.open(left / "sandbox.db").highest_request() == 5


def test_reading_writes_nothing(path: Path) -> None:
    """Not even by mistake."""
    connection = connect_to_read(path)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM request")
    connection.close()


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    """StoreUnavailableError names it."""
    with pytest.raises(StoreUnavailableError, match=r"none\.db"):
        SqliteStories.open(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()
