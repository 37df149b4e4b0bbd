"""Reads the journal beside running platforms, on a connection that cannot write."""

from typing import Any

from sqlalchemy.dialects.postgresql.asyncpg import dialect

from salio.storage.journal import JournalReader, compiled
from salio.storage.postgres.connection import Session
from salio.storage.rows import Row

_DIALECT = dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's own


def open_journal(session: Session) -> JournalReader:
    """On that connection."""

    def run(query: Any) -> list[Row]:
        statement, values = compiled(query, _DIALECT)
        return session.fetch(statement, *values)

    return JournalReader(run, session.close, by_era=False)
