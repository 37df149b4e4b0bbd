"""`salio check` beside a platform."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from salio.cli.__main__ import main
from salio.cli.check import TELL_EVERY, Progress, fault_in
from salio.storage.ports import BooksChecked, Checked


def tampered(data: Path, table: str, statement: str) -> None:
    """What somebody does who is above the database's rules."""
    with closing(sqlite3.connect(data / "sandbox.db")) as connection, connection:
        connection.execute(f"DROP TRIGGER IF EXISTS {table}_is_never_changed")
        connection.execute(statement)


def test_books_in_order(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """The test data's: ends with 0."""
    assert main(["check", "--data", str(data)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("the books are in order: 109 accounts, 200 entries of 51 postings, ")
    assert said.endswith(", 1 seal\n")
    assert main(["check", "--json", "--data", str(data)]) == 0
    assert json.loads(capsys.readouterr().out)["holds"] is True


def test_l13_one_row_changed(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """The row is named, and so is the commit that it belongs to; ends with 1."""
    tampered(data, "entry", "UPDATE entry SET cents = cents + 1 WHERE number = 100")
    assert main(["check", "--json", "--data", str(data)]) == 1
    said = capsys.readouterr()
    assert "entry 100 of posting " in said.err
    assert "; seal 51: postings 1 to 51 are not what was written" in said.err
    assert json.loads(said.out)["fault"] in said.err


def test_l11_a_balance_changed(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """No seal covers it: its entries do."""
    tampered(data, "account", "UPDATE account SET available = available + 1 WHERE number = 5")
    assert main(["check", "--data", str(data)]) == 1
    assert capsys.readouterr().err.startswith("salio: the books are not in order: account 5 (")


def test_a_posting_without_a_seal() -> None:
    """It has no row of a seal to name."""
    assert fault_in(BooksChecked(journal=Checked(stray=7))) == "posting 7 has no seal"
    assert fault_in(BooksChecked(journal=Checked())) is None


def test_progress(capsys: pytest.CaptureFixture[str]) -> None:
    """Now and then, on standard error."""
    progress = Progress()
    for done in range(0, 2 * TELL_EVERY + 1, TELL_EVERY // 2):
        progress("postings", done, 3 * TELL_EVERY)
    progress("transactions", TELL_EVERY, 0)
    assert capsys.readouterr().err.splitlines() == [
        "postings: 500,000 of 1,500,000",
        "postings: 1,000,000 of 1,500,000",
        "transactions: 500,000",
    ]
