"""Prompts on customers' phones: their callbacks, and the query that is answered at once in their place."""

from decimal import Decimal
from typing import Any

import pytest

from salio.client.errors import OutcomeUnknown, PromptUnknown, SubscriberLocked
from salio.tracker.ends import State
from salio.tracker.errors import NeedsAPerson
from salio.wire.apis import Api
from tests.client.shells import MERCHANT, refused
from tests.tracker.conftest import MakeSide
from tests.tracker.platform import RECEIPT, Asked, FakePlatform
from tests.tracker.sides import PATIENCE, Clock, Side
from tests.tracker.test_results import LOST, arrive

MSISDN = "254708374149"


def prompt(client: Any) -> Any:
    """Asks for KES 50."""
    return client.prompt(MSISDN, 50, "invoice008")


def prompts(platform: FakePlatform) -> list[Asked]:
    """Those that came to the platform."""
    return [each for each in platform.asked if each.api == Api.EXPRESS.path]


def tell(side: Side, asked: Asked, *said: Any, **members: Any) -> None:
    """The callback of a prompt comes, and is judged."""
    assert side.post(asked.result_url, asked.callback(*said, **members)) == 200
    side.turn(2)


def late(side: Side, platform: FakePlatform, clock: Clock, code: str) -> None:
    """It is asked for, and this is answered."""
    about = Asked(0, Api.EXPRESS_QUERY.path, {"CheckoutRequestID": "ws_CO_1"})
    platform.answers = [about.at_once(code)]
    clock.advance(1000)
    side.turn(3)


def test_its_callback_settles_it(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """It is waited for; who paid is told, and the handler once, however often it comes."""

    def come() -> None:
        clock.on_pause = lambda: None
        for _ in range(2):
            arrive(side, platform.asked[0].result_url, platform.asked[0].callback())

    clock.on_pause = come
    result = side.run(lambda client: prompt(client).result(5))
    assert (result.payment.receipt, result.payment.amount) == (RECEIPT, Decimal("50.00"))
    tell(side, platform.asked[0], ResultDesc="in other words")
    assert ([each.state for each in side.told], side.verdicts()) == ([State.SETTLED], ["result", "late"])


@pytest.mark.parametrize("code", [1032, 1037, 1, 2001, 17, 1019])
def test_a_failure_is_an_end(side: Side, platform: FakePlatform, code: int) -> None:
    """17 too: here it says that the rule against doubles has stopped it."""
    side.run(prompt)
    tell(side, platform.asked[0], code)
    assert (side.states(), side.cause()) == (["failed"], f"ResultCode {code}: said {code}")


@pytest.mark.parametrize(("code", "state"), [("0", State.SETTLED), ("1032", State.FAILED)])
def test_c5_a_lost_callback_is_asked_for(
    side: Side, platform: FakePlatform, clock: Clock, code: str, state: State
) -> None:
    """By the query about the prompt, whose answer is kept as it came; nobody is prompted again."""
    side.run(prompt)
    late(side, platform, clock, "4999")
    assert (side.states(), side.cause()) == (["open"], "ResultCode 4999: said 4999")
    late(side, platform, clock, code)
    (ending,) = side.told
    assert (ending.state, ending.result and ending.result.code) == (state, code)
    assert [each.members.get("CheckoutRequestID") for each in platform.asked] == [None, "ws_CO_1", "ws_CO_1"]
    assert platform.asked[1].members["BusinessShortCode"] == MERCHANT.short_code
    assert side.record.rows("SELECT kind, verdict FROM callback ORDER BY number") == [
        ("answer", "result"),
        ("answer", "result"),
    ]
    late(side, platform, clock, "0")
    assert (len(platform.asked), len(side.told)) == (3, 1)


def test_whoever_waits_gets_the_answer(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """Of the query, in the place of the callback; the receipt it does not tell."""
    about = Asked(0, Api.EXPRESS_QUERY.path, {"CheckoutRequestID": "ws_CO_1"})

    def come() -> None:
        if len(platform.asked) == 1:
            platform.answers = [about.at_once("0")]

    clock.on_pause = come
    assert side.run(lambda client: prompt(client).result()).succeeded


def test_a_success_is_never_taken_back(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """A query that says that it failed, and a callback that says that it was paid: paid."""
    side.run(prompt)
    late(side, platform, clock, "1037")
    tell(side, platform.asked[0])
    tell(side, platform.asked[0], 1032)
    assert [each.state for each in side.told] == [State.FAILED, State.SETTLED]
    assert side.states() == ["settled"]


def test_so_often_and_no_more(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """Nobody answers the phone, and nobody says so."""
    side.run(prompt)
    for _ in range(PATIENCE.askings):
        late(side, platform, clock, "4999")
    assert (side.states(), len(platform.asked)) == (["needs a person"], PATIENCE.askings)
    with pytest.raises(NeedsAPerson, match="4999"):
        side.run(lambda _: side.tracker.wait(1))
    tell(side, platform.asked[0])
    assert side.states() == ["settled"]


def test_the_query_is_refused(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """It counts as asked, and is asked again."""
    side.run(prompt)
    platform.answers = [refused(500, "500.001.1001", "The transaction does not Exist")]
    clock.advance(1000)
    side.turn(2)
    assert side.states() == ["open"]
    assert PromptUnknown.__name__ in side.cause()
    late(side, platform, clock, "0")
    assert side.states() == ["settled"]


def test_an_answer_about_another_prompt(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """Is none."""
    side.run(prompt)
    about = Asked(0, Api.EXPRESS_QUERY.path, {"CheckoutRequestID": "ws_CO_2"})
    platform.answers = [about.at_once("0")]
    clock.advance(PATIENCE.result)
    side.turn(3)
    assert (side.verdicts(), side.states()) == (["forged"], ["open"])


@pytest.mark.parametrize("per_request", [True, False], ids=["own address", "endpoint"])
def test_c4_an_ambiguous_failure(
    make_side: MakeSide, platform: FakePlatform, clock: Clock, per_request: bool
) -> None:
    """Nobody knows a CheckoutRequestID: its callback is waited for, at its own address; else a person is
    called. The customer is not prompted again.
    """
    side = make_side(per_request=per_request)
    platform.answers = [LOST]
    with pytest.raises(OutcomeUnknown):
        side.run(prompt)
    clock.advance(PATIENCE.result)
    side.turn(2)
    assert side.states() == ["open"]
    if per_request:
        tell(side, platform.asked[0])
        assert side.states() == ["settled"]
    clock.advance(PATIENCE.result)
    side.turn(2)
    assert side.states() == ["settled" if per_request else "needs a person"]
    assert len(platform.asked) == 1


def test_c6_a_success_at_an_address_that_all_share(
    make_side: MakeSide, platform: FakePlatform, clock: Clock
) -> None:
    """Settles nothing by itself: the prompt's query confirms it, and the callback tells the receipt."""
    side = make_side(per_request=False)
    side.run(prompt)
    tell(side, platform.asked[0])
    assert (side.states(), side.told) == (["open"], [])
    assert [each.api for each in platform.asked] == [Api.EXPRESS.path, Api.EXPRESS_QUERY.path]
    late(side, platform, clock, "0")
    (ending,) = side.told
    assert ending.state is State.SETTLED
    assert ending.result is not None
    assert ending.result.payment.receipt == RECEIPT


def test_c6_a_success_that_its_query_denies(
    make_side: MakeSide, platform: FakePlatform, clock: Clock
) -> None:
    """Was told by somebody else: the customer has cancelled."""
    side = make_side(per_request=False)
    side.run(prompt)
    tell(side, platform.asked[0])
    late(side, platform, clock, "1032")
    assert [each.state for each in side.told] == [State.FAILED]
    tell(side, platform.asked[0], MerchantRequestID="1-1-1", ResultDesc="once more")
    assert side.states() == ["needs a person"]
    assert "it had failed before a success that only its callback tells" in side.cause()


def test_a_success_believed_without_its_query(make_side: MakeSide, platform: FakePlatform) -> None:
    """Where the endpoint is told to."""
    side = make_side(per_request=False, confirm_payments=False)
    side.run(prompt)
    tell(side, platform.asked[0])
    assert (side.states(), len(platform.asked)) == (["settled"], 1)


def test_what_was_surely_not_accepted(side: Side, platform: FakePlatform) -> None:
    """The phone shows another prompt."""
    words = "Unable to lock subscriber, a transaction is already in process for the current subscriber"
    platform.answers = [refused(500, "500.001.1001", words)]
    with pytest.raises(SubscriberLocked):
        side.run(prompt)
    assert side.states() == ["failed"]


def test_c6_another_amount(side: Side, platform: FakePlatform) -> None:
    """Was not asked for."""
    side.run(prompt)
    tell(side, platform.asked[0], 0, 51.0)
    assert (side.verdicts(), side.states()) == (["forged"], ["open"])


def test_c6_nobody_can_post_an_answer(side: Side, platform: FakePlatform) -> None:
    """There is no such address."""
    side.run(prompt)
    asked = platform.asked[0]
    assert side.post(asked.result_url.replace("/result/", "/answer/"), asked.callback()) == 404


def test_a_query_of_ones_own(side: Side, platform: FakePlatform) -> None:
    """Is answered at once, and in the record; whatever it was told, it has its answer."""
    result = side.run(lambda client: client.prompt_status("ws_CO_1").result())
    assert (result.code, result.conversation_id) == ("4999", "ws_CO_1")
    side.turn(2)
    assert (side.states(), [each.state for each in side.told]) == (["settled"], [State.SETTLED])


def test_c4_a_query_without_an_answer(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """Changes nothing: it is asked again."""
    platform.answers = [LOST]
    with pytest.raises(OutcomeUnknown):
        side.run(lambda client: client.prompt_status("ws_CO_1"))
    clock.advance(PATIENCE.unknown)
    side.turn(3)
    assert (side.states(), len(platform.asked)) == (["settled"], 2)
