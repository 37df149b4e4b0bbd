"""`salio explain` tells what a code means, when it is sent and what to do."""

import json
import subprocess
import sys

import pytest

from salio.cli.__main__ import EXTRAS, main
from salio.wire.explanations import explanations

WITHOUT_PLATFORM = """
import sys
from salio.cli.__main__ import main

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
sys.exit(main({arguments!r}))
"""
"""A machine on which `salio[cli]` alone was installed."""

GOLDEN_19 = {
    "code": "19",
    "place": "ResultCode",
    "forms": [
        {
            "text": "Message Sequencing Failure",
            "http_status": None,
            "where": [
                "Account Balance",
                "Transaction Status",
                "B2C",
                "B2B",
                "Tax Remittance",
                "Reversal",
                "M-PESA Express",
                "M-PESA Express query",
            ],
            "profiles": ["documented", "observed"],
        }
    ],
    "meaning": "A message of a longer conversation came out of its order.",
    "when": "Only when `salio fault` asks for it: a query is one message, "
    "before which and after which nothing has to come.",
    "remedy": "Ask again as a new request.",
}

TEXT_R000001 = """\
R000001, ResultCode of a result
  says    The transaction has already been reversed.
          (Reversal; both profiles)
  means   The payment was put back before.
  sent    A reversal of the same TransactionID has succeeded: a payment is
          reversed once, and whole.
  do      The customer has the money. The cause in `salio log ID` names the
          receipt of the first reversal.
"""


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command prints when all goes well."""
    assert main(["explain", *arguments]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The whole of one explanation, on one line."""
    printed = said(capsys, "19", "--json")
    assert printed.count("\n") == 1
    assert json.loads(printed) == GOLDEN_19
    assert list(json.loads(printed)) == list(GOLDEN_19)


def test_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """The code and its place, then each part beside its label."""
    assert said(capsys, "R000001") == TEXT_R000001


def test_a_wording_stands_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Above everybody who says it."""
    first, _, _ = said(capsys, "400.002.02").partition("\n\n")
    assert first.splitlines()[:5] == [
        "400.002.02, errorCode of an HTTP answer",
        "  says    HTTP 400: Bad Request - Invalid NAME",
        "          (Account Balance, B2C, B2B, Tax Remittance, Reversal, M-PESA Express,",
        "          M-PESA Express query; both profiles)",
        "          (Transaction Status, C2B, C2B register; profile observed)",
    ]


def test_an_answer_without_a_body(capsys: pytest.CaptureFixture[str]) -> None:
    """Is said to have none."""
    assert "HTTP 400: (no body)" in said(capsys, "400.008.01")


@pytest.mark.parametrize("code", ["0", "24", "26"])
def test_a_code_at_several_places(capsys: pytest.CaptureFixture[str], code: str) -> None:
    """One explanation for each, with an empty line between."""
    parts = said(capsys, code).split("\n\n")
    assert [part.splitlines()[0] for part in parts] == [
        f"{code}, ResponseCode of an acknowledgement",
        f"{code}, ResultCode of a result",
    ]


def test_several_codes(capsys: pytest.CaptureFixture[str]) -> None:
    """In the order in which they were asked."""
    lines = said(capsys, "SFC_IC0003", "18", "--json").splitlines()
    assert [json.loads(line)["code"] for line in lines] == ["SFC_IC0003", "18"]


@pytest.mark.parametrize("words", ["certificate", "its bytes", "line breaks", "`salio credential PASSWORD`"])
def test_a_wrong_credential(capsys: pytest.CaptureFixture[str], words: str) -> None:
    """18 names the usual mistakes, and the command that makes a good one."""
    assert words in " ".join(said(capsys, "18").split())


def test_everything_is_80_columns_wide(capsys: pytest.CaptureFixture[str]) -> None:
    """And a command to copy is never broken over two lines."""
    codes = {each.code for each in explanations()}
    lines = said(capsys, *sorted(codes)).splitlines()
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line.count("`") % 2] == []


def test_every_code_in_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a code; the widest is broken at its dot."""
    printed = said(capsys)
    lines = printed.splitlines()
    assert max(map(len, lines)) <= 80
    begun = [line.split()[:2] for line in lines]
    for each in explanations():
        if len(each.code) < 20:
            assert [each.code, each.place.value] in begun
    assert ["policies.ratelimit.", "fault"] in begun
    assert begun[begun.index(["policies.ratelimit.", "fault"]) + 1][0] == "SpikeArrestViolation"


def test_every_code_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """A line each."""
    assert len(said(capsys, "--json").splitlines()) == len(explanations())


@pytest.mark.parametrize(
    ("codes", "line"),
    [
        (["400.02.02"], 'no code is called "400.02.02": did you mean 400.002.02 or 400.008.02 or 400.003.02'),
        (["18", "hello"], 'no code is called "hello": `salio explain` lists all'),
        (["\x1b[31m"], 'no code is called "\\x1b[31m": `salio explain` lists all'),
        (["x" * 100_000], 'no code is called "' + "x" * 37 + '...": `salio explain` lists all'),
        ([""], 'no code is called "": `salio explain` lists all'),
    ],
    ids=["near", "one of several", "unprintable", "long", "empty"],
)
def test_an_unknown_code(capsys: pytest.CaptureFixture[str], codes: list[str], line: str) -> None:
    """One line on standard error with the nearest, exit status 1, and nothing of the others."""
    assert main(["explain", *codes]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"salio: {line}\n"


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """Each begins with the command itself, and keeps to 80 columns."""
    assert main(["explain", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "Examples:\n\n  salio explain" in shown
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["explain", "18"], 0), (["explain"], 0), (["explain", "1x8"], 1)],
    ids=["a code", "all", "an unknown one"],
)
def test_the_platform_is_not_needed(arguments: list[str], status: int) -> None:
    """Whoever installed the organization's half alone may ask too."""
    code = WITHOUT_PLATFORM.format(missing=EXTRAS["platform"] | {"cryptography"}, arguments=arguments)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == status
    assert "this needs" not in ran.stderr
    assert bool(ran.stdout) is (status == 0)
