"""The file: made once, its owner's alone, and whoever cannot reach it is told so."""

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest

from salio.client.errors import FieldRefused, UnusableSetting
from salio.receiver.arrivals import Arrival, Kind
from salio.tracker.errors import RecordUnavailable
from salio.tracker.record import Record, RecordStore
from salio.tracker.schema import VERSIONS
from salio.tracker.settings import Endpoint, Patience
from tests.client.shells import refused
from tests.tracker.conftest import MakeSide
from tests.tracker.platform import FakePlatform
from tests.tracker.sides import PATIENCE, Clock


def test_its_owners_alone(tmp_path: Path) -> None:
    """With everything that SQLite lays beside it."""
    record = Record(tmp_path / "record.db")
    record.keep([Arrival(Kind.RESULT, b"n" * 12, "10.0.0.1", b"{}")])
    modes = {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
    record.close()
    assert modes == {0o600}


def test_addresses_outlive_a_restart(tmp_path: Path) -> None:
    """The secret is the record's."""
    first, second = Record(tmp_path / "record.db"), Record(tmp_path / "record.db")
    assert first.keys.nonce(second.keys.key(b"n" * 12)) == b"n" * 12
    assert Record(tmp_path / "other.db").keys.nonce(first.keys.key()) is None
    assert "record.db" in repr(first)


def test_a_record_of_a_newer_salio(tmp_path: Path) -> None:
    """Is left alone."""
    Record(tmp_path / "record.db").close()
    with sqlite3.connect(tmp_path / "record.db") as rows:
        rows.execute("PRAGMA user_version = 99")
    rows.close()
    with pytest.raises(RecordUnavailable, match=f"version 99, {len(VERSIONS)} is known"):
        Record(tmp_path / "record.db")


@pytest.mark.parametrize("content", [None, b"no database at all, but longer than a header" * 50])
def test_a_file_that_is_no_record(tmp_path: Path, content: bytes | None) -> None:
    """A folder, or something else."""
    path = tmp_path / "record.db"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(RecordUnavailable, match=r"record\.db"):
        Record(path)


def test_nothing_is_sent_that_cannot_be_noted(make_side: MakeSide, platform: FakePlatform) -> None:
    """A record that is out of reach keeps a request from being asked at all."""
    side = make_side()
    side.make_read_only()
    with pytest.raises(RecordUnavailable, match=r"read-?only"):
        side.run(lambda client: client.balance())
    assert platform.asked == []


def test_an_acknowledgement_that_cannot_be_noted(
    make_side: MakeSide, platform: FakePlatform, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever asked has it all the same, so that nobody asks again; the record finds out later by itself."""
    first = make_side()
    platform.on_asked = first.make_read_only
    assert first.run(lambda client: client.balance()).code == "0"
    assert "an acknowledgement was not noted" in caplog.text
    platform.on_asked = lambda: None
    second = make_side()
    second.post(platform.asked[0].result_url, platform.asked[0].result())
    second.turn()
    assert second.states() == ["open"]
    clock.advance(PATIENCE.acknowledgement)
    second.turn(2)
    assert second.states() == ["settled"]


def test_a_refusal_that_cannot_be_noted(make_side: MakeSide, platform: FakePlatform) -> None:
    """Whoever asked has the refusal, and not the record's trouble, in hand."""
    side = make_side()
    platform.on_asked, platform.answers = side.make_read_only, [refused(400, "400.002.02", "Invalid PartyA")]
    with pytest.raises(FieldRefused):
        side.run(lambda client: client.balance())


def test_a_callback_that_cannot_be_kept_is_not_accepted(make_side: MakeSide, platform: FakePlatform) -> None:
    """The platform sees 503."""
    side = make_side()
    side.run(lambda client: client.balance())
    side.make_read_only()
    asked = platform.asked[0]
    assert side.post(asked.result_url, asked.result()) == 503


def test_the_store_keeps_in_a_thread(tmp_path: Path) -> None:
    """A group with one commit; each of its arrivals is there."""
    record = Record(tmp_path / "record.db", now=lambda: 7)
    store = RecordStore(record)
    arrivals = [Arrival(Kind.NOTICE, bytes(12), "10.0.0.1", b"{%d" % each) for each in (1, 2, 2)]
    asyncio.run(store.keep(arrivals))
    store.close()
    rows = record.rows("SELECT came_at, copies, kind, nonce, source, body FROM callback ORDER BY number")
    assert rows == [(7, 1, "timeout", None, "10.0.0.1", b"{1"), (7, 2, "timeout", None, "10.0.0.1", b"{2")]


@pytest.mark.parametrize("url", ["shop.example", "ftp://shop.example", "https://shop.example/?a=b"])
def test_an_endpoint_that_is_no_address(url: str) -> None:
    """Is refused before anything is asked."""
    with pytest.raises(UnusableSetting, match="where the receiver is"):
        Endpoint(url=url).check()


@pytest.mark.parametrize("allowed", [("nonsense",), ("196.201.212.0/22", "10.0.0.1/8"), "196.201.212.69"])
def test_what_is_no_network(allowed: tuple[str, ...]) -> None:
    """Is refused before anything is asked, as any setting that cannot work."""
    with pytest.raises(UnusableSetting, match="the networks that callbacks may come from"):
        Endpoint(url="https://shop.example", allowed=allowed).check()


def test_pauses_grow() -> None:
    """Twice as long each time, and a little by chance."""
    assert [Patience().pause(60, each, 0) for each in range(4)] == [60, 120, 240, 480]
    assert Patience().pause(60, 0, 1) == pytest.approx(66)
