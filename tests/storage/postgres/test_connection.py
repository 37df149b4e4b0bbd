"""A session: trouble with the server is told from a row that is wrong, and no commit is left unknown."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import asyncpg  # type: ignore[import-untyped] # it brings no types
import pytest

from salio.core.ports import DoubtfulCommitError, StoreConflictError, StoreUnavailableError
from salio.storage.postgres.connection import Session, in_words
from tests import postgres
from tests.storage.postgres.wire import Wire, folder_of

COUNT = "SELECT count(*) FROM customer"
ADD = "INSERT INTO customer VALUES ($1, 'Somebody')"


@pytest.fixture
def url() -> str:
    """Of an empty, migrated database."""
    return postgres.empty_database()


@pytest.fixture
def session(url: str) -> Iterator[Session]:
    """On that database."""
    session = Session(url, "sandbox")
    yield session
    session.close()


def test_a_lost_connection_is_made_again(session: Session, url: str) -> None:
    """What runs into it is told that the store is out of reach, unless it is seen before; the next works."""
    assert session.fetch(COUNT)[0][0] == 0
    postgres.end_connections(url)
    with suppress(StoreUnavailableError):
        session.fetch(COUNT)
    assert session.fetch(COUNT)[0][0] == 0


def test_a_transaction_is_not_gone_on_with_on_another_connection(session: Session, url: str) -> None:
    """Not even by a block that goes on after its first error: nothing of it is kept."""
    with suppress(StoreUnavailableError), session.transaction():
        postgres.end_connections(url)
        with suppress(StoreUnavailableError):
            session.fetch(COUNT)
        session.execute(ADD, "254700000001")
        pytest.fail("the statement had no transaction")
    assert session.fetch(COUNT)[0][0] == 0


def test_a_connection_lost_in_a_transaction_keeps_nothing(session: Session, url: str) -> None:
    """The block's next statement fails, and nothing of the block is there."""
    with suppress(StoreUnavailableError), session.transaction():
        session.execute(ADD, "254700000001")
        postgres.end_connections(url)
        session.execute(ADD, "254700000002")
        pytest.fail("the statement had no server")
    assert session.fetch(COUNT)[0][0] == 0


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """Nobody listens: out of reach, at once."""
    session = Session(f"postgresql://postgres@/postgres?host={quote(str(tmp_path))}", "sandbox")
    with pytest.raises(StoreUnavailableError), session.transaction():
        pytest.fail("nothing was begun")
    session.close()


def test_a_server_that_came_back_unfit_is_away(session: Session, url: str) -> None:
    """What it would acknowledge it might lose: nothing is done until it keeps its promises again."""
    session.execute(ADD, "254700000001")
    with postgres.switched_off("synchronous_commit", url):
        postgres.end_connections(url)
        with suppress(StoreUnavailableError):
            session.fetch(COUNT)
        with pytest.raises(StoreUnavailableError, match=r"has synchronous_commit off, but .*: turn it on"):
            session.execute(ADD, "254700000002")
    session.execute(ADD, "254700000003")
    assert session.fetch(COUNT)[0][0] == 2


def test_nobody_waits_for_a_session_that_was_closed(session: Session) -> None:
    """Whoever comes to it after its end is told that the store is out of reach."""
    session.fetch(COUNT)
    session.close()
    with pytest.raises(StoreUnavailableError, match="closed"):
        session.fetch(COUNT)


@pytest.mark.parametrize(("cut", "kept"), [("before", 0), ("after", 1)])
def test_p5_a_connection_that_dies_during_commit(tmp_path: Path, url: str, cut: str, kept: int) -> None:
    """Whoever committed learns what became of it: nothing is committed twice, and nothing said to be lost."""
    folder = folder_of(url)
    wire = Wire(folder, tmp_path)
    session = Session(url.replace(str(folder), str(tmp_path)), "sandbox")
    session.fetch(COUNT)
    wire.cut = cut
    try:
        with session.transaction():
            session.execute(ADD, "254700000001")
        told = 1
    except StoreUnavailableError:
        told = 0
    assert (told, session.fetch(COUNT)[0][0]) == (kept, kept)
    session.close()
    wire.close()


@pytest.mark.parametrize(("cut", "kept"), [("before", 0), ("after", 1)])
def test_p5_a_commit_that_nobody_can_be_asked_about(tmp_path: Path, url: str, cut: str, kept: int) -> None:
    """It is in doubt, which is told; and it can be asked again when the server is back."""
    wire = Wire(folder_of(url), tmp_path)
    session = Session(url.replace(str(folder_of(url)), str(tmp_path)), "sandbox")
    wire.cut = cut
    with pytest.raises(DoubtfulCommitError) as told:
        _add_and_lose_sight(session, wire)
    with pytest.raises(StoreUnavailableError):
        told.value.committed()
    wire.away = False
    assert (told.value.committed(), session.fetch(COUNT)[0][0]) == (bool(kept), kept)
    session.close()
    wire.close()


def _add_and_lose_sight(session: Session, wire: Wire) -> None:
    with session.transaction():
        session.execute(ADD, "254700000001")
        wire.away = True


def test_a_row_that_is_wrong_is_no_trouble_of_the_server(session: Session) -> None:
    """Its own error passes, and the connection stays."""
    session.execute(ADD, "254700000001")
    with pytest.raises(Exception, match="duplicate key"), session.transaction():
        session.execute(ADD, "254700000001")
    assert session.fetch(COUNT)[0][0] == 1


IN_THE_WAY = """
    CREATE FUNCTION be_in_the_way() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'another transaction' USING ERRCODE = '{code}'; END $$;
    CREATE {kind} in_the_way {when} INSERT ON customer {deferred}
    FOR EACH ROW EXECUTE FUNCTION be_in_the_way()"""
OUT_OF_THE_WAY = "DROP TRIGGER in_the_way ON customer; DROP FUNCTION be_in_the_way"


AT_ITS_END = {"kind": "CONSTRAINT TRIGGER", "when": "AFTER", "deferred": "DEFERRABLE INITIALLY DEFERRED"}


@pytest.mark.parametrize(
    "found",
    [
        pytest.param({"kind": "TRIGGER", "when": "BEFORE", "deferred": ""}, id="by a statement"),
        pytest.param(AT_ITS_END, id="by the commit"),
    ],
)
@pytest.mark.parametrize(
    "code", [pytest.param("40001", id="serialization failure"), pytest.param("40P01", id="deadlock")]
)
def test_l17_a_transaction_in_anothers_way(session: Session, code: str, found: Mapping[str, str]) -> None:
    """It is told as that: no row is to blame, nothing is kept, a second try succeeds."""
    session.execute(IN_THE_WAY.format(code=code, **found))
    with pytest.raises(StoreConflictError, match="another transaction"), session.transaction():
        session.queue(ADD, "254700000001")
    session.execute(OUT_OF_THE_WAY)
    assert session.fetch(COUNT)[0][0] == 0
    with session.transaction():
        session.queue(ADD, "254700000001")
    assert session.fetch(COUNT)[0][0] == 1


def test_what_was_queued_comes_before_what_follows(session: Session) -> None:
    """A query of the same transaction finds it."""
    with session.transaction():
        session.queue(ADD, "254700000001")
        assert session.fetch(COUNT)[0][0] == 1


def test_a_queued_row_that_is_wrong(session: Session) -> None:
    """It is told at the end, nothing of its transaction is kept, and nothing of it comes with the next."""
    with pytest.raises(Exception, match="duplicate key"):
        _add_twice(session)
    with session.transaction():
        session.execute(ADD, "254700000003")
    assert session.fetch(COUNT)[0][0] == 1


def test_what_a_block_that_failed_had_queued(session: Session) -> None:
    """It is dropped with the rest."""
    with suppress(KeyError), session.transaction():
        session.queue(ADD, "254700000001")
        raise KeyError
    session.queue(ADD, "254700000002")
    assert session.fetch(COUNT)[0][0] == 1


def test_a_connection_lost_before_what_was_queued(session: Session, url: str) -> None:
    """Nothing was committed, and nobody need be asked."""
    with pytest.raises(StoreUnavailableError):
        _add_without_connection(session, url)
    assert session.fetch(COUNT)[0][0] == 0


STARTING = asyncpg.PostgresError.new(
    {
        "S": "FATAL",
        "C": "57P03",
        "M": "the database system is not yet accepting connections",
        "D": "Consistent recovery state has not been yet reached.",
    }
)
WORDS = {
    "a server that has just begun": (
        STARTING,
        "the database system is not yet accepting connections "
        "DETAIL: Consistent recovery state has not been yet reached.",
    ),
    "the driver's own": (
        asyncpg.InternalClientError("got result for unknown state"),
        "the connection was lost",
    ),
    "nothing said": (TimeoutError(), "TimeoutError"),
}


@pytest.mark.parametrize(("error", "said"), WORDS.values(), ids=WORDS)
def test_what_happened_is_said_in_a_line(error: BaseException, said: str) -> None:
    """Whoever starts a process again knows it by its last line."""
    assert in_words(error) == said


def _add_twice(session: Session) -> None:
    with session.transaction():
        session.execute(ADD, "254700000001")
        session.queue(ADD, "254700000001")
        session.queue(ADD, "254700000002")


def _add_without_connection(session: Session, url: str) -> None:
    with session.transaction():
        session.queue(ADD, "254700000001")
        postgres.end_connections(url)
