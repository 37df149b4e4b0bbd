"""The core alone: transfers that the ledger makes and a store keeps, a hundred to a commit, on both engines.

Each is what a payment without charges comes to: its transaction, a posting of two entries, balances, and a
hundredth of a seal. Beside it, in the same store, what the disk takes: rows of one table with no index but
its key, a hundred to a commit as well.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import asyncpg  # type: ignore[import-untyped] # it brings no types
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from bench.cluster import server
from bench.rows import Row, Scale, data_folder
from salio.core.ledger.accounts import KES, PLATFORM_HOLDER, Account, AccountKind, Bucket
from salio.core.ledger.ledger import Ledger, Movement
from salio.core.ledger.postings import Entry, Posting, changes_of
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Transaction
from salio.platform.folder import SANDBOX
from salio.platform.serve import tune
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.postgres.store import PostgresStore
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.databases import SqliteDatabases
from salio.storage.sqlite.store import SqliteStore
from salio.vault.keys import KeyRing
from salio.vault.receipts import ReceiptMint

BATCH = 100
PAYER = "600310"
CUSTOMERS = [f"2541{number:08}" for number in range(1_000)]
CENTS = 15_000
FUNDS = 10**13
WORDS = "w" * 400
"""As long as a transaction is."""
CEILING = Table(
    "ceiling",
    MetaData(),
    Column("number", BigInteger, primary_key=True),
    Column("words", Text, nullable=False),
)
INSERT = "INSERT INTO ceiling SELECT * FROM unnest($1::bigint[], $2::text[])"


def transfers(scale: Scale) -> Iterator[Row]:
    """Ledger transfers a second in the core alone, and rows a second in the same store."""
    tune()  # as the platform's process is
    with data_folder() as folder:
        files = SqliteDatabases(environment=folder / "sandbox.db", portal=folder / "portal.db")
        files.migrate()
        yield from _on("SQLite", files.store(), folder, scale.seconds, ">= 20,000")
        yield ceiling("SQLite", rows_in_file(folder / "ceiling.db", scale.seconds / 2))
    with server() as url, data_folder() as folder:
        databases = PostgresDatabases(url)
        databases.migrate()
        yield from _on("PostgreSQL", databases.store(), folder, scale.seconds, ">= 10,000")
        yield ceiling("PostgreSQL", asyncio.run(_rows_in_server(url, scale.seconds / 2)))


def ceiling(engine: str, rows: float) -> Row:
    """What the disk takes, beside what stands above it."""
    return Row(f"  rows of one table a second, {BATCH} to a commit, {engine}", f"{rows:,.0f}")


def _on(
    engine: str, store: SqliteStore | PostgresStore, folder: Path, seconds: float, wanted: str
) -> Iterator[Row]:
    keys = KeyRing.open(folder / "keys", SANDBOX, entropy=os.urandom)
    with closing(store):
        _fund(store)
        ledger = Ledger.read(store, ReceiptMint(keys), datetime.now(UTC))
        count, began = 0, time.perf_counter()
        transfer = _transfers(ledger)
        while time.perf_counter() - began < seconds:
            now = datetime.now(UTC)  # a batch is decided at one moment, as the platform decides it
            made = [ledger.make(transfer(now), now) for _ in range(BATCH)]
            postings = [each.posting for each in made if each.posting is not None]
            with store.unit() as unit:
                unit.add_transactions([each.transaction for each in made])
                unit.add_postings(postings, changes_of(postings))
            for each in made:
                ledger.settle(each)
            count += BATCH
        rate = count / (time.perf_counter() - began)
        kept = sum(balance.available for balance in store.accounts()[1].values())
    yield Row(f"ledger transfers a second, the core alone, {engine}", f"{rate:,.0f}", wanted)
    yield Row("  cents by which the accounts do not sum to zero", f"{kept}", "0")


def rows_in_file(path: Path, seconds: float) -> float:
    """Rows a second in a new file of SQLite's, written as the platform writes."""
    group = insert(CEILING).values([(None, None)] * BATCH)
    statement = str(group.compile(dialect=sqlite.dialect(paramstyle="qmark")))
    with closing(connect(path)) as connection:
        connection.execute(str(CreateTable(CEILING)))
        number, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            values = [each for place in range(number, number + BATCH) for each in (place, WORDS)]
            connection.execute(statement, values)
            number += BATCH
        return number / (time.perf_counter() - began)


async def _rows_in_server(url: str, seconds: float) -> float:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(str(CreateTable(CEILING)))
        statement = await connection.prepare(INSERT)
        number, words, began = 0, [WORDS] * BATCH, time.perf_counter()
        while time.perf_counter() - began < seconds:
            await statement.fetch(range(number, number + BATCH), words)
            number += BATCH
        return number / (time.perf_counter() - began)
    finally:
        await connection.close()


def _fund(store: SqliteStore | PostgresStore) -> None:
    holders = [(PLATFORM_HOLDER, AccountKind.TRUST), (PAYER, AccountKind.UTILITY)]
    holders += [(each, AccountKind.CUSTOMER) for each in CUSTOMERS]
    accounts = [Account(number=place, holder=who, kind=kind) for place, (who, kind) in enumerate(holders, 1)]
    posting = Posting(
        number=1,
        at=datetime.now(UTC),
        narrative="for the benchmark",
        entries=(Entry(1, Bucket.AVAILABLE, -FUNDS), Entry(2, Bucket.AVAILABLE, FUNDS)),
    )
    with store.unit() as unit:
        unit.add_accounts(accounts)
        unit.add_postings([posting], changes_of([posting]))


def _transfers(ledger: Ledger) -> Callable[[datetime], Movement]:
    """Makes them one after another, to each customer in turn."""
    payees = cycle(CUSTOMERS)
    payer = ledger.book.account(PAYER, AccountKind.UTILITY)
    assert payer is not None

    def transfer(now: datetime) -> Movement:
        payee = next(payees)
        receiver = ledger.book.account(payee, AccountKind.CUSTOMER)
        assert receiver is not None
        transaction = Transaction(
            receipt=ledger.receipt_of_next(now),
            kind=TransactionKind.B2C,
            state=TransactionState.COMPLETED,
            cents=CENTS,
            currency=KES,
            debit_party=PAYER,
            debit_party_name="Payer",
            debit_account=AccountKind.UTILITY,
            credit_party=payee,
            credit_party_name="Jane Doe",
            reason_type="Business Payment to Customer via API",
            initiated_at=now,
            finalised_at=now,
        )
        entries = (
            Entry(payer.number, Bucket.AVAILABLE, -CENTS),
            Entry(receiver.number, Bucket.AVAILABLE, CENTS),
        )
        return Movement(transaction=transaction, narrative=transaction.reason_type, entries=entries)

    return transfer
