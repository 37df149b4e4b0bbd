"""What a person ends, and what is forgotten: never silently, and never what a result said."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from salio.tracker import by_hand, looking
from salio.tracker.ends import State
from salio.tracker.errors import EndedWithoutResult, NotPending
from salio.tracker.record import Record
from salio.tracker.schema import VERSIONS
from tests.tracker.conftest import MakeSide
from tests.tracker.platform import FakePlatform
from tests.tracker.sides import Clock, Side
from tests.tracker.test_payments import paid

WHO: dict[str, Any] = {"who": "wanjiru", "because": "says the statement"}


def asked(side: Side, platform: FakePlatform, *, answered: bool) -> None:
    """A balance, with its result or without."""
    side.run(lambda client: client.balance())
    if answered:
        side.post(platform.asked[-1].result_url, platform.asked[-1].result())
    side.turn(2)


@pytest.mark.parametrize("state", [State.SETTLED, State.FAILED])
def test_a_person_ends_a_request(side: Side, platform: FakePlatform, clock: Clock, state: State) -> None:
    """The handler is told, whoever waits is too, nobody asks again, and the trail says who and why."""
    asked(side, platform, answered=False)
    by_hand.end_by_hand(side.record, 1, state, **WHO)
    clock.advance(1000)
    side.turn(2)
    assert [(each.state, each.result) for each in side.told] == [(state, None)]
    assert side.told[0].cause == "by hand, wanjiru: says the statement"
    assert len(platform.asked) == 1
    assert looking.pending(side.record) == []
    assert [(each.who, each.request, each.what, each.because) for each in by_hand.trail(side.record)] == [
        ("wanjiru", 1, f"open, now {state.value}", "says the statement")
    ]
    with pytest.raises(EndedWithoutResult, match="by hand, wanjiru"):
        side.run(lambda _: side.tracker.wait(1, 5))


def test_a_result_after_all(side: Side, platform: FakePlatform) -> None:
    """A success after a failure by hand is another end; a settled request stays so."""
    asked(side, platform, answered=False)
    by_hand.end_by_hand(side.record, 1, State.FAILED, **WHO)
    side.turn()
    side.post(platform.asked[0].result_url, platform.asked[0].result())
    side.turn(2)
    assert [each.state for each in side.told] == [State.FAILED, State.SETTLED]


def test_what_a_result_said_stands(side: Side, platform: FakePlatform) -> None:
    """Only what is open, or needs a person, is a person's; nothing is noted of what was refused."""
    asked(side, platform, answered=True)
    with pytest.raises(NotPending, match="settled already"):
        by_hand.end_by_hand(side.record, 1, State.FAILED, **WHO)
    with pytest.raises(NotPending, match="none of that number"):
        by_hand.end_by_hand(side.record, 2, State.FAILED, **WHO)
    assert by_hand.trail(side.record) == []
    assert side.states() == ["settled"]


def test_what_is_over_is_forgotten(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """With its raw callbacks; what is open stays, however old, and so does what ended later."""
    asked(side, platform, answered=True)
    asked(side, platform, answered=False)
    side.post(platform.asked[0].result_url, platform.asked[0].result(ConversationID="AG_forged"))
    side.turn()
    clock.advance(3600)
    now = clock.now()
    clock.advance(3600)
    side.post(platform.asked[1].result_url, platform.asked[1].result())
    asked(side, platform, answered=False)
    assert by_hand.forget(side.record, now, **WHO) == 1
    assert side.record.rows("SELECT number FROM request ORDER BY number") == [(2,), (3,)]
    assert len(side.verdicts()) == 1
    assert [each.request for each in by_hand.trail(side.record)] == [None]
    side.post(platform.asked[0].result_url, platform.asked[0].result())
    side.turn(2)
    assert side.verdicts()[-1] == "unknown"
    assert len(side.told) == 2
    with pytest.raises(EndedWithoutResult, match="forgotten"):
        side.run(lambda _: side.tracker.wait(1, 5))


def test_what_nobody_was_told_stays(make_side: MakeSide, platform: FakePlatform, clock: Clock) -> None:
    """Unless somebody says that there is no handler; one that failed is a person's all the same."""
    side = make_side(handled=False)
    asked(side, platform, answered=True)
    asked(side, platform, answered=True)
    with side.record.transaction() as rows:
        rows.execute("UPDATE handling SET tries = 1, error = 'ValueError' WHERE request = 2")
    clock.advance(1)
    assert by_hand.forget(side.record, clock.now(), **WHO) == 0
    assert by_hand.forget(side.record, clock.now(), untold=True, **WHO) == 1
    assert side.record.rows("SELECT number FROM request") == [(2,)]


def test_a_payment_is_told_once_for_ever(make_side: MakeSide, clock: Clock) -> None:
    """Its content goes, and what makes two tellings of it one stays: a replay has no effect."""
    side = make_side(confirm_payments=False)
    paid(side)
    side.turn(2)
    clock.advance(1)
    assert by_hand.forget(side.record, clock.now(), **WHO) == 1
    assert by_hand.forget(side.record, clock.now(), **WHO) == 0
    assert side.record.rows("SELECT content FROM request") == [(b"",)]
    assert side.verdicts() == []
    paid(side)
    side.turn(2)
    assert side.verdicts() == ["late"]
    assert len(side.told) == 1


def test_a_record_of_an_older_salio(tmp_path: Path) -> None:
    """Becomes one of this one, with what is in it."""
    path = tmp_path / "record.db"
    with closing(sqlite3.connect(path)) as rows:
        rows.executescript(VERSIONS[0])
        rows.execute("INSERT INTO secret VALUES (1, ?)", [b"s" * 32])
        rows.commit()
    with closing(Record(path)) as record:
        assert record.rows("SELECT secret FROM secret") == [(b"s" * 32,)]
        assert by_hand.trail(record) == []
