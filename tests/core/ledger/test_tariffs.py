"""Versioned rows: which is in force on a day, and what an amount costs at each boundary (L16)."""

from datetime import date

import msgspec
import pytest

from salio.core.ledger.tariffs import Limit, LimitRow, Shares, TariffBand, Tariffs, customer_share
from salio.core.parties.organizations import ChargeBearer
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
    assert TARIFFS.charge(TransactionKind.B2C, cents, day) == Shares(organization=charge)


ORGANIZATION, CUSTOMER, SPLIT = ChargeBearer


@pytest.mark.parametrize(
    ("charge", "borne_by", "organization", "customer"),
    [
        pytest.param(0, SPLIT, 0, 0, id="nothing"),
        pytest.param(1, SPLIT, 1, 0, id="a cent"),
        pytest.param(2, SPLIT, 1, 1, id="two"),
        pytest.param(501, SPLIT, 251, 250, id="the odd cent is the organization's"),
        pytest.param(501, CUSTOMER, 0, 501, id="the customer's"),
        pytest.param(501, ORGANIZATION, 501, 0, id="the organization's"),
    ],
)
def test_l16_shares(charge: int, borne_by: ChargeBearer, organization: int, customer: int) -> None:
    """What each side bears; both together are the whole."""
    share = customer_share(borne_by, charge)
    row = msgspec.structs.replace(band(FIRST, 100, charge), borne_by=borne_by, customer_share=share)
    shares = Tariffs([row]).charge(TransactionKind.B2C, 100, FIRST, borne_by)
    assert shares == Shares(organization, customer)
    assert shares.organization + shares.customer == charge


def test_each_tariff_has_its_own_versions() -> None:
    """A later version of one says nothing of the others; who is on a tariff without rows pays nothing."""
    shared = msgspec.structs.replace(band(FIRST, 100, 8), borne_by=SPLIT, customer_share=3)
    found = Tariffs([band(SECOND, 100, 4), shared])
    assert [found.charge(TransactionKind.B2C, 1, SECOND, each) for each in ChargeBearer] == [
        Shares(4, 0),
        Shares(0, 0),
        Shares(5, 3),
    ]


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
