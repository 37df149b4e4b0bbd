"""The database itself refuses a posting that does not sum to zero in each currency (L9, L10)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from salio.core.ledger.accounts import Account, AccountKind
from salio.storage.postgres.store import PostgresStore
from tests.storage.conftest import Place
from tests.storage.samples import TRUST, WORKING
from tests.storage.test_money import execute
from tests.stores import AnyStore, seed

DOLLARS = [
    Account(number=number, holder=holder, kind=AccountKind.WORKING, currency="USD")
    for number, holder in ((3, "600000"), (4, "600782"))
]
KEPT = "SELECT posting, account, cents FROM entry ORDER BY number"

UNNAMED = r"FOREIGN|an entry names no posting or no account"

Moved = Sequence[tuple[int, int]]
"""Entries as (account, cents)."""


@pytest.fixture
def opened(store: AnyStore) -> AnyStore:
    """Two accounts of shillings, two of dollars."""
    seed(store, organizations=[], accounts=[TRUST, WORKING, *DOLLARS])
    return store


def add_posting(store: AnyStore) -> None:
    """One more row of its table, past the store's own words."""
    execute(store, "INSERT INTO posting (number, at, narrative) VALUES (1, 0, 'x')")


def add_entries(store: AnyStore, moved: Moved) -> None:
    """All of that posting's, in one statement."""
    given = ", ".join(f"(1, {account}, 'available', {cents}, 0)" for account, cents in moved)
    execute(store, f"INSERT INTO entry (posting, account, bucket, cents, balance) VALUES {given}")  # noqa: S608 - numbers


def write(store: AnyStore, moved: Moved) -> None:
    """A posting in a transaction of its own: before its entries on PostgreSQL, behind them on SQLite."""
    first = isinstance(store, PostgresStore)
    with committed(store):
        if first:
            add_posting(store)
        add_entries(store, moved)
        if not first:
            add_posting(store)


@contextmanager
def committed(store: AnyStore) -> Iterator[None]:
    """A transaction without the store's knowledge; what fails is taken back."""
    execute(store, "BEGIN")
    try:
        yield
        execute(store, "COMMIT")
    except BaseException:
        if isinstance(store, PostgresStore) or store._connection.in_transaction:
            execute(store, "ROLLBACK")
        raise


@pytest.mark.parametrize(
    "moved",
    [
        pytest.param([(1, -5), (3, 5)], id="shillings into dollars"),
        pytest.param([(1, -5), (2, 4), (3, 1)], id="a part of them"),
        pytest.param([(1, -5), (2, 5), (3, 7)], id="dollars out of nothing"),
        pytest.param([(1, -5), (2, 4), (3, 5), (4, -4)], id="zero only in all"),
    ],
)
def test_l9_two_currencies_in_one_posting(opened: AnyStore, place: Place, moved: Moved) -> None:
    """Whatever they come to together, each currency has to come to zero; nothing of it is kept."""
    with pytest.raises(Exception, match="sums to zero in each currency"):
        write(opened, moved)
    assert place.rows(KEPT) == []


def test_two_currencies_that_each_sum_to_zero(opened: AnyStore, place: Place) -> None:
    """They are a posting, as the core has it too."""
    moved = [(1, -5), (2, 5), (3, 7), (4, -7)]
    write(opened, moved)
    assert place.rows(KEPT) == [(1, account, cents) for account, cents in moved]


@pytest.mark.parametrize(
    "moved",
    [
        pytest.param([(1, -5), (2, 4)], id="a cent is lost"),
        pytest.param([(1, -5), (2, 6)], id="a cent is made"),
        pytest.param([(1, 5)], id="one entry"),
        pytest.param([(1, 5), (2, 5)], id="no side pays"),
    ],
)
def test_l10_what_does_not_sum_to_zero(opened: AnyStore, place: Place, moved: Moved) -> None:
    """It is refused by the database, before anybody can commit it."""
    with pytest.raises(Exception, match="sums to zero in each currency"):
        write(opened, moved)
    assert place.rows(KEPT) == []


def test_l10_an_entry_more_afterwards(opened: AnyStore, place: Place) -> None:
    """Nor does a posting lose its sum later."""
    write(opened, [(1, -5), (2, 5)])
    with pytest.raises(Exception, match=r"sums to zero in each currency|entries of a posting come before it"):
        add_entries(opened, [(1, 7)])
    assert place.rows(KEPT) == [(1, 1, -5), (1, 2, 5)]


def test_l10_entries_of_no_posting(opened: AnyStore, place: Place) -> None:
    """Not even if they sum to zero."""
    with pytest.raises(Exception, match=UNNAMED), committed(opened):
        add_entries(opened, [(1, -5), (2, 5)])
    assert place.rows(KEPT) == []


def test_l10_entries_of_no_account(opened: AnyStore, place: Place) -> None:
    """Money goes nowhere that is not."""
    with pytest.raises(Exception, match=UNNAMED):
        write(opened, [(1, -5), (2, 3), (77, 2)])
    assert place.rows(KEPT) == []


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("DELETE FROM account WHERE number = 1", id="deleted"),
        pytest.param("UPDATE account SET number = 88 WHERE number = 1", id="numbered anew"),
    ],
)
def test_l10_an_account_with_entries_stays(opened: AnyStore, place: Place, statement: str) -> None:
    """What they name is there for good."""
    write(opened, [(1, -5), (2, 5)])
    with pytest.raises(Exception, match=r"FOREIGN|an account is never deleted"):
        execute(opened, statement)
    assert place.rows(KEPT) == [(1, 1, -5), (1, 2, 5)]


def test_l10_an_account_keeps_its_currency(opened: AnyStore) -> None:
    """What summed to zero goes on to."""
    write(opened, [(1, -5), (2, 5)])
    with pytest.raises(Exception, match="an account keeps its currency"):
        execute(opened, "UPDATE account SET currency = 'USD' WHERE number = 1")
    execute(opened, "UPDATE account SET currency = currency")
