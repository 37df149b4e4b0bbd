"""What came in and went out since midnight: counted by East Africa's days, and uncounted exactly."""

from datetime import UTC, datetime

import pytest

from salio.core.ledger.accounts import Bucket
from salio.core.ledger.day_totals import DayTotal, DayTotals, day_of, midnight
from salio.core.ledger.postings import Entry, Posting

BEFORE = datetime(2026, 8, 16, 20, 59, 59, tzinfo=UTC)
"""A second before East Africa's midnight."""
AFTER = datetime(2026, 8, 16, 21, 0, tzinfo=UTC)


def posting(at: datetime, *entries: tuple[int, int] | tuple[int, int, Bucket]) -> Posting:
    """Entries of account and cents, available unless another bucket is said."""
    lines = tuple(Entry(each[0], (*each, Bucket.AVAILABLE)[2], each[1]) for each in entries)
    return Posting(number=1, at=at, narrative="test", entries=lines)


def test_a_day_is_east_africas() -> None:
    """Midnight there is nine in the evening, UTC."""
    assert (day_of(BEFORE).day, day_of(AFTER).day) == (16, 17)
    assert midnight(AFTER) == AFTER
    assert midnight(BEFORE) == datetime(2026, 8, 15, 21, 0, tzinfo=UTC)


def test_counts_what_comes_in_and_goes_out() -> None:
    """On its own day, on top of what the store knew."""
    totals = DayTotals(day_of(BEFORE), {1: DayTotal(500, 30)})
    totals.add(posting(BEFORE, (1, 100), (2, -100)))
    totals.add(posting(BEFORE, (1, -40), (2, 40)))
    totals.add(posting(AFTER, (1, 7), (2, -7)))
    assert [totals.of(1, BEFORE), totals.of(2, BEFORE)] == [DayTotal(600, 70), DayTotal(40, 100)]
    assert [totals.of(1, AFTER), totals.of(3, AFTER)] == [DayTotal(7), DayTotal()]


@pytest.mark.parametrize(
    ("entries", "total"),
    [
        pytest.param([(1, -9), (1, 9, Bucket.RESERVED)], DayTotal(sent=9), id="set aside"),
        pytest.param([(1, -9, Bucket.RESERVED), (1, 9)], DayTotal(sent=-9), id="free again"),
        pytest.param([(1, -9, Bucket.RESERVED), (2, 9)], DayTotal(), id="paid of what was set aside"),
        pytest.param([(1, 9, Bucket.UNCLEARED), (2, -9)], DayTotal(received=9), id="comes in uncleared"),
        pytest.param([(1, -9, Bucket.UNCLEARED), (1, 9)], DayTotal(), id="cleared"),
        pytest.param([(1, 9), (2, -9), (1, -2), (3, 2)], DayTotal(received=7), id="less the charge"),
    ],
)
def test_a_posting_counts_by_what_it_comes_to(
    entries: list[tuple[int, int] | tuple[int, int, Bucket]], total: DayTotal
) -> None:
    """For the account, in all its buckets together."""
    totals = DayTotals(day_of(BEFORE), {})
    totals.add(posting(BEFORE, *entries))
    assert totals.of(1, BEFORE) == total


def test_takes_back() -> None:
    """What was taken back never came in."""
    totals = DayTotals(day_of(BEFORE), {})
    came = posting(BEFORE, (1, 100), (2, -100))
    totals.add(came)
    totals.take_back(came)
    assert [totals.of(1, BEFORE), totals.of(2, BEFORE)] == [DayTotal(), DayTotal()]
