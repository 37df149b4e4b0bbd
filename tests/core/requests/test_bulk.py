"""A list of payments, looked through before anybody approves it."""

import pytest

from salio.core.ledger.ledger import Ledger
from salio.core.ledger.tariffs import TariffBand, Tariffs
from salio.core.parties.directory import Directory
from salio.core.parties.organizations import ChargeBearer
from salio.core.requests.bulk import BulkJudged, BulkRow, judge
from salio.core.requests.outcomes import Outcome
from salio.core.transactions.kinds import TransactionKind
from salio.storage.sqlite.store import SqliteStore
from tests.builders import MSISDN, NOW, SHORT_CODE, FakeReceipts
from tests.core.requests.paying import (
    CHARGE,
    CUSTOMERS,
    LIMITS,
    OPERATORS,
    ORGANIZATIONS,
    PAYBILL,
    POOR,
    RICH,
    SINCE,
    on_tariff,
    settle_down,
)
from tests.stores import in_memory

DIRECTORY = Directory(ORGANIZATIONS, CUSTOMERS, OPERATORS)
STRANGER = "254799999999"


@pytest.fixture
def ledger() -> Ledger:
    """The small country's: the short code has 1,000 shillings, 10 to 500 a payment, 800 a customer a day."""
    store = SqliteStore(in_memory())
    settle_down(store)
    return Ledger.read(store, FakeReceipts(), NOW)


def judged(ledger: Ledger, *rows: tuple[str, int], short_code: str = SHORT_CODE) -> BulkJudged:
    """What the rules say of a list."""
    return judge(short_code, [BulkRow(*each) for each in rows], DIRECTORY, NOW, ledger)


def test_a_list_that_can_be_paid(ledger: Ledger) -> None:
    """What it comes to and what it costs; nothing has moved."""
    found = judged(ledger, (MSISDN, 30_000), (POOR, 50_000), (MSISDN, 20_000))
    assert found == BulkJudged(cents=100_000, charges=3 * CHARGE, missing=0, faults=())
    assert found.is_payable
    assert ledger.book.total("KES") == 0
    assert not ledger.standing()


def test_an_empty_list(ledger: Ledger) -> None:
    """There is nothing to approve."""
    assert not judged(ledger).is_payable


FAULTS: dict[str, tuple[list[tuple[str, int]], list[tuple[int, Outcome]]]] = {
    "a stranger": ([(STRANGER, 10_000)], [(1, Outcome.RECEIVER_UNREGISTERED)]),
    "no mobile number": ([(MSISDN, 10_000), ("254201234567", 1_000)], [(2, Outcome.RECEIVER_UNKNOWN)]),
    "too little": ([(MSISDN, 999)], [(1, Outcome.AMOUNT_TOO_SMALL)]),
    "too much": ([(MSISDN, 50_001)], [(1, Outcome.AMOUNT_TOO_LARGE)]),
    "twice": ([(MSISDN, 1_000), (POOR, 1_000), (MSISDN, 1_000)], [(3, Outcome.DUPLICATE)]),
    "more than a customer may hold": ([(RICH, 5_000), (RICH, 5_001)], [(2, Outcome.BALANCE_LIMIT_EXCEEDED)]),
    "more than a customer may get in a day": (
        [(MSISDN, 40_000), (MSISDN, 39_000), (MSISDN, 1_001)],
        [(3, Outcome.DAY_LIMIT_EXCEEDED)],
    ),
    "several": (
        [(STRANGER, 1), (MSISDN, 1)],
        [(1, Outcome.RECEIVER_UNREGISTERED), (2, Outcome.AMOUNT_TOO_SMALL)],
    ),
}


@pytest.mark.parametrize(("rows", "faults"), FAULTS.values(), ids=FAULTS)
def test_rows_that_cannot_be_paid(
    ledger: Ledger, rows: list[tuple[str, int]], faults: list[tuple[int, Outcome]]
) -> None:
    """Every one is told at once, as its payment alone would end, those before it being paid."""
    found = judged(ledger, *rows)
    assert [(each.row, each.outcome) for each in found.faults] == faults
    assert all(each.cause for each in found.faults)
    assert not found.is_payable


def test_a_customer_who_cannot_bear_the_charge(ledger: Ledger) -> None:
    """A share above what comes in is its row's fault, unless the customer has it or rows above bring it."""
    dear = TariffBand(
        kind=TransactionKind.B2C,
        effective_from=SINCE,
        up_to=1_000,
        charge=1_001,
        borne_by=ChargeBearer.CUSTOMER,
        customer_share=1_001,
    )
    free = TariffBand(
        kind=TransactionKind.B2C,
        effective_from=SINCE,
        up_to=50_000,
        charge=0,
        borne_by=ChargeBearer.CUSTOMER,
    )
    ledger.tariffs = Tariffs([dear, free], LIMITS)
    directory = Directory(on_tariff(ChargeBearer.CUSTOMER), CUSTOMERS, OPERATORS)
    rows = [BulkRow(*each) for each in ((MSISDN, 1_000), (RICH, 1_000), (POOR, 1_001), (POOR, 1_000))]
    found = judge(SHORT_CODE, rows, directory, NOW, ledger)
    assert [(each.row, each.outcome) for each in found.faults] == [(1, Outcome.BALANCE_INSUFFICIENT)]
    assert f"{MSISDN} holds KES 0.00, KES 0.01 is asked for" in found.faults[0].cause


def test_more_than_there_is(ledger: Ledger) -> None:
    """The list is told what is missing for all of it; charges need no cover."""
    found = judged(ledger, (MSISDN, 50_000), (POOR, 50_000), (POOR, 1_000))
    assert (found.missing, found.faults, found.is_payable) == (1_000, (), False)


def test_a_short_code_that_pays_nobody(ledger: Ledger) -> None:
    """A paybill's list: no row can be paid."""
    found = judged(ledger, (MSISDN, 1_000), (POOR, 1_000), short_code=PAYBILL)
    assert [each.outcome for each in found.faults] == [Outcome.PRODUCT_NOT_ASSIGNED] * 2
