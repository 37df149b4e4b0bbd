"""Who bears a charge: each way, through the APIs, in balances, in a status query and in the journal; and what
a customer may send in a day.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from salio.cli.__main__ import main
from salio.wire.apis import Api
from tests.journeys.conftest import Fresh
from tests.journeys.controlling import call
from tests.journeys.provoking import flush
from tests.journeys.receiver import Answer
from tests.journeys.running import PAYMENT, Platform
from tests.journeys.test_b2c import RICHEST, SECOND, balances
from tests.journeys.test_c2b import JOHN, PAYBILL, PLACES, pay, register, status
from tests.journeys.test_validation import VALIDATION

BEARERS = "/_salio/organizations/charges"


def held(platform: Platform, holder: str) -> dict[str, int]:
    """What each account of the holder has available, in cents."""
    return dict(platform.rows("SELECT kind, available FROM account WHERE holder = ?", [holder]))


def charges(found: dict[str, Any]) -> dict[str, Any]:
    """Of a status query's parameters those that tell a charge."""
    return {name: value for name, value in found.items() if name.endswith("PartyCharges")}


def fees(name: str, told: Mapping[str, str | None]) -> dict[str, str | None]:
    """How the parameters tell these shillings."""
    return {key: shillings and f"{name}|KES|{shillings}" for key, shillings in told.items()}


def gained(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """By account what is there more, or less."""
    return {name: after[name] - cents for name, cents in before.items() if after[name] != cents}


@pytest.mark.parametrize(
    ("paybill", "customer", "organization", "told"),
    [
        pytest.param("600984", 0, 0, {"CreditPartyCharges": None}, id="the organization: no charge"),
        pytest.param(
            "600966", 500, 0, {"DebitPartyCharges": "5.00", "CreditPartyCharges": None}, id="the customer"
        ),
        pytest.param(
            "601426", 250, 251, {"DebitPartyCharges": "2.50", "CreditPartyCharges": "2.51"}, id="both"
        ),
    ],
)
def test_a_customers_payment(
    documented: Platform, paybill: str, customer: int, organization: int, told: dict[str, str | None]
) -> None:
    """The customer pays its share with the amount, the paybill owes its own; the status names both sides."""
    flush(documented)  # whoever paid before has been paid for
    before, johns = held(documented, paybill), held(documented, JOHN)
    own_id = pay(documented, ShortCode=paybill, Amount=200)
    found = status(documented, paybill, OriginalConversationID=own_id)
    assert (found["TransactionStatus"], found["Amount"]) == ("Completed", "200")
    assert charges(found) == fees("Fee For C2B Payment", told)
    owed = {"Charges Paid Account": -organization} if organization else {}
    assert gained(before, held(documented, paybill)) == {"Utility Account": 20_000, **owed}
    assert gained(johns, held(documented, JOHN)) == {"MMF Account For Customer": -20_000 - customer}
    assert documented.on_loop(documented.sandbox.store.check_journal).holds


@pytest.mark.parametrize(
    ("payer", "customer", "organization", "told"),
    [
        pytest.param("600978", 0, 500, {"DebitPartyCharges": "5.00"}, id="the organization"),
        pytest.param("700200", 500, 0, {"CreditPartyCharges": "5.00"}, id="the customer"),
        pytest.param(
            "700300", 250, 250, {"DebitPartyCharges": "2.50", "CreditPartyCharges": "2.50"}, id="both"
        ),
    ],
)
def test_a_payment_to_a_customer(
    documented: Platform, payer: str, customer: int, organization: int, told: dict[str, str | None]
) -> None:
    """What the customer bears is taken out of what comes in; result, status and balance query agree."""
    flush(documented)
    before, johns = balances(documented, payer), held(documented, JOHN)
    paid = documented.result(PAYMENT, {"PartyA": payer, "Amount": "200"})
    assert paid.code == "0"
    assert paid.parameters["TransactionAmount"] == 200
    found = status(documented, payer, TransactionID=paid.result["TransactionID"])
    assert charges(found) == fees("Fee For B2C Payment", told)
    owed = {"Charges Paid Account": -organization} if organization else {}
    assert gained(before, balances(documented, payer)) == {"Utility Account": -20_000, **owed}
    assert gained(johns, held(documented, JOHN)) == {"MMF Account For Customer": 20_000 - customer}


def test_a_shared_charge_is_set_aside_paid_and_put_back(fresh: Fresh) -> None:
    """Accepted by its organization, then reversed, the payment leaves all as before; the books hold."""
    platform, place, paybill = fresh(), next(PLACES), "601426"
    before, johns = held(platform, paybill), held(platform, JOHN)
    platform.receiver.answer(place, Answer(b'{"ResultCode": "0"}'))
    register(platform, next(PLACES), paybill, ValidationURL=platform.receiver.url(place))
    call(platform, "POST", VALIDATION, {"short_code": paybill, "validated": True})
    own_id = pay(platform, ShortCode=paybill, Amount=200)
    assert call(platform, "POST", "/_salio/flush").json == {"idle": True}
    paid = status(platform, paybill, OriginalConversationID=own_id)
    assert gained(johns, held(platform, JOHN)) == {"MMF Account For Customer": -20_250}
    assert gained(before, held(platform, paybill)) == {
        "Utility Account": 20_000,
        "Charges Paid Account": -251,
    }
    ours = {
        "Initiator": "testapi",
        "ReceiverParty": paybill,
        "TransactionID": paid["ReceiptNo"],
        "Amount": "200",
    }
    assert platform.result(Api.REVERSAL, ours).code == "0"
    assert (held(platform, paybill), held(platform, JOHN)) == (before, johns)
    assert main(["check", "--data", str(platform.data)]) == 0


def test_what_a_customer_may_send_in_a_day(fresh: Fresh) -> None:
    """KES 500,000 (M-PESA Express, FAQ 5), and a restart forgets nothing: the next shilling is declined."""
    platform = fresh()
    for payer, amount in ((RICHEST, 250_000), (RICHEST, 151_000), (SECOND, 99_000)):
        paid = platform.result(PAYMENT, {"PartyA": payer, "PartyB": JOHN, "Amount": amount})
        assert paid.code == "0"
        if amount == 250_000:
            pay(platform, Amount=250_000)
    pay(platform, Amount=250_000)
    platform = platform.restarted()
    own_id = pay(platform, Amount=1)
    assert status(platform, PAYBILL, OriginalConversationID=own_id)["TransactionStatus"] == "Declined"
    ends = platform.rows("SELECT outcome, cause FROM conclusion ORDER BY number")
    assert [each for each, _ in ends].count("day's limit exceeded") == 1
    causes = [cause for outcome, cause in ends if outcome == "day's limit exceeded"]
    assert causes == ["what a customer may send in a day: KES 500,001.00 would be more than KES 500,000.00"]


def test_another_bearer(fresh: Fresh) -> None:
    """What is decided after the change follows it, over a restart too; what was paid before stays so."""
    platform = fresh()
    first = pay(platform, ShortCode="600984", Amount=200)
    assert call(platform, "POST", "/_salio/flush").json == {"idle": True}
    changed = call(platform, "POST", BEARERS, {"short_code": "600984", "borne_by": "customer"})
    named = {"short_code": "600984", "name": "Safaricom Daraja 984"}
    assert (changed.status, changed.json) == (200, named | {"borne_by": "customer"})
    johns = held(platform, JOHN)
    second = pay(platform, ShortCode="600984", Amount=200)
    assert charges(status(platform, "600984", OriginalConversationID=first)) == fees(
        "Fee For C2B Payment", {"CreditPartyCharges": None}
    )
    told = fees("Fee For C2B Payment", {"DebitPartyCharges": "5.00", "CreditPartyCharges": None})
    assert charges(status(platform, "600984", OriginalConversationID=second)) == told
    assert gained(johns, held(platform, JOHN)) == {"MMF Account For Customer": -20_500}
    platform = platform.restarted()
    third = pay(platform, ShortCode="600984", Amount=200)
    assert charges(status(platform, "600984", OriginalConversationID=third)) == told


def test_the_commands(sandbox: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """Set, listed, and what comes of it; a short code that nobody has is said to be none."""
    here = ["--data", str(sandbox.data)]
    assert main(["charges", "set", "600984", "split", *here]) == 0
    assert main(["charges", "list", "--short-code", "600984", *here]) == 0
    assert capsys.readouterr().out == "600984   split         Safaricom Daraja 984\n" * 2
    own_id = pay(sandbox, ShortCode="600984", Amount=200)
    told = {"DebitPartyCharges": "2.50", "CreditPartyCharges": "2.51"}
    found = charges(status(sandbox, "600984", OriginalConversationID=own_id))
    assert found == fees("Fee For C2B Payment", told)
    assert main(["charges", "set", "999999", "split", *here]) == 1
    assert "there is no organization 999999" in capsys.readouterr().err
    assert main(["charges", "list", "--short-code", "999999", *here]) == 0
    assert capsys.readouterr().out == "no organization\n"


def test_nobodys_charges(documented: Platform) -> None:
    """A short code that nobody has, and a bearer that is none; all of them are listed."""
    refused = call(documented, "POST", BEARERS, {"short_code": "999999", "borne_by": "split"})
    assert (refused.status, refused.json["error"]) == (
        404,
        "there is no organization 999999: `salio testdata` shows them",
    )
    assert call(documented, "POST", BEARERS, {"short_code": "600984", "borne_by": "nobody"}).status == 400
    listed = call(documented, "GET", BEARERS).json["charges"]
    assert {each["borne_by"] for each in listed} == {"organization", "customer", "split"}
