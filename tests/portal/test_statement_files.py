"""Statements as files: every cent, no formula, whatever stands in them."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from salio.core.ledger.accounts import Bucket
from salio.core.ledger.statement import StatementLine
from salio.core.transactions.kinds import TransactionKind
from salio.portal.statement_files import headings, write_csv, write_xlsx

AT = datetime(2026, 8, 16, 22, 30, 5, tzinfo=UTC)


def a_line(**changes: Any) -> StatementLine:
    """A payment to a customer."""
    members: dict[str, Any] = {
        "number": 7,
        "at": AT,
        "narrative": "Business Payment",
        "bucket": Bucket.AVAILABLE,
        "cents": -150_050,
        "balance": -5,
        "receipt": "UHG41H4CTJ",
        "kind": TransactionKind.B2C,
        "party": "254708374149",
        "party_name": 'Zoë, "Z"',
    }
    return StatementLine(**members | changes)


def csv_of(*lines: StatementLine) -> str:
    """The file's text."""
    file = io.StringIO(newline="")
    write_csv(file, lines, "KES")
    return file.getvalue()


def xlsx_of(tmp_path: Path, *lines: StatementLine, **options: Any) -> list[list[list[Any]]]:
    """Every sheet's rows."""
    write_xlsx(tmp_path / "statement.xlsx", lines, "KES", **options)
    book = CalamineWorkbook.from_path(tmp_path / "statement.xlsx")
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def test_csv() -> None:
    """RFC 4180: quotes doubled, CRLF; the time is East Africa's, a day later here."""
    assert csv_of(a_line()) == (
        "Date and time (East Africa Time),Receipt,Kind,Narrative,Other party,Name,Bucket,"
        "Paid in (KES),Withdrawn (KES),Balance (KES)\r\n"
        '2026-08-17 01:30:05,UHG41H4CTJ,B2C,Business Payment,254708374149,"Zoë, ""Z""",available,'
        ",1500.50,-0.05\r\n"
    )


def test_what_no_transaction_is_behind() -> None:
    """Its columns are empty."""
    bare = a_line(receipt=None, kind=None, party=None, party_name=None, cents=1, balance=1)
    assert csv_of(bare).splitlines()[1] == "2026-08-17 01:30:05,,,Business Payment,,,available,0.01,,0.01"


BAD = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")']


@pytest.mark.parametrize("text", BAD)
def test_no_formula_in_csv(text: str) -> None:
    """A text that a spreadsheet might compute gets an apostrophe; a negative amount stays a number."""
    _, row = csv.reader(io.StringIO(csv_of(a_line(narrative=text, party_name=text)), newline=""))
    assert (row[3], row[5]) == (f"'{text}", f"'{text}")
    assert row[-1] == "-0.05"


@pytest.mark.parametrize("text", [*BAD, "http://x", "1500", "<r><t>x</t></r>"])
def test_texts_are_texts_in_xlsx(tmp_path: Path, text: str) -> None:
    """Whatever they look like; what looks like the writer's own marks gets an apostrophe."""
    ((_, row),) = xlsx_of(tmp_path, a_line(narrative=text))
    assert row[3].strip() in (text.strip(), f"'{text}")
    assert b"<f>" not in (tmp_path / "statement.xlsx").read_bytes()


@pytest.mark.parametrize(
    "cents", [1, 10, 29, 150_050, 10**15 - 1, 999_999_999_999_949, -(10**15 - 1)], ids=str
)
def test_amounts_are_numbers_in_xlsx(tmp_path: Path, cents: int) -> None:
    """Each gives its cents back."""
    ((titles, row),) = xlsx_of(tmp_path, a_line(cents=cents, balance=cents))
    assert tuple(titles) == headings("KES")
    assert isinstance(row[-1], float)
    assert round(row[-1] * 100) == cents
    assert f"{row[-1]:.2f}" == f"{cents / 100:.2f}"
    paid_in, withdrawn = row[-3:-1]
    assert (withdrawn or paid_in) == abs(row[-1])
    assert (paid_in, withdrawn)[cents > 0] == ""


def test_what_no_number_can_hold_is_a_text(tmp_path: Path) -> None:
    """Ten trillion shillings and more: XLSX would round them."""
    ((_, row),) = xlsx_of(tmp_path, a_line(cents=10**15 + 1, balance=-(10**17) - 1))
    assert (row[-3], row[-1]) == ("10000000000000.01", "-1000000000000000.01")


def test_a_sheet_that_is_full(tmp_path: Path) -> None:
    """The next begins with the headings again."""
    sheets = xlsx_of(tmp_path, *(a_line(receipt=f"{number}") for number in range(5)), most_lines=2)
    assert [[row[1] for row in sheet] for sheet in sheets] == [
        ["Receipt", "0", "1"],
        ["Receipt", "2", "3"],
        ["Receipt", "4"],
    ]
