"""A prompt's answer and its end, from two processes at once: the one that comes first waits for nobody."""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import pytest

from salio.core.ports import Unit
from salio.core.requests.prompts import CustomerWord
from salio.storage.postgres.connection import Session
from salio.storage.postgres.store import PostgresStore
from tests import postgres
from tests.patience import PATIENCE, until

RIGHT = CustomerWord.PIN_RIGHT
Found = Collection[int] | Mapping[int, CustomerWord]
WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@pytest.fixture
def sessions() -> Iterator[list[Session]]:
    """Of two writers and of one who watches; a phone rings."""
    url = postgres.empty_database()
    sessions = [Session(url, "sandbox") for _ in range(3)]
    for each in sessions:
        each.execute("SET idle_in_transaction_session_timeout = 0")
    with PostgresStore(sessions[0]).unit() as unit:
        unit.add_prompts({7: "UHG0000007"})
    yield sessions
    for each in sessions:
        each.close()


def answer(unit: Unit) -> Found:
    """What a gateway does."""
    return unit.answer_prompts({7: RIGHT})


def end(unit: Unit) -> Found:
    """What the core does when the minute is over."""
    return unit.end_prompts([7])


@contextmanager
def beside(sessions: list[Session], do: Callable[[Unit], Found]) -> Iterator[list[Found]]:
    """The other writer begins in the block, and waits there for this one's commit; what it found then."""
    found: list[Found] = []

    def run() -> None:
        with PostgresStore(sessions[1]).unit() as unit:
            found.append(do(unit))

    thread = threading.Thread(target=run)
    thread.start()
    until("the other writer waits", lambda: sessions[2].fetch(WAITS)[0][0])
    yield found
    thread.join(PATIENCE)


def test_an_answer_that_is_committed_first(sessions: list[Session]) -> None:
    """Whoever ends the payment learns of it, though it had not been there when the end began."""
    with ExitStack() as ends, PostgresStore(sessions[0]).unit() as unit:
        assert list(answer(unit)) == [7]
        found = ends.enter_context(beside(sessions, end))
        assert found == []
    assert found == [{7: RIGHT}]


def test_an_end_that_is_committed_first(sessions: list[Session]) -> None:
    """The hand on the phone comes too late."""
    with ExitStack() as ends, PostgresStore(sessions[0]).unit() as unit:
        assert end(unit) == {}
        found = ends.enter_context(beside(sessions, answer))
        assert found == []
    assert [list(each) for each in found] == [[]]
