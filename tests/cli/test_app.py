"""Every command explains itself, and a known trouble is one line."""

from pathlib import Path

import pytest

from salio.cli.__main__ import main
from salio.cli.errors import CommandError, explain
from salio.core.ports import StoreUnavailableError
from salio.platform.errors import DataFolderError, PortTakenError
from salio.storage.migrate import NewerDatabaseError
from salio.vault.errors import SealBrokenError

COMMANDS = [
    "up",
    "testdata",
    "log",
    "explain",
    "credential",
    "certificate",
    "revoke",
    "app",
    "clock",
    "fault",
]


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """`up` first."""
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    places = [shown.index(f"│ {command} ") for command in COMMANDS]
    assert places == sorted(places)
    assert "Examples:" in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_examples(capsys: pytest.CaptureFixture[str], command: str) -> None:
    """Each begins with the command itself, and keeps to 80 columns."""
    assert main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    _, found, examples = shown.partition("Examples:\n\n")
    assert found
    assert f"  salio {command}" in examples
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize(
    "arguments",
    [["nothing"], ["up", "--wire", "other"], ["log", "--limit", "-1"], ["credential"], ["up", "--port", "x"]],
    ids=" ".join,
)
def test_what_cannot_be_read_is_refused(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """With an exit status, and the words on standard error."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Error" in printed.err


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (CommandError("do that"), "do that"),
        (PortTakenError("port taken"), "port taken"),
        (DataFolderError("folder"), "folder"),
        (NewerDatabaseError("newer"), "newer"),
        (StoreUnavailableError("away"), "away"),
        (PermissionError(13, "Permission denied", "/x"), "Permission denied: /x"),
        (OSError("odd"), "odd"),
        (ValueError("a fault of ours"), None),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_known_errors_are_said_in_a_line(error: Exception, line: str | None) -> None:
    """Any other keeps its traceback."""
    assert explain(error) == line


def test_errors_of_the_vault_are_known(tmp_path: Path) -> None:
    """They say what to do by themselves."""
    error = SealBrokenError(tmp_path)
    assert explain(error) == str(error)
