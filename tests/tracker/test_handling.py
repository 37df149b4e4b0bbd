"""The handler: once for each end, in order, and again if whoever ran it did not come to the end of it."""

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from salio.client.async_client import AsyncClient
from salio.client.client import Client
from salio.client.errors import UnusableSetting
from salio.tracker.async_tracker import AsyncTracker
from salio.tracker.ends import Ending, State
from salio.tracker.handlers import InTransaction
from salio.tracker.record import Record
from salio.tracker.settings import Endpoint
from salio.tracker.tracker import Tracker
from tests.client.shells import APP, BASE, INITIATOR
from tests.tracker.conftest import MakeSide
from tests.tracker.platform import FakePlatform
from tests.tracker.sides import PATIENCE, TASKS, THREADS, URL, Clock, Side

COUNTED = "INSERT INTO effect VALUES ({})"
"""As every driver takes it."""


class Killed(BaseException):
    """The process dies here."""


def came(side: Side, platform: FakePlatform, code: object = 0) -> None:
    """A balance is asked for, and its result comes."""
    side.run(lambda client: client.balance())
    asked = platform.asked[-1]
    side.post(asked.result_url, asked.result(code))


def standing(side: Side) -> list[tuple[str, int]]:
    """Each end, and how often a handler began with it."""
    return side.record.rows("SELECT state, tries FROM handling ORDER BY number")


def test_once_for_each_end(side: Side, platform: FakePlatform) -> None:
    """In the order in which they came, with what was asked."""
    for code in (0, "2001", 0):
        came(side, platform, code)
    side.turn(3)
    assert [each.request for each in side.told] == [1, 2, 3]
    assert [each.state for each in side.told] == [State.SETTLED, State.FAILED, State.SETTLED]
    assert [each.number for each in side.told] == [1, 2, 3]
    assert side.told[0].asked == side.told[2].asked
    assert standing(side) == [("finished", 1)] * 3


def test_without_a_handler_ends_wait(make_side: MakeSide, platform: FakePlatform) -> None:
    """For a process that has one."""
    without = make_side(handled=False)
    came(without, platform)
    without.turn(2)
    side = make_side()
    side.turn()
    assert [each.request for each in side.told] == [1]


def test_a_death_in_the_handler(make_side: MakeSide, platform: FakePlatform) -> None:
    """The next life tells it again, and says so."""
    effects: list[bool] = []

    def dies(ending: Ending) -> None:
        effects.append(ending.again)
        raise Killed

    first = make_side(handler=dies)
    came(first, platform)
    with pytest.raises(Killed):
        first.turn()
    side = make_side()
    side.turn(3)
    assert effects + [each.again for each in side.told] == [False, True]
    assert standing(side) == [("finished", 2)]


def test_a_handler_that_always_kills(make_side: MakeSide, platform: FakePlatform) -> None:
    """So often and no more: a person has to look, and others get their turn."""

    def dies(ending: Ending) -> None:
        if ending.request == 1:
            raise Killed

    first = make_side(handler=dies)
    came(first, platform)
    came(first, platform)
    for _ in range(PATIENCE.handlings):
        with pytest.raises(Killed):
            first.turn()
    first.turn()
    assert standing(first) == [("stuck", 3), ("finished", 1)]


def test_a_handler_that_fails(
    make_side: MakeSide, platform: FakePlatform, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Told again later, so often; what it raised is in the record, and in the log."""

    def fails(ending: Ending) -> None:
        raise ValueError(f"no order {ending.request}")

    side = make_side(handler=fails)
    came(side, platform)
    side.turn(3)
    assert standing(side) == [("due", 1)]
    for seconds in (5, 10, 20, 40):
        clock.advance(seconds)
        side.turn()
    assert standing(side) == [("stuck", 3)]
    assert side.record.rows("SELECT error FROM handling") == [("ValueError: no order 1",)]
    assert "the handler failed at end 1 of request 1" in caplog.text


def test_in_order_for_each_request(make_side: MakeSide, platform: FakePlatform, clock: Clock) -> None:
    """The second end of a request waits for the first; other requests do not wait."""
    told: list[tuple[int, State]] = []
    failing = [True]

    def fails_once(ending: Ending) -> None:
        if ending.state is State.FAILED and failing.pop():
            raise ValueError
        told.append((ending.request, ending.state))

    side = make_side(handler=fails_once)
    came(side, platform, "2001")
    side.turn()
    asked = platform.asked[0]
    side.post(asked.result_url, asked.result())
    came(side, platform)
    side.turn(2)
    assert told == [(2, State.SETTLED)]
    failing.append(False)
    clock.advance(PATIENCE.handling)
    side.turn(2)
    assert told == [(2, State.SETTLED), (1, State.FAILED), (1, State.SETTLED)]


def writing(death: bool) -> InTransaction:
    """A handler that counts in the record's own file, and may die before it has finished."""

    def write(ending: Ending, rows: Any) -> None:
        rows.execute(COUNTED.format(ending.request))
        if death:
            raise Killed

    return InTransaction(write)


def test_c7_c13_an_effect_in_the_records_transaction(make_side: MakeSide, platform: FakePlatform) -> None:
    """Is there once, whoever dies: with it, the record knows that it is."""
    first = make_side(handler=writing(death=True))
    first.own("DROP TABLE IF EXISTS effect")
    first.own("CREATE TABLE effect (request INTEGER)")
    came(first, platform)
    with pytest.raises(Killed):
        first.turn()
    assert first.own("SELECT * FROM effect") == []
    side = make_side(handler=writing(death=False))
    side.turn(3)
    assert side.own("SELECT * FROM effect") == [(1,)]
    assert standing(side) == [("finished", 2)]


def test_a_write_that_fails_leaves_nothing(make_side: MakeSide, platform: FakePlatform) -> None:
    """Neither its own rows, nor the end as handled."""

    def write(ending: Ending, rows: Any) -> None:
        rows.execute(COUNTED.format(ending.request))
        rows.execute("INSERT INTO nowhere VALUES (1)")

    side = make_side(handler=InTransaction(write))
    side.own("DROP TABLE IF EXISTS effect")
    side.own("CREATE TABLE effect (request INTEGER)")
    came(side, platform)
    side.turn()
    assert standing(side) == [("due", 1)]
    assert side.own("SELECT * FROM effect") == []


def test_a_handler_that_ends_the_transaction(make_side: MakeSide, platform: FakePlatform) -> None:
    """What it wrote is there, so it is not told again: a person has to look, and learns whose fault it is."""

    def write(ending: Ending, rows: Any) -> None:
        rows.execute(COUNTED.format(ending.request))
        rows.commit()

    side = make_side(handler=InTransaction(write))
    side.own("DROP TABLE IF EXISTS effect")
    side.own("CREATE TABLE effect (request INTEGER)")
    came(side, platform)
    side.turn(2)
    assert standing(side) == [("stuck", 1)]
    ((said,),) = side.record.rows("SELECT error FROM handling")
    assert "the handler ended the record's transaction" in said
    assert side.own("SELECT * FROM effect") == [(1,)]


async def never(*_: object) -> None:
    """A handler that nobody would await."""
    pytest.fail("it ran")


@pytest.mark.parametrize(
    ("tracker", "client", "handler", "said"),
    [
        (Tracker, Client, never, "the handler of a Tracker is a `def`"),
        (Tracker, Client, InTransaction(never), "give it a `def`"),
        (AsyncTracker, AsyncClient, InTransaction(never), "give it a `def`"),
        (Tracker, AsyncClient, None, "a Tracker follows a Client"),
        (AsyncTracker, Client, None, "an AsyncTracker follows an AsyncClient"),
    ],
)
def test_what_would_never_run(tmp_path: Path, tracker: Any, client: Any, handler: Any, said: str) -> None:
    """Is refused when the tracker is made, in words."""
    with closing(Record(tmp_path / "record")) as record, pytest.raises(UnusableSetting, match=said):
        tracker(client(BASE, APP, INITIATOR), record, Endpoint(url=URL), handler=handler)


def test_a_handler_whose_awaitable_nobody_awaits(tmp_path: Path, platform: FakePlatform) -> None:
    """It has done nothing yet: it failed."""

    def promises(ending: Ending) -> object:
        return never(ending)

    side = Side(THREADS, tmp_path / "record", platform, Clock(), handler=promises)
    came(side, platform)
    side.turn()
    assert standing(side) == [("due", 1)]
    assert "an awaitable, and nobody here awaits it" in side.record.rows("SELECT error FROM handling")[0][0]
    side.close()


def test_a_coroutine_handles_in_a_task(tmp_path: Path, platform: FakePlatform) -> None:
    """As a function does, which other tests have."""
    told: list[Ending] = []

    async def handle(ending: Ending) -> None:
        told.append(ending)

    side = Side(TASKS, tmp_path / "record", platform, Clock(), handler=handle)
    came(side, platform)
    side.turn(2)
    assert (len(told), standing(side)) == (1, [("finished", 1)])
    side.close()


def test_one_at_a_time(side: Side, platform: FakePlatform) -> None:
    """While one process handles and asks, others judge only."""
    came(side, platform)
    with side.record.alone() as alone:
        assert alone
        side.turn()
        assert (side.states(), side.told) == (["settled"], [])
    side.turn()
    assert len(side.told) == 1


def test_c13_a_death_between_keeping_and_answering(make_side: MakeSide, platform: FakePlatform) -> None:
    """The platform saw no answer; the result is there, and is handled once."""
    first = make_side(handled=False)
    came(first, platform)
    side = make_side()
    asked = platform.asked[0]
    side.turn()
    assert side.post(asked.result_url, asked.result()) == 200
    side.turn()
    assert len(side.told) == 1
