"""Calls of the state under `/_salio/`: who may, in what words, and the commands."""

import json

import pytest

from salio.cli.__main__ import main
from tests.journeys.client import Headers
from tests.journeys.provoking import call
from tests.journeys.running import BALANCE, Platform
from tests.journeys.test_state import JSON, RESET, SNAPSHOTS, done, live, take

# --- who may, and in what words ----------------------------------------------------------------------------

CALLS = [
    pytest.param("GET", SNAPSHOTS, id="list"),
    pytest.param("POST", SNAPSHOTS, id="take"),
    pytest.param("POST", f"{SNAPSHOTS}/before/restore", id="restore"),
    pytest.param("DELETE", f"{SNAPSHOTS}/before", id="remove"),
    pytest.param("POST", RESET, id="reset"),
]


@pytest.mark.parametrize(
    "headers", [[("X-Salio-Key", "wrong")], [("Host", "evil.example")]], ids=["key", "host"]
)
@pytest.mark.parametrize(("method", "path"), CALLS)
def test_strangers(documented: Platform, method: str, path: str, headers: Headers) -> None:
    """Refused, and nothing happens."""
    kept = documented.kept()
    answer = documented.send(method, path, [JSON, *headers], b'{"name": "before"}')
    assert (answer.status, list(answer.json)) == (403, ["error"])
    assert documented.kept() == kept
    assert not (documented.data / "snapshots").exists()


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        pytest.param("POST", SNAPSHOTS, b"{}", 400, "`name`", id="no name"),
        pytest.param("POST", SNAPSHOTS, b'{"name": ""}', 400, "1 to 64 letters", id="an empty name"),
        pytest.param("POST", SNAPSHOTS, b'{"name": "../x"}', 400, "1 to 64 letters", id="a way out"),
        pytest.param("POST", SNAPSHOTS, b'{"name": ".coming"}', 400, "1 to 64 letters", id="one of ours"),
        pytest.param("POST", SNAPSHOTS, b'{"name": "before\\n"}', 400, "1 to 64 letters", id="a line's end"),
        pytest.param("POST", SNAPSHOTS, b'{"name": "\xc3\xa9"}', 400, "1 to 64 letters", id="beyond ASCII"),
        pytest.param("POST", SNAPSHOTS, b'{"name": "%s"}' % (b"x" * 65), 400, "1 to 64", id="too long"),
        pytest.param("POST", SNAPSHOTS, b'{"name": "x", "force": true}', 400, "force", id="a word too many"),
        pytest.param("POST", f"{SNAPSHOTS}/%2e%2e/restore", b"{}", 400, "1 to 64 letters", id="up"),
        pytest.param("POST", f"{SNAPSHOTS}/absent/restore", b"", 400, "truncated", id="no words to restore"),
        pytest.param("DELETE", f"{SNAPSHOTS}/absent", b"", 404, "no snapshot absent", id="none to remove"),
        pytest.param("DELETE", f"{SNAPSHOTS}/%2e%2e", b"", 400, "1 to 64 letters", id="up to remove"),
        pytest.param("POST", RESET, b'{"all": true}', 400, "all", id="a word too many to reset"),
    ],
)
def test_words_that_make_no_sense(
    documented: Platform, method: str, path: str, body: bytes, status: int, words: str
) -> None:
    """Each says what was expected."""
    answer = documented.send(method, path, [JSON], body)
    assert (answer.status, list(answer.json)) == (status, ["error"])
    assert words in answer.json["error"]
    assert not (documented.data / "snapshots").exists()


def test_a_snapshot_that_is_not_there(documented: Platform) -> None:
    """Cannot be brought back."""
    answer = call(documented, "POST", f"{SNAPSHOTS}/absent/restore")
    assert (answer.status, answer.json["error"]) == (404, "there is no snapshot absent")


def test_a_server_has_tools_of_its_own(sandbox: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """None is taken, brought back or reset; the refusal names the server's command, without the password."""
    live(sandbox)
    kept = sandbox.kept()
    said = {
        path: call(sandbox, "POST", path, **words)
        for path, words in ((SNAPSHOTS, {"name": "x"}), (f"{SNAPSHOTS}/x/restore", {}), (RESET, {}))
    }
    assert [each.status for each in said.values()] == [409] * 3
    commands = ["pg_dump --format=custom --file=salio.dump ", "pg_restore --clean ", "salio up --data DIR "]
    for answer, command in zip(said.values(), commands, strict=True):
        assert command in answer.json["error"]
    assert done(call(sandbox, "GET", SNAPSHOTS)) == {"snapshots": []}
    assert sandbox.kept() == kept
    for arguments in (["snapshot", "take", "x"], ["reset"]):
        assert main([*arguments, "--data", str(sandbox.data)]) == 1
    assert capsys.readouterr().err.count("\n") == 2
    assert main(["snapshot", "list", "--data", str(sandbox.data)]) == 0
    assert capsys.readouterr().out == "no snapshots\n"


def test_a_name_is_taken_once(sandbox: Platform) -> None:
    """Unless the one before is to be replaced."""
    first = take(sandbox)
    live(sandbox)
    answer = call(sandbox, "POST", SNAPSHOTS, name="before")
    assert (answer.status, answer.json["error"]) == (
        409,
        "there is a snapshot before: choose another name, or replace it",
    )
    assert done(call(sandbox, "GET", SNAPSHOTS)) == {"snapshots": [first]}
    second = take(sandbox, replace=True)
    assert second["requests"] == sandbox.kept() > first["requests"]
    assert done(call(sandbox, "GET", SNAPSHOTS)) == {"snapshots": [second]}


# --- the commands ------------------------------------------------------------------------------------------


def test_the_commands(sandbox: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """`salio snapshot` and `salio reset` say what they did; `--json` as the platform said it."""
    beside = ["--data", str(sandbox.data)]

    def said(*arguments: str) -> str:
        assert main([*arguments, *beside]) == 0
        return capsys.readouterr().out

    assert said("snapshot", "list") == "no snapshots\n"
    line = said("snapshot", "take", "before").removeprefix("taken: ")
    assert line == "before: 0 requests, 0.3 MB, 2026-08-16T09:30:00Z\n"
    assert sandbox.result(BALANCE).code == "0"
    assert said("snapshot", "take", "before", "--replace").startswith("taken: before: 1 request, ")
    assert json.loads(said("snapshot", "list", "--json"))["requests"] == 1
    assert said("reset").startswith("reset: test data as at a first start")
    assert sandbox.kept() == 0
    assert said("snapshot", "restore", "before").startswith("restored: before: 1 request, ")
    assert sandbox.kept() == 1
    assert said("snapshot", "list") == said("snapshot", "remove", "before").removeprefix("removed: ")
    assert json.loads(said("reset", "--json")) == {"reset": True}
    assert main(["snapshot", "restore", "a/b", *beside]) == 1
    assert capsys.readouterr().err.startswith("salio: a snapshot's name is 1 to 64 letters")
