"""A log that an earlier process left is written again, and only then built upon."""

import errno
import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from salio.core.ports import StoreUnavailableError
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.durability import secure_log
from tests.stores import in_file

LONG = "x" * (1 << 17)
"""Makes the log longer than everything else."""

SECURE = """
import pathlib, resource, signal, sys
from salio.storage.sqlite.durability import secure_log
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
secure_log(pathlib.Path(sys.argv[1]))
"""
"""In a process whose files may not grow beyond so many bytes."""


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """A database and its log as a killed process leaves them."""
    with closing(in_file(tmp_path / "living.db")) as connection:
        connection.execute("INSERT INTO customer VALUES ('254700000000', ?)", [LONG])
        for ending in ("", "-wal"):
            shutil.copy(tmp_path / f"living.db{ending}", tmp_path / f"left.db{ending}")
    return tmp_path / "left.db"


def log_of(database: Path) -> Path:
    """Beside the database."""
    return database.with_name(f"{database.name}-wal")


def customers(database: Path) -> list[tuple[str, str]]:
    """What is kept."""
    with closing(connect(database)) as connection:
        return connection.execute("SELECT * FROM customer").fetchall()


def test_a_log_is_written_again_byte_for_byte(left: Path) -> None:
    """The same bytes, written now: the next fsync has something to bring to the disk."""
    before = log_of(left).read_bytes()
    os.utime(log_of(left), ns=(0, 0))
    secure_log(left)
    assert log_of(left).read_bytes() == before
    assert log_of(left).stat().st_mtime_ns > 0
    assert customers(left) == [("254700000000", LONG)]


def test_nothing_to_do_after_an_orderly_end(left: Path) -> None:
    """A closed database has no log; neither has one that was never made."""
    assert customers(left)
    assert not log_of(left).exists()
    secure_log(left)
    secure_log(left.with_name("never.db"))
    assert not left.with_name("never.db").exists()


def test_nobody_writes_meanwhile(left: Path) -> None:
    """Another process that writes has the log to itself, and is waited for as for any commit."""
    with closing(connect(left)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="locked"):
            secure_log(left)
        other.execute("ROLLBACK")
    assert customers(left) == [("254700000000", LONG)]


def test_p7_a_disk_that_refuses_is_said_and_nothing_changes(left: Path) -> None:
    """The log is neither built upon nor folded into the database."""
    log, kept = log_of(left), left.read_bytes()
    before = log.read_bytes()
    command = [sys.executable, "-c", SECURE, str(left), str(1 << 16)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert f"the disk does not keep {log} ({os.strerror(errno.EFBIG)})" in result.stderr
    assert (log.read_bytes(), left.read_bytes()) == (before, kept)
    assert customers(left) == [("254700000000", LONG)]
