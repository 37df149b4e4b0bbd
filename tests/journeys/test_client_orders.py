"""The organization's orders against the whole platform: what is paid is paid once, whatever is lost."""

import asyncio
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from salio.client.client import Client
from salio.client.errors import OutcomeUnknown, SubscriberLocked
from salio.tracker.ends import State
from salio.tracker.settings import Endpoint
from salio.wire.paid import Payment
from tests.journeys.bodies import MERCHANT, PAYER, answer_prompts
from tests.journeys.conftest import Fresh
from tests.journeys.organization import Organization, organization
from tests.journeys.provoking import flush, put
from tests.journeys.running import Platform
from tests.journeys.subjects import BILLING_SHORT_CODE, C2B_RECEIPT, PAYING_SHORT_CODE
from tests.journeys.test_b2c import balances
from tests.journeys.test_client import result_of, settings
from tests.journeys.test_reversal import BILL
from tests.journeys.test_reversal import balances as balances_of_bills
from tests.receiver.posting import posted

MSISDN = "254708374149"
OF_BILL = Decimal(BILL.cents).scaleb(-2)
FROM_PAYER: dict[str, Any] = {"name": "testapi", "short_code": PAYING_SHORT_CODE}
FROM_BILLER: dict[str, Any] = {"name": "testapiuser", "short_code": "600000"}


ORDERS: dict[str, tuple[Callable[[Client], Any], str, Decimal]] = {
    "a customer": (
        lambda client: client.pay_customer(MSISDN, Decimal("20.50"), occasion="of the day"),
        f"{MSISDN} - John Doe",
        Decimal("20.50"),
    ),
    "a salary, version 1": (
        lambda client: client.pay_customer(MSISDN, 20, command="SalaryPayment", version=1),
        f"{MSISDN} - John Doe",
        Decimal(20),
    ),
    "a bill": (
        lambda client: client.pay_organization(
            BILLING_SHORT_CODE, 30, account_reference="353353", requester=MSISDN
        ),
        f"{BILLING_SHORT_CODE} - ",
        Decimal(30),
    ),
    "one's own account": (
        lambda client: client.pay_organization(
            PAYING_SHORT_CODE, 30, command="BusinessTransferFromMMFToUtility"
        ),
        f"{PAYING_SHORT_CODE} - ",
        Decimal(30),
    ),
    "a tax": (
        lambda client: client.remit_tax("2040000000000", Decimal("10.10")),
        "572572 - ",
        Decimal("10.10"),
    ),
}


@pytest.mark.parametrize(("order", "paid_to", "amount"), ORDERS.values(), ids=list(ORDERS))
def test_an_order_and_its_result(
    platform: Platform, order: Callable[[Client], Any], paid_to: str, amount: Decimal
) -> None:
    """Acknowledged, called back and read, in both profiles; a status query finds the same payment."""
    with Client(*settings(platform, **FROM_PAYER)) as client:
        acknowledgement = order(client)
        paid = result_of(platform, acknowledgement.conversation_id).payment
        found = result_of(platform, client.status(paid.receipt).conversation_id).payment
    assert (paid.amount, found.amount, found.receipt) == (amount, amount, paid.receipt)
    assert paid.receiver is not None
    assert paid.receiver.text.startswith(paid_to)
    assert paid.completed_at is not None
    assert paid.completed_at == found.completed_at
    assert paid.funds


def test_a_reversal_and_its_result(fresh: Fresh) -> None:
    """What it gave back is named; a second one fails, with the page's advice."""
    platform = fresh()
    with Client(*settings(platform)) as client:
        paid = result_of(platform, client.reverse(C2B_RECEIPT, OF_BILL).conversation_id).payment
        again = result_of(platform, client.reverse(C2B_RECEIPT, OF_BILL).conversation_id)
    assert (paid.original_receipt, paid.amount) == (C2B_RECEIPT, OF_BILL)
    assert (again.code, again.mitigation != "") == ("R000001", True)


def test_the_clients_own_id(platform: Platform) -> None:
    """Is made anew for each payment, and echoed by the platform."""
    with Client(*settings(platform, **FROM_PAYER)) as client:
        ids = {client.pay_customer(MSISDN, 10).originator_conversation_id for _ in range(2)}
    assert len(ids) == 2
    assert {len(each or "") for each in ids} == {32}


def _paid(platform: Platform, before: dict[str, int]) -> int:
    """Cents that have left the Utility Account of the payer."""
    flush(platform)
    return before["Utility Account"] - balances(platform, PAYING_SHORT_CODE)["Utility Account"]


LOSSES: dict[str, tuple[dict[str, str], ...]] = {
    "the acknowledgement": ({"lose": "acknowledgement"},),
    "the result": ({"lose": "result"},),
    "both": ({"lose": "acknowledgement"}, {"lose": "result"}),
}


def order_and_lose(side: Organization, platform: Platform, api: str, lost: str, order: Any) -> str | None:
    """Gives the order while that is lost; the conversation of its acknowledgement, if one came."""
    side.client.token()
    for each in LOSSES[lost]:
        put(platform, **each, api=api, next=1)
    if lost == "the result":
        acknowledged: str = order(side.client).conversation_id
        return acknowledged
    with pytest.raises(OutcomeUnknown):
        order(side.client)
    return None


@pytest.mark.parametrize("lost", list(LOSSES))
def test_c5_one_payment_moves_whatever_is_lost(faulty: Platform, tmp_path: Path, lost: str) -> None:
    """The connection is cut after the payment was sent, or its callback never comes: the status query finds
    the one payment, and the handler is told of it once.
    """
    before = balances(faulty, PAYING_SHORT_CODE)
    with organization(faulty, tmp_path) as side:
        order_and_lose(side, faulty, "b2c", lost, lambda client: client.pay_customer(MSISDN, 35))
        side.ask_for_what_is_late()
        assert side.standing() == [("settled", "")]
        side.ask_for_what_is_late()
        (ending,) = side.told
        assert ending.result is not None
        assert (ending.state, ending.result.payment.amount) == (State.SETTLED, Decimal(35))
        assert side.askings == 2
    assert _paid(faulty, before) == 35_00


@pytest.mark.parametrize("lost", list(LOSSES))
def test_c5_one_reversal_whatever_is_lost(fresh: Fresh, tmp_path: Path, lost: str) -> None:
    """The same of what is given back, under an id of the caller's."""
    platform = fresh()
    before = balances_of_bills(platform)
    with organization(platform, tmp_path, **FROM_BILLER) as side:
        order_and_lose(
            side,
            platform,
            "reversal",
            lost,
            lambda client: client.reverse(C2B_RECEIPT, OF_BILL, originator_conversation_id="back-1"),
        )
        side.ask_for_what_is_late()
        assert [state for state, _ in side.standing()] == ["settled"]
        (ending,) = side.told
        assert ending.result is not None
        assert ending.result.payment.amount == OF_BILL
    after = balances_of_bills(platform)
    assert before["Utility Account"] - after["Utility Account"] == BILL.cents


@pytest.mark.parametrize("connection", ["drop", "reset"])
def test_c4_what_never_arrived(faulty: Platform, tmp_path: Path, connection: str) -> None:
    """The connection broke before the platform kept anything: it is asked for, never sent again, and in the
    end a person decides.
    """
    before = balances(faulty, PAYING_SHORT_CODE)
    with organization(faulty, tmp_path) as side:
        side.client.token()
        put(faulty, connection=connection, api="b2c", next=1)
        with pytest.raises(OutcomeUnknown):
            side.client.pay_customer(MSISDN, 35)
        for _ in range(5):
            side.ask_for_what_is_late()
        ((state, cause),) = side.standing()
        assert state == "needs a person"
        assert "ResultCode 2032" in cause
    assert _paid(faulty, before) == 0


def test_c7_a_result_that_comes_twice(faulty: Platform, tmp_path: Path) -> None:
    """And then is asked for: the handler is told once."""
    with organization(faulty, tmp_path) as side:
        conversation = side.client.pay_customer(MSISDN, 35).conversation_id
        for _ in range(2):
            side.bring(conversation)
        side.ask_for_what_is_late()
        assert ([each.state for each in side.told], side.askings) == ([State.SETTLED], 1)
        assert isinstance(side.told[0].result and side.told[0].result.answer, Payment)


def test_a_payment_that_is_declined_and_its_result_lost(faulty: Platform, tmp_path: Path) -> None:
    """More than there is: the status query finds a transaction that moved nothing."""
    with organization(faulty, tmp_path) as side:
        order_and_lose(side, faulty, "b2b", "the result", lambda client: _all_and_more(client, faulty))
        side.ask_for_what_is_late()
        assert side.standing() == [("failed", "the transaction is Declined")]


def _all_and_more(client: Client, platform: Platform) -> Any:
    cents = balances(platform, PAYING_SHORT_CODE)["Working Account"] + 1
    amount = Decimal(cents).scaleb(-2)
    return client.pay_organization(BILLING_SHORT_CODE, amount, account_reference="353353")


# --- prompts ---------------------------------------------------------------------------------------------

AMOUNTS = count(2_001)
"""The same amount twice within two minutes is refused."""


@pytest.fixture
def prompting(faulty: Platform, tmp_path: Path) -> Iterator[Organization]:
    """Whose customers' phones show nothing yet."""
    answer_prompts(faulty, "cancel")
    with organization(faulty, tmp_path) as side:
        side.client.token()
        yield side


def received(platform: Platform) -> int:
    """What the merchant's Utility Account holds."""
    flush(platform)
    return balances(platform, MERCHANT)["Utility Account"]


def test_a_prompt_and_its_callback(faulty: Platform, prompting: Organization) -> None:
    """Meanwhile a query says that the phone still asks; then both say the same, and the handler is told."""
    before, amount = received(faulty), next(AMOUNTS)
    asked = prompting.client.prompt(PAYER, amount, "invoice008")
    flush(faulty)
    assert prompting.client.prompt_status(asked.conversation_id).result().code == "4999"
    with pytest.raises(SubscriberLocked):
        prompting.client.prompt(PAYER, next(AMOUNTS), "invoice009")
    answer_prompts(faulty, "right_pin")
    prompting.bring(asked.originator_conversation_id)
    flush(faulty)
    assert prompting.client.prompt_status(asked.conversation_id).result().succeeded
    paid = next(each.result.payment for each in prompting.told if each.request == 1 and each.result)
    assert (paid.amount, paid.payer and paid.payer.number) == (Decimal(amount), PAYER)
    assert received(faulty) == before + amount * 100


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [("right_pin", "settled", "0"), ("cancel", "failed", "1032"), ("wrong_pin", "failed", "2001")],
)
def test_c5_a_prompt_whose_callback_is_lost(
    faulty: Platform, prompting: Organization, answer: str, state: str, code: str
) -> None:
    """The query about it says how it ended; the customer is asked once, and pays at most once."""
    before, amount = received(faulty), next(AMOUNTS)
    put(faulty, lose="result", next=1, short_code=MERCHANT)
    prompting.client.prompt(PAYER, amount, "invoice008")
    answer_prompts(faulty, answer)
    flush(faulty)
    prompting.ask_for_what_is_late()
    (ending,) = prompting.told
    assert (ending.state.value, ending.result and ending.result.code) == (state, code)
    assert received(faulty) == before + (amount * 100 if state == "settled" else 0)


def test_c4_a_prompt_whose_acknowledgement_is_lost(faulty: Platform, prompting: Organization) -> None:
    """Nobody knows its id, but its callback comes to an address that is its own alone."""
    before, amount = received(faulty), next(AMOUNTS)
    put(faulty, lose="acknowledgement", api="express", next=1)
    with pytest.raises(OutcomeUnknown):
        prompting.client.prompt(PAYER, amount, "invoice008")
    answer_prompts(faulty, "right_pin")
    [(merchant_request_id,)] = faulty.rows(
        "SELECT originator_conversation_id FROM request ORDER BY number DESC LIMIT 1"
    )
    prompting.bring(merchant_request_id)
    assert ([state for state, _ in prompting.standing()], prompting.askings) == (["settled"], 1)
    assert received(faulty) == before + amount * 100


# --- customers' payments ---------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [1, 2])
def test_a_customers_payment(fresh: Fresh, tmp_path: Path, version: int) -> None:
    """Registered, simulated, told, and believed when the platform's own word confirms it."""
    platform = fresh()
    with organization(platform, tmp_path, short_code=BILLING_SHORT_CODE) as side:
        where = Endpoint(url=platform.receiver.url("/callbacks")).callbacks(side.record.keys).result_url
        side.client.register_urls(where, platform.receiver.url("/asked"), version=version)
        side.client.simulate_payment(MSISDN, 40, bill_reference="invoice008", version=version)
        flush(platform)
        told = platform.receiver.wait(where.removeprefix(platform.receiver.url("")))
        assert asyncio.run(posted(side.tracker.receiver, where, told.raw)) == 200
        side.turn()
        ((conversation_id,),) = side.record.rows(
            "SELECT conversation_id FROM asking ORDER BY number DESC LIMIT 1"
        )
        side.bring(conversation_id)
        (ending,) = side.told
        assert ending.payment is not None
        assert (ending.state, ending.payment.amount) == (State.SETTLED, Decimal(40))
        assert [state for state, _ in side.standing()] == ["settled"] * 3
