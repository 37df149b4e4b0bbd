"""Reads the journal beside a running platform, on a connection that cannot write."""

from pathlib import Path
from typing import Any

from sqlalchemy.dialects import sqlite

from salio.storage.journal import JournalReader, compiled
from salio.storage.rows import Row
from salio.storage.sqlite.connection import connect_to_read, reaching

_DIALECT = sqlite.dialect(paramstyle="qmark")


def open_journal(path: Path) -> JournalReader:
    """Raises :class:`~salio.core.ports.StoreUnavailableError` for a file that is not there."""
    connection = connect_to_read(path)

    def run(query: Any) -> list[Row]:
        statement, values = compiled(query, _DIALECT)
        with reaching():
            return connection.execute(statement, values).fetchall()

    return JournalReader(run, connection.close, by_era=True)
