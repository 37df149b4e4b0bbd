"""The log where several gateways write: numbers come in blocks, commits in any order."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from salio.cli.log_tail import MOST_AT_ONCE, Entry, Tail
from salio.core.audit.refusals import RefusedRequest
from salio.core.ports import AcceptedRequest
from salio.platform.entries import Log
from salio.storage.postgres.connection import Session
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.postgres.store import PostgresStore
from salio.storage.postgres.stories import PostgresStories
from tests import postgres
from tests.builders import NOW, a_conclusion, a_refusal, a_request


class Gateway:
    """Writes on a connection of its own; numbers are from its own block."""

    def __init__(self, url: str, block: int) -> None:
        self._first = 1000 * block
        self.store = PostgresStore(Session(url, "sandbox"))

    def accepted(self, *seconds: int) -> list[AcceptedRequest]:
        """Requests of these seconds."""
        return [
            AcceptedRequest(
                a_request(self._first + each, accepted_at=NOW + timedelta(seconds=each)), "credential"
            )
            for each in seconds
        ]

    def accept(self, *seconds: int) -> None:
        """Committed at once."""
        accepted = self.accepted(*seconds)
        with self.store.unit() as unit:
            unit.add_requests(accepted)

    def refuse(self, *seconds: int) -> None:
        """Committed at once."""
        with self.store.unit() as unit:
            unit.add_refusals([a_refusal(each, at=NOW + timedelta(seconds=each)) for each in seconds])


@pytest.fixture
def url() -> str:
    """Nothing has happened yet."""
    return postgres.empty_database()


@pytest.fixture
def gateways(url: str) -> Iterator[tuple[Gateway, Gateway]]:
    """One has numbers from 7000, the other from 3000."""
    pair = Gateway(url, 7), Gateway(url, 3)
    yield pair
    for each in pair:
        each.store.close()


@pytest.fixture
def reader(url: str) -> Iterator[PostgresStories]:
    """Beside them."""
    with closing(PostgresDatabases(url).stories()) as reader:
        yield reader


def names(entries: list[Entry]) -> list[str]:
    """`3001 accepted` for a story, `refused 2` for a refusal."""
    return [
        f"refused {each.request_id.rpartition('-')[2]}"
        if isinstance(each, RefusedRequest)
        else f"{each.request.number} {each.steps[-1].value}"
        for each in entries
    ]


def test_the_latest_are_those_of_all(
    url: str, gateways: tuple[Gateway, Gateway], reader: PostgresStories
) -> None:
    """By the time of their acceptance, whoever's numbers are higher; for the control's list too."""
    one, other = gateways
    one.accept(1, 3, 5)
    other.accept(2, 6)
    one.refuse(4)
    expected = ["7003 accepted", "refused 4", "7005 accepted", "3006 accepted"]
    assert names(Tail(reader).latest(4)) == expected
    assert names(Tail(reader).latest(0)) == []
    numbers = [getattr(each, "number", 0) for each in Log(PostgresDatabases(url).stories).requests(None, 3)]
    assert numbers == [7003, 7005, 3006]


def test_what_commits_late_is_told(gateways: tuple[Gateway, Gateway], reader: PostgresStories) -> None:
    """Lower numbers, earlier times, a transaction that began before the look and ends after it."""
    one, other = gateways
    one.accept(1)
    tail = Tail(reader)
    tail.latest(20)
    with other.store.unit() as unit:
        unit.add_requests(other.accepted(2))
        unit.add_refusals([a_refusal(3, at=NOW + timedelta(seconds=3))])
        one.accept(4)
        one.refuse(5)
        assert names(tail.news()) == ["7004 accepted", "refused 5"]
        assert tail.news() == []
    assert names(tail.news()) == ["3002 accepted", "refused 3"]
    assert tail.news() == []


def test_what_was_open_at_the_first_look_is_told_once(
    gateways: tuple[Gateway, Gateway], reader: PostgresStories
) -> None:
    """The first look shows what is committed then, the next the rest: nothing twice."""
    one, other = gateways
    with other.store.unit() as unit:
        unit.add_requests(other.accepted(1))
        tail = Tail(reader)
        assert names(tail.latest(20)) == []
    assert names(tail.news()) == ["3001 accepted"]
    with other.store.unit() as unit:
        unit.add_conclusions([a_conclusion(3001)])
    assert names(tail.news()) == ["3001 decided"]
    one.accept(2)
    assert names(Tail(reader).latest(20)) == ["3001 decided", "7002 accepted"]


def test_a_reader_that_lags_is_caught_up_with_look_by_look(
    gateways: tuple[Gateway, Gateway], reader: PostgresStories
) -> None:
    """So many at once; what is committed between two looks comes after."""
    one, other = gateways
    tail = Tail(reader)
    one.accept(*range(1, 701))
    other.accept(*range(1, 701))
    seen = names(tail.news())
    assert len(seen) == MOST_AT_ONCE
    one.accept(800)
    while told := names(tail.news()):
        seen += told
    assert len(seen) == len(set(seen)) == 1401
    assert seen[-1] == "7800 accepted"


def test_rows_of_another_server_are_not_new(
    url: str, gateways: tuple[Gateway, Gateway], reader: PostgresStories
) -> None:
    """A restored copy holds marks of transactions that this server has not reached yet."""
    one, other = gateways
    one.accept(1)
    with closing(Session(url, "sandbox")) as session:
        session.execute("UPDATE request SET written_by = '9223372036854775807'")
    tail = Tail(reader)
    assert names(tail.latest(20)) == ["7001 accepted"]
    assert tail.news() == []
    other.accept(2)
    assert names(tail.news()) == ["3002 accepted"]
