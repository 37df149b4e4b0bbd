"""Stores for tests: the migrated schema is made once, then copied into memory or into a file."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from salio.core.ledger.accounts import Account
from salio.core.parties.customers import Customer
from salio.core.parties.operators import Operator
from salio.core.parties.organizations import Organization
from salio.core.transactions.transaction import Transaction
from salio.storage.migrate import migrate
from salio.storage.postgres.store import PostgresStore
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import SqliteStore
from tests.builders import OTHER_SHORT_CODE, an_organization

AnyStore = SqliteStore | PostgresStore
Reopen = Callable[[], SqliteStore]
"""Opens the store again, as after the death of whoever had it open."""


@cache
def migrated(line: str) -> bytes:
    """A freshly migrated database (``environment`` or ``portal``) as a file's bytes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        migrate(path, line)
        return path.read_bytes()


def in_memory(line: str = "environment") -> sqlite3.Connection:
    """A migrated database in memory, opened as Salio opens it."""
    connection = connect(":memory:")
    with closing(sqlite3.connect(":memory:")) as template:
        template.deserialize(migrated(line))
        template.backup(connection)
    return connection


def in_file(path: Path, line: str = "environment") -> sqlite3.Connection:
    """A migrated database in a file, opened as Salio opens it; made if it is not there."""
    if not path.exists():
        path.write_bytes(migrated(line))
    return connect(path)


def seed(
    store: AnyStore,
    *,
    organizations: Iterable[Organization] | None = None,
    customers: Iterable[Customer] = (),
    operators: Iterable[Operator] = (),
    accounts: Iterable[Account] = (),
    transactions: Iterable[Transaction] = (),
) -> None:
    """Puts parties, accounts and transactions into a store; the builders' two organizations by default."""
    usual = (an_organization(), an_organization(short_code=OTHER_SHORT_CODE, name="Neighbour"))
    with store.unit() as unit:
        unit.add_organizations(list(usual if organizations is None else organizations))
        unit.add_customers(list(customers))
        unit.add_operators(list(operators))
        unit.add_accounts(list(accounts))
        unit.add_transactions(list(transactions))
