"""A platform as a process of its own: started, loaded, killed, ended in order."""

import json
import os
import select
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.kill.stages import Death, Killer
from tests.patience import PATIENCE
from tests.tidy.source import ROOT


def production(data: Path) -> list[str]:
    """The command that people run."""
    return [sys.executable, "-m", "salio.cli.__main__", "up", "--data", str(data), "--port", "0", "--json"]


def fused(data: Path, death: Death | None = None) -> list[str]:
    """The same platform with a fuse."""
    command = [sys.executable, "-m", "tests.kill.runner", str(data)]
    return command if death is None else [*command, death.stage.name, str(death.passage)]


def poisonable(data: Path, poison: Path) -> list[str]:
    """The same platform, which dies of every credential that stands in the file."""
    return [sys.executable, "-m", "tests.kill.poisonable", str(data), str(poison)]


def midway(data: Path) -> list[str]:
    """The same platform, which dies before the statement that it is told of."""
    return [sys.executable, "-m", "tests.kill.midway", str(data)]


@contextmanager
def living(command: list[str], log: Path) -> Iterator["Platform"]:
    """A platform that listens; gone afterwards, whatever happened."""
    platform = Platform(command, log)
    try:
        assert platform.welcome(), platform.errors()
        yield platform
    finally:
        platform.abandon()


class Platform:
    """One life of a platform."""

    def __init__(self, command: list[str], log: Path) -> None:
        self.log = log
        self.started = time.time()
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
            )
        self.said: dict[str, Any] = {}
        self.died = 0.0
        """When its death was seen, by the wall clock."""

    @property
    def pid(self) -> int:
        """Of the process."""
        return self.process.pid

    @property
    def base_url(self) -> str:
        """Where it listens."""
        return str(self.said["base_url"])

    @property
    def port(self) -> int:
        """The port alone."""
        return int(self.base_url.rpartition(":")[2])

    def welcome(self) -> bool:
        """Waits for the announcement; whether it came before a death that was ordered."""
        out = self.process.stdout
        assert out is not None
        ready, _, _ = select.select([out], [], [], PATIENCE)
        assert ready, f"no announcement: {self.errors()}"
        line = out.readline()
        if not line:
            self.process.wait(PATIENCE)
            return False
        self.said = json.loads(line)
        return True

    def arm(self, death: Death) -> None:
        """Tells a platform with a fuse where to die."""
        assert death.stage.killer is Killer.PLATFORM
        self.tell(f"{death.stage.name} {death.passage}")

    def tell(self, line: str) -> None:
        """A line on its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def strike(self) -> None:
        """SIGKILL, at once; the body is buried later."""
        os.kill(self.pid, signal.SIGKILL)

    def bury(self) -> None:
        """Waits for the death by SIGKILL and closes what it left."""
        code = self.process.wait(PATIENCE)
        self.died = time.time()
        self._close()
        assert code == -signal.SIGKILL, f"ended with {code}: {self.errors()}"

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """An orderly end; the exit code."""
        self.process.send_signal(number)
        return self.gone()

    def gone(self) -> int:
        """Waits for an end that comes by itself; the exit code."""
        code = self.process.wait(PATIENCE)
        self.died = time.time()
        self._close()
        return code

    def abandon(self) -> None:
        """Whatever state a failed test left it in: gone."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._close()

    def errors(self) -> str:
        """The end of its log, for messages."""
        return self.log.read_text("utf-8", "replace")[-2000:]

    def ready(self) -> bool:
        """What a load balancer would be told."""
        status, _ = self.get("/readyz")
        assert status in (200, 503)
        return status == 200

    def token(self) -> str:
        """A fresh access token."""
        basic = b64encode(f"{self.said['consumer_key']}:{self.said['consumer_secret']}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}"}
        status, body = self.get("/oauth/v1/generate?grant_type=client_credentials", headers)
        assert status == 200, body
        return str(json.loads(body)["access_token"])

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Status and body of a GET."""
        return self._send(urllib.request.Request(self.base_url + path, headers=headers or {}))  # noqa: S310 - our own

    def control(self, method: str, path: str, **body: object) -> tuple[int, Any]:
        """Status and JSON of a call of the control."""
        headers = {"Content-Type": "application/json"}
        url, content = f"{self.base_url}/_salio/{path}", json.dumps(body).encode()
        status, said = self._send(urllib.request.Request(url, content, headers, method=method))  # noqa: S310 - our own
        return status, json.loads(said)

    def _send(self, asked: urllib.request.Request) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 - our own
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def _close(self) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
