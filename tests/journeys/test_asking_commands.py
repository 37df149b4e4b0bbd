"""`salio token`, `balance` and `status` against the whole platform, by its test data or a profile."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from salio.cli.__main__ import main
from salio.sandbox.testdata.operators import PASSWORD
from salio.tracker.record import Record
from tests.cli.listening import listening
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


def test_an_outcome_that_is_unknown(capsys: pytest.CaptureFixture[str], sandbox: Platform) -> None:
    """Code 17 is no failure: the request stays open."""
    put(sandbox, end="queue_timed_out", next=1)
    assert main(["balance", "--wait", "--json", "--data", str(sandbox.data)]) == 1
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert (told["state"], told["result"]["code"]) == ("open", "17")
    assert "nobody knows what became of it: 17 " in printed.err


def test_a_program_learns_what_was_asked(capsys: pytest.CaptureFixture[str], sandbox: Platform) -> None:
    """Though no result comes: the acknowledgement is its one object, and says that it is open."""
    put(sandbox, lose="result", next=1)
    told = json.loads(said(capsys, sandbox, "balance", "--wait", "--timeout", "0.2", "--json", status=1))
    assert told["conversation_id"].startswith("AG_")
    assert (told["state"], "result" in told) == ("open", False)


def listened(sandbox: Platform, record: Path, said: Mapping[str, str]) -> tuple[str, ...]:
    """The options by which the platform's results come to `salio listen`, which said its addresses."""
    receiver = said["result_url"].rsplit("/", 2)[0]
    return ("--record", str(record), "--receiver", receiver)


def test_a_result_in_a_record(capsys: pytest.CaptureFixture[str], sandbox: Platform, tmp_path: Path) -> None:
    """`salio listen` receives it, by an address of its own, and prints it as that request's result."""
    record = tmp_path / "record.db"
    with listening(record, "--json") as process:
        options = listened(sandbox, record, json.loads(process.stdout.readline()))
        told = json.loads(said(capsys, sandbox, "balance", "--wait", "--json", *options))
        assert told["result"]["answer"]["accounts"][0]["currency"] == "KES"
        assert told["state"] == "settled"
        shown = json.loads(process.stdout.readline())
        assert (shown["verdict"], shown["request"]) == ("result", 1)
        failed = said(capsys, sandbox, "status", "NOPE000000", "--wait", "--json", *options, status=1)
        assert json.loads(failed)["state"] == "failed"


def test_a_late_result_stays_in_the_record(
    capsys: pytest.CaptureFixture[str], sandbox: Platform, tmp_path: Path
) -> None:
    """It is kept before it is sent: `salio pending` lists it, and its state is told to programs."""
    record = tmp_path / "record.db"
    Record(record).close()
    put(sandbox, lose="result", next=1)
    options = ("--record", str(record), "--receiver", "http://127.0.0.1:9")
    late = said(capsys, sandbox, "balance", "--wait", "--timeout", "0.2", "--json", *options, status=1)
    assert json.loads(late)["state"] == "open"
    assert main(["pending", "--record", str(record), "--json"]) == 0
    pending = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (pending["about"], pending["state"]) == ("600000", "open")


def test_without_a_record_nothing_is_asked(capsys: pytest.CaptureFixture[str], sandbox: Platform) -> None:
    """One that is not there has no receiver either."""
    assert main(["balance", "--record", "none.db", "--data", str(sandbox.data)]) == 1
    assert "there is no record none.db" in capsys.readouterr().err
    assert not Path("none.db").exists()


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


SECRETS: Mapping[str, Callable[[Platform], dict[str, str]]] = {
    "password": lambda _: {"SALIO_INITIATOR_PASSWORD": PASSWORD},
    "credential": lambda sandbox: {"SALIO_SECURITY_CREDENTIAL": sandbox.credential()},
}


def by_profile(
    sandbox: Platform, folder: Path, *arguments: str, proof: str = "password", **settings: str
) -> subprocess.CompletedProcess[str]:
    """A command as the profile shop of the sandbox's app."""
    (folder / "salio").mkdir(parents=True)
    (folder / "salio" / "certificate.pem").write_bytes(sandbox.sandbox.keys.certificate_pem)
    profile = {
        "environment": f"http://127.0.0.1:{sandbox.port}",
        "initiator": "testapiuser",
        "short_code": "600000",
        "certificate": "certificate.pem",
        **settings,
    }
    lines = (f'{name} = "{value}"' for name, value in profile.items())
    (folder / "salio" / "profiles.toml").write_text("\n".join(["[shop]", *lines]), "utf-8")
    environ = {
        "XDG_CONFIG_HOME": str(folder),
        "SALIO_PROFILE": "shop",
        "SALIO_CONSUMER_KEY": sandbox.app.key,
        "SALIO_CONSUMER_SECRET": sandbox.app.secret,
    }
    return subprocess.run(
        [sys.executable, "-m", "salio.cli", *arguments],
        env=os.environ | environ | SECRETS[proof](sandbox),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("proof", SECRETS)
def test_a_profile_of_ones_own(sandbox: Platform, tmp_path: Path, proof: str) -> None:
    """Its secrets come in the environment; results can be waited for in an inbox of the same platform."""
    inbox = f"http://127.0.0.1:{sandbox.port}/inbox/shop"
    asked = ("status", C2B_RECEIPT, "--wait", "--json")
    ran = by_profile(sandbox, tmp_path, *asked, proof=proof, result_url=inbox)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["result"]["answer"]["status"] == "Completed"


def test_a_profile_with_a_record(sandbox: Platform, tmp_path: Path) -> None:
    """Its result URL is one that `salio listen` prints: nothing more has to be said."""
    record = tmp_path / "shop.db"
    with listening(record, "--json") as process:
        url = json.loads(process.stdout.readline())["result_url"]
        ran = by_profile(
            sandbox, tmp_path / "config", "balance", "--wait", "--json", result_url=url, record=str(record)
        )
        assert json.loads(process.stdout.readline())["verdict"] == "result"
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["state"] == "settled"


def test_a_profile_whose_results_go_elsewhere(sandbox: Platform, tmp_path: Path) -> None:
    """Is told how they would come to its record; nothing is asked."""
    Record(tmp_path / "salio-shop.db").close()
    ran = by_profile(
        sandbox,
        tmp_path,
        *("balance", "--wait"),
        result_url="https://shop.example/mpesa",
        record=str(tmp_path / "salio-shop.db"),
    )
    assert ran.returncode == 1
    assert "https://shop.example/mpesa, which is no address of the record" in ran.stderr
    assert sandbox.kept() == 0
