"""`salio statement` beside a platform."""

import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from salio.cli import statement
from salio.cli.__main__ import main
from salio.cli.errors import CommandError

NEWEST, EARLIER = "TL448J1OMD", "MBN31H462N"


def told(capsys: pytest.CaptureFixture[str], data: Path, *arguments: str) -> list[dict[str, Any]]:
    """What it says of the test data's B2C short code, as JSON."""
    assert main(["statement", "600310", *arguments, "--json", "--data", str(data)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_latest_in_a_table(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """Newest first, MSISDNs masked, and how to go on."""
    assert main(["statement", "600310", "--limit", "2", "--data", str(data)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("600310, Utility Account, KES, East Africa Time\n")
    assert NEWEST in printed
    assert "254708374149" not in printed
    assert "more: the same with --after " in printed


def test_the_next_page(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """Behind the last line that was shown, from either end; nothing is left out."""
    whole = told(capsys, data, "--limit", "0")
    first = told(capsys, data, "--limit", "2")
    assert first + told(capsys, data, "--limit", "0", "--after", str(first[-1]["number"])) == whole
    assert told(capsys, data, "--limit", "0", "--oldest-first") == whole[::-1]
    assert whole[0]["receipt"] == NEWEST


@pytest.mark.parametrize(
    ("arguments", "receipts"),
    [
        (["--receipt", NEWEST], [NEWEST]),
        (["--to", "2018-02-23"], [EARLIER]),
        (["--to", "2018-02-23T05:41"], []),
        (["--from", "2025-12-04", "--to", "2025-12-04", "--kind", "b2c"], [NEWEST]),
        (["--from", "2025-12-05"], []),
        (["--party", "254708374149", "--from", "2025-12-04T09:00+03:00"], [NEWEST]),
        (["--kind", "Reversal"], []),
    ],
    ids=" ".join,
)
def test_filters(
    capsys: pytest.CaptureFixture[str], data: Path, arguments: list[str], receipts: list[str]
) -> None:
    """Days and minutes are East Africa's; the last day counts whole."""
    found = [each["receipt"] for each in told(capsys, data, *arguments)]
    assert [each for each in found if each is not None] == receipts


def test_whole_numbers(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """For who may see them."""
    (masked,) = told(capsys, data, "--receipt", NEWEST)
    (whole,) = told(capsys, data, "--receipt", NEWEST, "--msisdns")
    assert (masked["party"], whole["party"]) == ("254******149", "254708374149")
    assert (whole["withdrawn"], whole["at"]) == ("3100.00", "2025-12-04T09:30:19+03:00")


def test_no_entries(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """Said, rather than shown as an empty table."""
    assert main(["statement", "600310", "--receipt", "X", "--data", str(data)]) == 0
    assert capsys.readouterr().out == "no entries\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["999999"], "999999 holds no account"),
        (["600310", "--account", "trust"], "it holds charges-paid, utility, working"),
        (["600310", "--kind", "x"], "c2b, b2c, b2b, reversal, imt are"),
        (["600310", "--from", "yesterday"], "--from takes a day like"),
        (["M-PESA", "--party", "600310"], "leave --party out"),
        (
            ["600310", "--from", "2026-09-01", "--to", "2026-08-01T09:00"],
            "--from 2026-09-01 is later than --to 2026-08-01T09:00: the span is reversed",
        ),
        (["600310", "--csv", "x.csv", "--json"], "--json goes to the screen, --csv and --xlsx to a file"),
        (["600310", "--xlsx", "x.xlsx", "--json"], "--json goes to the screen"),
    ],
    ids=[
        *("holder", "account", "kind", "day", "platform", "reversed span"),
        *("CSV on the screen", "XLSX on the screen"),
    ],
)
def test_what_cannot_be_shown(
    capsys: pytest.CaptureFixture[str], data: Path, arguments: list[str], words: str
) -> None:
    """Said in a line."""
    assert main(["statement", *arguments, "--data", str(data)]) == 1
    assert words in capsys.readouterr().err


def test_files(capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path) -> None:
    """Both hold all entries, oldest first; progress goes to standard error, and no draft is left."""
    table, sheet = tmp_path / "s.csv", tmp_path / "s.xlsx"
    arguments = ["statement", "600310", "--data", str(data), "--csv", str(table), "--xlsx", str(sheet)]
    assert main(arguments) == 0
    said = capsys.readouterr()
    assert (said.out, said.err.count(" entries in ")) == ("", 2)
    receipts = [each["receipt"] or "" for each in told(capsys, data, "--limit", "0", "--oldest-first")]
    assert [line.split(",")[1] for line in table.read_text("utf-8").splitlines()[1:]] == receipts
    (rows,) = [CalamineWorkbook.from_path(sheet).get_sheet_by_index(0).to_python()]
    assert [row[1] for row in rows[1:]] == receipts
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data", "s.csv", "s.xlsx"]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_in_no_folder(
    capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path, form: str
) -> None:
    """The file that was asked for is named, not its draft."""
    there = tmp_path / "nowhere" / f"s.{form}"
    assert main(["statement", "600310", "--data", str(data), f"--{form}", str(there)]) == 1
    assert capsys.readouterr().err == f"salio: {there}: there is no such folder\n"


def test_a_file_that_is_there(capsys: pytest.CaptureFixture[str], data: Path, tmp_path: Path) -> None:
    """It is kept, unless one says otherwise."""
    table = tmp_path / "s.csv"
    table.write_text("mine", "utf-8")
    arguments = ["statement", "600310", "--data", str(data), "--csv", str(table)]
    assert main(arguments) == 1
    assert "say --force" in capsys.readouterr().err
    assert table.read_text("utf-8") == "mine"
    assert main([*arguments, "--force"]) == 0
    assert table.read_text("utf-8").startswith("Date and time")


def test_a_moment_that_is_none() -> None:
    """The option is named."""
    with pytest.raises(CommandError, match="--to takes"):
        statement.moment("2026-13-01", "--to")
