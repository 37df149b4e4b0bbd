"""Orders whose acknowledgement or result is lost, late or doubled: none is ever sent twice, and each ends."""

import json
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import httpx2
import pytest

from salio.client.errors import Declined, DuplicateConversation, NotSent, OutcomeUnknown, Refused
from salio.tracker.ends import State
from salio.tracker.errors import EndedWithoutResult, NeedsAPerson
from salio.tracker.following import decoded, encoded
from salio.wire.apis import Api
from salio.wire.asked import Asked as Said
from salio.wire.asked import BalanceQuery, StatusQuery
from salio.wire.orders import PaymentToCustomer
from tests.client.shells import answered, refused
from tests.tracker.conftest import MakeSide
from tests.tracker.platform import RECEIPT, Asked, FakePlatform
from tests.tracker.sides import PATIENCE, THREADS, Clock, Side
from tests.tracker.test_results import LOST, arrive

MSISDN = "254708374149"
Call = Callable[[Any], Any]
ORDERS: dict[str, tuple[Call, str]] = {
    "customer": (lambda client: client.pay_customer(MSISDN, 50), Api.B2C.path),
    "organization": (
        lambda client: client.pay_organization("600979", 50, account_reference="7"),
        Api.B2B.path,
    ),
    "tax": (lambda client: client.remit_tax("2040000000000", 50), Api.TAX_REMITTANCE.path),
    "reversal": (lambda client: client.reverse("TAH5J2K991", Decimal("50.00")), Api.REVERSAL.path),
}
EVERY = pytest.mark.parametrize(("call", "path"), ORDERS.values(), ids=list(ORDERS))
PAY, PATH = ORDERS["customer"]


def sent(platform: FakePlatform, path: str = PATH) -> list[Asked]:
    """The orders that came to the platform."""
    return [each for each in platform.asked if each.api == path]


def found(status: str = "Completed", amount: str = "50.00") -> dict[str, Any]:
    """What a status query tells of the order's transaction."""
    return {"ReceiptNo": RECEIPT, "TransactionStatus": status, "Amount": amount}


def tell(side: Side, asked: Asked, *said: Any) -> None:
    """The result of what was asked comes, and is judged."""
    assert side.post(asked.result_url, asked.result(*said)) == 200
    side.turn(2)


@EVERY
def test_its_result_settles_it(
    side: Side, platform: FakePlatform, clock: Clock, call: Call, path: str
) -> None:
    """It is waited for; the payment is typed, the handler is told of it once, however often it comes."""

    def come() -> None:
        clock.on_pause = lambda: None
        (asked,) = platform.asked
        for _ in range(2):
            arrive(side, asked.result_url, asked.result())

    clock.on_pause = come
    result = side.run(lambda client: call(client).result(5))
    assert (result.payment.receipt, result.payment.amount) == (RECEIPT, Decimal("50.00"))
    asked = sent(platform, path)[0]
    tell(side, asked, 0, {**_said(asked), "New": "x"})
    side.turn(3)
    assert ([each.state for each in side.told], len(sent(platform, path))) == ([State.SETTLED], 1)
    assert side.verdicts() == ["result", "late"]


def _said(asked: Asked) -> dict[str, Any]:
    """The parameters of its success."""
    listed = json.loads(asked.result())["Result"]["ResultParameters"]["ResultParameter"]
    return {each["Key"]: each["Value"] for each in listed}


@EVERY
def test_c5_a_lost_result_is_asked_for(
    side: Side, platform: FakePlatform, clock: Clock, call: Call, path: str
) -> None:
    """By a status query about its conversation; the order is not sent again, and its late result is late."""

    def lost() -> None:
        if len(platform.asked) == 2:
            clock.on_pause = lambda: None
            arrive(side, platform.asked[1].result_url, platform.asked[1].result(0, found()))

    clock.on_pause = lost
    result = side.run(lambda client: call(client).result())
    assert (result.payment.receipt, result.payment.amount) == (RECEIPT, Decimal("50.00"))
    (order,), query = sent(platform, path), platform.asked[1]
    assert query.members["OriginalConversationID"] == order.own_id
    assert query.members["PartyA"] == "600000"
    tell(side, order)
    assert ([each.state for each in side.told], side.verdicts()) == ([State.SETTLED], ["result", "late"])


@pytest.mark.parametrize("status", ["Declined", "Cancelled", "Expired"])
def test_what_was_never_paid_has_failed(
    side: Side, platform: FakePlatform, clock: Clock, status: str
) -> None:
    """The query succeeds and the order does not: nobody who waits takes the one for the other."""

    def lost() -> None:
        if len(platform.asked) == 2:
            clock.on_pause = lambda: None
            arrive(side, platform.asked[1].result_url, platform.asked[1].result(0, found(status)))

    clock.on_pause = lost
    with pytest.raises(EndedWithoutResult, match=f"request 1 is failed: the transaction is {status}"):
        side.run(lambda client: PAY(client).result())
    side.turn(3)
    ((state, result),) = [(each.state, each.result) for each in side.told]
    assert (state, result and result.transaction.status) == (State.FAILED, status)
    tell(side, sent(platform)[0])
    assert [each.state for each in side.told] == [State.FAILED, State.SETTLED]


def test_a_success_is_never_taken_back(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """By whatever a status query says afterwards, or a failure."""
    side.run(PAY)
    clock.advance(PATIENCE.result)
    side.turn()
    order, query = platform.asked
    tell(side, order)
    tell(side, query, 0, found("Declined"))
    tell(side, order, 1)
    assert (side.states(), [each.state for each in side.told]) == (["settled"], [State.SETTLED])


def test_a_status_after_a_failure(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """It was paid after all: another end."""
    side.run(PAY)
    clock.advance(PATIENCE.result)
    side.turn()
    order, query = platform.asked
    tell(side, order, "2001")
    tell(side, query, 0, found())
    assert [each.state for each in side.told] == [State.FAILED, State.SETTLED]


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        (("2032",), "ResultCode 2032"),
        (("21",), "ResultCode 21"),
        ((0, found("Authorized")), "the transaction is Authorized"),
        ((0, found(amount="49.00")), "under its id 49.00 was paid, and not 50"),
        ((0, {"ReceiptNo": RECEIPT, "TransactionStatus": "Completed"}), "under its id None was paid"),
    ],
    ids=["not found", "not entitled", "on its way", "another amount", "no amount"],
)
def test_what_a_status_does_not_decide_is_a_persons(
    side: Side, platform: FakePlatform, clock: Clock, said: tuple[Any, ...], cause: str
) -> None:
    """After so many queries: neither settled nor failed. A result that comes after all counts."""
    side.run(PAY)
    for _ in range(PATIENCE.askings):
        clock.advance(1000)
        side.turn()
        tell(side, platform.asked[-1], *said) if len(platform.asked) > 1 else None
    assert (side.states(), len(sent(platform))) == (["needs a person"], 1)
    assert len(platform.asked) == PATIENCE.askings
    assert cause in side.cause()
    with pytest.raises(NeedsAPerson, match="no result after"):
        side.run(lambda _: side.tracker.wait(1))
    tell(side, sent(platform)[0])
    assert [each.state for each in side.told] == [State.NEEDS_A_PERSON, State.SETTLED]


def test_c4_an_ambiguous_failure_becomes_a_status_query(
    side: Side, platform: FakePlatform, clock: Clock
) -> None:
    """The connection was cut after the payment had left: it is asked about by the id that the client made."""
    platform.answers = [LOST]
    with pytest.raises(OutcomeUnknown) as raised:
        side.run(PAY)
    clock.advance(PATIENCE.unknown)
    side.turn()
    order, query = platform.asked
    assert raised.value.originator_conversation_id == order.own_id
    assert len(order.own_id) == 32
    assert query.members["OriginalConversationID"] == order.own_id
    tell(side, query, 0, found())
    clock.advance(10_000)
    side.turn(3)
    assert (side.states(), len(sent(platform)), len(platform.asked)) == (["settled"], 1, 2)


@pytest.mark.parametrize(("call", "path"), [*ORDERS.values()][1:], ids=[*ORDERS][1:])
def test_c4_what_nobody_can_ask_about_is_a_persons(
    side: Side, platform: FakePlatform, clock: Clock, call: Call, path: str
) -> None:
    """Never acknowledged, and without an id of its own: it is given the time of a result, then a reason."""
    platform.answers = [LOST]
    with pytest.raises(OutcomeUnknown):
        side.run(call)
    clock.advance(PATIENCE.result)
    side.turn()
    assert side.states() == ["open"]
    clock.advance(PATIENCE.result)
    side.turn(2)
    assert (side.states(), len(platform.asked), len(sent(platform, path))) == (["needs a person"], 1, 1)
    assert "nothing can be asked about it; OutcomeUnknown" in side.cause()
    tell(side, platform.asked[0])
    assert side.states() == ["settled"]


def test_c4_an_id_of_the_callers(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """By it a reversal can be asked about that was never acknowledged."""
    platform.answers = [LOST]
    with pytest.raises(OutcomeUnknown):
        side.run(lambda client: client.reverse("TAH5J2K991", 50, originator_conversation_id="mine-1"))
    clock.advance(PATIENCE.unknown)
    side.turn()
    assert platform.asked[1].members["OriginalConversationID"] == "mine-1"
    tell(side, platform.asked[1], 0, found())
    assert (side.states(), len(sent(platform, Api.REVERSAL.path))) == (["settled"], 1)


def test_c4_whoever_ordered_died(make_side: MakeSide, platform: FakePlatform, clock: Clock) -> None:
    """Before it heard an answer: the next life asks, and sends nothing again."""
    killed = make_side()
    order: Said = PaymentToCustomer(
        party_a="600000", msisdn=MSISDN, amount=Decimal(50), originator_conversation_id="mine-1"
    )
    killed.run(lambda _: killed.tracker.follow(order))
    side = make_side()
    clock.advance(PATIENCE.acknowledgement)
    side.turn()
    (query,) = platform.asked
    assert query.members["OriginalConversationID"] == "mine-1"
    tell(side, query, 0, found())
    assert ([each.asked for each in side.told], side.states()) == ([order], ["settled"])


def test_a_notice_asks_sooner(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """It says unknown, whatever its body says: the status is asked for, nothing is sent again."""
    side.run(PAY)
    (order,) = platform.asked
    side.post(order.notice_url, order.result(1))
    side.turn()
    assert (side.states(), side.told) == (["open"], [])
    clock.advance(PATIENCE.unknown)
    side.turn()
    assert [each.api for each in platform.asked] == [PATH, Api.TRANSACTION_STATUS.path]


@pytest.mark.parametrize(
    "answer",
    [
        refused(500, "500.003.1001", "Internal Server Error"),
        refused(503, "503.001.01", "nobody knows this"),
        answered(200, {"ResponseCode": "100000000", "ResponseDescription": "Request was cached"}),
        answered(200, {"ResponseCode": "100000004", "ResponseDescription": "Internal Server Error"}),
        httpx2.Response(502, content=b"<html>Bad Gateway</html>"),
        httpx2.RemoteProtocolError("Server disconnected without sending a response."),
    ],
    ids=["internal error", "unknown error", "cached", "declined within", "gateway", "cut"],
)
def test_c4_a_doubt_is_no_refusal(side: Side, platform: FakePlatform, clock: Clock, answer: Any) -> None:
    """Money may have moved: the request stays open and is asked about. Of a query these are refusals."""
    platform.answers = [answer]
    with pytest.raises(OutcomeUnknown):
        side.run(PAY)
    clock.advance(PATIENCE.unknown)
    side.turn()
    tell(side, platform.asked[1], 0, found())
    assert (side.states(), len(sent(platform))) == (["settled"], 1)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused(400, "400.002.02", "Bad Request - Invalid PartyB"), Refused),
        (refused(500, "500.002.1001", "Service is currently under maintenance"), Refused),
        (answered(200, {"ResponseCode": "100000010", "ResponseDescription": "Insufficient"}), Declined),
        (httpx2.ConnectError("nobody there"), NotSent),
    ],
    ids=["field", "maintenance", "declined", "not sent"],
)
def test_what_was_surely_not_accepted(
    side: Side, platform: FakePlatform, clock: Clock, answer: Any, error: type[Exception]
) -> None:
    """Has failed; whoever ordered has the error in hand, and nothing is asked."""
    platform.answers = [answer] * 3
    with pytest.raises(error):
        side.run(PAY)
    clock.advance(10_000)
    asked = len(platform.asked)
    side.turn(3)
    assert (side.states(), side.told, len(platform.asked)) == (["failed"], [], asked)


def test_an_id_that_was_used_before(side: Side, platform: FakePlatform, clock: Clock) -> None:
    """By whom this record does not know: what was paid under it is asked for. By itself: that is followed."""
    platform.answers = [refused(500, "500.002.1001", "Duplicate OriginatorConversationID")] * 2

    def again(client: Any) -> Any:
        return client.pay_customer(MSISDN, 50, originator_conversation_id="invoice-7")

    for _ in range(2):
        with pytest.raises(DuplicateConversation):
            side.run(again)
    assert side.states() == ["open", "failed"]
    clock.advance(PATIENCE.unknown)
    side.turn()
    assert platform.asked[-1].members["OriginalConversationID"] == "invoice-7"
    tell(side, platform.asked[-1], 0, found())
    assert (side.states(), [each.request for each in side.told]) == (["settled", "failed"], [1])


@EVERY
def test_c6_what_was_not_ordered(side: Side, platform: FakePlatform, call: Call, path: str) -> None:
    """A success of another amount, or of nothing, is no result of it."""
    side.run(call)
    (order,) = sent(platform, path)
    name = "TransactionAmount" if path == PATH else "Amount"
    for parameters in ({**_said(order), name: "51.00"}, {}):
        tell(side, order, 0, parameters)
    assert (side.verdicts(), side.states()) == (["forged", "forged"], ["open"])


def test_c6_another_payment_was_reversed(side: Side, platform: FakePlatform) -> None:
    """Its result does not name the receipt that was ordered."""
    side.run(ORDERS["reversal"][0])
    (order,) = platform.asked
    tell(side, order, 0, {**_said(order), "OriginalTransactionID": "TAH5J2K992"})
    assert (side.verdicts(), side.states()) == (["forged"], ["open"])


EVENTS: dict[str, Callable[[Side, Asked, Asked], object]] = {
    "result": lambda side, order, _: side.post(order.result_url, order.result()),
    "failure": lambda side, order, _: side.post(order.result_url, order.result(1)),
    "notice": lambda side, order, _: side.post(order.notice_url, order.result(17)),
    "completed": lambda side, _, query: side.post(query.result_url, query.result(0, found())),
    "declined": lambda side, _, query: side.post(query.result_url, query.result(0, found("Declined"))),
    "not found": lambda side, _, query: side.post(query.result_url, query.result("2032")),
}
SUCCEEDS = [
    ("result", "completed", "notice"),
    ("result", "declined", "failure"),
    ("completed", "failure", "notice"),
    ("result", "not found", "failure"),
]
"""Each in all its orders."""


@pytest.mark.parametrize("turns", [0, 1], ids=["judged at the end", "judged at once"])
@pytest.mark.parametrize(
    "order", [each for events in SUCCEEDS for each in permutations(events)], ids=", ".join
)
def test_c8_a_success_in_every_order(tmp_path: Path, order: tuple[str, ...], turns: int) -> None:
    """Of an order and the query about it: settled, never unsettled; the handler is told of it last, once."""
    platform, clock = FakePlatform(), Clock()
    with closing(Side(THREADS, tmp_path / "record.db", platform, clock)) as side:
        side.run(PAY)
        clock.advance(PATIENCE.result)
        side.turn()
        ordered, query = platform.asked
        for event in order:
            EVENTS[event](side, ordered, query)
            side.turn(turns)
        side.turn(2)
        told = [each.state for each in side.told]
        assert (side.states(), told[-1], told.count(State.SETTLED)) == (["settled"], State.SETTLED, 1)
        assert len(sent(platform)) == 1


@pytest.mark.parametrize(
    ("kept", "query"),
    [
        (
            b'{"kind":"AccountBalance","query":{"party_a":"600000","identifier_type":4,"remarks":"ok",'
            b'"originator_conversation_id":null}}',
            BalanceQuery(party_a="600000"),
        ),
        (
            b'{"kind":"TransactionStatusQuery","query":{"party_a":"600000","receipt":"TAH5J2K991",'
            b'"original_conversation_id":null,"occasion":null,"identifier_type":4,"remarks":"ok",'
            b'"originator_conversation_id":null}}',
            StatusQuery(party_a="600000", receipt="TAH5J2K991"),
        ),
    ],
    ids=["balance", "status"],
)
def test_what_an_earlier_salio_kept(kept: bytes, query: Said) -> None:
    """Is read as it was meant, and kept so still."""
    assert (decoded(kept), encoded(query)) == (query, kept)
