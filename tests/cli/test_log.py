"""`salio log` beside a platform."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from salio.cli.__main__ import main
from salio.core.ports import AcceptedRequest
from salio.storage.sqlite.store import SqliteStore
from tests.builders import a_refusal, a_request
from tests.stores import in_file


def happen(data: Path, number: int) -> None:
    """One more request and one more refusal."""
    store = SqliteStore(in_file(data / "sandbox.db"))
    with store.unit() as unit:
        unit.add_requests([AcceptedRequest(a_request(number), "c3cret")])
        unit.add_refusals([a_refusal(number)])
    store.close()


def test_the_latest_in_lines(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """One line each."""
    for number in (1, 2, 3):
        happen(data, number)
    assert main(["log", "--data", str(data)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert main(["log", "--limit", "2", "--data", str(data)]) == 0
    assert capsys.readouterr().out.splitlines() == lines[-2:]


def test_none_of_the_latest(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """Is for who follows; alone it would show nothing, and is refused."""
    happen(data, 1)
    assert main(["log", "--limit", "0", "--data", str(data)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "--limit 0 shows nothing: it is for --follow" in printed.err


def test_as_json(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """One object a line."""
    happen(data, 1)
    assert main(["log", "--json", "--data", str(data)]) == 0
    types = {json.loads(each)["type"] for each in capsys.readouterr().out.splitlines()}
    assert types == {"request", "refusal"}


@pytest.mark.parametrize(
    ("name", "begins"),
    [("1", "request #1: AccountBalance\n"), (a_refusal(1).request_id, "refused: POST ")],
    ids=["request", "refusal"],
)
def test_one_entry_whole(capsys: pytest.CaptureFixture[str], data: Path, name: str, begins: str) -> None:
    """By id, over several lines, without the credential that is still kept beside the request."""
    happen(data, 1)
    assert main(["log", name, "--data", str(data)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(begins)
    assert printed.count("\n") > 3
    assert "c3cret" not in printed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody's"], "nothing here is called nobody's"),
        (["half a pair\ud83d"], "nothing here is called half a pair\\ud83d"),
        (["1", "--follow"], "leave the id out"),
    ],
    ids=["unknown", "no text", "with --follow"],
)
def test_what_cannot_be_shown(
    capsys: pytest.CaptureFixture[str], data: Path, arguments: list[str], words: str
) -> None:
    """Said in a line."""
    assert main(["log", *arguments, "--data", str(data)]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.slow
def test_following_until_ctrl_c(data: Path) -> None:
    """What happens is told as it happens; Ctrl-C is a clean end."""
    happen(data, 1)
    command = [sys.executable, "-m", "salio.cli", "log", "--follow", "--limit", "1", "--data", str(data)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert "refused" in running.stdout.readline()
        happen(data, 2)
        assert {running.stdout.readline().split()[1] for _ in range(2)} == {"#2", "refused"}
        running.send_signal(signal.SIGINT)
        assert running.wait() == 0
        assert running.stdout.read() == running.stderr.read() == ""
