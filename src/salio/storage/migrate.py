"""Brings a database to this program's schema, or says why it cannot."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

SCRIPTS = Path(__file__).parent / "migrations"
LATEST = {"environment": "0004", "portal": "0001"}
"""The newest revision of each line; a test holds it against the scripts."""


class NewerDatabaseError(Exception):
    """The database was written by a newer Salio; run that one, or restore a backup from before."""


def migrate(path: Path, line: str) -> None:
    """Upgrades the SQLite database at ``path`` along ``line`` (``environment`` or ``portal``).

    A database that is already there costs one read: alembic and SQLAlchemy are loaded only for work.
    Raises :class:`NewerDatabaseError` when the database's revision is not among this program's.
    """
    if not is_current(path, line):
        upgrade(path, line)


def is_current(path: Path, line: str) -> bool:
    """Whether the database needs no upgrade; raises :class:`NewerDatabaseError` as :func:`migrate` does."""
    return check_known(str(path), line, _revision(path))


def upgrade(path: Path, line: str, revision: str = "head") -> None:
    """Runs the revisions that are missing, up to one, in one transaction."""
    from sqlalchemy import URL, create_engine

    # Python's module opens no transaction for CREATE: without a BEGIN of ours, a crash leaves half a schema.
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"isolation_level": None})
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            run(connection, line, revision)
    finally:
        engine.dispose()


def run(connection: Connection, line: str, revision: str = "head") -> None:
    """Runs the revisions that are missing, up to one, on a connection of any engine."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS / line))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def check_known(where: str, line: str, revision: str | None) -> bool:
    """Whether a database at that revision needs no upgrade; raises :class:`NewerDatabaseError`."""
    if revision == LATEST[line]:
        return True
    if revision is not None and not any(SCRIPTS.glob(f"{line}/versions/{revision}_*.py")):
        raise NewerDatabaseError(
            f"{where} has schema {revision}, this Salio knows up to {LATEST[line]}: "
            "run the newer Salio, or restore a backup from before the upgrade"
        )
    return False


def _revision(path: Path) -> str | None:
    if not path.exists():
        return None
    with closing(sqlite3.connect(path)) as connection:
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return str(row[0]) if row else None
