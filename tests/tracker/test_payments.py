"""A customer's payment, which nobody asked for, is believed when the platform confirms it."""

import json
from decimal import Decimal
from typing import Any

import pytest

from salio.tracker.ends import State
from tests.tracker.conftest import MakeSide
from tests.tracker.platform import FakePlatform
from tests.tracker.sides import PATIENCE, Clock, Side

RECEIPT = "TAH5J2K991"


def paid(side: Side, amount: str = "5.00", **members: str) -> None:
    """C2B tells of a payment, at the address that was registered."""
    body = {"TransID": RECEIPT, "TransAmount": amount, "BusinessShortCode": "600000", **members}
    said = {key: value for key, value in body.items() if value}
    url = f"https://shop.example/callbacks/result/{side.record.keys.key()}"
    assert side.post(url, json.dumps(said).encode()) == 200


def answered(side: Side, platform: FakePlatform, code: object = 0, **changes: Any) -> None:
    """The last status query gets its result."""
    asked = platform.asked[-1]
    transaction = {"ReceiptNo": RECEIPT, "TransactionStatus": "Completed", "Amount": "5.00", **changes}
    side.post(asked.result_url, asked.result(code, transaction if code == 0 else {}))
    side.turn(2)


def test_a_payment_is_confirmed(side: Side, platform: FakePlatform) -> None:
    """By its receipt; then the handler is told, once, however often it comes."""
    for name in ("Jane", "Jane", "JANE"):
        paid(side, FirstName=name)
    side.turn()
    assert side.told == []
    (asked,) = platform.asked
    assert (asked.members["TransactionID"], asked.members["PartyA"]) == (RECEIPT, "600000")
    answered(side, platform, CreditPartyName="600000 - A Shop")
    (ending,) = side.told
    assert ending.payment is not None
    assert (ending.state, ending.payment.amount, ending.asked) == (State.SETTLED, Decimal("5.00"), None)
    assert side.verdicts() == ["payment", "late", "result"]


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"Amount": "4.99"}, "4.99 was paid, and not 5.00"),
        ({"TransactionStatus": "Cancelled"}, "the transaction is Cancelled"),
        ({"CreditPartyName": "600001 - Another"}, "600001 was paid, and not this short code"),
    ],
)
def test_c6_a_payment_that_never_was(
    side: Side, platform: FakePlatform, changes: dict[str, str], cause: str
) -> None:
    """The platform's word contradicts it: failed, and the handler is told that."""
    paid(side)
    side.turn()
    answered(side, platform, **changes)
    assert side.states() == ["failed"]
    assert [(each.state, each.cause) for each in side.told] == [(State.FAILED, f"not what was paid: {cause}")]


def test_c6_a_wrong_amount_does_not_keep_the_right_one_out(side: Side, platform: FakePlatform) -> None:
    """Each telling is confirmed for itself."""
    paid(side, "500.00")
    side.turn()
    answered(side, platform)
    paid(side, "5.00")
    side.turn()
    answered(side, platform)
    assert side.states() == ["failed", "settled"]


@pytest.mark.parametrize("code", ["2032", "2001"])
def test_c5_what_nobody_confirms_is_a_persons(
    side: Side, platform: FakePlatform, clock: Clock, code: str
) -> None:
    """Neither believed nor denied: the receipt may be too new, or the query itself may fail."""
    paid(side)
    for _ in range(PATIENCE.askings):
        side.turn()
        answered(side, platform, code)
        clock.advance(1000)
    side.turn(2)
    assert len(platform.asked) == PATIENCE.askings
    assert [each.state for each in side.told] == [State.NEEDS_A_PERSON]
    assert f"ResultCode {code}" in side.cause()
    answered(side, platform, CreditPartyName="600000")
    assert side.states() == ["settled"]


def test_a_state_on_the_way(side: Side, platform: FakePlatform) -> None:
    """Is asked for again."""
    paid(side)
    side.turn()
    answered(side, platform, TransactionStatus="Authorized")
    assert (side.states(), side.told) == (["open"], [])


def test_nobody_knows_whose_it_is(side: Side, platform: FakePlatform) -> None:
    """Without a short code there is nothing to ask."""
    paid(side, BusinessShortCode="")
    side.turn(2)
    assert (side.states(), platform.asked) == (["needs a person"], [])
    assert "short code" in side.cause()


def test_believed_unconfirmed(make_side: MakeSide, platform: FakePlatform) -> None:
    """Whoever wants it so: the secret address is all that speaks for it."""
    side = make_side(confirm_payments=False)
    paid(side)
    paid(side)
    side.turn(2)
    assert [(each.state, each.result) for each in side.told] == [(State.SETTLED, None)]
    assert platform.asked == []
