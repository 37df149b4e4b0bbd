"""In whatever order acknowledgement, result, notice and the rest come, the end is the same (C8)."""

from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path

import httpx2
import pytest

from salio.client.errors import OutcomeUnknown
from salio.tracker import following
from salio.tracker.ends import State
from salio.tracker.following import Noted
from salio.tracker.settings import Endpoint
from salio.wire.answers import Acknowledgement
from salio.wire.asked import BalanceQuery
from tests.tracker.platform import Asked, FakePlatform
from tests.tracker.sides import PATIENCE, THREADS, URL, Clock, Side

SUCCEEDS = [
    ["acknowledgement", "result", "notice"],
    ["acknowledgement", "result", "notice", "progress"],
    ["acknowledgement", "result", "forgery", "same again"],
    ["acknowledgement", "result", "failure"],
    ["lost acknowledgement", "result", "notice", "same again"],
    ["lost acknowledgement", "result", "forgery"],
]
"""Each in all its orders: always settled."""
FAILS = [["acknowledgement", "failure", "notice", "forgery"], ["lost acknowledgement", "failure", "notice"]]


def orders(sets: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """All orders of each."""
    for each in sets:
        yield from permutations(each)


def doings(side: Side, noted: Noted) -> dict[str, Callable[[], object]]:
    """What each event does."""
    asked = Asked(
        1,
        "/mpesa/accountbalance/v1/query",
        {"ResultURL": noted.callbacks.result_url, "QueueTimeOutURL": noted.callbacks.queue_time_out_url},
    )
    said = Acknowledgement(
        originator_conversation_id="1-1-1", conversation_id="AG_1", code="0", description="", raw=b""
    )
    record, lost = side.record, OutcomeUnknown("lost")
    return {
        "acknowledgement": lambda: following.acknowledged(record, noted, said, PATIENCE, first=True),
        "lost acknowledgement": lambda: following.failed(record, noted, lost, PATIENCE, first=True),
        "result": lambda: side.post(asked.result_url, asked.result()),
        "same again": lambda: side.post(asked.result_url, asked.result(ResultDesc="again")),
        "failure": lambda: side.post(asked.result_url, asked.result("2001")),
        "notice": lambda: side.post(asked.notice_url, asked.result(17)),
        "progress": lambda: side.post(asked.result_url, asked.result(ResultType="1")),
        "forgery": lambda: side.post(asked.result_url, asked.result("2001", ConversationID="AG_2")),
    }


def lived(
    order: tuple[str, ...], path: Path, *, per_request: bool, turns: bool
) -> tuple[list[str], list[State]]:
    """The state at the end, and what the handler was told; with a turn after each event, or at the end."""
    side = Side(THREADS, path, FakePlatform(), Clock(), per_request=per_request)
    endpoint = Endpoint(url=URL, per_request=per_request)
    noted = following.note(side.record, BalanceQuery(party_a="600000"), endpoint, PATIENCE)
    does = doings(side, noted)
    for event in order:
        does[event]()
        side.turn(turns)
    side.turn(2)
    states = side.states()
    side.close()
    return states, [each.state for each in side.told]


CASES = [
    (order, per_request)
    for order in orders(SUCCEEDS)
    for per_request in (True, False)
    if per_request or "acknowledgement" in order
]
"""At the endpoint, what was never acknowledged has no ids by which its result could be told: it is asked
again.
"""


@pytest.mark.parametrize("turns", [True, False], ids=["judged at once", "judged at the end"])
@pytest.mark.parametrize(("order", "per_request"), CASES, ids=str)
def test_c8_a_success_in_every_order(
    tmp_path: Path, order: tuple[str, ...], per_request: bool, turns: bool
) -> None:
    """Settled, and never unsettled; the last that the handler is told is the success, once."""
    states, told = lived(order, tmp_path / "record.db", per_request=per_request, turns=turns)
    assert states == ["settled"]
    assert told[-1] is State.SETTLED
    assert told.count(State.SETTLED) == 1
    assert told[:-1] in ([], [State.FAILED])


@pytest.mark.parametrize("turns", [True, False], ids=["judged at once", "judged at the end"])
@pytest.mark.parametrize("order", [*orders(FAILS)], ids=", ".join)
def test_c8_a_failure_in_every_order(tmp_path: Path, order: tuple[str, ...], turns: bool) -> None:
    """Failed, told once."""
    states, told = lived(order, tmp_path / "record.db", per_request=True, turns=turns)
    assert (states, told) == (["failed"], [State.FAILED])


def test_c8_at_the_endpoint_ids_are_waited_for(tmp_path: Path) -> None:
    """What comes while a request is unacknowledged may be its result; when nothing is under way, it is
    nobody's.
    """
    clock, platform = Clock(), FakePlatform()
    side = Side(THREADS, tmp_path / "record.db", platform, clock, per_request=False)
    platform.answers = [httpx2.ReadTimeout("lost")]
    noted = following.note(
        side.record, BalanceQuery(party_a="600000"), Endpoint(url=URL, per_request=False), PATIENCE
    )
    doings(side, noted)["result"]()
    side.turn()
    assert side.verdicts() == ["early"]
    clock.advance(PATIENCE.acknowledgement)
    side.turn(2)
    assert side.verdicts() == ["unknown"]
    side.close()
