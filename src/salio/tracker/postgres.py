"""A record in PostgreSQL, in a schema of its own beside the application's tables.

It goes as in a file: one transaction at a time, each begun with a lock that conflicts with itself, so that
nothing else has to be thought of anew. psycopg is the driver, for the tracker's steps are of threads and so
is what an application hands a transaction to.
"""

import importlib
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from salio.client.errors import UnusableSetting
from salio.tracker.errors import RecordUnavailable
from salio.tracker.places import Found, Rows

SCHEMA = "salio"
"""Unless the URL says `?schema=`: there is one for each record."""

_DIALECT = (
    ("INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
    (" INTEGER", " BIGINT"),
    (" BLOB", " BYTEA"),
    (") STRICT", ")"),
    ("PRAGMA user_version =", "INSERT INTO version SELECT"),
)
_SESSION = """
SET lock_timeout = '5s';
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
"""
"""Whoever was answered, or was sent a request, is never forgotten, whatever the application prefers."""
_BEGIN = "BEGIN; LOCK TABLE secret IN EXCLUSIVE MODE"
_ONE_PREPARES = "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('salio record', 0))"
_TAKE_TURN = "SELECT pg_try_advisory_lock(hashtextextended('salio turn ' || current_schema(), 0))"
_LEAVE_TURN = "SELECT pg_advisory_unlock(hashtextextended('salio turn ' || current_schema(), 0))"
"""A lock of the record's schema, which lives as long as its session."""


class PostgresSchema:
    """Connects, and again whenever the server has gone away meanwhile."""

    def __init__(self, url: str) -> None:
        self._url, self._schema = _divided(url)
        self._psycopg = _driver()
        self.trouble: tuple[type[Exception], ...] = (self._psycopg.OperationalError,)
        self._ours = threading.Lock()
        self._connection: Any = None
        self._turn: Any = None
        """The connection whose session has the turn, if we have it."""
        with self._reaching():
            self._connect()

    @property
    def name(self) -> str:
        """Without a password."""
        parts = urlsplit(self._url)
        host = parts.netloc.rpartition("@")[2]
        user = f"{parts.username}@" if parts.username else ""
        return f"{parts.scheme}://{user}{host}{parts.path}, schema {self._schema}"

    def is_there(self) -> bool:
        """Whether somebody has begun it."""
        return bool(self.rows("SELECT to_regclass('secret') IS NOT NULL", ())[0][0])

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    @contextmanager
    def preparing(self) -> Iterator[Rows]:
        """In the schema, made if it is not there; a user without the right to make one may be given one."""
        with self._transaction(_ONE_PREPARES) as rows:
            if rows.execute("SELECT to_regnamespace(?) IS NULL", [self._schema]).fetchone()[0]:
                sql = self._psycopg.sql
                _connection_of(rows).execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(self._schema)))
            yield rows

    @contextmanager
    def transaction(self) -> Iterator[Rows]:
        """Readers are in nobody's way; whoever wants to write waits, some seconds at most."""
        with self._transaction(_BEGIN) as rows:
            yield rows

    def rows(self, statement: str, parameters: Sequence[Any]) -> list[Any]:
        """What a statement reads."""
        with self._reaching():
            return list(self._first(_translated(statement), _kept(parameters)).fetchall())

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """By a lock of the session's, and one of this process: a session never waits for itself."""
        if not self._ours.acquire(blocking=False):
            yield False
            return
        try:
            with self._reaching():
                asked = self._first(_TAKE_TURN, ())
            if not asked.fetchone()[0]:
                yield False
                return
            self._turn = asked.connection
            try:
                yield True
            finally:
                self._turn = None
                with suppress(RecordUnavailable):  # a session that is gone has left it
                    self.rows(_LEAVE_TURN, ())
        finally:
            self._ours.release()

    def has_ended(self, rows: Rows) -> bool:
        """Whether there is none any more; of a connection that is lost it is not said."""
        idle = self._psycopg.pq.TransactionStatus.IDLE
        return bool(_connection_of(rows).info.transaction_status == idle)

    def turn_is_lost(self, rows: Rows) -> bool:
        """Whether it went with its session, and this transaction is of another."""
        return self._turn is not None and _connection_of(rows) is not self._turn

    @contextmanager
    def handed(self, rows: Rows) -> Iterator[Any]:
        """The connection, on which names mean what they mean to the application."""
        rows.execute("SELECT set_config('search_path', ?, true)", [self._path])
        yield _connection_of(rows)
        rows.execute("SELECT set_config('search_path', ?, true)", [self._schema])

    def version(self, rows: Rows) -> int:
        """In a table of its own."""
        if rows.execute("SELECT to_regclass('version') IS NULL").fetchone()[0]:
            return 0
        return int(rows.execute("SELECT max(number) FROM version").fetchone()[0])

    def make(self, rows: Rows, script: str) -> None:
        """The same tables, in PostgreSQL's words."""
        rows.execute("CREATE TABLE IF NOT EXISTS version (number BIGINT PRIMARY KEY)")
        for said, meant in _DIALECT:
            script = script.replace(said, meant)
        for statement in filter(str.strip, script.split(";\n")):
            rows.execute(statement)

    def _connect(self) -> None:
        self._connection = self._psycopg.connect(self._url, autocommit=True, connect_timeout=5)
        self._path = self._connection.execute("SHOW search_path").fetchone()[0]
        self._connection.execute(_SESSION)
        self._connection.execute("SELECT set_config('search_path', %s, false)", [self._schema])

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Rows]:
        """On one connection to its end, though whoever takes a turn may make another meanwhile."""
        with self._reaching():
            connection = None
            try:
                connection = self._first(begin, None).connection
                yield _Transaction(connection)
                connection.execute("COMMIT")
            except BaseException:
                with suppress(self._psycopg.Error):  # the server has rolled back if it is gone
                    (connection or self._connection).execute("ROLLBACK")
                raise

    def _first(self, statement: str, parameters: Sequence[Any] | None) -> Any:
        """What nothing has gone before: on a connection that has died it is done on another one."""
        try:
            return self._connection.execute(statement, parameters)
        except self._psycopg.OperationalError:
            if not self._connection.closed:
                raise
            self._connect()
            return self._connection.execute(statement, parameters)

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """The server's trouble, named; a statement that is wrong is a fault of ours."""
        wrong = (self._psycopg.IntegrityError, self._psycopg.ProgrammingError, self._psycopg.DataError)
        try:
            yield
        except wrong:
            raise
        except self._psycopg.Error as error:
            raise RecordUnavailable(f"the record {self.name}: {error}") from error


class _Transaction:
    """Statements of ours, in PostgreSQL's words."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def execute(self, statement: str, parameters: Sequence[Any] = (), /) -> Found:
        """One statement."""
        found: Found = self.connection.execute(_translated(statement), _kept(parameters))
        return found

    def executemany(self, statement: str, parameters: Sequence[Sequence[Any]], /) -> None:
        """All in one go."""
        with self.connection.cursor() as cursor:
            cursor.executemany(_translated(statement), [_kept(each) for each in parameters])


def _connection_of(rows: Rows) -> Any:
    """Of a transaction of ours."""
    return cast("_Transaction", rows).connection


@cache
def _translated(statement: str) -> str:
    return statement.replace("?", "%s")


def _kept(parameters: Sequence[Any]) -> list[Any]:
    """PostgreSQL's text has every character but one."""
    return [each.replace("\0", "\ufffd") if isinstance(each, str) else each for each in parameters]


def _divided(url: str) -> tuple[str, str]:
    """The URL as the driver knows it, and the schema."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    schema = options.pop("schema", SCHEMA)
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", schema):
        raise UnusableSetting("the record's schema: small letters, digits and _ only")
    return parts._replace(query=urlencode(options)).geturl(), schema


def _driver() -> Any:
    try:
        return importlib.import_module("psycopg")
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        said = "a record in PostgreSQL needs psycopg, which is not installed: pip install 'salio[psycopg]'"
        raise UnusableSetting(said) from error
