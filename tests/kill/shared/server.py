"""A PostgreSQL server of a test's own: durable, killed as a crash kills it, started again."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE, until
from tests.postgres import server_folder, wheel

DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
"""SIGKILL leaves the page cache alive: what is proved is the order of steps, in memory as on a disk."""


class Server:
    """Listens on a socket in its own folder."""

    def __init__(self, folder: Path, **more_settings: str) -> None:
        self._maker: Any = wheel().PostgresServer(folder, cleanup_mode=None)
        self._maker.ensure_pgdata_inited()
        self.folder = folder
        """Of its files, and of its socket."""
        self.system_user: str | None = self._maker.system_user
        """Who it runs as."""
        settings = [f"--{name}={value}" for name, value in {**DURABLE, **more_settings}.items()]
        place = ["-D", str(folder), "-k", str(folder), "-h", ""]
        self._command = [str(self._maker.bin_path / "postgres"), *place, *settings]
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://postgres@/postgres?host={folder}"

    def start(self) -> None:
        """Starts it, and waits until it has recovered and answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, user=self.system_user)
        until(f"the server is ready: {self._log()}", self._is_ready)

    def crash(self) -> None:
        """SIGKILL to all of its processes at once: nothing is written any more, nobody is told goodbye."""
        if self._process is None:
            return
        postmaster, self._process = self._process, None
        postmaster.send_signal(signal.SIGSTOP)  # or it would have more children than we know
        children = _children(postmaster.pid)
        for each in (postmaster.pid, *children):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        postmaster.wait(PATIENCE)
        until("the server is dead", lambda: not any(_lives(each) for each in children))

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._log()
        try:
            said = (self.folder / "postmaster.pid").read_text().split()
        except FileNotFoundError:
            return False
        return said[:1] == [str(self._process.pid)] and said[-1] in ("ready", "standby")

    def _log(self) -> str:
        return (self.folder / "log").read_text()[-2000:]


@contextmanager
def running(**more_settings: str) -> Iterator[Server]:
    """A server that has started; it and its folder are gone afterwards."""
    folder = server_folder()
    server = Server(folder, **more_settings)
    try:
        server.start()
        yield server
    finally:
        server.crash()
        shutil.rmtree(folder)


def _children(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
