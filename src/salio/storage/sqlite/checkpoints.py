"""Checkpoints beside the writer: the log's pages come into the database while commits go on.

A commit is durable in the log; its pages come into the database at a checkpoint. Left to itself SQLite makes
one inside whichever commit finds the log long, and everybody in that commit waits for thousands of pages and
for the disk to have them. Here a connection of its own copies them in another thread; the writer adds only
what came meanwhile, after which the log begins again.
"""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress

from salio.storage.sqlite.connection import connect

COMMITS = 40
"""Between two checkpoints: a quarter of a second under load."""
PASSES = 3
"""Over the log: the first copies most of it, the second what came during the first, and waits for the disk if
nothing came since, which the third makes likelier.
"""
LONGEST = "PRAGMA wal_autocheckpoint = 16000"
"""Pages, 64 MB: a log that grows faster than it is copied stops the writer after all."""
COPY = "PRAGMA wal_checkpoint(PASSIVE)"
"""Waits for nobody and makes nobody wait; it copies as far as no reader still needs the log."""

Beside = Callable[[Callable[[], None]], None]
"""Begins a piece of work in another thread; raises RuntimeError if there can be none."""


class Checkpoints:
    """Of one file's log. One user at a time, the writer.

    Nothing depends on a checkpoint: what was not copied is in the log, and is copied later.
    """

    def __init__(self, writer: sqlite3.Connection, beside: Beside) -> None:
        """``writer``: whose log it is, and who closes it behind this."""
        self._writer = writer
        self._beside = beside
        self._commits = 0
        self._begun = False
        self._copied = threading.Event()
        writer.execute(LONGEST)
        _, _, path = writer.execute("PRAGMA database_list").fetchone()
        self._copier = connect(path)

    def committed(self) -> None:
        """The writer has committed once more; it has nothing open."""
        self._commits += 1
        if self._begun:
            if self._copied.is_set():
                self._begun, self._commits = False, 0
                _copy(self._writer)
        elif self._commits >= COMMITS:
            self._copied.clear()
            with suppress(RuntimeError):  # no thread: the next commit asks again
                self._beside(self._copy)
                self._begun = True

    def close(self) -> None:
        """Waits for the copying under way."""
        if self._begun:
            self._copied.wait()
        self._copier.close()

    def _copy(self) -> None:
        try:
            for _ in range(PASSES):
                _copy(self._copier)
        finally:
            self._copied.set()


def _copy(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):  # the disk's: commits meet it too, and say so
        connection.execute(COPY).fetchone()
