"""What came in since midnight: counted by East Africa's days, and uncounted exactly."""

from datetime import UTC, datetime

from salio.core.ledger.accounts import Bucket
from salio.core.ledger.day_totals import DayTotals, day_of, midnight
from salio.core.ledger.postings import Entry, Posting

BEFORE = datetime(2026, 8, 16, 20, 59, 59, tzinfo=UTC)
"""A second before East Africa's midnight."""
AFTER = datetime(2026, 8, 16, 21, 0, tzinfo=UTC)


def posting(at: datetime, *entries: tuple[int, int]) -> Posting:
    """Entries of account and cents, all available."""
    lines = tuple(Entry(account, Bucket.AVAILABLE, cents) for account, cents in entries)
    return Posting(number=1, at=at, narrative="test", entries=lines)


def test_a_day_is_east_africas() -> None:
    """Midnight there is nine in the evening, UTC."""
    assert (day_of(BEFORE).day, day_of(AFTER).day) == (16, 17)
    assert midnight(AFTER) == AFTER
    assert midnight(BEFORE) == datetime(2026, 8, 15, 21, 0, tzinfo=UTC)


def test_counts_what_comes_in() -> None:
    """Only what comes in counts, on its own day, on top of what the store knew."""
    totals = DayTotals(day_of(BEFORE), {1: 500})
    totals.add(posting(BEFORE, (1, 100), (2, -100)))
    totals.add(posting(AFTER, (1, 7), (2, -7)))
    assert [totals.of(1, BEFORE), totals.of(2, BEFORE), totals.of(1, AFTER)] == [600, 0, 7]


def test_takes_back() -> None:
    """What was taken back never came in."""
    totals = DayTotals(day_of(BEFORE), {})
    came = posting(BEFORE, (1, 100), (2, -100))
    totals.add(came)
    totals.take_back(came)
    assert totals.of(1, BEFORE) == 0
