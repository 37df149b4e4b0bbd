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


def test_the_work_lists_follow_the_facts(connection: sqlite3.Connection) -> None:
    """A conclusion moves its request alone from intake to the outbox; an attempt's end takes it out."""
    statements.add_intake.run(connection, [(number, "credential") for number in range(9)])
    statements.add_conclusions.run(connection, [(number, 1, "succeeded", "", "{}") for number in (2, 5)])
    statements.add_attempt_ends.run(connection, [(5, 2, 200, None)])
    intake = connection.execute("SELECT number FROM intake ORDER BY number").fetchall()
    assert intake == [(number,) for number in range(9) if number not in (2, 5)]
    assert connection.execute("SELECT number FROM outbox").fetchall() == [(2,)]


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
        pytest.param(16, 1, id="16"),
        pytest.param(17, 2, id="17: sixteen and one"),
        pytest.param(63, 2, id="63: fifty-six and seven"),
        pytest.param(64, 1, id="64"),
        pytest.param(65, 2, id="65"),
        pytest.param(128, 2, id="128"),
        pytest.param(263, 5, id="263"),
    ],
)
def test_few_runs(connection: sqlite3.Connection, count: int, runs: int) -> None:
    """A group of up to 64 rows takes one run, or two."""
    seen: list[str] = []
    connection.set_trace_callback(seen.append)
    statements.add_customers.run(connection, customers(count))
    assert len([each for each in seen if each.startswith("INSERT")]) == runs


def test_each_size_is_prepared_once(connection: sqlite3.Connection) -> None:
    """All counts together need 22 texts, each made when it is first needed."""
    sizes: list[int] = []

    def build(count: int) -> Executable:
        sizes.append(count)
        return select(text(str(count)))

    bulk = statements.Bulk(build)
    for count in range(MOST + 1):
        bulk.run(connection, [()] * count)
    assert sizes == [*range(1, 17), *range(24, 65, 8)]


def test_what_moved_today_is_found_by_its_moments(connection: sqlite3.Connection) -> None:
    """A start reads the day's postings, not all entries in the order of their accounts."""
    plan = connection.execute(f"EXPLAIN QUERY PLAN {statements.totals_since}", (0,)).fetchall()
    assert [row[3].split("(")[0] for row in plan if row[3].startswith("SEARCH")] == [
        "SEARCH posting USING INDEX posting_at ",
        "SEARCH entry USING INDEX entry_of_posting ",
    ]
