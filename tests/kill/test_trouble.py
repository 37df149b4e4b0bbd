"""A store out of reach: refused clearly, nothing acknowledged lost, and well again by itself."""

import errno
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from salio.core.cycle import Cycle
from salio.storage.sqlite.store import SqliteStore
from tests.builders import at_once
from tests.kill.campaign import Campaign
from tests.kill.checker import is_settled
from tests.kill.load import CONNECTIONS
from tests.kill.platforms import Platform, production
from tests.patience import until
from tests.stores import in_file

SMALL_DISK = 'mount -t tmpfs -o size=64m none "$1" && shift && exec "$@"'


class Trouble(msgspec.Struct, frozen=True):
    """One way to keep a platform from its store: how to start it, where to see its folder, what to do."""

    name: str
    begin: Callable[[Path, Platform], AbstractContextManager[None]]
    own_disk: bool = False


@contextmanager
def no_more_bytes(data: Path, platform: Platform) -> Iterator[None]:
    """The kernel refuses every write to a file, the log's too (fault catalogue, P6, P8)."""
    _, hard = resource.prlimit(platform.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(platform.pid, resource.RLIMIT_FSIZE, (0, hard))
    yield
    resource.prlimit(platform.pid, resource.RLIMIT_FSIZE, (hard, hard))


@contextmanager
def full_disk(data: Path, platform: Platform) -> Iterator[None]:
    """A small disk of the platform's own is full to the last byte."""
    filler = data / "filler"
    with filler.open("wb", buffering=0) as file:
        size = 1 << 20
        while size:
            try:
                file.write(bytes(size))
            except OSError as error:
                size = size // 2 if error.errno == errno.ENOSPC else 0
    yield
    filler.unlink()


@contextmanager
def locked(data: Path, platform: Platform) -> Iterator[None]:
    """Another process has begun to write and does not end."""
    with closing(sqlite3.connect(data / "sandbox.db", isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def _may_mount() -> bool:
    """Whether this machine lets a process have a file system of its own."""
    if shutil.which("unshare") is None:
        return False
    trial = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


TROUBLES = [
    Trouble("no more bytes", no_more_bytes),
    Trouble("locked", locked),
    *([Trouble("full disk", full_disk, own_disk=True)] if _may_mount() else []),
]


@pytest.mark.slow
@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_p4_p6_p8_a_store_out_of_reach(trouble: Trouble, campaign: Campaign) -> None:
    """Callers hear 100000004, /readyz says 503, and all is well by itself when the trouble is over."""
    command = production(campaign.data)
    if trouble.own_disk:
        campaign.data.mkdir()
        command = ["unshare", "-rm", "sh", "-c", SMALL_DISK, "sh", str(campaign.data), *command]
    with campaign.platform(command) as platform:
        assert platform.welcome(), platform.errors()
        data = seen(platform, campaign.data) if trouble.own_disk else campaign.data
        campaign.prepare(platform)
        load = campaign.load(platform)
        campaign.until_promised(100)
        with trouble.begin(data, platform):
            until("not ready", lambda: not platform.ready())
            told = campaign.refused()
            until("refused anew", lambda: campaign.refused() > told + CONNECTIONS)
            load.stop()
            before = campaign.promised()
            assert not any(platform.ready() for _ in range(100))
            assert platform.get("/healthz")[0] == 200
        until("ready again", platform.ready)
        load = campaign.load(platform)
        campaign.until_promised(before + 100)
        load.stop()
        if trouble.own_disk:
            until("settled", lambda: copied(data, campaign.data))
        found = campaign.settle(platform)
        assert platform.end() == 0, platform.errors()
    assert found.resent == 0
    assert found.kept_without_answer == 0
    assert {each.fate for each in campaign.asked} == {"promised", "refused"}


def seen(platform: Platform, folder: Path) -> Path:
    """Where this process sees a folder of another one's file system."""
    return Path("/proc", str(platform.pid), "root", *folder.parts[1:])


def copied(source: Path, target: Path) -> bool:
    """Whether everything was settled in a copy: SQLite opens no file in another process's file system."""
    with suppress(sqlite3.DatabaseError):  # a copy made while the platform writes
        shutil.copytree(source, target, dirs_exist_ok=True)
        return is_settled(target)
    return False


def test_a_probe_reaches_the_disk(tmp_path: Path) -> None:
    """A store is called well again after a commit that wrote something: an empty one would always succeed."""
    path = tmp_path / "probed.db"
    store = SqliteStore(in_file(path))
    log = path.with_name("probed.db-wal")
    before = log.stat().st_size if log.exists() else 0
    at_once(Cycle(store, []).probe())
    assert log.stat().st_size > before
    store.close()
