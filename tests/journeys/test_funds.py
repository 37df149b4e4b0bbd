"""Settlement and withdrawal through the control and the commands, and what status and balance tell."""

import json
from typing import Any

import pytest

from salio.cli.__main__ import main
from salio.wire.balance_text import read_accounts
from tests.journeys.controlling import call
from tests.journeys.running import ABSENT, BALANCE, STATUS, Platform

SETTLE, WITHDRAW = "/_salio/organizations/settle", "/_salio/organizations/withdraw"
OURS = {"short_code": "600000"}


def available(told: dict[str, Any]) -> dict[str, str]:
    """Of an answer, by the name of the account."""
    return {each["name"]: each["available"] for each in told["accounts"]}


def balances(platform: Platform) -> dict[str, int]:
    """What a balance query of 600000 tells."""
    text = platform.result(BALANCE).parameters["AccountBalance"]
    return {each.name: each.available for each in read_accounts(text)}


def status(platform: Platform, receipt: str) -> dict[str, Any]:
    """What a status query of 600000 tells."""
    found = platform.result(STATUS, {"TransactionID": receipt, "OriginalConversationID": ABSENT})
    assert found.code == "0"
    return dict(found.parameters)


def test_settle_withdraw_and_look(sandbox: Platform) -> None:
    """AB's sample settled: 228,037.00 of receipts, 1,540.00 of charges. Balance and status tell the same."""
    owed = call(sandbox, "POST", WITHDRAW, {**OURS, "amount": "1"})
    assert (owed.status, owed.json["error"]) == (
        409,
        "charges owed: 600000 owes KES 1,540.00 of charges: settle them first",
    )
    settled = call(sandbox, "POST", SETTLE, {**OURS, "maker": "weboperator"}).json
    assert settled["amount"] == "228037.00"
    assert available(settled) == {
        "Working Account": "926497.00",
        "Float Account": "0.00",
        "Utility Account": "0.00",
        "Charges Paid Account": "0.00",
        "Organization Settlement Account": "0.00",
    }
    signed = {"maker": "manager", "checker": "deputy"}
    taken = call(sandbox, "POST", WITHDRAW, {**OURS, "amount": "26497.50", **signed}).json
    assert (taken["amount"], taken["to"]) == ("26497.50", "M-PESA - Bank")
    assert balances(sandbox)["Working Account"] == 89_999_950

    told = status(sandbox, taken["receipt"])
    assert (told["TransactionStatus"], told["Amount"]) == ("Completed", "26497.50")
    assert told["DebitAccountType"] == "Working Account"
    assert told["ReasonType"] == "Organization Withdrawal of Funds"
    assert told["TransactionReason"] == "Initiated by manager, approved by deputy."
    assert status(sandbox, settled["receipt"])["ReasonType"] == "Organization Revenue Settlement"
    assert sandbox.rows("SELECT sum(available + reserved + uncleared) FROM account") == [(0,)]
    assert sandbox.on_loop(sandbox.sandbox.store.check_journal).holds


def test_what_was_answered_is_durable(sandbox: Platform) -> None:
    """A restart finds it; a second settlement does nothing, and receipts are not given twice."""
    first = call(sandbox, "POST", SETTLE, OURS).json
    sandbox = sandbox.restarted()
    again = call(sandbox, "POST", SETTLE, OURS).json
    assert again == {**OURS, "amount": "0.00", "accounts": first["accounts"]}
    taken = call(sandbox, "POST", WITHDRAW, {**OURS, "amount": "1"}).json
    assert taken["receipt"] != first["receipt"]


def test_to_the_own_number(sandbox: Platform) -> None:
    """600134's withdrawals go to its own M-PESA number."""
    taken = call(sandbox, "POST", WITHDRAW, {"short_code": "600134", "amount": "1200"}).json
    assert taken["to"] == "254722111111 - Tom Thumb"
    assert available(taken)["Working Account"] == "0.00"


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        pytest.param(SETTLE, {"short_code": "1\n"}, 404, r"no organization 1\x0a: `salio", id="unknown"),
        pytest.param(SETTLE, {}, 400, "`short_code`", id="no short code"),
        pytest.param(SETTLE, {**OURS, "maker": "auditor"}, 409, "not approved: the maker's", id="auditor"),
        pytest.param(SETTLE, {**OURS, "why": "?"}, 400, "`why`", id="a word too many"),
        pytest.param(WITHDRAW, {**OURS}, 400, "`amount`", id="no amount"),
        pytest.param(WITHDRAW, {**OURS, "amount": 5}, 400, "$.amount", id="a number"),
        pytest.param(WITHDRAW, {**OURS, "amount": "0"}, 400, "`amount`: not an amount", id="nothing"),
        pytest.param(WITHDRAW, {**OURS, "amount": "-1"}, 400, "`amount`: not an amount", id="less"),
        pytest.param(WITHDRAW, {**OURS, "amount": "1.234"}, 400, "`amount`: not an amount", id="decimals"),
        pytest.param(
            WITHDRAW,
            {"short_code": "600134", "amount": "1200.01"},
            409,
            "balance insufficient",
            id="too much",
        ),
        pytest.param(
            WITHDRAW,
            {**OURS, "amount": "1", "maker": "manager"},
            409,
            "not approved: somebody else has to approve it",
            id="alone",
        ),
    ],
)
def test_nothing_moves(
    documented: Platform, path: str, body: dict[str, Any], status: int, words: str
) -> None:
    """The answer says why."""
    rows = documented.rows("SELECT count(*) FROM posting")
    answer = call(documented, "POST", path, body)
    assert (answer.status, words in answer.json["error"]) == (status, True)
    assert documented.rows("SELECT count(*) FROM posting") == rows


def test_the_commands(sandbox: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """`salio settle` and `salio withdraw`; an error is one line."""

    def said(*arguments: str, status: int = 0) -> str:
        assert main([*arguments, "--data", str(sandbox.data)]) == status
        captured = capsys.readouterr()
        return captured.err if status else captured.out

    assert said("withdraw", "600000", "1", status=1).startswith(
        "salio: charges owed: 600000 owes KES 1,540.00"
    )
    assert said("settle", "600000").startswith("KES 228037.00 settled, UHG")
    assert said("settle", "600000").splitlines()[:2] == [
        "nothing to settle",
        "  Working Account                           926497.00 available",
    ]
    taken = json.loads(said("withdraw", "600000", "26497", "--maker=manager", "--checker=deputy", "--json"))
    assert (taken["amount"], available(taken)["Working Account"]) == ("26497.00", "900000.00")
