"""What the log shows first, and next."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from salio.cli.log_tail import Entry, Tail
from salio.core.audit.refusals import RefusedRequest
from salio.core.ports import AcceptedRequest
from salio.platform.entries import find
from salio.storage.sqlite.copies import Original, replace
from salio.storage.sqlite.store import SqliteStore
from salio.storage.sqlite.stories import SqliteStories
from salio.wire import identifiers
from salio.wire.profile import DOCUMENTED, OBSERVED, Profile
from tests.builders import NOW, a_conclusion, a_refusal, a_request, an_attempt, an_end
from tests.stores import in_file


class Platform:
    """A store that something happens to."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._store = SqliteStore(in_file(path))

    def accept(self, *numbers: int) -> None:
        """Requests, a second apart."""
        with self._store.unit() as unit:
            unit.add_requests(
                [
                    AcceptedRequest(a_request(each, accepted_at=NOW + timedelta(seconds=each)), "credential")
                    for each in numbers
                ]
            )

    def refuse(self, *seconds: int) -> None:
        """Refusals, each at its second."""
        with self._store.unit() as unit:
            unit.add_refusals([a_refusal(each, at=NOW + timedelta(seconds=each)) for each in seconds])

    def decide(self, *numbers: int) -> None:
        """Conclusions."""
        with self._store.unit() as unit:
            unit.add_conclusions([a_conclusion(each) for each in numbers])

    def deliver(self, *numbers: int) -> None:
        """Attempts and their ends."""
        with self._store.unit() as unit:
            unit.start_attempts([an_attempt(each) for each in numbers])
            unit.end_attempts([an_end(each) for each in numbers])

    def close(self) -> None:
        """Closes the file."""
        self._store.close()


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    """Nothing has happened yet."""
    platform = Platform(tmp_path / "sandbox.db")
    yield platform
    platform.close()


@pytest.fixture
def reader(platform: Platform) -> Iterator[SqliteStories]:
    """Beside it."""
    reader = SqliteStories.open(platform.path)
    yield reader
    reader.close()


def names(entries: list[Entry]) -> list[str]:
    """`3 decided` for a story, `refused 2` for a refusal."""
    return [
        f"refused {each.request_id.rpartition('-')[2]}"
        if isinstance(each, RefusedRequest)
        else f"{each.request.number} {each.steps[-1].value}"
        for each in entries
    ]


def test_the_latest_are_interleaved_by_time(platform: Platform, reader: SqliteStories) -> None:
    """Requests and refusals, oldest first, and no more than asked for."""
    platform.accept(1, 3, 5)
    platform.refuse(2, 4)
    assert names(Tail(reader).latest(20)) == [
        "1 accepted",
        "refused 2",
        "3 accepted",
        "refused 4",
        "5 accepted",
    ]
    assert names(Tail(reader).latest(2)) == ["refused 4", "5 accepted"]
    assert Tail(reader).latest(0) == []


def test_an_empty_store_has_no_entries(reader: SqliteStories) -> None:
    """First and next."""
    tail = Tail(reader)
    assert tail.latest(20) == tail.news() == []


def test_news_are_told_once(platform: Platform, reader: SqliteStories) -> None:
    """Whatever came since the last look."""
    platform.accept(1)
    platform.refuse(2)
    tail = Tail(reader)
    tail.latest(20)
    assert tail.news() == []
    platform.accept(3)
    platform.refuse(4)
    assert names(tail.news()) == ["3 accepted", "refused 4"]
    assert tail.news() == []


def test_a_story_that_goes_on_is_told_again(platform: Platform, reader: SqliteStories) -> None:
    """With each new state, until it is over; also one that was open at the first look."""
    platform.accept(1)
    tail = Tail(reader)
    assert names(tail.latest(20)) == ["1 accepted"]
    platform.accept(2)
    platform.decide(1)
    assert names(tail.news()) == ["1 decided", "2 accepted"]
    platform.decide(2)
    platform.deliver(1, 2)
    assert names(tail.news()) == ["1 delivered", "2 delivered"]
    assert tail.news() == []


def test_a_story_that_ends_between_two_looks_is_told_once(platform: Platform, reader: SqliteStories) -> None:
    """As on a platform that is not overloaded."""
    tail = Tail(reader)
    platform.accept(1)
    platform.decide(1)
    platform.deliver(1)
    assert names(tail.news()) == ["1 delivered"]
    assert tail.news() == []


def test_another_content(platform: Platform, reader: SqliteStories, tmp_path: Path) -> None:
    """After a snapshot was brought back the log goes on, though the numbers begin again lower."""
    platform.accept(1)
    with closing(Original(platform.path)) as original:
        original.copy_to(tmp_path / "snapshot.db")
    platform.accept(2, 3)
    platform.refuse(4)
    tail = Tail(reader)
    tail.latest(20)
    replace(platform.path, tmp_path / "snapshot.db")
    assert tail.news() == []
    platform.accept(2)
    platform.refuse(5)
    assert names(tail.news()) == ["2 accepted", "refused 5"]


@pytest.mark.parametrize("profile", [DOCUMENTED, OBSERVED], ids=lambda profile: profile.name)
def test_a_request_is_found_by_each_of_its_ids(
    platform: Platform, reader: SqliteStories, profile: Profile
) -> None:
    """The ids that the platform gives carry its number; a caller's own id is listed."""
    noise = bytes(range(16))
    made = a_request(
        7,
        originator_conversation_id=identifiers.originator_conversation_id(profile, 7, noise),
        conversation_id=identifiers.conversation_id(profile, NOW, 7, noise),
    )
    own = a_request(8, chosen_by_caller=True, originator_conversation_id="my-own")
    store = SqliteStore(in_file(platform.path))
    with store.unit() as unit:
        unit.add_requests([AcceptedRequest(each, "credential") for each in (made, own)])
    store.close()
    for name in (made.originator_conversation_id, made.conversation_id, "7"):
        assert names(find(reader, name)) == ["7 accepted"]
    assert names(find(reader, "my-own")) == ["8 accepted"]


def test_a_refusal_is_found_by_its_id(platform: Platform, reader: SqliteStories) -> None:
    """Its requestId."""
    platform.refuse(1, 2)
    assert names(find(reader, a_refusal(2).request_id)) == ["refused 2"]


@pytest.mark.parametrize(
    "name", ["", "99", "9" * 30, "٣", "53642-1-8", "nobody's", "1' OR '1'='1"], ids=ascii
)
def test_nothing_is_found_by_another_name(platform: Platform, reader: SqliteStories, name: str) -> None:
    """Not by an id that carries a number of ours but is another's either."""
    platform.accept(1)
    assert find(reader, name) == []
