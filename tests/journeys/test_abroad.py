"""Money from abroad through the control, and what balance, status, statement and check tell of it."""

import json
from typing import Any

import pytest

from salio.cli.__main__ import main
from salio.wire.balance_text import AccountAmounts, read_accounts
from tests.journeys.conftest import Fresh
from tests.journeys.controlling import call
from tests.journeys.running import ABSENT, BALANCE, STATUS, Platform

RECEIVE, CLEAR = "/_salio/transfers/receive", "/_salio/transfers/clear"
PARTNER, CUSTOMER, STALL = "600997", "254722111111", "600996"
COUNTRY = "`country`: two capitals of ISO 3166-1 are asked for, such as KE for Kenya"
SENDER = "`sender`: 1 to 80 characters are asked for, all in one line"
SENT = {"through": PARTNER, "receiver": CUSTOMER, "amount": "1500.50", "sender": "Zoë Roe", "country": "GB"}


def working(platform: Platform, short_code: str) -> AccountAmounts:
    """What a balance query tells of the Working account."""
    changes = {"PartyA": short_code, "Initiator": "testapi"}
    text = platform.result(BALANCE, changes).parameters["AccountBalance"]
    return next(each for each in read_accounts(text) if each.name == "Working Account")


def status(platform: Platform, receipt: str, **asked: str) -> dict[str, Any]:
    """What a status query tells, asked with PARTNER's initiator."""
    subject = {"TransactionID": receipt, "OriginalConversationID": ABSENT}
    found = platform.result(STATUS, {"PartyA": PARTNER, "Initiator": "testapi", **subject, **asked})
    assert found.code == "0"
    return dict(found.parameters)


def test_it_arrives_and_is_cleared(fresh: Fresh) -> None:
    """Uncleared until it is cleared, over a restart; every number agrees, and the sum stays zero."""
    platform = fresh()
    before = working(platform, PARTNER)
    arrived = call(platform, "POST", RECEIVE, SENT).json
    assert arrived["accounts"] == [
        {
            "name": "MMF Account For Customer",
            "current": "0.00",
            "available": "0.00",
            "reserved": "0.00",
            "uncleared": "1500.50",
        }
    ]
    assert (arrived["holder"], arrived["amount"]) == (CUSTOMER, "1500.50")
    told = status(platform, arrived["receipt"])
    assert told == status(platform, arrived["receipt"], PartyA=CUSTOMER, IdentifierType="1")
    assert told["DebitPartyName"] == "600997 - Safaricom Daraja 997"
    assert told["CreditPartyName"] == "254722111111 - Tom Thumb"
    assert (told["TransactionStatus"], told["Amount"]) == ("Completed", "1500.50")
    assert told["ReasonType"] == "International Money Transfer"
    assert told["TransactionReason"] == "Sent by Zoë Roe, GB."
    assert told["DebitAccountType"] == "Working Account"
    assert working(platform, PARTNER) == before

    platform = platform.restarted()
    cleared = call(platform, "POST", CLEAR, {"holder": CUSTOMER}).json
    assert (cleared["amount"], cleared["accounts"][0]["available"]) == ("1500.50", "1500.50")
    again = call(platform, "POST", CLEAR, {"holder": CUSTOMER}).json
    assert again == {"holder": CUSTOMER, "amount": "0.00", "accounts": cleared["accounts"]}
    assert platform.rows("SELECT sum(available + reserved + uncleared) FROM account") == [(0,)]
    assert main(["check", "--data", str(platform.data)]) == 0


def test_an_organizations_uncleared_funds(fresh: Fresh) -> None:
    """A balance query shows what was there and what arrived, then that it is available."""
    platform = fresh()
    before = working(platform, STALL)
    assert before.uncleared == 150_000
    call(platform, "POST", RECEIVE, {**SENT, "receiver": STALL})
    uncleared = working(platform, STALL)
    assert (uncleared.current, uncleared.uncleared) == (before.current, 300_050)
    cleared = call(platform, "POST", CLEAR, {"holder": STALL}).json
    after = working(platform, STALL)
    assert (after.available, after.uncleared) == (before.available + 300_050, 0)
    told = status(platform, cleared["receipt"], PartyA=STALL)
    assert (told["ReasonType"], told["Amount"]) == ("Clearing of Uncleared Funds", "3000.50")
    lines = platform.rows(
        "SELECT bucket, cents, balance FROM entry JOIN posting ON posting = posting.number WHERE receipt = ?"
        " ORDER BY entry.number",
        [cleared["receipt"]],
    )
    assert lines == [("uncleared", -300_050, before.current), ("available", 300_050, after.current)]


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        pytest.param(
            RECEIVE, {**SENT, "through": "1\n"}, 404, r"no organization 1\x0a: `salio", id="through"
        ),
        pytest.param(
            RECEIVE, {**SENT, "receiver": "0"}, 404, "0 has no M-PESA account: `salio", id="receiver"
        ),
        pytest.param(RECEIVE, {**SENT, "amount": "500000.01"}, 409, "limit exceeded: what a", id="too much"),
        pytest.param(RECEIVE, {**SENT, "amount": "0"}, 400, "`amount`: not an amount", id="nothing"),
        pytest.param(RECEIVE, {**SENT, "country": "Kenya"}, 400, COUNTRY, id="country"),
        pytest.param(RECEIVE, {**SENT, "country": "ke"}, 400, COUNTRY, id="small letters"),
        pytest.param(RECEIVE, {**SENT, "sender": ""}, 400, SENDER, id="nobody"),
        pytest.param(RECEIVE, {**SENT, "sender": "a\nb"}, 400, SENDER, id="two lines"),
        pytest.param(RECEIVE, {**SENT, "sender": "a" * 81}, 400, SENDER, id="a long name"),
        pytest.param(CLEAR, {"holder": "0"}, 404, "0 has no M-PESA account", id="nobody's"),
        pytest.param(CLEAR, {}, 400, "`holder`", id="no holder"),
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
    """Received, cleared, and nothing more to clear; a holder whom nobody knows is said to be none."""
    platform, here = sandbox, ["--data", str(sandbox.data)]
    sent = ["transfer", "receive", PARTNER, CUSTOMER, "1500.50", "--sender", "Zoë Roe", "--country", "GB"]
    assert main([*sent, *here]) == 0
    line, account = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{CUSTOMER}  KES 1500.50 received, uncleared, ")
    assert account.split("  ")[1] == "MMF Account For Customer"
    assert account.endswith("0.00 available            1500.50 uncleared")
    told = status(platform, line.split()[-1])
    assert told["TransactionReason"] == "Sent by Zoë Roe, GB."
    assert main(["transfer", "clear", CUSTOMER, "--json", *here]) == 0
    cleared = json.loads(capsys.readouterr().out)
    assert (cleared["amount"], cleared["accounts"][0]["available"]) == ("1500.50", "1500.50")
    assert main(["transfer", "clear", CUSTOMER, *here]) == 0
    assert capsys.readouterr().out.startswith(f"{CUSTOMER}  nothing to clear\n")
    assert main(["transfer", "clear", "254799999999", *here]) == 1
    assert "254799999999 has no M-PESA account" in capsys.readouterr().err
