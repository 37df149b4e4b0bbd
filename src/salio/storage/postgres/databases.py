"""Both databases as schemas of one PostgreSQL database."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from shlex import quote
from urllib.parse import unquote

import asyncpg  # type: ignore[import-untyped] # it brings no types
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from salio.core.ports import StoreUnavailableError
from salio.storage.journal import JournalReader
from salio.storage.migrate import SCRIPTS, check_known, is_known, latest
from salio.storage.ports import Duty, Tenure, UnfitServerError
from salio.storage.postgres import statements
from salio.storage.postgres.access import PostgresAccessStore
from salio.storage.postgres.claiming import Claiming
from salio.storage.postgres.connection import Session, in_words
from salio.storage.postgres.journal import open_journal
from salio.storage.postgres.migrate import finish, migrate
from salio.storage.postgres.notices import listen
from salio.storage.postgres.sharing import PostgresTenure
from salio.storage.postgres.store import PostgresStore
from salio.storage.postgres.stories import PostgresStories
from salio.storage.postgres.work import Numbers, Work

ENVIRONMENT, PORTAL = "sandbox", "portal"
LINES: Mapping[str, str] = {ENVIRONMENT: "environment", PORTAL: "portal"}
"""The line of schema revisions of each schema (a namespace of PostgreSQL's)."""

SECRETS = ("password", "sslpassword")
"""What a URL can hold beside the user's password that nobody is to be shown."""


class PostgresDatabases:
    """Fits :class:`salio.storage.ports.Databases`."""

    def __init__(self, url: str, scripts: Path = SCRIPTS) -> None:
        """``scripts``: the revisions that this program knows.

        Raises :class:`UnfitServerError` for what is no ``postgresql://`` URL.
        """
        self.url = url
        """With the password, if it has one."""
        self._scripts = scripts
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError) as error:
            raise UnfitServerError(
                "--database: this is no URL; postgresql://USER@HOST/DATABASE is"
            ) from error
        self._shown = parsed.set(password=None).difference_update_query(SECRETS).render_as_string()
        self.where = f"PostgreSQL at {unquote(parsed.host or 'the local socket')}, database {parsed.database}"
        """Where it is, for people: without the password."""

    def secure(self) -> None:
        """Raises :class:`UnfitServerError` for a server that is too old, or breaks a promise."""
        with self._session(PORTAL) as session:
            session.fetch(statements.has_revision)  # whoever connects learns it

    def migrate(self) -> None:
        """Brings both schemas to this program's, each in one transaction, by what only adds.

        In a database that nobody can have used yet, what takes away is done too.
        """
        with self._reaching():
            fresh = [migrate(self.url, schema, line, scripts=self._scripts) for schema, line in LINES.items()]
        if all(fresh):
            self.finish()

    def adopt(self) -> None:
        """Makes a restored copy the original: what is open in it is sent."""
        with closing(Session(self.url, ENVIRONMENT)) as session:
            session.execute(statements.adopt)

    def finish(self) -> list[str]:
        """Takes away what only older programs needed; the revisions whose post steps were run.

        Raises :class:`~salio.storage.ports.InUseError` while one of those runs.
        """
        if not self.are_current() or self.is_ahead():
            raise UnfitServerError(f"{self.where} has another schema than this Salio's: migrate it first")
        with self._reaching():
            return [
                f"{line} {number}"
                for schema, line in LINES.items()
                for number in finish(self.url, ENVIRONMENT, schema, line, self._scripts)
            ]

    def backup_command(self) -> str:
        """PostgreSQL's own, without the password: it comes from where the server's tools look for one."""
        return f"pg_dump --format=custom --file=salio.dump {quote(self._shown)}"

    def are_current(self) -> bool:
        """Whether this program can work on both: its own schema, or a newer one that only added to it.

        Raises NewerDatabaseError for one that took something away that this program needs.
        """
        revisions, ahead = self._revisions(), self._ahead()
        return all(
            line in ahead or check_known(self.where, line, revisions[schema], self._scripts)
            for schema, line in LINES.items()
        )

    def is_ahead(self) -> bool:
        """Whether a newer program has added to a schema, and taken nothing away that this one needs."""
        return bool(self._ahead())

    def _ahead(self) -> set[str]:
        revisions = self._revisions()
        ahead = {
            line
            for schema, line in LINES.items()
            if (known := revisions[schema]) is not None and not is_known(line, known, self._scripts)
        }
        if not ahead:
            return ahead
        with self._session(ENVIRONMENT) as session:
            done = session.fetch(statements.post_steps)
        return ahead - {line for line, revision in done if revision > latest(line, self._scripts)}

    def tenure(self, duty: Duty, name: str) -> PostgresTenure:
        """A place for this process."""
        knows = {line: latest(line, self._scripts) for line in LINES.values()}
        return PostgresTenure(Session(self.url, ENVIRONMENT), duty, name, knows)

    def store(
        self, tenure: Tenure | None = None, loop: asyncio.AbstractEventLoop | None = None
    ) -> PostgresStore:
        """The environment's store; in the caller's loop if that is given."""
        fence = None
        if tenure is not None:
            assert isinstance(tenure, PostgresTenure)  # noqa: S101 - it was made above
            fence = tenure.fence
        return PostgresStore(Session(self.url, ENVIRONMENT, loop=loop), fence)

    def work(self, loop: asyncio.AbstractEventLoop) -> Work:
        """What a process reads to find its work, in its loop."""
        return Work(Session(self.url, ENVIRONMENT, read_only=True, loop=loop))

    def claiming(self, tenure: PostgresTenure, loop: asyncio.AbstractEventLoop) -> Claiming:
        """What a sending process takes for its own, in its loop."""
        return Claiming(Session(self.url, ENVIRONMENT, loop=loop), tenure)

    def numbers(self) -> Numbers:
        """Request numbers that no other process has."""
        return Numbers(Session(self.url, ENVIRONMENT))

    async def listen(self, table: str, told: Callable[[], None]) -> None:
        """Calls ``told`` whenever rows were added to a work list, for ever."""
        await listen(self.url, f"{ENVIRONMENT}_{table}", told)

    def access(self) -> PostgresAccessStore:
        """The portal's store."""
        return PostgresAccessStore(Session(self.url, PORTAL))

    def access_to_read(self) -> PostgresAccessStore:
        """The portal's store; a write is refused by the server."""
        return PostgresAccessStore(Session(self.url, PORTAL, read_only=True))

    def journal(self) -> JournalReader:
        """The environment's journal."""
        return open_journal(Session(self.url, ENVIRONMENT, read_only=True))

    def stories(self) -> PostgresStories:
        """The environment's stories."""
        return PostgresStories(Session(self.url, ENVIRONMENT, read_only=True))

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, asyncpg.PostgresError, OSError) as error:
            cause = error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig else None
            raise StoreUnavailableError(f"{self.where} cannot be used: {in_words(cause or error)}") from error

    def _revisions(self) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for schema in LINES:
            with self._session(schema) as session:
                known = session.fetch(statements.has_revision)[0][0]
                revisions = session.fetch(statements.revision) if known else []
                found[schema] = str(revisions[0][0]) if revisions else None
        return found

    @contextmanager
    def _session(self, schema: str) -> Iterator[Session]:
        try:
            with closing(Session(self.url, schema, read_only=True)) as session:
                yield session
        except UnfitServerError as error:
            why = str(error).removeprefix("PostgreSQL ")
            raise UnfitServerError(f"{self.where} {why}") from error
        except StoreUnavailableError as error:
            why = str(error).removeprefix("PostgreSQL: ")
            raise StoreUnavailableError(f"{self.where} cannot be used: {why}") from error
