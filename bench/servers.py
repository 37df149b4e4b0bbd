"""The programs under measure, each a process of its own."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

TICKS = os.sysconf("SC_CLK_TCK")


class Platform(msgspec.Struct):
    """A running platform: its process, where it listens, and how to ask it."""

    process: subprocess.Popen[str]
    port: int
    token: str
    certificate: bytes
    started_after: float
    """Seconds from the command to the first acknowledged request."""

    def cpu_seconds(self) -> float:
        """User and system time that the process has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> int:
        """Resident bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(each for each in status.splitlines() if each.startswith("VmRSS"))
        return int(line.split()[1]) * 1024

    def metric(self, name: str) -> int:
        """A reading of the metrics page."""
        text = get(f"http://127.0.0.1:{self.port}/metrics").decode()
        line = next(each for each in text.splitlines() if each.startswith(name + " "))
        return int(float(line.split()[1]))


def get(url: str, headers: dict[str, str] | None = None) -> bytes:
    """The body of an answer."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=10) as answer:  # noqa: S310 - our own
        body: bytes = answer.read()
        return body


@contextmanager
def platform(data: Path, *options: str, module: str = "salio.cli.__main__") -> Iterator[Platform]:
    """Starts ``salio up`` on a free port and stops it with SIGTERM at the end."""
    began = time.perf_counter()
    command = [sys.executable, "-m", module, "up", "--data", str(data), "--port", "0", "--json", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        base = said["base_url"]
        basic = b64encode(f"{said['consumer_key']}:{said['consumer_secret']}".encode()).decode()
        url = f"{base}/oauth/v1/generate?grant_type=client_credentials"
        token = json.loads(get(url, {"Authorization": f"Basic {basic}"}))["access_token"]
        took = time.perf_counter() - began
        certificate = get(f"{base}/certificate.pem")
        yield Platform(process, int(base.rpartition(":")[2]), token, certificate, took)
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def helper(module: str) -> Iterator[int]:
    """Starts ``bench.sink`` or ``bench.bare``; gives its port."""
    process = subprocess.Popen([sys.executable, "-m", module], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()


@contextmanager
def receiving(folder: Path) -> Iterator[str]:
    """Starts ``bench.receiving`` with its record in that folder; gives the address that callbacks go to."""
    command = [sys.executable, "-m", "bench.receiving", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def sink_count(port: int) -> int:
    """How many callbacks the sink has taken."""
    return int(get(f"http://127.0.0.1:{port}/"))
