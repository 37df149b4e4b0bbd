"""Bulk statements: any number of rows, in order, in few runs."""

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import Executable, select, text

from salio.storage.sqlite import statements
from tests.stores import in_memory

MOST = 300


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """A migrated database in memory."""
    connection = in_memory()
    yield connection
    connection.close()


def customers(count: int) -> list[tuple[str, str]]:
    """Rows of the table ``customer``, none of them in the order of its key."""
    return [(f"{(place * 7919) % 100_003:06}", f"name {place}") for place in range(count)]


def test_each_count_inserts_exactly_its_rows_in_order(connection: sqlite3.Connection) -> None:
    """From none to three hundred rows: all of them, once, in the order given."""
    for count in range(MOST + 1):
        connection.execute("BEGIN")
        statements.add_customers.run(connection, customers(count))
        kept = connection.execute("SELECT msisdn, name FROM customer ORDER BY rowid").fetchall()
        connection.execute("ROLLBACK")
        assert kept == customers(count)


def test_each_count_removes_exactly_its_rows(connection: sqlite3.Connection) -> None:
    """From none to three hundred keys: those rows go, the others stay."""
    for count in range(MOST + 1):
        connection.execute("BEGIN")
        statements.add_outbox.run(connection, [(number,) for number in range(MOST + 1)])
        statements.remove_outbox.run(connection, [(number,) for number in range(count)])
        left = connection.execute("SELECT number FROM outbox ORDER BY number").fetchall()
        connection.execute("ROLLBACK")
        assert left == [(number,) for number in range(count, MOST + 1)]


def test_each_count_of_keys_finds_exactly_its_rows(connection: sqlite3.Connection) -> None:
    """From none to three hundred keys: those rows come, each once."""
    rows = [(f"R{place:09}", f"id-{place}", "{}") for place in range(MOST)]
    statements.add_transactions.run(connection, rows)
    for count in range(MOST + 1):
        found = statements.transactions_by_receipt.find(connection, [row[0] for row in rows[:count]])
        assert sorted(map(tuple, found)) == rows[:count]


@pytest.mark.parametrize(
    ("count", "runs"),
    [
        pytest.param(0, 0, id="0"),
        pytest.param(1, 1, id="1"),
        pytest.param(7, 1, id="7"),
        pytest.param(8, 1, id="8"),
        pytest.param(9, 2, id="9"),
        pytest.param(127, 2, id="127"),
        pytest.param(128, 1, id="128"),
        pytest.param(129, 2, id="129"),
        pytest.param(263, 3, id="263"),
    ],
)
def test_few_runs(connection: sqlite3.Connection, count: int, runs: int) -> None:
    """A group of up to 128 rows takes two runs at most."""
    seen: list[str] = []
    connection.set_trace_callback(seen.append)
    statements.add_customers.run(connection, customers(count))
    assert len([each for each in seen if each.startswith("INSERT")]) == runs


def test_few_sizes_are_prepared(connection: sqlite3.Connection) -> None:
    """All counts together need 23 texts: 1 to 7, and the multiples of 8 up to 128."""
    sizes: list[int] = []

    def build(count: int) -> Executable:
        sizes.append(count)
        return select(text(str(count)))

    bulk = statements.Bulk(build)
    for count in range(MOST + 1):
        bulk.run(connection, [()] * count)
    assert sorted(sizes) == [*range(1, 8), *range(8, 129, 8)]
