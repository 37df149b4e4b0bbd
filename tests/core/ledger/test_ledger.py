"""Movements: carried out at once, settled or taken back (P4)."""

import pytest

from salio.core.ledger.accounts import Account, AccountKind, Balance, Bucket
from salio.core.ledger.book import Book
from salio.core.ledger.day_totals import DayTotals, day_of
from salio.core.ledger.ledger import Ledger, Movement, MovementRefusedError
from salio.core.ledger.postings import Entry
from salio.core.ledger.tariffs import Tariffs
from tests.builders import NOW, FakeReceipts, a_transaction

PAYS = Account(number=1, holder="600000", kind=AccountKind.UTILITY)
GETS = Account(number=2, holder="254708374149", kind=AccountKind.CUSTOMER)


@pytest.fixture
def ledger() -> Ledger:
    """The organization has a hundred cents."""
    return Ledger(
        Book([PAYS, GETS], {PAYS.number: Balance(available=100)}),
        next_number=7,
        totals=DayTotals(day_of(NOW), {}),
        tariffs=Tariffs(),
        receipts=FakeReceipts(),
    )


def movement(cents: int, receipt: str = "UHG0000001") -> Movement:
    """A payment of that much; of nothing, a transaction that moved nothing."""
    entries = (Entry(1, Bucket.AVAILABLE, -cents), Entry(2, Bucket.AVAILABLE, cents)) if cents else ()
    return Movement(transaction=a_transaction(receipt=receipt), narrative="test", entries=entries)


def stands(ledger: Ledger) -> list[int]:
    """What both hold, and what the customer got today."""
    return [
        ledger.book.balance(1).available,
        ledger.book.balance(2).available,
        ledger.totals.of(2, NOW).received,
    ]


def test_a_movement_stands_at_once(ledger: Ledger) -> None:
    """Whoever decides next sees the book with it, and finds the transaction that the store has not yet."""
    moved = ledger.make(movement(30), NOW)
    assert stands(ledger) == [70, 30, 30]
    assert moved.posting is not None
    assert moved.posting.number == 7
    assert moved.posting.receipt == moved.transaction.receipt
    assert dict(ledger.standing()) == {"UHG0000001": moved}


def test_taken_back_it_never_was(ledger: Ledger) -> None:
    """Book and day are as before; a second time nothing happens; no number is given twice."""
    moved = ledger.make(movement(30), NOW)
    for _ in range(2):
        ledger.take_back(moved)
        assert stands(ledger) == [100, 0, 0]
    assert not ledger.standing()
    again = ledger.make(movement(30), NOW)
    assert again.posting is not None
    assert again.posting.number == 8


def test_settled_it_stays(ledger: Ledger) -> None:
    """What the store has cannot be taken back."""
    moved = ledger.make(movement(30), NOW)
    ledger.settle(moved)
    ledger.take_back(moved)
    assert stands(ledger) == [70, 30, 30]
    assert not ledger.standing()


def test_a_transaction_that_moved_nothing(ledger: Ledger) -> None:
    """It has no posting, and there is nothing to take back but itself."""
    moved = ledger.make(movement(0), NOW)
    assert moved.posting is None
    ledger.take_back(moved)
    assert stands(ledger) == [100, 0, 0]


def test_an_impossible_movement_is_refused_whole(ledger: Ledger) -> None:
    """The book has the last word, whatever a decision thought; nothing stands afterwards."""
    with pytest.raises(MovementRefusedError, match="floor"):
        ledger.make(movement(101), NOW)
    assert stands(ledger) == [100, 0, 0]
    assert not ledger.standing()
