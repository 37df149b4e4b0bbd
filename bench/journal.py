"""Fills a store with transactions, their postings and entries, sealed: millions in minutes.

Straight into the database, a hundred transactions to a seal, without indexes and triggers, which return at
the end. It is what the platform would have written, so that ``salio check`` finds nothing wrong.
"""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg  # type: ignore[import-untyped] # it brings no types
import msgspec

from bench.stores import AnyStore
from salio.core.ledger.accounts import KES, PLATFORM_HOLDER, Account, AccountKind, Bucket
from salio.core.ledger.book import Book
from salio.core.ledger.postings import Entry, Posting, changes_of
from salio.core.parties.customers import Customer
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Transaction
from salio.storage import rows, schema
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.seals import chained, content_of
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import SqliteStore

PAYER = "600310"
CENTS = 15_000
SEALED_TOGETHER = 100
AT_ONCE = 50_000
BEGAN_AT = datetime(2026, 4, 1, tzinfo=UTC)
APART = timedelta(seconds=1.9)
CUSTOMERS = [f"2541{number:08}" for number in range(10_000)]
RARE_PARTY = "254199999999"
RARELY = 1_000_000
"""One in so many is paid to the rare party, and one is a reversal."""

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_AROUND = (
    "SELECT type, name, sql FROM sqlite_master"
    " WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name IN (?, ?, ?)"
)
_TABLES = ("posting", "entry", "transaction_")
_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'sandbox' AND tablename = ANY($1)
        AND indexname NOT IN (SELECT conname FROM pg_constraint)"""
_ADD = {
    "transaction_": "INSERT INTO transaction_ VALUES (?, ?, ?)",
    "posting": "INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?, ?)",
    "entry": "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)",
    "seal": "INSERT INTO seal VALUES (?, ?, ?)",
}
_FAST = ("PRAGMA synchronous = OFF", "PRAGMA journal_mode = OFF", "PRAGMA cache_size = -500000")
_CHANGE = "UPDATE account SET available = available + ? WHERE number = ?"
_CHANGE_ON_SERVER = "UPDATE account SET available = available + $1 WHERE number = $2"
_HELD = "SELECT number, available + reserved FROM account"
_ERAS = "INSERT OR IGNORE INTO era SELECT DISTINCT number >> ? FROM entry"
_LATEST_SEAL = "SELECT digest FROM seal ORDER BY number DESC LIMIT 1"


def receipt_of(number: int) -> str:
    """The receipt of the transaction of that number, from 1."""
    text = ""
    for _ in range(7):
        number, digit = divmod(number, 36)
        text = _LETTERS[digit] + text
    return f"TKV{text}"


def conversation_of(number: int) -> str:
    """Its OriginatorConversationID."""
    return f"9{number:07}-{number * 7919 % 10**8:08}-1"


def payee_of(number: int) -> str:
    """Who is paid."""
    return RARE_PARTY if number % RARELY == 1 else CUSTOMERS[number * 7919 % len(CUSTOMERS)]


class Written(msgspec.Struct):
    """What a number of transactions come to, row by row in the order of their tables."""

    transaction_: list[rows.Row]
    posting: list[rows.Row]
    entry: list[rows.Row]
    seal: list[rows.Row]


def fill(folder: Path, count: int) -> None:
    """Adds so many payments to a data folder in which a platform ran once."""
    path = folder / "sandbox.db"
    with closing(SqliteStore(connect(path))) as store:
        accounts = _open(store, count)
        first = store.next_posting_number()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in _FAST:
            connection.execute(pragma)
        around = connection.execute(_AROUND, _TABLES).fetchall()
        for kind, name, _ in around:
            connection.execute(f"DROP {kind} {name}")
        _write(connection, accounts, first, count)
        for _, _, statement in around:
            connection.execute(statement)
        connection.execute(_ERAS, [schema.ERA_BITS])
        connection.execute("PRAGMA journal_mode = WAL")


def fill_server(url: str, count: int) -> None:
    """The same in a database of PostgreSQL's."""
    with closing(PostgresDatabases(url).store()) as store:
        accounts = _open(store, count)
        first = store.next_posting_number()
    asyncio.run(_copy(url, accounts, first, count))


def _open(store: AnyStore, count: int) -> dict[str, Account]:
    """Accounts for the customers, and money for who pays them; by holder."""
    known, balances = store.accounts()
    book, free = Book(known, balances), max(each.number for each in known) + 1
    opened = {
        holder: Account(number=free + place, holder=holder, kind=AccountKind.CUSTOMER)
        for place, holder in enumerate([*CUSTOMERS, RARE_PARTY])
    }
    trust, utility = (
        book.account(PLATFORM_HOLDER, AccountKind.TRUST),
        book.account(PAYER, AccountKind.UTILITY),
    )
    assert trust is not None
    assert utility is not None
    funds = count * CENTS
    entries = (Entry(trust.number, Bucket.AVAILABLE, -funds), Entry(utility.number, Bucket.AVAILABLE, funds))
    number = store.next_posting_number()
    posting = Posting(number=number, at=BEGAN_AT, narrative="for the benchmark", entries=entries)
    with store.unit() as unit:
        unit.add_customers([Customer(msisdn=each, name="Jane Doe") for each in opened])
        unit.add_accounts(list(opened.values()))
        unit.add_postings([posting], changes_of([posting]))
    return opened | {PAYER: utility}


def _write(connection: sqlite3.Connection, accounts: dict[str, Account], first: int, count: int) -> None:
    held = dict(connection.execute(_HELD).fetchall())
    before, (seal,) = dict(held), connection.execute(_LATEST_SEAL).fetchone()
    for written in _written(accounts, first, count, held, seal):
        connection.execute("BEGIN")
        for table, added in msgspec.structs.asdict(written).items():
            connection.executemany(_ADD[table], added)
        connection.execute("COMMIT")
    connection.executemany(_CHANGE, [(held[number] - before[number], number) for number in held])


async def _copy(url: str, accounts: dict[str, Account], first: int, count: int) -> None:
    settings = {
        "search_path": "sandbox",
        "session_replication_role": "replica",  # which no trigger is for
        "synchronous_commit": "off",
        "maintenance_work_mem": "512MB",
    }
    connection = await asyncpg.connect(url, server_settings=settings)
    try:
        indexes = await connection.fetch(_INDEXES, _TABLES)
        for name, _ in indexes:
            await connection.execute(f"DROP INDEX {name}")
        held = dict(await connection.fetch(_HELD))
        before, seal = dict(held), await connection.fetchval(_LATEST_SEAL)
        for written in _written(accounts, first, count, held, seal):
            written.entry = [row[1:] for row in written.entry]  # the database numbers them
            for table, added in msgspec.structs.asdict(written).items():
                columns = [each.name for each in schema.environment.tables[table].columns][-len(added[0]) :]
                await connection.copy_records_to_table(table, records=added, columns=columns)
        changed = [(held[number] - before[number], number) for number in held]
        await connection.executemany(_CHANGE_ON_SERVER, changed)
        for _, statement in indexes:
            await connection.execute(statement)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


def _written(
    accounts: dict[str, Account], first: int, count: int, held: dict[int, int], seal: bytes
) -> Iterator[Written]:
    """The rows of some thousand transactions at a time; ``held`` is what the accounts hold after them."""
    for start in range(1, count + 1, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, count + 1))
        made = [_made(number, first, accounts) for number in numbers]
        postings = [posting for _, posting in made]
        entries = rows.entry_rows(postings, held)
        held |= {row[2]: row[5] for row in entries}
        seals = list(_seals(postings, seal))
        seal = seals[-1][2]
        yield Written(
            [rows.transaction_row(each) for each, _ in made], rows.posting_rows(postings), entries, seals
        )


def _seals(postings: Sequence[Posting], digest: bytes) -> Iterator[rows.Row]:
    for start in range(0, len(postings), SEALED_TOGETHER):
        sealed = postings[start : start + SEALED_TOGETHER]
        digest = chained(digest, content_of(sealed))
        yield sealed[-1].number, sealed[0].number, digest


def _made(number: int, first: int, accounts: dict[str, Account]) -> tuple[Transaction, Posting]:
    payee, at = payee_of(number), BEGAN_AT + number * APART
    reversal = number % RARELY == 2
    transaction = Transaction(
        receipt=receipt_of(number),
        kind=TransactionKind.REVERSAL if reversal else TransactionKind.B2C,
        state=TransactionState.COMPLETED,
        cents=CENTS,
        currency=KES,
        debit_party=PAYER,
        debit_party_name="Safaricom1310",
        debit_account=AccountKind.UTILITY,
        credit_party=payee,
        credit_party_name="Jane Doe",
        reason_type="Business Payment to Customer via API",
        initiated_at=at,
        finalised_at=at,
        originator_conversation_id=conversation_of(number),
        conversation_id=f"AG_20251101_{number:020x}",
    )
    entries = (
        Entry(accounts[PAYER].number, Bucket.AVAILABLE, -CENTS),
        Entry(accounts[payee].number, Bucket.AVAILABLE, CENTS),
    )
    posting = Posting(
        number=first + number - 1,
        at=at,
        narrative=transaction.reason_type,
        entries=entries,
        receipt=transaction.receipt,
        kind=transaction.kind,
        parties=(PAYER, payee),
        moves_customer=True,
    )
    return transaction, posting
