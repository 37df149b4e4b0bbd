"""Orders that are over with their acknowledgement: recorded, ended, and never sent again."""

from collections.abc import Callable
from typing import Any

import pytest

from salio.client.errors import FieldRefused, OutcomeUnknown
from salio.tracker.errors import EndedWithoutResult
from tests.client.shells import refused
from tests.tracker.platform import FakePlatform
from tests.tracker.sides import PATIENCE, Clock, Side
from tests.tracker.test_results import LOST

Call = Callable[[Any], Any]
CALLS: dict[str, Call] = {
    "registration": lambda client: client.register_urls("https://a.example/c", "https://a.example/v"),
    "simulated payment": lambda client: client.simulate_payment("254708374149", 10),
}
EVERY = pytest.mark.parametrize("call", CALLS.values(), ids=list(CALLS))


@EVERY
def test_its_acknowledgement_ends_it(side: Side, platform: FakePlatform, clock: Clock, call: Call) -> None:
    """Whoever asked has it in hand: no handler is told, and there is no result to wait for."""
    with pytest.raises(EndedWithoutResult, match="request 1 is settled"):
        side.run(lambda client: call(client).result())
    clock.advance(100_000)
    side.turn(3)
    assert (side.states(), side.told, len(platform.asked)) == (["settled"], [], 1)


@EVERY
def test_c6_a_result_of_it(side: Side, platform: FakePlatform, call: Call) -> None:
    """Is a forgery, whatever it says: no address was ever told."""
    platform.answers = [LOST]
    with pytest.raises(OutcomeUnknown):
        side.run(call)
    nonce = side.record.rows("SELECT nonce FROM asking")[0][0]
    url = f"https://shop.example/callbacks/result/{side.record.keys.key(nonce)}"
    for code in (0, 1):
        side.post(url, b'{"Result": {"ResultCode": %d, "ConversationID": "AG_1"}}' % code)
    side.turn()
    assert (side.verdicts(), side.states()) == (["forged", "forged"], ["open"])


@EVERY
def test_it_was_refused(side: Side, platform: FakePlatform, call: Call) -> None:
    """Has failed."""
    platform.answers = [refused(400, "400.002.02", "Bad Request - Invalid ShortCode")]
    with pytest.raises(FieldRefused):
        side.run(call)
    assert side.states() == ["failed"]


@EVERY
def test_c4_nobody_knows(side: Side, platform: FakePlatform, clock: Clock, call: Call) -> None:
    """Nothing can be asked about it, and it is not sent again: a person has to look."""
    platform.answers = [LOST]
    with pytest.raises(OutcomeUnknown):
        side.run(call)
    clock.advance(PATIENCE.result * PATIENCE.growth)
    side.turn(2)
    assert (side.states(), len(platform.asked)) == (["needs a person"], 1)
    assert "nothing can be asked about it" in side.cause()
