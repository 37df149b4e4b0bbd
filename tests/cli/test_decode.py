"""`salio decode` explains whatever is pasted, from an argument, a file or standard input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from salio.cli.__main__ import EXTRAS, main
from tests.cli.test_explain import WITHOUT_PLATFORM
from tests.wire import captures

LOCKED = """\
A result: how a request ended
  says    8006 The security credential is locked.
"""
REFUSED = """\
A refusal: the request was not taken
  says    400.002.05 Invalid Request Payload
  means   The body as a whole is not what the API takes.
"""


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command prints when all goes well."""
    assert main(["decode", *arguments]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def test_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    """What it is, what it says, what to do; then what it holds."""
    printed = said(capsys, captures.BALANCE_LOCKED_2026.decode())
    assert printed.startswith(LOCKED)
    assert "  do      The initiator is locked" in printed
    assert "ConversationID            AG_20261006_010010101aaaaaaaaaaa\n" in printed
    assert "ErrorMsg                  API Password is locked.\n" in printed


def test_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A balance in a table of 80 columns."""
    path = tmp_path / "callback.json"
    path.write_bytes(captures.sample("ab_result"))
    printed = said(capsys, "--file", str(path))
    assert max(map(len, printed[printed.index(" Account ") :].splitlines())) <= 80
    assert ["Working", "KES", "700,000.00", "700,000.00", "0.00", "0.00"] in [
        line.split() for line in printed.splitlines()
    ]


def test_no_terminal_obeys_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Nor the name of an account."""
    printed = said(capsys, captures.BALANCE_2026.replace(b"Working", b"\\u001b[2J").decode())
    assert "\x1b" not in printed
    assert "\\x1b[2J" in printed


@pytest.mark.parametrize("arguments", [[], ["-"]], ids=["nothing", "a hyphen"])
def test_standard_input(arguments: list[str]) -> None:
    """With the head of the answer, as curl prints it; without the platform's extra."""
    whole = (
        b'HTTP/1.1 400 Bad Request\r\n\r\n{"errorCode":"400.002.05","errorMessage":"Invalid Request Payload"}'
    )
    code = WITHOUT_PLATFORM.format(missing=EXTRAS["platform"], arguments=["decode", *arguments])
    ran = subprocess.run([sys.executable, "-c", code], input=whole, capture_output=True, check=True)
    assert ran.stdout.decode().splitlines()[:2] == REFUSED.splitlines()[:2]
    assert b"HTTP status  400" in ran.stdout


def test_an_empty_body(capsys: pytest.CaptureFixture[str]) -> None:
    """Which is the token endpoint's word for a wrong key."""
    assert "consumer key or\n          secret is wrong" in said(capsys, "", "--status", "400")


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """One line; amounts are text, so that nobody rounds them."""
    printed = said(capsys, captures.BALANCE_2026.decode(), "--json")
    assert printed.count("\n") == 1
    told = json.loads(printed)
    assert list(told) == ["kind", "code", "said", "facts", "answer", "meaning", "remedy"]
    assert (told["kind"], told["answer"]["accounts"][0]["available"]) == ("result", "0.00")


@pytest.mark.parametrize(
    "printed",
    [
        str(json.loads(captures.BALANCE_LOCKED_2026)),
        json.dumps(captures.BALANCE_LOCKED_2026.decode()),
        json.dumps(str(json.loads(captures.BALANCE_LOCKED_2026))),
    ],
    ids=["Python's dict", "a JSON string", "both"],
)
def test_as_a_program_printed_it(capsys: pytest.CaptureFixture[str], printed: str) -> None:
    """What a log holds of a body is read like the body."""
    assert said(capsys, printed) == said(capsys, captures.BALANCE_LOCKED_2026.decode())


@pytest.mark.parametrize("code", ["2032", "500.003.02", "SFC_IC0003"])
def test_a_code_is_no_body(capsys: pytest.CaptureFixture[str], code: str) -> None:
    """Whoever has no more than that is told which command explains it."""
    assert main(["decode", code]) == 1
    assert capsys.readouterr().err == (
        f"salio: {code} is a code, and no body: `salio explain {code}` tells what it means\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{'a': object()}"], "this is nothing that Daraja sends: not JSON"),
        (["{" * 50_000], "this is nothing that Daraja sends"),
        (['"hunter2"'], "this is nothing that Daraja sends"),
        (["424242"], "this is nothing that Daraja sends"),
        (["hunter2"], "this is nothing that Daraja sends: not JSON"),
        (["--file", "/nonexistent/body"], "No such file or directory: /nonexistent/body"),
    ],
)
def test_what_cannot_be_explained(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    """A line on standard error that does not repeat it, and exit status 1."""
    assert main(["decode", *arguments]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert words in printed.err
    assert "hunter2" not in printed.err


def test_no_body_is_as_long(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """So that nobody fills the memory."""
    path = tmp_path / "long"
    path.write_bytes(b" " * (1024 * 1024 + 1))
    assert main(["decode", "--file", str(path)]) == 1
    assert "no body of Daraja's is as long" in capsys.readouterr().err
