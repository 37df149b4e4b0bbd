"""The check of seals and books names the first row that is not what it should be."""

from contextlib import closing
from pathlib import Path

import pytest

from salio.core.ledger.accounts import Bucket
from salio.core.ledger.postings import Entry, Posting, changes_of
from salio.storage import rows
from salio.storage.books import _shown
from salio.storage.ports import BooksChecked, Databases
from salio.storage.sqlite.databases import SqliteDatabases
from tests.builders import NOW, a_transaction
from tests.storage.posted import TRUST, UTILITY, write
from tests.storage.test_money import execute, tamper
from tests.stores import AnyStore, in_file

COUNT = 10


def silent(_what: str, _done: int, _of: int) -> None:
    """Nobody looks."""


def check(databases: Databases) -> BooksChecked:
    """As a person does, beside whoever writes."""
    with closing(databases.journal()) as journal:
        return journal.check(silent)


def test_books_that_are_in_order(databases: Databases) -> None:
    """Everything was looked at."""
    with closing(databases.store()) as store:
        write(store, count=COUNT)
    checked = check(databases)
    assert checked.holds
    assert (checked.journal.sealed, checked.accounts) == (COUNT, 5)
    assert (checked.postings, checked.entries, checked.transactions) == (COUNT, 4 * COUNT, COUNT * 4 // 5)


def test_an_empty_store_is_in_order(databases: Databases) -> None:
    """There is nothing to add up."""
    assert check(databases).holds


UNPOSTED = rows.transaction_row(a_transaction(receipt="UHG0000099", originator_conversation_id=None))
FAULTS = {
    "a balance in the journal": (
        "UPDATE entry SET balance = balance + 1 WHERE number = 5",
        r"^entry 5 of posting 2: account 2 \(600000, Utility Account\) is said to hold 1 cents after it",
    ),
    "an amount": ("UPDATE entry SET cents = cents + 1 WHERE number = 5", "^entry 5 of posting 2: account 2"),
    "l10-a sum": (
        "UPDATE entry SET cents = cents + 1, balance = balance + 1 WHERE number = 8",
        "^posting 2: its entries do not sum to zero",
    ),
    "l9-a currency": (
        "UPDATE account SET currency = 'USD' WHERE number = 2",
        "^posting 1: its entries do not sum to zero",
    ),
    "an account's balance": (
        "UPDATE account SET reserved = reserved + 1 WHERE number = 2",
        r"^account 2 .* holds 0 available, 1 reserved, 70 uncleared cents, and its entries come to 0 av",
    ),
    "entries taken away": (
        "DELETE FROM entry WHERE posting = 3",
        "^posting 3: its entries do not sum to zero",
    ),
    "a receipt": (
        "UPDATE posting SET receipt = 'X' WHERE number = 1",
        "^posting 1: there is no transaction X",
    ),
    "a transaction's amount": (
        "UPDATE transaction_ SET details = replace(details, '\"cents\":307,', '\"cents\":308,')",
        "^posting 3 moves 307 cents, and transaction UHG0000003 is of 308$",
    ),
    "a kind": ("UPDATE entry SET kind = NULL WHERE posting = 4", "^posting 4: its kind or its parties"),
    "a party": ("UPDATE posting SET payer = 'X' WHERE number = 4", "^posting 4: its kind or its parties"),
    "whom it moves": (
        "UPDATE posting SET moves_customer = 1 WHERE number = 4",
        "^posting 4: it is said to move its customer's account",
    ),
    "a floor": (
        "UPDATE account SET kind = 'Working Account' WHERE number > 2",
        r"^posting 1: account \d \(.*, Working Account\) falls below its floor",
    ),
    "a transaction without a posting": (
        f"INSERT INTO transaction_ VALUES ('{UNPOSTED[0]}', NULL, '{UNPOSTED[2]}')",  # noqa: S608 - a test's own
        "^transaction UHG0000099 is completed, and there is no posting of it",
    ),
}


@pytest.mark.parametrize(("statement", "fault"), FAULTS.values(), ids=FAULTS)
def test_l11_whatever_was_changed_is_named(databases: Databases, statement: str, fault: str) -> None:
    """Even what no seal covers, by whoever is above the database's rules."""
    with closing(databases.store()) as store:
        assert isinstance(store, AnyStore)
        write(store, count=COUNT)
        tamper(store, statement)
    checked = check(databases)
    assert not checked.holds
    assert checked.fault is not None
    with pytest.raises(AssertionError, match=fault):
        raise AssertionError(checked.fault)


STRAY = "INSERT INTO entry VALUES (1000, {}, 2, 'available', 5, 5, NULL)"
STRAYS = {
    "before all": (STRAY.format(0), "entry 1000: there is no posting 0"),
    "one whose posting was taken away": (
        "DELETE FROM posting WHERE number = 5",
        "entry 17: there is no posting 5",
    ),
    "behind all": (STRAY.format(99), "entry 1000: there is no posting 99"),
}


@pytest.mark.parametrize(("statement", "fault"), STRAYS.values(), ids=STRAYS)
def test_an_entry_of_no_posting(tmp_path: Path, statement: str, fault: str) -> None:
    """The database itself forbids it, as long as nobody tells it not to."""
    in_file(tmp_path / "sandbox.db").close()
    databases = SqliteDatabases(environment=tmp_path / "sandbox.db", portal=tmp_path / "portal.db")
    with closing(databases.store()) as store:
        write(store, count=COUNT)
        execute(store, "PRAGMA foreign_keys = OFF")
        tamper(store, statement)
    assert check(databases).fault == fault


def test_what_is_added_meanwhile(databases: Databases) -> None:
    """Neither the seals nor the balances are ahead of what they are compared with."""
    entries = (Entry(TRUST.number, Bucket.AVAILABLE, -5), Entry(UTILITY.number, Bucket.AVAILABLE, 5))
    with closing(databases.store()) as store, closing(databases.journal()) as journal:
        write(store, count=COUNT)
        told: list[str] = []

        def add(what: str, _done: int, _of: int) -> None:
            if told.count(what) == 3:
                return
            told.append(what)
            posting = Posting(number=store.next_posting_number(), at=NOW, narrative="x", entries=entries)
            with store.unit() as unit:
                unit.add_postings([posting], changes_of([posting]))

        checked = journal.check(add)
    assert checked.holds, (checked.fault, checked.journal)
    assert set(told) == {"seals", "postings", "transactions"}
    assert checked.postings > COUNT


def test_a_balance_in_words() -> None:
    """Each bucket by its name."""
    assert _shown([1, 2, 3]) == "1 available, 2 reserved, 3 uncleared cents"
