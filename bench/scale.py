"""Ten million transactions: what a status query costs beside ten thousand, and how long a page takes on
either engine.
"""

import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

from bench.bodies import credentials, status_query
from bench.cluster import prepared, server
from bench.journal import (
    APART,
    BEGAN_AT,
    CUSTOMERS,
    PAYER,
    RARE_PARTY,
    conversation_of,
    fill,
    fill_server,
    receipt_of,
)
from bench.rows import Row, data_folder, drained, load
from bench.servers import helper, platform
from salio.core.ledger.accounts import AccountKind
from salio.core.ledger.statement import Selection
from salio.core.transactions.kinds import TransactionKind
from salio.storage.ports import Journal
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.sqlite.databases import SqliteDatabases

SIZES = (10_000, 10_000_000)
ROUNDS, SECONDS, RATE = 7, 3.0, 1_000
QUERIES = 2_000
"""Different ones, spread over all transactions: half by receipt, half by conversation."""
PAGE = 50


def scale(sizes: tuple[int, ...] = SIZES) -> Iterator[Row]:
    """Fills a store of each size, and measures."""
    with ExitStack() as kept:
        folders = [kept.enter_context(data_folder()) for _ in sizes]
        for folder, count in zip(folders, sizes, strict=True):
            with platform(folder):
                pass
            began = time.perf_counter()
            fill(folder, count)
            size = (folder / "sandbox.db").stat().st_size / 2**20
            yield Row(f"{count:,} transactions, written", f"{time.perf_counter() - began:,.0f} s")
            yield Row("  on the disk", f"{size:,.0f} MB")
        yield from measure(dict(zip(sizes, folders, strict=True)))
    yield from on_server(max(sizes))


def measure(folders: dict[int, Path]) -> Iterator[Row]:
    """On stores that are filled already, by their sizes."""
    yield from _status_queries(folders)
    largest = max(folders)
    folder = folders[largest]
    databases = SqliteDatabases(environment=folder / "sandbox.db", portal=folder / "portal.db")
    with closing(databases.journal()) as journal:
        yield from _pages(journal, largest, "SQLite")


def on_server(count: int) -> Iterator[Row]:
    """The pages again, on PostgreSQL."""
    with server() as url, prepared(url, "scale") as (its, _):
        began = time.perf_counter()
        fill_server(its, count)
        yield Row(f"{count:,} transactions, written, PostgreSQL", f"{time.perf_counter() - began:,.0f} s")
        with closing(PostgresDatabases(its).journal()) as journal:
            yield from _pages(journal, count, "PostgreSQL")


def _status_queries(folders: dict[int, Path]) -> Iterator[Row]:
    spent: dict[int, list[float]] = {count: [] for count in folders}
    with helper("bench.sink") as sink:
        for _ in range(ROUNDS):
            for count, folder in folders.items():
                spent[count].append(_cpu_of_a_round(folder, count, sink))
    medians = {count: statistics.median(each) for count, each in spent.items()}
    for count, median in medians.items():
        yield Row(f"CPU per status query at {count:,} transactions", f"{1e6 * median:.0f} us")
    spread = max(medians.values()) / min(medians.values()) - 1
    yield Row("  spread over the sizes", f"{100 * spread:.0f} %", "<= 30 %")


def _cpu_of_a_round(folder: Path, count: int, sink: int) -> float:
    with platform(folder) as running:
        (credential,) = credentials(running.certificate, 1)
        asked = [1 + place * (count - 1) // QUERIES for place in range(QUERIES)]
        bodies = [
            status_query(running.token, credential, sink, PAYER, receipt=receipt_of(number))
            if place % 2
            else status_query(running.token, credential, sink, PAYER, conversation=conversation_of(number))
            for place, number in enumerate(asked)
        ]
        load(running.port, bodies, 0.5, rate=RATE)
        drained(running)
        before, done = running.cpu_seconds(), running.metric("salio_requests_acknowledged_total")
        load(running.port, bodies, SECONDS, rate=RATE)
        drained(running)
        requests = running.metric("salio_requests_acknowledged_total") - done
        return (running.cpu_seconds() - before) / requests


def _pages(journal: Journal, count: int, engine: str) -> Iterator[Row]:
    """Each the best of five, with a new statement: what it reads is in memory by then."""
    (account,) = [each for each in journal.accounts(PAYER) if each.kind is AccountKind.UTILITY]
    middle = BEGAN_AT + count // 2 * APART
    whole = Selection(account=account)
    last = journal.statement(Selection(account=account, newest_first=True)).page(most=PAGE)[-1].number
    yield Row(f"pages of {PAGE} of an account of {count:,} entries, {engine}", "")
    pages = {
        "first": (whole, None),
        "middle": (whole, count),
        "last": (whole, last),
        "newest": (Selection(account=account, newest_first=True), None),
        "a rare kind": (Selection(account=account, kind=TransactionKind.REVERSAL), None),
        "a kind that never was": (Selection(account=account, kind=TransactionKind.IMT), None),
        "a party": (Selection(account=account, party=CUSTOMERS[5]), count),
        "a rare party": (Selection(account=account, party=RARE_PARTY), None),
        "a receipt": (Selection(account=account, receipt=receipt_of(count // 2)), None),
        "an hour": (Selection(account=account, since=middle, until=middle + timedelta(hours=1)), None),
        "a day": (Selection(account=account, since=middle, until=middle + timedelta(days=1)), None),
        "30 days": (Selection(account=account, since=middle, until=middle + timedelta(days=30)), None),
        "from the middle on": (Selection(account=account, since=middle), None),
    }
    for who, holder in (("a customer's own", CUSTOMERS[5]), ("a rare customer's own", RARE_PARTY)):
        (own,) = journal.accounts(holder)
        pages[who] = (Selection(account=own, newest_first=True), None)
    for name, (selection, after) in pages.items():
        begun, paged = [], []
        for _ in range(5):
            began = time.perf_counter()
            statement = journal.statement(selection)
            begun.append(time.perf_counter() - began)
            began = time.perf_counter()
            statement.page(after, PAGE)
            paged.append(time.perf_counter() - began)
        yield Row(f"  {name}", f"{1e3 * min(paged):.1f} ms", "<= 20 ms")
        if selection.since is not None:
            yield Row("    once for the statement, besides", f"{1e3 * min(begun):.1f} ms")
