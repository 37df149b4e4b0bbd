"""Keeps the processes of one environment running, as supervisors do: whoever dies is started again."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.patience import PATIENCE, until
from tests.tidy.source import ROOT

DUTIES = ("gateway", "gateway", "core", "core", "delivery", "delivery")
NO_SERVER = re.compile(r"salio: PostgreSQL(:| at [^\n]* cannot be used:) [^\n]*\s*\Z")
"""The last words of a process that cannot start because there is no server."""


class Place:
    """One of the processes, through all of its lives."""

    def __init__(self, duty: str, name: str, folder: Path, data: Path) -> None:
        self.duty = duty
        self.name = name
        self.lives = 0
        self.port = 0
        """Where a gateway listens; 0 while it does not."""
        self.ordered = False
        """Whether its present life is to end by our hand."""
        self._one_life = threading.Lock()
        """No signal goes to a life that has ended and not been followed: its number may be another's."""
        self._log = folder / f"{name}.log"
        self._said = folder / f"{name}.said"
        more = ["--port", "0"] if duty == "gateway" else []
        self._command = [
            sys.executable,
            "-m",
            "salio.cli.__main__",
            "serve",
            duty,
            "--data",
            str(data),
            *more,
        ]
        self.process = self._begin()

    @property
    def pid(self) -> int:
        """Of the present life."""
        return self.process.pid

    def watch(self) -> str | None:
        """Starts it again if it has died; how it ended, if nobody ordered that."""
        with self._one_life:
            code = self.process.poll()
            if code is None:
                self.port = self.port or self._announced()
                return None
            expected = self.ordered or (code == 1 and NO_SERVER.search(self.errors()) is not None)
            unordered = None if expected else f"{self.name} ended with {code}: {self.errors()}"
            self.process = self._begin()
            return unordered

    def send(self, number: signal.Signals) -> None:
        """A signal to its present life; SIGKILL is the end of it that was ordered."""
        with self._one_life:
            self.ordered = self.ordered or number is signal.SIGKILL
            os.kill(self.pid, number)

    def is_ready(self) -> bool:
        """Whether this life has said that it works, or waits to."""
        return self._said.stat().st_size > 0 and self.process.poll() is None

    def errors(self) -> str:
        """The end of its log, for messages."""
        return self._log.read_text("utf-8", "replace")[-1500:]

    def _begin(self) -> "subprocess.Popen[bytes]":
        self.port, self.ordered = 0, False
        self.lives += 1
        with self._log.open("ab") as log, self._said.open("wb") as said:
            return subprocess.Popen(
                self._command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=said, stderr=log
            )

    def _announced(self) -> int:
        found = re.search(r"at http://[0-9.]+:(\d+)\.", self._said.read_text())
        return int(found[1]) if found else 0


class Supervisor:
    """A thread that looks after the places."""

    def __init__(self, folder: Path, data: Path, duties: Sequence[str] = DUTIES) -> None:
        counted = [f"{duty}-{duties[:place].count(duty) + 1}" for place, duty in enumerate(duties)]
        self.places = [Place(duty, name, folder, data) for duty, name in zip(duties, counted, strict=True)]
        self.moments: list[float] = []
        """When somebody was killed, stopped or let go on, by the wall clock."""
        self.unordered: list[str] = []
        """How processes ended that nobody had killed."""
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor")
        self._thread.start()

    def of(self, duty: str) -> list[Place]:
        """Those with this duty."""
        return [each for each in self.places if each.duty == duty]

    def until_ready(self) -> None:
        """Waits until every process has begun."""
        for each in self.places:
            until(f"{each.name} is ready: {each.errors()}", each.is_ready)
        until("the gateways listen", lambda: all(each.port for each in self.of("gateway")))

    def kill(self, place: Place) -> None:
        """SIGKILL; the supervisor starts it again."""
        self._send(place, signal.SIGKILL)

    @contextmanager
    def paused(self, place: Place) -> Iterator[None]:
        """Stopped for the length of the block, without knowing it."""
        self._send(place, signal.SIGSTOP)
        try:
            yield
        finally:
            self._send(place, signal.SIGCONT)

    def end(self) -> None:
        """An orderly end of everybody; each must end well, and none may have ended by itself before."""
        self.until_ready()
        assert not self.unordered, "\n".join(self.unordered)
        self._ending.set()
        self._thread.join()
        for each in self.places:
            each.process.terminate()
        ends = {each.name: each.process.wait(PATIENCE) for each in self.places}
        assert set(ends.values()) == {0}, ends

    def abandon(self) -> None:
        """Whatever state a failed test left them in: gone."""
        self._ending.set()
        self._thread.join()
        for each in self.places:
            each.process.kill()
            each.process.wait()

    def _send(self, place: Place, number: signal.Signals) -> None:
        place.send(number)
        self.moments.append(time.time())

    def _watch(self) -> None:
        while not self._ending.wait(0.02):
            for each in self.places:
                unordered = each.watch()
                if unordered is not None:
                    self.unordered.append(unordered)
