"""An organization as a campaign sees it: some processes on one record, each of which is killed by itself."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.kill.organization_audit import Death
from tests.kill.organization_life import Life
from tests.kill.records import RecordPlace
from tests.tidy.source import ROOT

WHOLE, RECEIVER, APPLICATION = "organization", "receiver", "application"
"""A process that does everything; one that receives (`salio listen`), and one that does all else."""
TOGETHER, TWICE, APART = (WHOLE,), (WHOLE, WHOLE), (RECEIVER, APPLICATION)

Lives = Callable[[int, str, int | None], Life]
"""What a life is told, from its number, its receiver's address and its listening socket."""


class Organization:
    """Starts its processes, and starts again whoever dies."""

    def __init__(self, folder: Path, record: RecordPlace, duties: Sequence[str], lives: Lives) -> None:
        self._folder = folder
        self._record = record
        self._lives = lives
        self._number = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = int(self._listener.getsockname()[1])
        if RECEIVER in duties:
            self._listener.close()
        self._living = [self._started(each) for each in duties]

    @property
    def duties(self) -> list[str]:
        """Who can be killed."""
        return sorted({duty for duty, _, _ in self._living})

    def kill(self, duty: str) -> Death:
        """SIGKILL to the one who has lived longest with that duty; the next begins at once."""
        self.look()
        found = next(each for each in self._living if each[0] == duty)
        self._living.remove(found)
        _, number, process = found
        before = time.monotonic_ns()
        process.kill()
        process.wait()
        after = time.monotonic_ns()
        self._living.append(self._started(duty))
        return Death(duty, number, before, after)

    def look(self) -> None:
        """Nobody has ended by itself, but for a receiver that was started while its record was away."""
        for place, (duty, _, process) in enumerate(self._living):
            if process.poll() is not None:
                assert duty == RECEIVER, self._errors()
                assert self._record.deaths, self._errors()
                self._living[place] = self._started(duty)

    def close(self) -> None:
        """Ends whoever still lives."""
        for _, _, process in self._living:
            process.kill()
            process.wait()
        self._listener.close()

    def _started(self, duty: str) -> tuple[str, int, subprocess.Popen[bytes]]:
        self._number += 1
        command, descriptors = [sys.executable, "-m"], []
        if duty == RECEIVER:
            port = ["--port", str(self.port), "--json"]
            command += ["salio.cli.__main__", "listen", "--record", self._record.place, *port]
        else:
            descriptors = [self._listener.fileno()] if duty == WHOLE else []
            url = f"http://127.0.0.1:{self.port}"
            life = self._lives(self._number, url, descriptors[0] if descriptors else None)
            command += [f"tests.kill.{duty}", life.words()]
        with (self._folder / "said").open("ab") as said, self._log.open("ab") as errors:
            process = subprocess.Popen(command, cwd=ROOT, pass_fds=descriptors, stdout=said, stderr=errors)
        return duty, self._number, process

    @property
    def _log(self) -> Path:
        return self._folder / "organization.log"

    def _errors(self) -> str:
        return self._log.read_text()[-3000:]
