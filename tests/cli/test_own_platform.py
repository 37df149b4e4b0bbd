"""The platform that `salio run` starts for itself."""

import os
import select
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from salio.platform.folder import DataFolder, Signpost
from salio.vault.keys import KeyRing
from tests.cli.conftest import KEY, SECRET
from tests.cli.redirected import command, needs_namespaces, run, surroundings
from tests.patience import PATIENCE
from tests.vault.samples import Seeded, foreign

ASK = """
import json, sys, threading, urllib.request
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, HTTPServer

key, secret, credential = sys.argv[1:]
came, results = threading.Event(), []

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        results.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()
        came.set()
    def log_message(self, *arguments): ...

server = HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/result"

def ask(path, authorization, body=None):
    headers = {"Authorization": authorization, "Content-Type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request("https://sandbox.safaricom.co.ke" + path, content, headers)
    return json.load(urllib.request.urlopen(request))

basic = b64encode(f"{key}:{secret}".encode()).decode()
token = ask("/oauth/v1/generate?grant_type=client_credentials", f"Basic {basic}")["access_token"]
for path, more in (
    ("/mpesa/accountbalance/v1/query",
     {"Initiator": "testapiuser", "CommandID": "AccountBalance", "PartyA": "600000"}),
    ("/mpesa/transactionstatus/v1/query",
     {"Initiator": "testapi", "CommandID": "TransactionStatusQuery", "PartyA": "600310",
      "TransactionID": "MBN31H462N"}),
):
    came.clear()
    ask(path, f"Bearer {token}", {"SecurityCredential": credential, "IdentifierType": "4", "Remarks": "ok",
        "QueueTimeOutURL": url, "ResultURL": url, **more})
    came.wait(30)
print(*(each["Result"]["ResultCode"] for each in results))
"""


@pytest.fixture
def foreign_credential(data: Path, tmp_path: Path) -> str:
    """As a library makes it that carries Safaricom's own certificate."""
    other = KeyRing.open(tmp_path / "other", "sandbox", entropy=Seeded(3))
    return foreign(KeyRing.load(DataFolder(data).keys), other.private_key.public_key(), b"Safaricom999!*!")


@pytest.mark.parametrize("hosts", [False, pytest.param(True, marks=needs_namespaces)], ids=["", "--hosts"])
def test_a_balance_and_a_status(data: Path, foreign_credential: str, *, hosts: bool) -> None:
    """A program with a foreign credential gets both results at an endpoint of its own."""
    options = ["--hosts"] if hosts else []
    program = [sys.executable, "-c", ASK, KEY, SECRET, foreign_credential]
    ran = run(*options, "--others", "refuse", "--data", str(data), "--", *program)
    assert (ran.stdout, ran.returncode) == ("0 0\n", 0), ran.stderr
    assert "made with any certificate (--foreign-credentials trust)" in ran.stderr
    for secret in (SECRET, KEY, foreign_credential, "PRIVATE"):
        assert secret not in ran.stderr
    assert not DataFolder(data).signpost.exists()


def test_a_folder_with_programs_in_it(data: Path, tmp_path: Path) -> None:
    """The platform is ours, whatever the modules are called that lie where the program is started."""
    (tmp_path / "uvicorn.py").write_text("raise SystemExit('another')", "ascii")
    ran = run("--data", str(data), "--", "true", folder=tmp_path)
    assert ran.returncode == 0, ran.stderr


def test_a_folder_that_is_in_use(data: Path) -> None:
    """Its platform can be used instead."""
    folder = DataFolder(data)
    folder.take()
    try:
        ran = run("--data", str(data), "--", "echo", "ran")
    finally:
        folder.leave()
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert ran.stderr == (
        f"salio: another platform runs on {data}: stop it, or choose another folder with --data; "
        "or let the program use that one: --platform URL\n"
    )


def test_a_platform_that_dies(data: Path) -> None:
    """Is told of when the program has ended, as it does without."""
    signpost = DataFolder(data).signpost
    killing = (
        f"pid=$(sed 's/.*\"pid\"://; s/}}//' {signpost}); kill -KILL $pid; "
        "while kill -0 $pid; do :; done; exit 5"  # it is there until its end was taken note of
    )
    ran = run("--data", str(data), "--", "sh", "-c", killing)
    assert ran.returncode == 5
    assert "salio run: its platform ended before the program" in ran.stderr


def test_who_is_killed_takes_its_platform_along(data: Path) -> None:
    """Or the folder would be held for ever."""
    with _started(data, "sh", "-c", "echo ready; read x") as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        platform = msgspec.json.decode(DataFolder(data).signpost.read_bytes(), type=Signpost).pid
        watched = os.pidfd_open(platform)
        running.kill()
        ended, _, _ = select.select([watched], [], [], PATIENCE)
        os.close(watched)
        assert ended
    _take(data)


def _started(data: Path, *program: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command("--data", str(data), "--", *program),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=surroundings(),
        start_new_session=True,
    )


def _take(data: Path) -> None:
    """Raises DataFolderError while a platform runs on it."""
    folder = DataFolder(data)
    folder.take()
    folder.leave()
