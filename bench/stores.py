"""The stores that money is put into before it moves, and looked for afterwards."""

from pathlib import Path

from salio.storage.postgres.store import PostgresStore
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import SqliteStore

AnyStore = SqliteStore | PostgresStore


def store_in(folder: Path) -> SqliteStore:
    """Of the platform whose data folder this is; it must not run."""
    return SqliteStore(connect(folder / "sandbox.db"))
