"""Brings a database to this program's schema, or says why it cannot.

What a revision's ``upgrade`` does is a *pre* step: it only adds, so that programs that do not know it go on
working beside those that do. What takes something away stands in the revision's ``POST``, a tuple of
statements: it is run when no program that needs it is alive (``salio migrate --post``), and on a database
that nobody shares at once.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

SCRIPTS = Path(__file__).parent / "migrations"
LATEST = {"environment": "0021", "portal": "0001"}
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

    before = _revision(path) or ""
    # Python's module opens no transaction for CREATE: without a BEGIN of ours, a crash leaves half a schema.
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"isolation_level": None})
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            run(connection, line, revision)
            for number, statements in post_steps(line).items():
                if before < number and revision == "head":
                    for each in statements:
                        connection.exec_driver_sql(each)
    finally:
        engine.dispose()


def run(connection: Connection, line: str, revision: str = "head", scripts: Path = SCRIPTS) -> None:
    """Runs the pre steps that are missing, up to one revision, on a connection of any engine."""
    from alembic import command

    config = _config(line, scripts)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def latest(line: str, scripts: Path = SCRIPTS) -> str:
    """The newest revision that a program with these scripts knows."""
    return LATEST[line] if scripts == SCRIPTS else max(_revisions(line, scripts))


def post_steps(line: str, scripts: Path = SCRIPTS) -> dict[str, tuple[str, ...]]:
    """The revisions that have post steps, oldest first."""
    from alembic.script import ScriptDirectory

    found = ScriptDirectory.from_config(_config(line, scripts)).walk_revisions()
    posts = {each.revision: getattr(each.module, "POST", ()) for each in found}
    return {revision: tuple(posts[revision]) for revision in sorted(posts) if posts[revision]}


def check_known(where: str, line: str, revision: str | None, scripts: Path = SCRIPTS) -> bool:
    """Whether a database at that revision needs no upgrade; raises :class:`NewerDatabaseError`."""
    if revision == latest(line, scripts):
        return True
    if revision is not None and not is_known(line, revision, scripts):
        raise NewerDatabaseError(
            f"{where} has schema {revision}, this Salio knows up to {latest(line, scripts)}: "
            "run the newer Salio, or restore a backup from before the upgrade"
        )
    return False


def is_known(line: str, revision: str, scripts: Path = SCRIPTS) -> bool:
    """Whether the revision is among a program's."""
    return revision in _revisions(line, scripts)


def _revisions(line: str, scripts: Path) -> set[str]:
    return {path.name.partition("_")[0] for path in scripts.glob(f"{line}/versions/*_*.py")}


def _config(line: str, scripts: Path) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts / line))
    return config


def _revision(path: Path) -> str | None:
    if not path.exists():
        return None
    with closing(sqlite3.connect(path)) as connection:
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return str(row[0]) if row else None
