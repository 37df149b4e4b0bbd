"""One connection to PostgreSQL for callers that wait: it reconnects, and knows what became of a commit."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple, TypeVar

import asyncpg  # type: ignore[import-untyped] # it brings no types
from sqlalchemy.util import await_, greenlet_spawn

from salio.core.ports import DoubtfulCommitError, StoreConflictError, StoreUnavailableError
from salio.storage.postgres.fitness import check

CONNECT_SECONDS = 3.0
STATEMENT_SECONDS = 10.0
"""A statement that takes longer is given up: the caller is told that the store is out of reach."""

ABANDONED_SECONDS = 2.0
"""A transaction in which nothing happens for so long holds its locks no more: its process may be stopped, and
another waits to take over.
"""

BY_INDEX = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}
"""Every statement of ours looks up a few rows by their keys, in tables that grow for years or whose rows come
and go: what the planner guesses of their sizes must not make it read one whole.
"""

LOOKS, LOOK_EVERY = 50, 0.1
"""How often, and how many seconds apart, it is asked what became of a commit that was cut off."""

_ROW_FAULTS = (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError, asyncpg.RaiseError)
_IN_THE_WAY = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
"""The server says so itself: of a commit, too, nothing was kept."""
_BROKEN = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # of a connection that was lost in the middle of an answer
    OSError,
    TimeoutError,
)

T = TypeVar("T")


async def waiting(function: Callable[..., T], *arguments: Any) -> T:
    """Calls a function that waits for sessions of this loop: meanwhile the loop goes on."""
    return await greenlet_spawn(function, *arguments)


class FencedError(StoreUnavailableError):
    """Another process has taken this one's place; whatever this one holds in memory is no longer true."""


class Fence(NamedTuple):
    """A row that must be there, and that nobody else may change until the transaction has ended."""

    statement: str
    """Finds the transaction's number if the row is there, and locks it; perhaps does more, and finds that."""
    parameters: tuple[object, ...]


class Proof(NamedTuple):
    """A query that finds a row if a transaction was committed, and none if not.

    The server's own word is not enough: one that crashes before it wrote anything of a transaction gives
    the same transaction's number to another.
    """

    statement: str
    parameters: tuple[object, ...]


class Session:
    """A connection that lives in an event loop and is made again when it was lost.

    Threads that use it at once wait for each other. A statement outside of :meth:`transaction` commits by
    itself.
    """

    def __init__(
        self,
        url: str,
        schema: str,
        *,
        read_only: bool = False,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        """``schema`` is the namespace of every table: an environment's, or the portal's.

        ``loop``: the caller's, without which it has one in a thread of its own. It is used from within
        :func:`waiting`, by one task at a time: no thread is waited for, which would cost more than the server
        does for a group. A transaction that this process leaves open, stopped or cut off, is ended by the
        server.
        """
        self._url = url
        self._settings = {
            "search_path": schema,
            "application_name": "salio",
            "idle_in_transaction_session_timeout": str(int(ABANDONED_SECONDS * 1000)),
            **BY_INDEX,
        }
        if read_only:
            self._settings["default_transaction_read_only"] = "on"
        self._loop = loop or asyncio.new_event_loop()
        self._thread: threading.Thread | None = None
        if loop is None:
            self._thread = threading.Thread(target=self._loop.run_forever, name="postgres", daemon=True)
            self._thread.start()
        self._connection: Any = None
        self._in_transaction = False
        self._queued: list[tuple[str, Sequence[object]]] = []
        self._closed = False
        self._using = threading.RLock()

    def fetch(self, statement: str, *parameters: object) -> list[Sequence[Any]]:
        """The rows of a query; raises StoreUnavailableError, or what the row is to blame for."""
        with self._using, self._reaching():
            found: list[Sequence[Any]] = self._wait(self._fetch(statement, parameters))
            return found

    def execute(self, statement: str, *parameters: object) -> None:
        """Runs a statement; raises like :meth:`fetch`."""
        with self._using, self._reaching():
            self._wait(self._execute(statement, parameters))

    def queue(self, statement: str, *parameters: object) -> None:
        """Runs a statement with whatever follows it in its transaction, which raises what it raises.

        A group's statements change threads together: each alone would cost more than the server does for it.
        """
        if self._in_transaction:
            self._queued.append((statement, parameters))
        else:
            self.execute(statement, *parameters)

    @contextmanager
    def transaction(
        self, fence: Fence | None = None, proof: Callable[[], Proof | None] = lambda: None
    ) -> Iterator[Sequence[Any]]:
        """Committed whole at the end of the block, or not at all; raises like :meth:`fetch`.

        Gives the block what the fence found besides the transaction's number.

        Where the connection dies while it commits, a new one is asked what became of it (P5), by the
        ``proof``; raises DoubtfulCommitError when nobody can be asked. ``fence``: who may write only as long
        as it holds; raises :class:`FencedError` when it does not.
        """
        with self._using:
            yield from self._transaction(fence, proof)

    def _transaction(self, fence: Fence | None, proof: Callable[[], Proof | None]) -> Iterator[Sequence[Any]]:
        with self._reaching():
            try:
                number, *found = self._wait(self._begin(fence))
            except _BROKEN:
                self._drop()  # whatever it was, no half-begun transaction is left on it
                raise
        self._in_transaction = True
        try:
            yield found
            with self._reaching():
                error = self._wait(self._commit())
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._in_transaction, self._queued = False, []
        if error is None:
            return
        if isinstance(error, _ROW_FAULTS):
            raise error
        if isinstance(error, _IN_THE_WAY):
            raise StoreConflictError(f"PostgreSQL: {in_words(error)}") from error
        self._drop()
        if not self._committed_after_all(number, proof(), error):
            raise StoreUnavailableError(f"PostgreSQL: {in_words(error)}") from error

    def close(self) -> None:
        """Ends the connection and its thread."""
        with self._using:  # whoever uses it now has not long to wait
            if self._closed:
                return
            with suppress(*_BROKEN):
                self._wait(self._disconnect())
            self._closed = True  # whoever waits for his turn would wait for a loop that has ended
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _roll_back(self) -> None:
        try:
            self._wait(self._give_up())
        except _BROKEN:
            self._drop()  # or the next transaction would go on with this one

    def _committed_after_all(self, number: str, proof: Proof | None, error: BaseException) -> bool:
        """What became of a transaction whose COMMIT had no answer; raises DoubtfulCommitError."""
        try:
            return self._committed(number, proof)
        except StoreUnavailableError:
            raise DoubtfulCommitError(
                f"PostgreSQL: {in_words(error)}", lambda: self._committed(number, proof)
            ) from error

    def _committed(self, number: str, proof: Proof | None) -> bool:
        with self._using, self._reaching():
            committed = self._wait(self._became(number, proof))
        if committed is None:
            raise StoreUnavailableError("PostgreSQL: a transaction that was cut off has not ended yet")
        return committed

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Turns trouble with the server into StoreUnavailableError; lets row faults pass."""
        try:
            yield
        except _ROW_FAULTS:
            raise
        except _IN_THE_WAY as error:
            raise StoreConflictError(f"PostgreSQL: {in_words(error)}") from error
        except _BROKEN as error:
            if _ends_connection(error):
                self._drop()
            raise StoreUnavailableError(f"PostgreSQL: {in_words(error)}") from error

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        if self._closed:
            work.close()
            raise asyncpg.InterfaceError("the session was closed")
        if self._thread is None:
            return await_(work)
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and not self._closed:
            self._loop.call_soon_threadsafe(connection.terminate)

    async def _begin(self, fence: Fence | None) -> Sequence[Any]:
        connection = await self._reach()
        await connection.execute("BEGIN")
        statement, parameters = (_NUMBER, ()) if fence is None else fence
        row: Sequence[Any] | None = await connection.fetchrow(statement, *parameters)
        if row is None:
            await connection.execute("ROLLBACK")
            raise FencedError("another process has taken this one's place")
        return row

    async def _became(self, number: str, proof: Proof | None) -> bool | None:
        """Whether it was committed; ``None`` if the server never notices that we are gone."""
        connection = await self._reach()
        for _ in range(LOOKS):
            try:
                status = await connection.fetchval(_STATUS, number)
            except asyncpg.InvalidParameterValueError:
                return False  # a number that a server which crashed has not even given yet
            if status != "in progress":
                committed = bool(status == "committed")
                if proof is not None:
                    committed = bool(await connection.fetchval(proof.statement, *proof.parameters))
                if committed:
                    await connection.execute(A_COMMIT)
                return committed
            await asyncio.sleep(LOOK_EVERY)
        return None

    async def _commit(self) -> BaseException | None:
        """What the COMMIT itself ended with; raises what a statement before it ended with."""
        connection = await self._in_order()
        try:
            await connection.execute("COMMIT")
        except (*_ROW_FAULTS, *_BROKEN) as error:
            return error
        return None

    async def _give_up(self) -> None:
        if self._connection is None:
            raise asyncpg.InterfaceError("the connection was lost")
        await self._connection.execute("ROLLBACK")

    async def _fetch(self, statement: str, parameters: Sequence[object]) -> list[Sequence[Any]]:
        found: list[Sequence[Any]] = await (await self._in_order()).fetch(statement, *parameters)
        return found

    async def _execute(self, statement: str, parameters: Sequence[object]) -> None:
        await (await self._in_order()).execute(statement, *parameters)

    async def _in_order(self) -> Any:
        """The connection, when it has done what was queued."""
        connection = await self._reach()
        queued, self._queued = self._queued, []
        for statement, parameters in queued:
            await connection.execute(statement, *parameters)
        return connection

    async def _disconnect(self) -> None:
        if self._connection is not None:
            await self._connection.close(timeout=CONNECT_SECONDS)

    async def _reach(self) -> Any:
        """The connection, made anew if it was lost; but what a transaction has begun is not gone on with."""
        if self._connection is not None and self._connection.is_closed():
            self._connection = None
        if self._connection is None and self._in_transaction:
            raise asyncpg.InterfaceError("the connection was lost")
        if self._connection is None:
            connection = await asyncpg.connect(
                self._url,
                timeout=CONNECT_SECONDS,
                command_timeout=STATEMENT_SECONDS,
                server_settings=self._settings,
            )
            try:
                await check(connection)  # after a restart, or a failover, it may be another server
            except BaseException:
                connection.terminate()
                raise
            self._connection = connection
        return self._connection


_NUMBER = "SELECT pg_current_xact_id()::text"
_STATUS = "SELECT pg_xact_status($1::text::xid8)"
A_COMMIT = "SELECT pg_logical_emit_message(true, 'salio', '')"
"""A transaction that changes nothing, but writes to the log: its commit waits for the disk, and for a
synchronous standby to have all that was committed before. Of what was cut off while it waited for that, the
primary says "committed".
"""


def _ends_connection(error: BaseException) -> bool:
    """Whether nobody knows what the connection is at after this; what the server says leaves it well."""
    said = isinstance(error, asyncpg.PostgresError) and not isinstance(error, asyncpg.PostgresConnectionError)
    return not said


def in_words(error: BaseException) -> str:
    """What happened, in one line; PostgreSQL has its details in lines of their own."""
    if isinstance(error, asyncpg.InternalClientError):  # its words are the driver's own affair
        return "the connection was lost"
    return " ".join(f"{error}".split()) or type(error).__name__
