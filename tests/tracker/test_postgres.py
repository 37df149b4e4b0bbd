"""What only a record in PostgreSQL can show: a server goes away, sessions, schemas, the driver."""

import subprocess
import sys
from contextlib import closing
from typing import Any

import pytest

from salio.client.errors import UnusableSetting
from salio.receiver.arrivals import Arrival, Kind
from salio.tracker import handling
from salio.tracker.ends import Ending
from salio.tracker.errors import RecordUnavailable
from salio.tracker.handlers import InTransaction
from salio.tracker.record import Record, is_there
from salio.tracker.schema import VERSIONS
from tests import postgres
from tests.tracker.conftest import database
from tests.tracker.platform import FakePlatform
from tests.tracker.sides import PATIENCE, THREADS, Clock, Side

ARRIVAL = Arrival(Kind.RESULT, b"n" * 12, "10.0.0.1", b"{}")
COPIES = "SELECT copies FROM callback"


def test_a_record_begins_once(schema: str) -> None:
    """Whoever comes next finds it, with the same secret; asking whether it is there makes none."""
    assert not is_there(schema)
    with closing(Record(schema)) as first, closing(Record(schema)) as second:
        assert first.keys.nonce(second.keys.key(b"n" * 12)) == b"n" * 12
        assert is_there(schema)


def test_a_server_that_was_away(schema: str) -> None:
    """What begins afterwards is done on another connection; nobody has to start anew."""
    with closing(Record(schema)) as record:
        record.keep([ARRIVAL])
        postgres.end_connections(database())
        record.keep([ARRIVAL])
        postgres.end_connections(database())
        assert record.rows(COPIES) == [(2,)]


def broken(record: Record) -> None:
    """Writes, and loses its connection before the end."""
    with record.transaction() as rows:
        rows.execute("UPDATE secret SET secret = ''")
        postgres.end_connections(database())
        rows.execute("SELECT 1")


def test_a_connection_that_ends_within(schema: str) -> None:
    """The transaction is not there, and whoever wrote it knows."""
    with closing(Record(schema)) as record:
        with pytest.raises(RecordUnavailable):
            broken(record)
        assert len(record.rows("SELECT secret FROM secret")[0][0]) > 0


def beside_another(record: Record) -> None:
    """Writes, and loses its connection; somebody else has made another before the end."""
    with record.transaction() as rows:
        rows.execute("UPDATE secret SET secret = ''")
        postgres.end_connections(database())
        with record.alone() as alone:
            assert alone


def test_a_connection_that_another_replaces(schema: str) -> None:
    """The transaction went with its own: that there is another by now does not make it durable."""
    with closing(Record(schema)) as record:
        with pytest.raises(RecordUnavailable):
            beside_another(record)
        assert len(record.rows("SELECT secret FROM secret")[0][0]) > 0


def test_a_server_that_is_gone() -> None:
    """Is named without the password."""
    with pytest.raises(RecordUnavailable) as caught:
        Record("postgresql://shop:hush@127.0.0.1:1/shop")
    assert "postgresql://shop@127.0.0.1:1/shop, schema salio" in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_record_of_a_newer_salio(schema: str) -> None:
    """Is left alone."""
    with closing(Record(schema)) as record, record.transaction() as rows:
        rows.execute("INSERT INTO version VALUES (99)")
    with pytest.raises(RecordUnavailable, match=f"version 99, {len(VERSIONS)} is known"):
        Record(schema)


def test_a_turn_is_one_sessions(schema: str) -> None:
    """Neither another's nor the same one's again; it ends with its session."""
    with closing(Record(schema)) as first, closing(Record(schema)) as second:
        with first.alone() as has:
            with first.alone() as again, second.alone() as other:
                assert (has, again, other) == (True, False, False)
            postgres.end_connections(database())
            with second.alone() as taken_over:
                assert taken_over
        with first.alone() as has_it_back:
            assert has_it_back


def test_a_handler_whose_turn_was_lost(schema: str) -> None:
    """Whoever took over has written: it is not written twice."""
    platform, clock = FakePlatform(), Clock()
    first = Side(THREADS, schema, platform, clock, handled=False)
    first.run(lambda client: client.balance())
    first.post(platform.asked[0].result_url, platform.asked[0].result())
    first.turn()
    (ending,) = handling.due(first.record)
    assert handling.begin(first.record, PATIENCE, ending)
    told: list[int] = []

    def write(ending: Ending, _: Any) -> None:
        told.append(ending.number)

    second = Side(THREADS, schema, platform, clock, handler=InTransaction(write))
    second.turn()
    assert handling.within(first.record, ending, write) is None
    assert told == [1]
    first.close()
    second.close()


def test_an_end_that_another_told_meanwhile(schema: str) -> None:
    """Whoever lost the turn before its handler began does not begin it."""
    platform, clock = FakePlatform(), Clock()
    first = Side(THREADS, schema, platform, clock, handled=False)
    first.run(lambda client: client.balance())
    first.post(platform.asked[0].result_url, platform.asked[0].result())
    first.turn()
    (ending,) = handling.due(first.record)
    second = Side(THREADS, schema, platform, clock)
    second.turn()
    assert not handling.begin(first.record, PATIENCE, ending)
    assert first.record.rows("SELECT state, tries FROM handling") == [("finished", 1)]
    first.close()
    second.close()


def test_whoever_has_lost_the_turn_goes_no_further(schema: str) -> None:
    """No more ends are told, and nothing is asked for: somebody else may be at it. The next turn goes on."""
    platform, clock, told = FakePlatform(), Clock(), list[int]()

    def handle(ending: Ending) -> None:
        told.append(ending.request)
        postgres.end_connections(database())

    side = Side(THREADS, schema, platform, clock, handler=handle)
    for _ in range(3):
        side.run(lambda client: client.balance())
    for each in platform.asked[:2]:
        side.post(each.result_url, each.result())
    clock.advance(PATIENCE.result + 1)
    side.turn()
    assert (told, len(platform.asked)) == ([1], 3)
    side.turn(2)
    assert (told, len(platform.asked)) == ([1, 2], 4)
    side.close()


def test_a_failure_that_comes_too_late(schema: str) -> None:
    """Whoever lost the turn while its handler failed does not undo that another's has finished."""
    platform, clock = FakePlatform(), Clock()
    first = Side(THREADS, schema, platform, clock, handled=False)
    first.run(lambda client: client.balance())
    first.post(platform.asked[0].result_url, platform.asked[0].result())
    first.turn()
    (ending,) = handling.due(first.record)
    assert handling.begin(first.record, PATIENCE, ending)
    second = Side(THREADS, schema, platform, clock)
    second.turn()
    handling.fail(first.record, PATIENCE, ending, ValueError("no"))
    assert first.record.rows("SELECT state, error FROM handling") == [("finished", "")]
    first.close()
    second.close()


def test_a_handler_that_hides_its_error(schema: str) -> None:
    """PostgreSQL takes nothing more then: it has failed, and the turn goes on."""
    platform = FakePlatform()

    def write(_: Ending, rows: Any) -> None:
        with pytest.raises(Exception, match="nowhere"):
            rows.execute("INSERT INTO nowhere VALUES (1)")

    side = Side(THREADS, schema, platform, Clock(), handler=InTransaction(write))
    side.run(lambda client: client.balance())
    side.post(platform.asked[0].result_url, platform.asked[0].result())
    side.turn()
    assert side.record.rows("SELECT state, tries FROM handling") == [("due", 1)]
    side.close()


def test_text_with_a_character_that_is_none(schema: str) -> None:
    """PostgreSQL has no NUL; what came is kept all the same, as it came in its body."""
    with closing(Record(schema)) as record:
        record.keep([Arrival(Kind.RESULT, b"n" * 12, "10.0\0.1", b"{\0}")])
        assert record.rows("SELECT source, body FROM callback") == [("10.0\ufffd.1", b"{\0}")]


def test_what_is_kept_is_durable(schema: str) -> None:
    """Whatever the database's setting is."""
    with postgres.switched_off("synchronous_commit", database()), closing(Record(schema)) as record:
        assert record.rows("SHOW synchronous_commit") == [("on",)]


def test_a_schema_that_is_no_name(schema: str) -> None:
    """Is refused before anything is asked."""
    with pytest.raises(UnusableSetting, match="small letters"):
        Record(f"{schema};drop")


def test_the_driver_is_missing() -> None:
    """The extra that brings it is named."""
    program = (
        "import sys; sys.modules['psycopg'] = None; import salio; salio.Record('postgresql://localhost/shop')"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "which is not installed: pip install 'salio[psycopg]'" in ran.stderr
