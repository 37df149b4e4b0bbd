"""`salio run` as a process, and a platform of a test that says which request came."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
URL = "https://sandbox.safaricom.co.ke/mpesa/x?y=1"


class Answering(BaseHTTPRequestHandler):
    """Says what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """As JSON."""
        body = msgspec.json.encode({"host": self.headers["Host"], "path": self.path})
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


HEARD = '{"host":"sandbox.safaricom.co.ke","path":"/mpesa/x?y=1"}'


@contextmanager
def answering() -> Iterator[str]:
    """Its base URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def command(*arguments: str) -> list[str]:
    """The line of a process."""
    return [sys.executable, "-m", "salio.cli", "run", *arguments]


def surroundings(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables of a process: this tree's code, and no proxy of the machine's."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), **(more or {})}


def run(
    *arguments: str,
    more: Mapping[str, str] | None = None,
    folder: Path | None = None,
    before: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    """One `salio run`, to its end; ``before`` is a command that runs it in a way of its own."""
    return subprocess.run(
        [*before, *command(*arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        env=surroundings(more),
        stdin=subprocess.DEVNULL,
    )


def needs(program: str) -> pytest.MarkDecorator:
    """For a test of a program that may not be installed."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"needs {program}")


def _namespaces() -> bool:
    if shutil.which("unshare") is None:
        return False
    trial = ["unshare", "--map-root-user", "--net", "--mount", "mount", "--bind", "/etc/hosts", "/etc/hosts"]
    return subprocess.run(trial, check=False, capture_output=True).returncode == 0


needs_namespaces = pytest.mark.skipif(not _namespaces(), reason="no namespaces of one's own on this machine")
