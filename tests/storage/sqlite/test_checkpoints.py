"""The log's pages come into the database beside the writer, and the log begins again."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from salio.platform.threads import Threads
from salio.storage.sqlite.checkpoints import COMMITS, Checkpoints
from salio.storage.sqlite.connection import connect

ROW = "INSERT INTO written VALUES (zeroblob(3000))"
HEADER = 32
FRAME = 24 + 4096


class Beside:
    """Carries work out when it is told to: until then it is under way."""

    def __init__(self) -> None:
        self.under_way: list[Callable[[], None]] = []
        self.waits = False
        self.has_threads = True

    def __call__(self, work: Callable[[], None]) -> None:
        """At once, unless it waits."""
        if not self.has_threads:
            raise RuntimeError("can't start new thread")
        if self.waits:
            self.under_way.append(work)
        else:
            work()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of a database with a table."""
    path = tmp_path / "a.db"
    with closing(connect(path)) as connection:
        connection.execute("CREATE TABLE written (bytes BLOB) STRICT")
    return path


@pytest.fixture
def writer(path: Path) -> Iterator[sqlite3.Connection]:
    """The one writer."""
    with closing(connect(path)) as writer:
        yield writer


def frames(path: Path) -> int:
    """How many pages the log has room for."""
    return (path.with_name("a.db-wal").stat().st_size - HEADER) // FRAME


def commit(writer: sqlite3.Connection, checkpoints: Checkpoints, times: int) -> None:
    """A page or two each time."""
    for _ in range(times):
        writer.execute(ROW)
        checkpoints.committed()


def test_the_log_stays_short(path: Path, writer: sqlite3.Connection) -> None:
    """However many commits there are; everything is in the database."""
    beside = Beside()
    checkpoints = Checkpoints(writer, beside)
    commit(writer, checkpoints, COMMITS + 1)
    longest = frames(path)
    commit(writer, checkpoints, 20 * COMMITS)
    assert frames(path) < 2 * longest
    checkpoints.close()
    (kept,) = writer.execute("SELECT count(*) FROM written").fetchone()
    assert kept == 21 * COMMITS + 1


def test_the_writer_goes_on_meanwhile(path: Path, writer: sqlite3.Connection) -> None:
    """As long as pages are copied; nothing is copied twice at once, and the log grows."""
    beside = Beside()
    checkpoints = Checkpoints(writer, beside)
    beside.waits = True
    commit(writer, checkpoints, COMMITS)
    before = frames(path)
    commit(writer, checkpoints, 3 * COMMITS)
    assert frames(path) >= before + 3 * COMMITS
    assert len(beside.under_way) == 1
    beside.under_way.pop()()
    commit(writer, checkpoints, 1)  # adds what came meanwhile
    long = frames(path)
    commit(writer, checkpoints, COMMITS - 1)
    assert frames(path) == long
    beside.waits = False
    checkpoints.close()


def test_a_reader_keeps_what_it_reads(path: Path, writer: sqlite3.Connection) -> None:
    """Nobody waits for it; once it is gone the log begins again."""
    checkpoints = Checkpoints(writer, Beside())
    with closing(connect(path)) as reader:
        reader.execute("BEGIN")
        (before,) = reader.execute("SELECT count(*) FROM written").fetchone()
        commit(writer, checkpoints, 3 * COMMITS)
        assert reader.execute("SELECT count(*) FROM written").fetchone() == (before,)
    commit(writer, checkpoints, 2 * COMMITS)
    long = frames(path)
    commit(writer, checkpoints, 3 * COMMITS)
    assert frames(path) == long
    checkpoints.close()


def test_a_checkpoint_that_fails_is_nobodys_fault(writer: sqlite3.Connection) -> None:
    """What was committed is in the log: whoever committed it is told nothing else."""
    checkpoints = Checkpoints(writer, Beside())
    writer.set_authorizer(lambda action, *_: 1 if action == sqlite3.SQLITE_PRAGMA else 0)
    commit(writer, checkpoints, 3 * COMMITS)
    writer.set_authorizer(None)
    checkpoints.close()
    assert writer.execute("SELECT count(*) FROM written").fetchone() == (3 * COMMITS,)


def test_without_a_thread(path: Path, writer: sqlite3.Connection) -> None:
    """The log grows until there is one."""
    beside = Beside()
    checkpoints = Checkpoints(writer, beside)
    beside.has_threads = False
    commit(writer, checkpoints, 3 * COMMITS)
    beside.has_threads = True
    commit(writer, checkpoints, 2)
    long = frames(path)
    commit(writer, checkpoints, COMMITS)
    assert frames(path) == long
    checkpoints.close()


def test_the_end_waits_for_what_is_under_way(writer: sqlite3.Connection) -> None:
    """In a thread, as the platform has it."""
    threads = Threads("checkpoints")
    checkpoints = Checkpoints(writer, threads.begin)
    commit(writer, checkpoints, COMMITS)
    checkpoints.close()
    threads.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        checkpoints._copier.execute("SELECT 1")
