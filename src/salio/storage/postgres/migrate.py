"""Brings a PostgreSQL database to this program's schema, or says why it cannot."""

import asyncio
from functools import partial

import asyncpg  # type: ignore[import-untyped] # it brings no types
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import CreateSchema

from salio.storage import migrate as scripts
from salio.storage.postgres.connection import CONNECT_SECONDS

ONE_AT_A_TIME = 0x53414C494F
"""The advisory lock that two migrations at once wait for."""


def migrate(url: str, schema: str, line: str, revision: str = "head") -> None:
    """Upgrades the tables in a schema (a namespace of PostgreSQL's) along ``line``, in one transaction.

    Raises :class:`~salio.storage.migrate.NewerDatabaseError`, and what the driver raises for a server that
    cannot be reached.
    """
    asyncio.run(_migrate(url, schema, line, revision))


async def _migrate(url: str, schema: str, line: str, revision: str) -> None:
    engine = create_async_engine(  # the driver reads the URL, as it does for every other connection
        "postgresql+asyncpg://",
        async_creator=partial(
            asyncpg.connect, url, timeout=CONNECT_SECONDS, server_settings={"search_path": schema}
        ),
    )
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade, schema, line, revision)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, schema: str, line: str, revision: str) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ONE_AT_A_TIME})
    connection.execute(CreateSchema(schema, if_not_exists=True))
    if not scripts.check_known(f"PostgreSQL, schema {schema}", line, _revision(connection)):
        scripts.run(connection, line, revision)


def _revision(connection: Connection) -> str | None:
    known = connection.execute(text("SELECT to_regclass('alembic_version') IS NOT NULL")).scalar_one()
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if known else None
    return None if found is None else str(found)
