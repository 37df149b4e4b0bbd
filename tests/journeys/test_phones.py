"""The commands at a running sandbox: the hand on a phone, an organization's instruction, a passkey."""

import json

import pytest

from salio.cli.app import run
from salio.sandbox.testdata.passkeys import PUBLISHED_PASSKEYS
from salio.wire.apis import Api
from salio.wire.express_push import make_password
from salio.wire.result_codes import ResultCode
from tests.journeys.bodies import MERCHANT, PAYER, answer_prompts
from tests.journeys.controlling import call
from tests.journeys.running import Platform
from tests.journeys.test_c2b import PAYBILL, PLACES, pay, register
from tests.journeys.test_express import prompt
from tests.journeys.test_samples import sample
from tests.journeys.test_validation import nowhere

__all__ = ["nowhere"]


def said(capsys: pytest.CaptureFixture[str], platform: Platform, *words: str, status: int = 0) -> str:
    """What a command prints, beside the platform."""
    capsys.readouterr()
    assert run([*words, "--data", str(platform.data)]) == status
    printed = capsys.readouterr()
    return printed.err if status else printed.out


def test_a_hand_on_the_phone(sandbox: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing, one prompt, its answer, and again nothing."""
    platform = sandbox
    assert said(capsys, platform, "phone", "list") == "no phone shows a prompt\n"
    merchant, checkout = prompt(platform, Amount=4)
    assert call(platform, "POST", "/_salio/flush").json == {"idle": True}
    line = said(capsys, platform, "phone", "list")
    assert line.startswith(
        "254******000  Pay KES 4.00 to Safaricom Daraja 379 for invoice008? Enter your M-PESA PIN:"
    )
    listed = json.loads(said(capsys, platform, "phone", "list", "--json"))
    assert (listed["checkout_request_id"], listed["msisdn"]) == (checkout, "254******000")
    assert said(capsys, platform, "phone", "list", "--msisdns").startswith(f"{PAYER}  Pay KES")
    assert said(capsys, platform, "phone", "answer", PAYER, "right_pin") == line
    assert platform.receiver.wait(merchant).result["ResultCode"] == 0
    refused = said(capsys, platform, "phone", "answer", PAYER, "cancel", status=1)
    assert f"the phone {PAYER} shows no prompt" in refused


def test_which_phone_is_meant(sandbox: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """A number as the list shows it, if one phone alone rings that has it; or the CheckoutRequestID."""
    platform, other = sandbox, "254700000000"
    first, checkout = prompt(platform)
    members = {"PartyA": other, "PhoneNumber": other, "CallBackURL": platform.receiver.url("/result")}
    asked = platform.post(Api.EXPRESS, json.dumps(sample("express_request") | members).encode())
    second = asked.json["MerchantRequestID"]
    assert call(platform, "POST", "/_salio/flush").json == {"idle": True}
    alike = said(capsys, platform, "phone", "answer", "254******000", "cancel", status=1)
    assert "254******000 could be any of 2 phones: give the CheckoutRequestID beside it" in alike
    said(capsys, platform, "phone", "answer", checkout, "wrong_pin")
    said(capsys, platform, "phone", "answer", "254******000", "cancel")
    assert [platform.receiver.wait(each).result["ResultCode"] for each in (first, second)] == [2001, 1032]
    gone = said(capsys, platform, "phone", "answer", "254******000", "cancel", status=1)
    assert "the phone 254******000 shows no prompt" in gone


def test_an_organization_that_can_hold_no_more(sandbox: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """Code 8 for a prompt of 700400 in the test data, above the thousand shillings that it has room for."""
    passkey = said(capsys, sandbox, "passkey", "700400").strip()
    at = "20260816123000"
    signed = {
        "BusinessShortCode": "700400",
        "Password": make_password("700400", passkey, at),
        "Timestamp": at,
    }
    merchant, _ = prompt(sandbox, PartyB="700400", Amount=1001, **signed)
    answer_prompts(sandbox, "right_pin")
    told = sandbox.receiver.wait(merchant).result
    assert (told["ResultCode"], told["ResultDesc"]) == (8, ResultCode.BALANCE_LIMIT_EXCEEDED.description)


def test_an_organizations_instruction(
    sandbox: Platform, capsys: pytest.CaptureFixture[str], nowhere: str
) -> None:
    """Switched on, waited for, accepted, rejected; whoever is not known is said to be so."""
    platform, told = sandbox, next(PLACES)
    register(platform, told, ValidationURL=nowhere)
    assert "(else by instruction)" in said(capsys, platform, "validation", "on", PAYBILL, "--instruct")
    assert said(capsys, platform, "validation", "waiting") == "nothing waits\n"
    for amount in (10, 20):
        pay(platform, Amount=amount)
    assert call(platform, "POST", "/_salio/flush").json == {"idle": True}
    lines = said(capsys, platform, "validation", "waiting").splitlines()
    assert [line.split("  ")[1:3] for line in lines] == [
        [
            "Pending Authorized",
            f"KES {amount}.00 of 254******149 to {PAYBILL}, until 2026-08-16T10:30:00+00:00",
        ]
        for amount in (10, 20)
    ]
    assert "of 254708374149 to" in said(capsys, platform, "validation", "waiting", "--msisdns")
    assert "254708374149" not in said(capsys, platform, "validation", "waiting", "--json")
    receipts = [line.split()[0] for line in lines]
    assert said(capsys, platform, "validation", "accept", receipts[0]).splitlines() == lines[:1]
    assert said(capsys, platform, "validation", "reject", receipts[1]).splitlines() == lines[1:]
    assert said(capsys, platform, "validation", "waiting") == "nothing waits\n"
    assert json.loads(platform.receiver.wait(told).raw)["TransAmount"] == "10.00"
    assert receipts[0] in said(capsys, platform, "validation", "accept", receipts[0], status=1)
    assert "(else Completed)" in said(capsys, platform, "validation", "off", PAYBILL)


def test_a_passkey(sandbox: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """The documents' own for 174379; any other short code has one of this platform's."""
    platform = sandbox
    assert said(capsys, platform, "passkey", MERCHANT) == f"{PUBLISHED_PASSKEYS[MERCHANT]}\n"
    own = said(capsys, platform, "passkey", "600000").strip()
    assert len(own) == len(PUBLISHED_PASSKEYS[MERCHANT])
    described = json.loads(said(capsys, platform, "testdata", "--json"))["short_codes"]
    assert {each["short_code"]: each["passkey"] for each in described}["600000"] == own
