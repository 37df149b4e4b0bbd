"""External validation: the organization is asked, and its word, or its default action, ends the payment."""

import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from salio.core.requests.outcomes import Outcome
from tests.journeys.conftest import Fresh
from tests.journeys.controlling import call
from tests.journeys.reaching import reaches
from tests.journeys.receiver import Answer
from tests.journeys.running import Platform
from tests.journeys.test_c2b import JOHN, PAYBILL, PLACES, pay, received, register, status

VALIDATION = "/_salio/registrations/validation"
OF_TEST_DATA = 260_100
REJECTED = b'{"ResultCode": "C2B00012", "ResultDesc": "Rejected"}'
WITH_ID = b'{"ResultCode": "0", "ResultDesc": "Accepted", "ThirdPartyTransID": "mine-1"}'


@pytest.fixture
def nowhere() -> Iterator[str]:
    """A URL at which nothing listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/pay"


def switch(platform: Platform, *, on: bool = True, instructs: bool = False) -> None:
    """Switches external validation on or off."""
    wanted = {"short_code": PAYBILL, "validated": on, "instructs": instructs}
    assert call(platform, "POST", VALIDATION, wanted).status == 200


def reserved(platform: Platform) -> int:
    """What is set aside in the customer's account, in cents, beside the test data's own."""
    ((cents,),) = platform.rows("SELECT reserved FROM account WHERE holder = ?", [JOHN])
    return int(cents) - OF_TEST_DATA


def ends_as(platform: Platform, own_id: str) -> dict[str, Any]:
    """What a status query tells when nothing is under way any more."""
    assert call(platform, "POST", "/_salio/flush").json == {"idle": True}
    return status(platform, PAYBILL, OriginalConversationID=own_id)


def test_the_organization_accepts(fresh: Fresh) -> None:
    """It is asked without a balance, and told with its own id of the payment."""
    platform, asked, told = fresh(), next(PLACES), next(PLACES)
    platform.receiver.answer(asked, Answer(WITH_ID))
    register(platform, told, ValidationURL=platform.receiver.url(asked))
    switch(platform)
    own_id = pay(platform, BillRefNumber="invoice008")
    question = json.loads(platform.receiver.wait(asked).raw)
    confirmation = json.loads(platform.receiver.wait(told).raw)
    assert (question["OrgAccountBalance"], question["ThirdPartyTransID"]) == ("", "")
    assert confirmation["ThirdPartyTransID"] == "mine-1"
    assert {key: confirmation[key] for key in ("TransID", "TransAmount", "BillRefNumber", "MSISDN")} == {
        key: question[key] for key in ("TransID", "TransAmount", "BillRefNumber", "MSISDN")
    }
    assert ends_as(platform, own_id)["TransactionStatus"] == "Completed"
    assert reserved(platform) == 0


@reaches(Outcome.PAYMENT_CANCELLED)
def test_the_organization_rejects(fresh: Fresh) -> None:
    """The payment is cancelled, the customer has everything again, and nobody is told."""
    platform, asked, told = fresh(), next(PLACES), next(PLACES)
    platform.receiver.answer(asked, Answer(REJECTED))
    register(platform, told, ValidationURL=platform.receiver.url(asked))
    switch(platform)
    before = received(platform, PAYBILL, "Utility Account")
    found = ends_as(platform, pay(platform))
    assert found["TransactionStatus"] == "Cancelled"
    assert found["TransactionReason"] == "rejected by the organization: C2B00012 Rejected"
    assert received(platform, PAYBILL, "Utility Account") == before
    assert (reserved(platform), platform.receiver.heard(told)) == (0, [])
    assert platform.rows("SELECT sum(available + reserved + uncleared) FROM account") == [(0,)]


@pytest.mark.parametrize("action", ["Completed", "Cancelled"])
def test_the_organization_is_out_of_reach(fresh: Fresh, action: str, nowhere: str) -> None:
    """Its own default action ends the payment (Register URL, Overview 6)."""
    platform = fresh()
    register(platform, next(PLACES), ValidationURL=nowhere, ResponseType=action)
    switch(platform)
    assert ends_as(platform, pay(platform))["TransactionStatus"] == action
    assert reserved(platform) == 0


def test_meanwhile_it_is_authorized(fresh: Fresh) -> None:
    """A status query sees it wait; the amount is set aside. A restart asks again."""
    platform, asked, told = fresh(), next(PLACES), next(PLACES)
    let_go = threading.Event()
    platform.receiver.answer(asked, Answer(after=let_go))
    register(platform, told, ValidationURL=platform.receiver.url(asked))
    switch(platform)
    own_id = pay(platform)
    platform.receiver.wait(asked)
    found = status(platform, PAYBILL, OriginalConversationID=own_id)
    assert (found["TransactionStatus"], found["FinalisedTime"]) == ("Authorized", None)
    assert reserved(platform) == 10_000
    platform = platform.restarted()
    let_go.set()
    platform.receiver.wait(told)
    questions = [each.raw for each in platform.receiver.heard(asked)]
    assert len(questions) == 2
    assert questions[0] == questions[1]
    assert ends_as(platform, own_id)["TransactionStatus"] == "Completed"
    assert reserved(platform) == 0


def waiting(platform: Platform) -> list[dict[str, Any]]:
    """The payments that wait for their organizations, when nothing is under way any more."""
    assert call(platform, "POST", "/_salio/flush").json == {"idle": True}
    listed: list[dict[str, Any]] = call(platform, "GET", "/_salio/payments/waiting").json["payments"]
    return listed


@reaches(Outcome.PAYMENT_EXPIRED)
def test_an_organization_that_instructs(fresh: Fresh, nowhere: str) -> None:
    """Where it could not be asked it accepts, rejects, or lets expire; a restart forgets nothing."""
    platform, told = fresh(), next(PLACES)
    register(platform, told, ValidationURL=nowhere, ResponseType="Completed")
    switch(platform, instructs=True)
    ids = [pay(platform, Amount=amount) for amount in (10, 20, 30)]
    listed = waiting(platform)
    assert [(each["amount"], each["state"]) for each in listed] == [
        (amount, "Pending Authorized") for amount in ("10.00", "20.00", "30.00")
    ]
    assert [ends_as(platform, each)["TransactionStatus"] for each in ids] == ["Pending Authorized"] * 3
    assert reserved(platform) == 6_000
    platform = platform.restarted()
    assert waiting(platform) == listed
    for each, accept in zip(listed[:2], (True, False), strict=True):
        words = {"receipt": each["receipt"], "accept": accept}
        assert call(platform, "POST", "/_salio/payments/instruct", words).json == each
    assert json.loads(platform.receiver.wait(told).raw)["TransAmount"] == "10.00"
    assert waiting(platform) == listed[2:]
    assert call(platform, "POST", "/_salio/clock/advance", {"seconds": 3600}).status == 200
    assert waiting(platform) == []
    found = [ends_as(platform, each) for each in ids]
    assert [each["TransactionStatus"] for each in found] == ["Completed", "Cancelled", "Expired"]
    assert [each["TransactionReason"] for each in found] == [
        None,
        "rejected by the organization",
        "expired: no instruction came within 60 minutes",
    ]
    assert reserved(platform) == 0
    again = call(
        platform, "POST", "/_salio/payments/instruct", {"receipt": listed[2]["receipt"], "accept": True}
    )
    assert (again.status, "see payments/waiting" in again.json["error"]) == (404, True)


def test_switched_off_again(fresh: Fresh) -> None:
    """Nobody is asked."""
    platform, asked, told = fresh(), next(PLACES), next(PLACES)
    register(platform, told, ValidationURL=platform.receiver.url(asked))
    switch(platform)
    switch(platform, on=False)
    pay(platform)
    platform.receiver.wait(told)
    assert platform.receiver.heard(asked) == []


def test_a_short_code_that_nobody_has(fresh: Fresh) -> None:
    """The control says so, and lists what there is."""
    platform = fresh()
    refused = call(platform, "POST", VALIDATION, {"short_code": "999999", "validated": True})
    assert (refused.status, "there is no short code 999999" in refused.json["error"]) == (404, True)
    switch(platform)
    (shown,) = call(platform, "GET", "/_salio/registrations").json["registrations"]
    assert shown == {
        "short_code": PAYBILL,
        "response_type": "Completed",
        "confirmation_url": None,
        "validation_url": None,
        "validated": True,
        "instructs": False,
    }
