"""A statement shows each entry once, in order, whatever it is filtered by and however it is paged."""

import itertools
import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from sqlite3 import Connection
from typing import Any

import msgspec
import pytest

from salio.core.ledger.accounts import Account, AccountKind, Bucket
from salio.core.ledger.postings import Entry, Posting, changes_of
from salio.core.ledger.statement import Selection, StatementLine
from salio.core.transactions.kinds import TransactionKind
from salio.storage.journal import compiled
from salio.storage.ports import Databases, Journal
from salio.storage.rows import Row
from salio.storage.schema import ERA_BITS
from salio.storage.spans import MOST_ASTRAY
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.journal import _DIALECT
from salio.storage.sqlite.store import SqliteStore
from salio.storage.statements import Statement
from tests.builders import MSISDN, NOW, OTHER_SHORT_CODE, SHORT_CODE, a_transaction
from tests.storage.posted import OTHERS, TRUST, UTILITY, write
from tests.stores import in_file, in_memory


@pytest.fixture
def journal(databases: Databases) -> Iterator[Journal]:
    """On a connection of its own."""
    with closing(databases.journal()) as journal:
        yield journal


def statement_of(connection: Connection, selection: Selection) -> Statement:
    """As the journal has it."""

    def run(query: Any) -> list[Row]:
        return connection.execute(*compiled(query, _DIALECT)).fetchall()

    return Statement(run, selection, by_era=True)


def paged(statement: Statement, most: int) -> list[StatementLine]:
    """All pages."""
    told: list[StatementLine] = []
    while page := statement.page(told[-1].number if told else None, most):
        assert len(page) <= most
        told += page
    return told


def matching(lines: list[StatementLine], selection: Selection) -> list[StatementLine]:
    """By looking at each."""
    found = [
        line
        for line in lines
        if (selection.kind in (None, line.kind))
        and (selection.party in (None, line.party))
        and (selection.receipt in (None, line.receipt))
        and (selection.since is None or line.at >= selection.since)
        and (selection.until is None or line.at < selection.until)
    ]
    return found[::-1] if selection.newest_first else found


def selections(account: Account, others: Sequence[str]) -> Iterator[Selection]:
    """Every combination of filters, of which some find nothing."""
    spans = [(None, None), (10, None), (None, 40), (15, 30), (-30, 2), (500, None)]
    kinds = (None, TransactionKind.B2C)
    parties, receipts = (None, *others, "254799999999"), (None, "UHG0000033", "UHG0000999")
    every = itertools.product(spans, kinds, parties, receipts, (False, True))
    for (since, until), kind, party, receipt, newest_first in every:
        yield Selection(
            account=account,
            since=None if since is None else NOW + timedelta(minutes=since),
            until=None if until is None else NOW + timedelta(minutes=until),
            kind=kind,
            party=party,
            receipt=receipt,
            newest_first=newest_first,
        )


@pytest.mark.parametrize("set_back", [0, 12], ids=["a clock that goes forth", "a clock that was set back"])
def test_every_filter_in_pages(databases: Databases, journal: Journal, set_back: int) -> None:
    """What looking at each line finds, a page finds, from both ends."""
    with closing(databases.store()) as store:
        lines = write(store, set_back=set_back, customers=True)
    assert paged(journal.statement(Selection(account=UTILITY)), 7) == lines
    for selection in selections(UTILITY, (MSISDN, OTHER_SHORT_CODE)):
        assert paged(journal.statement(selection), 11) == matching(lines, selection), selection
    (own,) = journal.accounts(MSISDN)
    lines = paged(journal.statement(Selection(account=own)), 7)
    for selection in selections(own, (SHORT_CODE,)):
        assert paged(journal.statement(selection), 11) == matching(lines, selection), selection


ALMOST_AN_ERA = (1 << ERA_BITS) - 100
OF_ANOTHER = (
    "INSERT INTO account VALUES (900, 'another', 'utility', 'KES', 0, 0, 0)",
    f"INSERT INTO entry VALUES ({ALMOST_AN_ERA}, -1, 900, 'available', 0, 0, NULL)",  # noqa: S608 - ours
    "INSERT INTO posting (number, at, narrative) VALUES (-1, 0, 'long ago')",
)


def test_pages_across_eras() -> None:
    """SQLite's index is cut: the entries of two eras follow one another, from both ends, in every filter."""
    connection = in_memory()
    connection.execute("BEGIN")
    for each in OF_ANOTHER:
        connection.execute(each)
    connection.execute("COMMIT")
    lines = [
        msgspec.structs.replace(line, number=ALMOST_AN_ERA + line.number)
        for line in write(SqliteStore(connection), customers=True)
    ]
    assert connection.execute("SELECT number FROM era").fetchall() == [(0,), (1,)]
    assert {line.number >> ERA_BITS for line in lines} == {0, 1}
    for selection in selections(UTILITY, (MSISDN, OTHER_SHORT_CODE)):
        assert paged(statement_of(connection, selection), 11) == matching(lines, selection), selection
    own = Account(number=OTHERS[MSISDN], holder=MSISDN, kind=AccountKind.CUSTOMER)
    lines = paged(statement_of(connection, Selection(account=own)), 7)
    assert {line.number >> ERA_BITS for line in lines} == {0, 1}
    for selection in selections(own, (SHORT_CODE,)):
        assert paged(statement_of(connection, selection), 11) == matching(lines, selection), selection
    connection.close()


@pytest.mark.parametrize("told", [False, True], ids=["an organization", "a customer"])
def test_a_holder_who_pays_himself(databases: Databases, journal: Journal, *, told: bool) -> None:
    """Charges that are settled, money from abroad that is cleared: each line once, by that party too."""
    with closing(databases.store()) as store:
        write(store, count=1, customers=True)
        holder, own = (MSISDN, OTHERS[MSISDN]) if told else (SHORT_CODE, UTILITY.number)
        entries = tuple(
            Entry(each, Bucket.AVAILABLE, cents) for each, cents in ((own, 5), (TRUST.number, -5))
        )
        moved = a_transaction(
            receipt="UHG0000900", cents=5, debit_party=holder, credit_party=holder, kind=TransactionKind.B2B
        )
        posting = Posting(
            number=900,
            at=NOW,
            narrative="his own",
            entries=entries,
            receipt=moved.receipt,
            kind=moved.kind,
            parties=(holder, holder),
            moves_customer=told,
        )
        with store.unit() as unit:
            unit.add_transactions([moved])
            unit.add_postings([posting], changes_of([posting]))
    (account,) = journal.accounts(holder)
    (line,) = journal.statement(Selection(account=account, party=holder)).lines()
    assert (line.cents, line.party) == (5, holder)


def test_a_clock_that_was_set_back_for_long(tmp_path: Path) -> None:
    """More postings astray than are looked up one by one: the numbers between are walked along."""
    path = tmp_path / "sandbox.db"
    store = SqliteStore(in_file(path))
    count = MOST_ASTRAY + 200
    lines = write(store, count=count, set_back=MOST_ASTRAY + 100)
    store.close()
    span = Selection(account=UTILITY, since=NOW - timedelta(minutes=50), until=NOW + timedelta(minutes=15))
    connection = connect(path)
    assert list(statement_of(connection, span).lines()) == matching(lines, span)
    connection.close()


@pytest.mark.parametrize("seed", range(4))
def test_a_clock_that_steps_back_now_and_then(seed: int) -> None:
    """Whatever the clock did between two postings, a span of time has those of its moments."""
    chance, connection = Random(seed), in_memory()
    steps = [chance.choice((1, 1, 1, 2, 3, 0, -1, -4)) for _ in range(60)]
    lines = write(SqliteStore(connection), minutes=list(itertools.accumulate(steps)))
    for _ in range(12):
        since, until = sorted(NOW + timedelta(minutes=chance.randrange(-10, 90)) for _ in range(2))
        ends = chance.choice(((since, until), (since, None), (None, until)))
        span = Selection(account=UTILITY, since=ends[0], until=ends[1], newest_first=chance.random() < 0.5)
        assert paged(statement_of(connection, span), 7) == matching(lines, span)
    connection.close()


def steps_to_begin(connection: Connection, span: Selection) -> int:
    """How often, in hundreds of its steps, SQLite was busy until the first page could be read."""
    counted = itertools.count()
    connection.set_progress_handler(lambda: next(counted) < 0, 100)
    statement_of(connection, span)
    return next(counted)


def test_a_long_span_begins_as_soon_as_a_short_one() -> None:
    """Where the clock only went forth nothing is looked through; where it was set back, its moments are."""
    connection = in_memory()
    write(SqliteStore(connection), minutes=[*range(10), *range(5, 1_000)])
    short, long = (
        Selection(account=UTILITY, since=NOW + timedelta(minutes=20), until=NOW + timedelta(minutes=until))
        for until in (30, 900)
    )
    twice = Selection(account=UTILITY, since=NOW + timedelta(minutes=7))
    assert steps_to_begin(connection, long) <= steps_to_begin(connection, short) + 1
    assert steps_to_begin(connection, twice) > 2 * steps_to_begin(connection, long)
    connection.close()


def test_accounts_of_a_holder(databases: Databases, journal: Journal) -> None:
    """By short code, MSISDN or the platform's name; nobody has none."""
    with closing(databases.store()) as store:
        write(store, count=1)
    assert journal.accounts(SHORT_CODE) == [UTILITY]
    assert [each.number for each in journal.accounts(MSISDN)] == [OTHERS[MSISDN]]
    assert journal.accounts("999999") == []


def test_the_sides_of_a_line() -> None:
    """Money is paid in or withdrawn, never both."""
    came = StatementLine(number=1, at=NOW, narrative="", bucket=Bucket.AVAILABLE, cents=5, balance=5)
    went = StatementLine(number=2, at=NOW, narrative="", bucket=Bucket.AVAILABLE, cents=-5, balance=0)
    assert (came.paid_in, came.withdrawn, went.paid_in, went.withdrawn) == (5, None, None, 5)


PLANS = {
    "all of it": (Selection(account=UTILITY), {"entry_of_era"}),
    "a kind": (Selection(account=UTILITY, kind=TransactionKind.B2B), {"entry_of_era"}),
    "a span": (Selection(account=UTILITY, since=NOW), {"entry_of_era"}),
    "a party": (
        Selection(account=UTILITY, party=OTHER_SHORT_CODE),
        {"posting_by_parties", "entry_of_posting"},
    ),
    "a customer": (
        Selection(account=UTILITY, party=MSISDN),
        {"posting_by_parties", "entry_of_posting", "entry_of_era"},
    ),
    "a party's kind in a span": (
        Selection(account=UTILITY, party=OTHER_SHORT_CODE, kind=TransactionKind.B2B, since=NOW),
        {"posting_by_parties", "entry_of_posting"},
    ),
    "a customer's kind in a span": (
        Selection(account=UTILITY, party=MSISDN, kind=TransactionKind.B2B, since=NOW),
        {"posting_by_parties", "entry_of_posting", "entry_of_era"},
    ),
    "a receipt": (Selection(account=UTILITY, receipt="UHG0000033"), {"entry_of_posting"}),
    "a receipt of a party": (
        Selection(account=UTILITY, receipt="UHG0000033", party=MSISDN, kind=TransactionKind.B2B),
        {"entry_of_posting"},
    ),
}


@pytest.mark.parametrize("newest_first", [False, True], ids=["oldest first", "newest first"])
@pytest.mark.parametrize(("selection", "indexes"), PLANS.values(), ids=PLANS)
def test_a_page_goes_by_its_index(
    tmp_path: Path, selection: Selection, indexes: set[str], *, newest_first: bool
) -> None:
    """SQLite is never led to read an account, or the journal, from end to end, nor to sort it."""
    selection = msgspec.structs.replace(selection, newest_first=newest_first)
    store = SqliteStore(in_file(tmp_path / "sandbox.db"))
    write(store, customers=True)
    plans: list[str] = []

    def run(query: Any) -> list[Row]:
        statement, values = compiled(query, _DIALECT)
        plan = store._connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
        plans.append("\n".join(row[3] for row in plan))
        return store._connection.execute(statement, values).fetchall()

    Statement(run, selection, by_era=True).page(after=100)
    store.close()
    *looks, page = plans
    assert all("SCAN" not in look.replace("SCAN setback", "") for look in looks), looks  # a few rows
    assert {each for each in re.findall(r"SCAN (\w+)", page) if "anon" not in each} <= {"era"}, page
    used = {word for word in page.split() if word.startswith(("entry_", "posting_"))}
    assert used == indexes, page
    assert not re.search(r"(entry_of_era|posting_by_parties).*\n((SEARCH|SCALAR) .*\n)*USE TEMP B-TREE", page)
    for table in ("entry", "posting", "transaction_"):
        assert f"SCAN {table}" not in page
