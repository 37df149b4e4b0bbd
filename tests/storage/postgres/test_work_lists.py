"""Work lists on PostgreSQL: what a turn reads of them grows with the turn, not with what waits behind it.

Rows come and go by the thousand, so what the server last counted says nothing of what is there now. Here it
counted while nothing waited.
"""

from collections.abc import Callable
from contextlib import closing

import pytest

from salio.storage.ports import Duty
from salio.storage.postgres.claiming import Claiming
from salio.storage.postgres.connection import Session
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.postgres.sharing import PostgresTenure
from salio.storage.postgres.store import PostgresStore
from salio.storage.postgres.work import Work
from tests import postgres
from tests.builders import a_conclusion, accepted, an_end

WAITING, TURN = 2_000, 200
READS = 4
"""So often may a turn read a row: to find it, to lock it, to change it, and what another list says of it."""

OUTBOX = "INSERT INTO outbox SELECT number FROM generate_series($1::int, $2::int) AS number"
COUNTED = "UPDATE pg_class SET reltuples = 0, relpages = 100 WHERE relname IN ('intake', 'outbox')"
READ = """
    SELECT (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname IN ('intake', 'outbox'))
         + (SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname IN ('intake', 'outbox'))"""
"""Rows of both lists, by their indexes or without."""

Turn = Callable[[PostgresTenure, Session, range], None]
"""Takes requests or results: those of these numbers, where it asks for any."""


def _look(_: PostgresTenure, session: Session, known: range) -> None:
    assert len(Work(session).undecided(known, TURN)) == TURN


def _claim(tenure: PostgresTenure, session: Session, _: range) -> None:
    assert len(Claiming(session, tenure).claim(TURN)) == TURN


def _decide(_: PostgresTenure, session: Session, known: range) -> None:
    with PostgresStore(session).unit() as unit:
        unit.add_conclusions([a_conclusion(each) for each in known])


def _end(_: PostgresTenure, session: Session, known: range) -> None:
    with PostgresStore(session).unit() as unit:
        unit.end_attempts([an_end(WAITING + each) for each in known])


TURNS: dict[str, Turn] = {
    "requests are looked for": _look,
    "requests are decided": _decide,
    "results are claimed": _claim,
    "results end": _end,
}


@pytest.fixture
def url() -> str:
    """Of a database where much waits, and the server thinks little does."""
    url = postgres.empty_database()
    with closing(PostgresDatabases(url).store()) as store, store.unit() as unit:
        unit.add_requests([accepted(each) for each in range(1, WAITING + 1)])
    with closing(Session(url, "sandbox")) as session:
        session.execute(OUTBOX, WAITING + 1, 2 * WAITING)
        session.execute(COUNTED)
    return url


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
def test_a_turn_reads_what_it_takes(url: str, turn: Turn) -> None:
    """However much waits."""
    tenure = PostgresDatabases(url).tenure(Duty.DELIVERY, "somebody")
    tenure.begin()
    with closing(Session(url, "sandbox")) as session:
        before = _read(session)
        turn(tenure, session, range(1, TURN + 1))
        assert _read(session) - before <= READS * TURN
    tenure.end()


def _read(session: Session) -> int:
    session.execute("SELECT pg_stat_force_next_flush()")
    return int(session.fetch(READ)[0][0])
