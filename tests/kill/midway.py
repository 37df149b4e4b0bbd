"""The platform as ``salio up`` runs it on SQLite, which kills itself in the middle of a commit.

    python -m tests.kill.midway DATA

Each line on standard input is the beginning of a statement: before the next that begins so, it dies.
"""

import os
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from salio.platform.environment import Outside
from salio.platform.serve import run
from salio.platform.settings import Settings
from salio.storage.sqlite.store import SqliteStore
from tests.kill.runner import announce


def main(data: str) -> None:
    """Serves until it dies or is told to stop."""

    def around(outside: Outside) -> Outside:
        assert isinstance(outside.store, SqliteStore)
        connection = outside.store._connection
        threading.Thread(target=_listen, args=(connection,), daemon=True).start()
        return outside

    run(Settings(data=Path(data), port=0), announce, around=around)


def _listen(connection: sqlite3.Connection) -> None:
    for line in sys.stdin:
        beginning = line.rstrip("\n")

        def die(statement: str, beginning: str = beginning) -> None:
            if statement.startswith(beginning):
                os.kill(os.getpid(), signal.SIGKILL)

        connection.set_trace_callback(die)
        sys.stdout.write("told\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
