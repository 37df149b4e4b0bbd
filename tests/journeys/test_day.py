"""A day in the life of a business (docs/day.md): every shilling that moved is explained in the evening."""

import json
from itertools import count
from typing import Any

import pytest

from salio.cli.__main__ import main
from salio.platform.folder import DataFolder
from salio.wire.apis import Api
from salio.wire.balance_text import read_accounts
from tests.journeys.conftest import Fresh
from tests.journeys.controlling import call
from tests.journeys.running import ABSENT, BALANCE, BILL, PAYMENT, STATUS, Platform

SHOP, WAGES = "600000", "600997"
INITIATORS = {SHOP: "testapiuser", WAGES: "testapi"}
JOHN, JANE, ANN = "254708374149", "254700000000", "254722000000"
PLACES = (f"/day-{number}" for number in count(1))


@pytest.fixture
def platform(fresh: Fresh) -> Platform:
    """A platform of the test's own, signed so that commands find it."""
    platform = fresh()
    DataFolder(platform.data).sign(f"http://127.0.0.1:{platform.port}")
    return platform


def balances(platform: Platform, short_code: str) -> dict[str, int]:
    """What a balance query tells, in cents by the name of the account."""
    changes = {"PartyA": short_code, "Initiator": INITIATORS[short_code]}
    text = platform.result(BALANCE, changes).parameters["AccountBalance"]
    return {each.name.removesuffix(" Account"): each.available for each in read_accounts(text)}


def receive(platform: Platform, customer: str, shillings: int) -> str:
    """A customer pays the shop; the receipt in the confirmation."""
    place = next(PLACES)
    urls = {"ConfirmationURL": platform.receiver.url(place), "ValidationURL": platform.receiver.url(place)}
    assert platform.ask(Api.C2B_REGISTER, {"ShortCode": SHOP, **urls}).status == 200
    assert platform.ask(Api.C2B, {"ShortCode": SHOP, "Msisdn": customer, "Amount": shillings}).status == 200
    return str(json.loads(platform.receiver.wait(place).raw)["TransID"])


def done(platform: Platform, api: Api, **members: Any) -> str:
    """A request that succeeds; its receipt."""
    told = platform.result(api, members)
    assert told.code == "0"
    return str(told.result["TransactionID"])


def by_hand(platform: Platform, what: str, **members: str) -> str:
    """An act of the shop's operators; its receipt."""
    answer = call(platform, "POST", f"/_salio/organizations/{what}", {"short_code": SHOP, **members})
    assert answer.status == 200
    return str(answer.json["receipt"])


def entries(
    platform: Platform, capsys: pytest.CaptureFixture[str], short_code: str, account: str
) -> list[Any]:
    """The account's statement of the day, newest first."""
    wanted = ["statement", short_code, "--account", account, "--limit", "0", "--json", "--from", "2026-08-16"]
    capsys.readouterr()
    assert main([*wanted, "--data", str(platform.data)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_day(platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """Payments in, one of them wrong; charges settled; salaries; a withdrawal; what the balances say."""
    shop, wages = balances(platform, SHOP), balances(platform, WAGES)

    receipts = [receive(platform, JOHN, 1_000), receive(platform, JANE, 2_500)]
    wrong = receive(platform, ANN, 700)
    given_back = done(
        platform,
        Api.REVERSAL,
        Initiator=INITIATORS[SHOP],
        ReceiverParty=SHOP,
        TransactionID=wrong,
        Amount="700",
    )
    settled = by_hand(platform, "settle", maker="weboperator")
    top_up = done(
        platform,
        BILL,
        Initiator=INITIATORS[SHOP],
        CommandID="BusinessPayToBulk",
        PartyA=SHOP,
        PartyB=WAGES,
        Amount="5000",
    )
    salaries = [
        done(platform, PAYMENT, PartyA=WAGES, CommandID="SalaryPayment", PartyB=each, Amount="1500")
        for each in (JOHN, JANE, ANN)
    ]
    taken = by_hand(platform, "withdraw", amount="100000", maker="manager", checker="deputy")

    revenue = shop["Utility"] + 350_000 + shop["Charges Paid"]  # which runs negative
    assert balances(platform, SHOP) == {
        "Working": shop["Working"] + revenue - 500_000 - 10_000_000,
        "Float": 0,
        "Utility": 0,
        "Charges Paid": 0,
        "Organization Settlement": 0,
    }
    assert balances(platform, WAGES) == {
        "Working": wages["Working"],
        "Utility": wages["Utility"] + 500_000 - 3 * 150_000,
        "Charges Paid": wages["Charges Paid"] - 3 * 500,
    }

    for receipt in (*receipts, wrong, given_back, settled, top_up, taken):
        assert status(platform, SHOP, receipt)["TransactionStatus"] == "Completed"
    for receipt in salaries:
        assert status(platform, WAGES, receipt)["ReasonType"] == "Salary Payment to Customer via API"

    working = entries(platform, capsys, SHOP, "working")
    assert [each["receipt"] for each in working] == [taken, top_up, settled]
    utility = entries(platform, capsys, SHOP, "utility")
    assert [each["receipt"] for each in utility] == [settled, given_back, wrong, *reversed(receipts)]
    assert utility[0]["balance"] == "0.00"
    assert main(["check", "--data", str(platform.data)]) == 0
    assert platform.rows("SELECT sum(available + reserved + uncleared) FROM account") == [(0,)]


def status(platform: Platform, short_code: str, receipt: str) -> dict[str, Any]:
    """What a status query tells."""
    changes = {
        "PartyA": short_code,
        "Initiator": INITIATORS[short_code],
        "TransactionID": receipt,
        "OriginalConversationID": ABSENT,
    }
    return platform.result(STATUS, changes).parameters
