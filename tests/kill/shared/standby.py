"""A primary and its synchronous standby at one address, which follows whoever is the primary."""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.kill.shared.books import look
from tests.kill.shared.server import Server
from tests.patience import PATIENCE, until
from tests.postgres import server_folder, tool

SYNCHRONOUS = {"synchronous_standby_names": "*"}
"""A commit is answered when both have it."""
UNSENT = 0.3
"""Seconds in which a primary that waited for nobody would promise what dies with it."""


class Pair:
    """Fits :class:`~tests.kill.shared.server.Server`: after a crash it is the standby that starts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._address = folder / "at"
        self._made = 0
        self._primary = Server(self._new_folder(), **SYNCHRONOUS)
        self._standby: Server | None = None
        self.url = f"postgresql://postgres@/postgres?host={self._address}"
        self.failovers = 0

    def start(self) -> None:
        """The first time both are made; afterwards the standby takes over, and has one of its own at once."""
        if self._standby is None:
            self._primary.start()
        else:
            self._primary, self._standby = self._standby, None
            look(self._primary.url, "SELECT pg_promote(wait => true)")
            self.failovers += 1
        self._point()
        self._standby = self._copied()

    def crash(self) -> None:
        """The primary is gone, with its disk, and with what it wrote last: it had sent nothing."""
        with self.silent():
            threading.Event().wait(UNSENT)
            self._primary.crash()
        shutil.rmtree(self._primary.folder)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """The primary sends the standby nothing inside the block."""
        (sender,) = look(self._primary.url, "SELECT pid FROM pg_stat_replication")
        os.kill(sender["pid"], signal.SIGSTOP)
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                os.kill(sender["pid"], signal.SIGCONT)

    def end(self) -> None:
        """Both."""
        for each in (self._primary, self._standby):
            if each is not None:
                each.crash()

    def _new_folder(self) -> Path:
        self._made += 1
        folder = self._folder / f"{self._made}"
        folder.mkdir(mode=0o700)
        return folder

    def _point(self) -> None:
        """The address leads to the primary from now on, as a virtual one would."""
        new = self._folder / "next"
        new.symlink_to(self._primary.folder)
        new.rename(self._address)

    def _copied(self) -> Server:
        folder = self._new_folder()
        if self._primary.system_user is not None:
            shutil.chown(folder, self._primary.system_user)
        command = [tool("pg_basebackup"), "--write-recovery-conf", "--checkpoint=fast", f"--pgdata={folder}"]
        subprocess.run(
            [*command, f"--host={self._primary.folder}", "--username=postgres"],
            check=True,
            capture_output=True,
            timeout=PATIENCE,
            user=self._primary.system_user,
        )
        (folder / ".s.PGSQL.5432.lock").unlink()  # the primary's, whose socket lies among its files
        standby = Server(folder, **SYNCHRONOUS)
        standby.start()
        until(
            "what is committed is on both",
            lambda: look(self._primary.url, "SELECT FROM pg_stat_replication WHERE sync_state = 'sync'"),
        )
        return standby


@contextmanager
def paired() -> Iterator[Pair]:
    """A pair that works; it and its folders are gone afterwards."""
    folder = server_folder()
    pair = Pair(folder)
    try:
        pair.start()
        yield pair
    finally:
        pair.end()
        shutil.rmtree(folder)
