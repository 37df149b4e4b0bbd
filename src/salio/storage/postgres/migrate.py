"""Brings a PostgreSQL database to this program's schema, or says why it cannot."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import asyncpg  # type: ignore[import-untyped] # it brings no types
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import CreateSchema

from salio.storage import migrate as scripts_of
from salio.storage.migrate import SCRIPTS
from salio.storage.ports import InUseError
from salio.storage.postgres.connection import CONNECT_SECONDS

T = TypeVar("T")

ONE_AT_A_TIME = 0x53414C494F
"""The advisory lock that two migrations at once wait for."""

OLDER = {
    "environment": """
        SELECT duty, name FROM process
        WHERE held_until >= server_time() AND coalesce(environment, '') < :revision ORDER BY number""",
    "portal": """
        SELECT duty, name FROM process
        WHERE held_until >= server_time() AND coalesce(portal, '') < :revision ORDER BY number""",
}
"""Who lives whose program does not know that revision of a line."""
DONE = "SELECT revision FROM post_step WHERE line = :line"
DO = "INSERT INTO post_step (line, revision) VALUES (:line, :revision)"


def migrate(url: str, schema: str, line: str, revision: str = "head", scripts: Path = SCRIPTS) -> bool:
    """Upgrades the tables in a schema (a namespace of PostgreSQL's) along ``line``, in one transaction, by
    pre steps alone; whether there was nothing before.

    Raises :class:`~salio.storage.migrate.NewerDatabaseError`, and what the driver raises for a server that
    cannot be reached.
    """

    def upgrade(connection: Connection) -> bool:
        connection.execute(CreateSchema(schema, if_not_exists=True))
        before = _revision(connection)
        where = f"PostgreSQL, schema {schema}"
        if not scripts_of.check_known(where, line, before, scripts):
            scripts_of.run(connection, line, revision, scripts)
        return before is None

    return asyncio.run(_run(url, schema, upgrade))


def finish(url: str, environment: str, schema: str, line: str, scripts: Path = SCRIPTS) -> list[str]:
    """Runs the post steps of a line that were not run yet, in one transaction; their revisions.

    Raises :class:`InUseError` while a process lives whose program is older than one of them. ``environment``
    is the schema in which processes and what was done are kept.
    """

    def post(connection: Connection) -> list[str]:
        connection.execute(text("LOCK TABLE process IN SHARE ROW EXCLUSIVE MODE"))
        done = set(connection.execute(text(DONE), {"line": line}).scalars())
        undone = {
            number: steps
            for number, steps in scripts_of.post_steps(line, scripts).items()
            if number not in done
        }
        for number, steps in undone.items():
            _refuse_older(connection, line, number)
            for each in steps:
                connection.execute(text(each))
            connection.execute(text(DO), {"line": line, "revision": number})
        return list(undone)

    return asyncio.run(_run(url, f"{schema}, {environment}", post))


def _refuse_older(connection: Connection, line: str, revision: str) -> None:
    older = [f"{duty} {name}" for duty, name in connection.execute(text(OLDER[line]), {"revision": revision})]
    if older:
        raise InUseError(
            f"processes of an older Salio still run ({', '.join(older)}), and the post steps of schema "
            f"{revision} take away what they need: stop them, wait three seconds, and run this again"
        )


async def _run(url: str, search_path: str, work: Callable[[Connection], T]) -> T:
    engine = create_async_engine(  # the driver reads the URL, as it does for every other connection
        "postgresql+asyncpg://",
        async_creator=partial(
            asyncpg.connect, url, timeout=CONNECT_SECONDS, server_settings={"search_path": search_path}
        ),
    )
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ONE_AT_A_TIME})
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _revision(connection: Connection) -> str | None:
    known = connection.execute(text("SELECT to_regclass('alembic_version') IS NOT NULL")).scalar_one()
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if known else None
    return None if found is None else str(found)
