"""`salio listen` as a process of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def listening(record: Path, *options: str) -> Iterator[Any]:
    """The command, ended by SIGTERM; its exit status has to be 0."""
    command = [sys.executable, "-m", "salio.cli", "listen", "--record", str(record), "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
