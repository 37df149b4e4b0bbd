"""A request and its result: waited for, late, lost, early, doubled, forged; every request ends."""

from decimal import Decimal
from typing import Any

import httpx2
import pytest

from salio.client.errors import FieldRefused, NotSent, OutcomeUnknown, ResultLate
from salio.tracker.ends import State
from salio.tracker.errors import NeedsAPerson
from tests.client.shells import answered, refused
from tests.tracker.conftest import MakeSide
from tests.tracker.platform import FakePlatform
from tests.tracker.sides import PATIENCE, Clock, Side

LOST = httpx2.ReadTimeout("lost")


def test_a_result_is_waited_for(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """It comes while somebody waits; the handler is told of it too, once."""

    def come() -> None:
        clock.on_pause = lambda: None
        (asked,) = platform.asked
        arrive(side, asked.result_url, asked.result())

    clock.on_pause = come
    result = side.run(lambda client: client.balance().result(5))
    assert result.balance.accounts[0].available == Decimal("1.00")
    side.turn(3)
    assert [(each.state, each.again) for each in side.told] == [(State.SETTLED, False)]
    assert (side.states(), side.verdicts()) == (["settled"], ["result"])


def arrive(side: Side, url: str, body: bytes) -> None:
    """A callback is kept, as by a receiver in another process."""
    from salio.receiver.arrivals import Arrival, Kind

    _, kind, key = url.rsplit("/", 2)
    nonce = side.record.keys.nonce(key)
    assert nonce is not None
    side.record.keep([Arrival(Kind(kind), nonce, "10.0.0.1", body)])


def test_c5_a_lost_result_is_asked_for_again(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """Whoever waits gets the answer to the second question, and never learns of it."""

    def lost() -> None:
        if len(platform.asked) == 2:
            arrive(side, platform.asked[1].result_url, platform.asked[1].result())

    clock.on_pause = lost
    result = side.run(lambda client: client.balance(originator_conversation_id="own").result())
    assert result.balance.accounts[0].available == Decimal("2.00")
    assert [each.members.get("OriginatorConversationID") for each in platform.asked] == ["own", None]


def test_c5_so_often_and_no_more(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """With longer and longer pauses; then it is a person's. Nobody asks for the status of a status query."""
    with pytest.raises(NeedsAPerson, match="no result after 3 askings"):
        side.run(lambda client: client.status("TAH5J2K991").result())
    waited = side.record.rows("SELECT (ended_at - asked_at) / 1000 FROM request")
    assert 60 + 120 + 240 <= waited[0][0] < 60 + 120 + 240 + 2
    assert [each.members["TransactionID"] for each in platform.asked] == ["TAH5J2K991"] * 3
    clock.advance(1_000_000)
    side.turn(5)
    assert len(platform.asked) == 3
    assert [each.state for each in side.told] == [State.NEEDS_A_PERSON]


def test_a_result_after_all(side: Side, platform: FakePlatform) -> None:
    """Of any of the questions: a person need not look any more."""
    with pytest.raises(NeedsAPerson):
        side.run(lambda client: client.balance().result())
    side.post(platform.asked[0].result_url, platform.asked[0].result())
    side.turn(2)
    assert side.states() == ["settled"]
    assert [each.state for each in side.told] == [State.NEEDS_A_PERSON, State.SETTLED]


def test_a_result_that_is_late(side: Side) -> None:
    """In the time of whoever waits; the request is followed further."""
    with pytest.raises(ResultLate, match="request 1 is followed further"):
        side.run(lambda client: client.balance().result(0.5))
    assert side.states() == ["open"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused(400, "400.002.02", "Bad Request - Invalid PartyA"), FieldRefused),
        (httpx2.ConnectError("nobody there"), NotSent),
    ],
)
def test_what_was_surely_not_accepted_has_failed(
    side: Side, platform: FakePlatform, answer: Any, error: type[Exception]
) -> None:
    """Whoever asked has the error in hand: no handler is told, nothing is asked again."""
    platform.answers = [answer] * 3
    with pytest.raises(error):
        side.run(lambda client: client.balance())
    side.turn(3)
    assert (side.states(), side.told) == (["failed"], [])
    assert error.__name__ in side.cause()


def test_c4_an_unknown_outcome_is_asked_for(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """Sooner than a late result; the question is a new one, not the same again."""
    platform.answers = [LOST]
    with pytest.raises(OutcomeUnknown):
        side.run(lambda client: client.balance())
    side.turn()
    assert len(platform.asked) == 1
    clock.advance(PATIENCE.unknown)
    side.turn()
    side.post(platform.asked[1].result_url, platform.asked[1].result())
    side.turn()
    assert side.states() == ["settled"]


def test_c4_an_unknown_outcome_and_its_result(side: Side, platform: FakePlatform) -> None:
    """It had been accepted after all: the result comes to its own address."""
    platform.answers = [LOST]
    with pytest.raises(OutcomeUnknown):
        side.run(lambda client: client.balance())
    side.post(platform.asked[0].result_url, platform.asked[0].result())
    side.turn(2)
    assert (side.states(), len(platform.asked)) == (["settled"], 1)


def test_c4_whoever_asked_died(make_side: MakeSide, platform: FakePlatform, clock: Clock) -> None:
    """Before it heard an answer: the next life takes the request for one that may have been accepted."""
    killed = make_side()
    noted = killed.tracker.follow  # what is done before the first byte leaves
    from salio.wire.asked import BalanceQuery

    killed.run(lambda _: noted(BalanceQuery(party_a="600000")))
    side = make_side()
    side.turn()
    assert (side.states(), platform.asked) == (["open"], [])
    clock.advance(PATIENCE.acknowledgement)
    side.turn()
    side.post(platform.asked[0].result_url, platform.asked[0].result())
    side.turn()
    assert side.states() == ["settled"]


def test_asking_again_fails_too(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """It counts as asked for; others wait until the platform answers again."""
    for _ in range(3):
        side.run(lambda client: client.balance())
    clock.advance(60)
    platform.answers = [refused(500, "500.003.03")]
    side.turn()
    assert len(platform.asked) == 4
    side.turn()
    assert len(platform.asked) == 6
    assert side.states() == ["open"] * 3


@pytest.mark.parametrize("code", ["2001", "SFC_IC0003", 26])
def test_a_failure_is_an_end(side: Side, platform: FakePlatform, code: object) -> None:
    """With the platform's words."""
    side.run(lambda client: client.balance())
    side.post(platform.asked[0].result_url, platform.asked[0].result(code))
    side.turn(2)
    assert (side.states(), side.cause()) == (["failed"], f"ResultCode {code}: said {code}")
    assert [(each.state, each.result and each.result.code) for each in side.told] == [
        (State.FAILED, str(code))
    ]


@pytest.mark.parametrize("how", ["notice", "17"])
def test_a_queue_timeout_means_unknown(side: Side, platform: FakePlatform, clock: Clock, how: str) -> None:
    """Whatever its body says; so does 17 at the other address: asked for sooner, and never failed."""
    side.run(lambda client: client.balance())
    asked = platform.asked[0]
    if how == "notice":
        side.post(asked.notice_url, asked.result(1))
    else:
        side.post(asked.result_url, asked.result(17))
    side.turn()
    assert (side.states(), side.told) == (["open"], [])
    clock.advance(PATIENCE.unknown)
    side.turn()
    side.post(platform.asked[1].result_url, platform.asked[1].result())
    side.turn()
    assert side.states() == ["settled"]


def test_c9_more_follows(side: Side, platform: FakePlatform) -> None:
    """ResultType 1 ends nothing."""
    side.run(lambda client: client.balance())
    asked = platform.asked[0]
    side.post(asked.result_url, asked.result(ResultType=1))
    side.turn()
    assert (side.states(), side.verdicts()) == (["open"], ["progress"])
    side.post(asked.result_url, asked.result())
    side.turn()
    assert side.states() == ["settled"]


def test_c7_ten_times_the_same(side: Side, platform: FakePlatform) -> None:
    """Before and after it was judged: one effect, and a count."""
    side.run(lambda client: client.balance())
    asked = platform.asked[0]
    for turns in (0, 1):
        for _ in range(5):
            assert side.post(asked.result_url, asked.result()) == 200
        side.turn(turns)
    assert len(side.told) == 1
    assert side.record.rows("SELECT copies, verdict FROM callback") == [(10, "result")]


def test_c7_the_same_in_other_bytes(side: Side, platform: FakePlatform) -> None:
    """Nothing happens twice."""
    side.run(lambda client: client.balance())
    asked = platform.asked[0]
    for description in ("one", "two"):
        side.post(asked.result_url, asked.result(ResultDesc=description))
        side.turn(2)
    assert (len(side.told), side.verdicts()) == (1, ["result", "late"])


@pytest.mark.parametrize("per_request", [True, False], ids=["own address", "endpoint"])
def test_c6_forgeries_change_nothing(
    make_side: MakeSide, platform: FakePlatform, per_request: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Kept apart, and said; the true result counts."""
    side = make_side(per_request=per_request)
    side.run(lambda client: client.balance())
    asked = platform.asked[0]
    side.post(asked.result_url, asked.result(ConversationID="AG_9", OriginatorConversationID="9-9-9"))
    side.post(asked.result_url, asked.result(OriginatorConversationID="9-9-9"))
    side.post(asked.result_url, asked.result(parameters={}))
    side.turn()
    expected = ["forged" if per_request else "unknown", "forged", "forged"]
    assert (side.verdicts(), side.states(), side.told) == (expected, ["open"], [])
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 3
    side.post(asked.result_url, asked.result())
    side.turn()
    assert side.states() == ["settled"]


def test_c6_the_right_ids_at_the_wrong_address(side: Side, platform: FakePlatform) -> None:
    """Of another request, or the endpoint's."""
    for _ in range(2):
        side.run(lambda client: client.balance())
    endpoint = f"https://shop.example/callbacks/result/{side.record.keys.key()}"
    side.post(platform.asked[0].result_url, platform.asked[1].result())
    side.post(endpoint, platform.asked[1].result())
    side.turn()
    assert (side.verdicts(), side.states()) == (["forged", "forged"], ["open", "open"])


def test_c12_an_answer_in_an_unknown_form(side: Side, platform: FakePlatform) -> None:
    """It is the result; reading the balance says what is the matter, and the bytes are there."""
    side.run(lambda client: client.balance())
    asked = platform.asked[0]
    body = asked.result(parameters={"AccountBalance": "Working Account|KES"})
    side.post(asked.result_url, body)
    side.turn()
    result = side.told[0].result
    assert result is not None
    assert result.raw == body
    with pytest.raises(Exception, match="AccountBalance"):
        _ = result.balance


def test_c11_half_a_character_in_a_result(side: Side, platform: FakePlatform) -> None:
    """No store takes it as text: it is told in another way, and keeps nobody's result from being judged."""
    for _ in range(3):
        side.run(lambda client: client.balance())
    first, second, third = platform.asked
    side.post(first.result_url, first.result("2001", ResultDesc="\ud800"))
    side.post(second.result_url, second.result("\udfff"))
    side.post(third.result_url, third.result())
    side.turn()
    assert side.states() == ["failed", "failed", "settled"]
    assert side.cause() == ""


def test_c11_half_a_character_in_an_id(make_side: MakeSide, platform: FakePlatform) -> None:
    """Nobody's."""
    side = make_side(per_request=False)
    side.run(lambda client: client.balance())
    asked = platform.asked[0]
    side.post(asked.result_url, asked.result(ConversationID="\ud800", OriginatorConversationID="\ud800"))
    side.post(asked.result_url, asked.result())
    side.turn()
    assert (side.verdicts(), side.states()) == (["unreadable", "result"], ["settled"])


def test_half_a_character_in_an_acknowledgement(side: Side, platform: FakePlatform) -> None:
    """The request is noted as accepted all the same."""
    platform.answers = [accepted_as("\ud800")]
    side.run(lambda client: client.balance())
    assert side.record.rows("SELECT state, conversation_id FROM asking") == [("acknowledged", "?")]


def accepted_as(conversation_id: str) -> httpx2.Response:
    """An acknowledgement with that id."""
    return answered(200, {"ConversationID": conversation_id, "ResponseCode": "0"})
