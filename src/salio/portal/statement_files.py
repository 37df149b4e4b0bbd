"""A statement as a file: CSV (RFC 4180) or XLSX, written line by line, however long it is.

Neither can make a spreadsheet compute: in CSV a text that a spreadsheet might take for a formula gets an
apostrophe (OWASP, CSV injection); in XLSX texts are written as texts. Amounts stay numbers in both. In XLSX a
number is a binary fraction by definition: each is the one nearest to its cents, made from them alone, never
added to, and shown with two decimals; where even the nearest may be another cent's, the amount is a text.
"""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

from salio.core.ledger.day_totals import EAST_AFRICA
from salio.core.ledger.statement import StatementLine
from salio.wire import amounts

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_LARGEST_NUMBER = 10**15
"""Cents; all of fewer digits have a binary fraction of their own."""
_MOST_LINES = 1_048_575
"""Of a sheet of XLSX, below the headings."""


def headings(currency: str) -> tuple[str, ...]:
    """Above the columns."""
    texts = (
        "Date and time (East Africa Time)",
        "Receipt",
        "Kind",
        "Narrative",
        "Other party",
        "Name",
        "Bucket",
    )
    return (*texts, *(f"{each} ({currency})" for each in ("Paid in", "Withdrawn", "Balance")))


def texts_of(line: StatementLine) -> tuple[str, ...]:
    """The columns that are texts."""
    return (
        f"{line.at.astimezone(EAST_AFRICA):%Y-%m-%d %H:%M:%S}",
        line.receipt or "",
        "" if line.kind is None else line.kind.value,
        line.narrative,
        line.party or "",
        line.party_name or "",
        line.bucket.value,
    )


def amounts_of(line: StatementLine) -> tuple[int | None, ...]:
    """The columns that are cents."""
    return (line.paid_in, line.withdrawn, line.balance)


def write_csv(file: TextIO, lines: Iterable[StatementLine], currency: str) -> None:
    """Into a file that was opened as UTF-8 and without translation of line ends."""
    rows = csv.writer(file)  # its own way is RFC 4180's
    rows.writerow(headings(currency))
    for line in lines:
        cents = ("" if each is None else amounts.to_text(each) for each in amounts_of(line))
        rows.writerow((*map(_harmless, texts_of(line)), *cents))


def write_xlsx(
    path: Path, lines: Iterable[StatementLine], currency: str, most_lines: int = _MOST_LINES
) -> None:
    """As a new file; what one sheet does not hold stands in the next."""
    from xlsxwriter import Workbook

    with Workbook(path, {"constant_memory": True, "tmpdir": str(path.absolute().parent)}) as book:
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        sheets = _sheets(book, headings(currency), bold)
        sheet, row = next(sheets), 0
        for line in lines:
            if row == most_lines:
                sheet, row = next(sheets), 0
            row += 1
            _write_line(sheet, row, line, money)


def _sheets(book: Any, titles: tuple[str, ...], bold: Any) -> Iterator[Any]:
    while True:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(titles) - 1, 18)
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title, bold)
        yield sheet


def _write_line(sheet: Any, row: int, line: StatementLine, money: Any) -> None:
    texts = texts_of(line)
    for column, text in enumerate(texts):
        if text:
            sheet.write_string(row, column, _no_markup(text))
    for column, cents in enumerate(amounts_of(line), len(texts)):
        if cents is None:
            continue
        if abs(cents) < _LARGEST_NUMBER:
            sheet.write_number(row, column, Decimal(cents).scaleb(-2), money)
        else:
            sheet.write_string(row, column, amounts.to_text(cents))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_STARTS_FORMULA) else text


def _no_markup(text: str) -> str:
    """What looks like the writer's own marks of a rich text would go into the file as it is."""
    return f"'{text}" if text.startswith("<r>") else text
