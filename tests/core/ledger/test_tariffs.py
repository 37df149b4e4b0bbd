"""Versioned rows: which is in force on a day, and what an amount costs at each boundary (L16)."""

from datetime import date

import pytest

from salio.core.ledger.tariffs import Limit, LimitRow, TariffBand, Tariffs
from salio.core.transactions.kinds import TransactionKind

FIRST, SECOND = date(2026, 1, 1), date(2026, 7, 1)


def band(since: date, up_to: int, charge: int) -> TariffBand:
    """A band of the B2C tariff."""
    return TariffBand(kind=TransactionKind.B2C, effective_from=since, up_to=up_to, charge=charge)


TARIFFS = Tariffs(
    [band(FIRST, 200, 9), band(FIRST, 100, 5), band(SECOND, 150, 4)],
    [
        LimitRow(limit=Limit.LARGEST_B2C, effective_from=SECOND, cents=300),
        LimitRow(limit=Limit.LARGEST_B2C, effective_from=FIRST, cents=200),
    ],
)


@pytest.mark.parametrize(
    ("cents", "day", "charge"),
    [
        pytest.param(1, FIRST, 5, id="the lowest band"),
        pytest.param(100, FIRST, 5, id="its bound"),
        pytest.param(101, FIRST, 9, id="above it"),
        pytest.param(200, FIRST, 9, id="the highest bound"),
        pytest.param(201, FIRST, 9, id="above the highest"),
        pytest.param(101, date(2026, 6, 30), 9, id="the last day of the first version"),
        pytest.param(101, SECOND, 4, id="the first day of the second"),
        pytest.param(101, date(2025, 12, 31), 0, id="before any version"),
    ],
)
def test_l16_charge(cents: int, day: date, charge: int) -> None:
    """The band that holds the amount, of the version in force: bounds belong to their band."""
    assert TARIFFS.charge(TransactionKind.B2C, cents, day) == charge


@pytest.mark.parametrize(
    ("day", "cents"),
    [
        pytest.param(date(2025, 12, 31), None, id="before any"),
        pytest.param(FIRST, 200, id="the first"),
        pytest.param(SECOND, 300, id="the second"),
    ],
)
def test_limit(day: date, cents: int | None) -> None:
    """The latest row that has begun is in force; another limit has none."""
    assert TARIFFS.limit(Limit.LARGEST_B2C, day) == cents
    assert TARIFFS.limit(Limit.CUSTOMER_DAY, day) is None
