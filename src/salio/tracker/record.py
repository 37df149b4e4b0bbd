"""The record, which any number of threads and processes share, one transaction at a time: a SQLite file, or a
schema of the application's PostgreSQL.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from salio.receiver.arrivals import Arrival
from salio.receiver.keys import ENDPOINT, SECRET_LENGTH, Keys
from salio.tracker import outside
from salio.tracker.errors import RecordUnavailable
from salio.tracker.places import Place, Rows
from salio.tracker.schema import VERSIONS

SCHEMES = ("postgresql://", "postgres://")
"""How the URL of a PostgreSQL begins; all else is a file's path."""

_KEEP = """
INSERT INTO callback (digest, came_at, copies, kind, nonce, source, body, why)
VALUES (?, ?, 1, ?, ?, ?, ?, '')
ON CONFLICT (digest) DO UPDATE SET copies = callback.copies + 1
"""


class Record:
    """Opens it, or begins it, at a file's path or the URL of a PostgreSQL.

    Raises:
        RecordUnavailable: it cannot be reached, is no record, or one of a newer Salio.
        UnusableSetting: the URL is none, or its driver is not installed.
    """

    def __init__(
        self,
        place: Path | str,
        *,
        now: Callable[[], int] = outside.wall_clock,
        entropy: Callable[[int], bytes] = outside.entropy,
    ) -> None:
        self.now = now
        self.entropy = entropy
        self._lock = threading.RLock()
        self._place = _place(place)
        try:
            with self._place.preparing() as rows:
                self.keys = Keys(_prepared(self._place, rows, entropy))
        except BaseException:
            self._place.close()
            raise

    def __repr__(self) -> str:
        """Where it is."""
        return f"Record({self.name!r})"

    @property
    def name(self) -> str:
        """Where it is, without a password."""
        return self._place.name

    @property
    def trouble(self) -> tuple[type[Exception], ...]:
        """What a statement raises that the place is to blame for, and not its words."""
        return self._place.trouble

    def close(self) -> None:
        """Nothing is done with it afterwards."""
        with self._lock:
            self._place.close()

    @contextmanager
    def transaction(self) -> Iterator[Rows]:
        """One transaction, alone on the record, durable at the end of the block; none of it if that raises.

        Raises:
            RecordUnavailable: the disk is full, the file is locked or damaged, the server is gone.
        """
        with self._lock, self._place.transaction() as rows:
            yield rows

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Any]:
        """What a statement reads. Raises RecordUnavailable."""
        with self._lock:
            return self._place.rows(statement, parameters)

    def keep(self, arrivals: Sequence[Arrival]) -> None:
        """Keeps what came, with one commit; the same bytes again at the same address are counted."""
        now = self.now()
        with self.transaction() as rows:
            rows.executemany(_KEEP, [_row(each, now) for each in arrivals])

    def alone(self) -> AbstractContextManager[bool]:
        """For the block this is the only one, of all threads and processes, to ask and to handle; whether it
        is. Whoever dies in it leaves it.
        """
        return self._place.alone()

    def has_ended(self, rows: Rows) -> bool:
        """Whether somebody has ended this transaction, whose end is the record's affair."""
        return self._place.has_ended(rows)

    def turn_is_lost(self, rows: Rows) -> bool:
        """Whether the turn of `alone` went with a server's session: somebody else may have it."""
        return self._place.turn_is_lost(rows)

    def handed(self, rows: Rows) -> AbstractContextManager[Any]:
        """The connection of a transaction, as the application's handler is given it."""
        return self._place.handed(rows)


class RecordStore:
    """A record as the receiver's store: its commits are waited for in a thread."""

    def __init__(
        self,
        record: Record,
        thread: outside.Thread | None = None,
        *,
        kept: Callable[[], object] = lambda: None,
    ) -> None:
        self._record = record
        self._kept = kept
        self._thread = thread or outside.one_thread()

    async def keep(self, arrivals: Sequence[Arrival]) -> None:
        """They are durable when it returns. Raises RecordUnavailable."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._record.keep, arrivals)
        self._kept()

    def close(self) -> None:
        """Ends the thread."""
        self._thread.shutdown()


def is_there(place: Path | str) -> bool:
    """Whether there is a record already. Raises RecordUnavailable, UnusableSetting."""
    if str(place).startswith(SCHEMES):
        from salio.tracker.postgres import PostgresSchema

        schema = PostgresSchema(str(place))
        found = schema.is_there()
        schema.close()
        return found
    return Path(place).exists()


def _place(place: Path | str) -> Place:
    if str(place).startswith(SCHEMES):
        from salio.tracker.postgres import PostgresSchema  # its driver is an extra's

        return PostgresSchema(str(place))
    from salio.tracker.sqlite import SqliteFile

    return SqliteFile(Path(place))


def _row(arrival: Arrival, now: int) -> tuple[object, ...]:
    nonce = None if arrival.nonce == ENDPOINT else arrival.nonce
    return arrival.digest, now, arrival.kind.value, nonce, arrival.source, arrival.body


def _prepared(place: Place, rows: Rows, entropy: Callable[[int], bytes]) -> bytes:
    """Makes the tables that there are not; the secret."""
    version, known = place.version(rows), len(VERSIONS)
    if version > known:
        raise RecordUnavailable(f"the record is of a newer Salio: version {version}, {known} is known")
    for script in VERSIONS[version:]:
        place.make(rows, script)
    if version == 0:
        rows.execute("INSERT INTO secret VALUES (1, ?)", [entropy(SECRET_LENGTH)])
    ((secret,),) = rows.execute("SELECT secret FROM secret").fetchall()
    return bytes(secret)
