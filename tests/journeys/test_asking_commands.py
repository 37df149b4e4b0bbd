"""`salio token`, `balance` and `status` against the whole platform, by its test data or a profile."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from salio.cli.__main__ import main
from salio.sandbox.testdata.operators import PASSWORD
from tests.journeys.provoking import put
from tests.journeys.running import Platform
from tests.journeys.subjects import C2B_RECEIPT


def said(capsys: pytest.CaptureFixture[str], sandbox: Platform, *arguments: str, status: int = 0) -> str:
    """What a command prints of the folder's platform."""
    capsys.readouterr()
    assert main([*arguments, "--data", str(sandbox.data)]) == status
    return capsys.readouterr().out


def test_a_token(capsys: pytest.CaptureFixture[str], sandbox: Platform) -> None:
    """And nothing else, so that a shell can keep it."""
    token = said(capsys, sandbox, "token").strip()
    assert token.isalnum()
    assert list(json.loads(said(capsys, sandbox, "token", "--json"))) == ["access_token"]


def test_a_balance_for_people(capsys: pytest.CaptureFixture[str], sandbox: Platform) -> None:
    """Three words after `salio up`: the acknowledgement, then the accounts."""
    printed = said(capsys, sandbox, "balance", "--wait")
    assert f"Accepted; the result goes to http://127.0.0.1:{sandbox.port}/inbox/demo" in printed
    rows = [line.split() for line in printed.splitlines()]
    assert ["Float", "KES"] in [row[:2] for row in rows]


def test_a_balance_for_programs(capsys: pytest.CaptureFixture[str], sandbox: Platform) -> None:
    """One object, with the result in it if it was waited for."""
    alone = json.loads(said(capsys, sandbox, "balance", "600310", "--json"))
    assert (alone["code"], "result" in alone) == ("0", False)
    told = json.loads(said(capsys, sandbox, "balance", "600310", "--json", "--wait"))
    assert told["result"]["answer"]["accounts"][0]["currency"] == "KES"
    assert {"name": "ConversationID", "value": told["conversation_id"]} in told["result"]["facts"]


def test_a_status(capsys: pytest.CaptureFixture[str], sandbox: Platform) -> None:
    """By receipt alone: the test data tell whose it is. By its conversation as well."""
    printed = said(capsys, sandbox, "status", "MBN31H462N", "--wait")
    told = dict(line.split(None, 1) for line in printed.splitlines() if len(line.split(None, 1)) == 2)
    assert (told["TransactionStatus"], told["DebitPartyName"]) == (
        "Completed",
        "600310 - Safaricom333",
    )
    asked = ("status", "--conversation", told["OriginatorConversationID"], "--wait", "--json")
    assert json.loads(said(capsys, sandbox, *asked))["result"]["answer"]["receipt"] == "MBN31H462N"


def test_a_result_that_is_a_failure(capsys: pytest.CaptureFixture[str], sandbox: Platform) -> None:
    """Is shown, and the exit status is 1."""
    printed = said(capsys, sandbox, "status", "NOPE000000", "--wait", status=1)
    assert "2032 The transaction receipt number does not exist." in printed


def test_a_result_that_does_not_come(capsys: pytest.CaptureFixture[str], sandbox: Platform) -> None:
    """What was acknowledged is said all the same."""
    put(sandbox, lose="result", next=1)
    assert main(["balance", "--wait", "--timeout", "0.2", "--data", str(sandbox.data)]) == 1
    printed = capsys.readouterr()
    assert "ConversationID" in printed.out
    assert printed.err == "salio: no result came in 0.2 s; it may still come\n"


def test_a_refusal(capsys: pytest.CaptureFixture[str], sandbox: Platform) -> None:
    """With its code, its reason and what to do, on one line."""
    assert main(["balance", "12", "--data", str(sandbox.data)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("salio: 400.002.02 Bad Request - Invalid PartyA (HTTP 400); reason: PartyA: ")
    assert error.count("\n") == 1


def test_a_platform_that_has_ended(capsys: pytest.CaptureFixture[str], sandbox: Platform) -> None:
    """Is not asked."""
    (sandbox.data / "platform.json").unlink()
    assert main(["balance", "--data", str(sandbox.data)]) == 1
    assert "start it with `salio up --data" in capsys.readouterr().err


@pytest.mark.parametrize("secret", ["password", "credential"])
def test_a_profile_of_ones_own(sandbox: Platform, tmp_path: Path, secret: str) -> None:
    """Its secrets come in the environment; results can be waited for in an inbox of the same platform."""
    base = f"http://127.0.0.1:{sandbox.port}"
    folder = tmp_path / "config" / "salio"
    folder.mkdir(parents=True)
    (folder / "certificate.pem").write_bytes(sandbox.sandbox.keys.certificate_pem)
    (folder / "profiles.toml").write_text(
        f"""
        [shop]
        environment = "{base}"
        initiator = "testapiuser"
        short_code = "600000"
        certificate = "certificate.pem"
        result_url = "{base}/inbox/shop"
        """,
        "utf-8",
    )
    secrets = {
        "password": {"SALIO_INITIATOR_PASSWORD": PASSWORD},
        "credential": {"SALIO_SECURITY_CREDENTIAL": sandbox.credential()},
    }[secret]
    environ = {
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "SALIO_PROFILE": "shop",
        "SALIO_CONSUMER_KEY": sandbox.app.key,
        "SALIO_CONSUMER_SECRET": sandbox.app.secret,
    }
    ran = subprocess.run(
        [sys.executable, "-m", "salio.cli", "status", C2B_RECEIPT, "--wait", "--json"],
        env=os.environ | environ | secrets,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["result"]["answer"]["status"] == "Completed"
