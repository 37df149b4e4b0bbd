"""The platform as a process of its own, as `salio up` serves it: revocation beside it, its log, its end."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from salio.core.access.tokens import TokenClaim
from salio.platform.folder import DataFolder
from salio.vault.keys import KeyRing
from salio.vault.tokens import TokenMint
from salio.wire.apis import OAUTH_PATH, Api
from tests.journeys.beside import Beside
from tests.journeys.client import Answer, basic, bearer, send
from tests.journeys.conftest import Template
from tests.journeys.running import BALANCE, JSON, QUERIES
from tests.journeys.templates import copied
from tests.journeys.test_requests import TOKEN

SERVE = """
import sys
from pathlib import Path
import msgspec
from salio.platform.serve import run
from salio.platform.settings import Settings


def announce(running):
    print(msgspec.json.encode(running).decode(), flush=True)


run(Settings(data=Path(sys.argv[1]), port=0), announce)
"""


class Process:
    """The running process and what it announced."""

    def __init__(self, child: "subprocess.Popen[str]") -> None:
        self.child = child
        assert child.stdout is not None
        line = child.stdout.readline()
        self.running: dict[str, Any] = json.loads(line)
        self.port = urlsplit(self.running["base_url"]).port or 0

    def token(self) -> str:
        """A new token of the test data's app."""
        header = basic(self.running["consumer_key"], self.running["consumer_secret"])
        answer = send(
            self.port, "GET", f"{OAUTH_PATH}?grant_type=client_credentials", [("Authorization", header)]
        )
        return str(answer.json["access_token"])

    def body(self, **changes: str) -> bytes:
        """A balance query that succeeds, told to the built-in inbox; with these changes."""
        inbox = self.running["inbox_url"]
        members = {
            "Initiator": "testapiuser",
            "SecurityCredential": self.running["security_credential"],
            "CommandID": "AccountBalance",
            "PartyA": "600000",
            "IdentifierType": "4",
            "Remarks": "ok",
            "QueueTimeOutURL": inbox,
            "ResultURL": inbox,
        }
        return json.dumps(members | changes).encode()

    def ask(self, token: str, api: Api = BALANCE, body: bytes = b"{}") -> Answer:
        """A question under that token."""
        return send(self.port, "POST", api.path, [("Authorization", bearer(token)), JSON], body)


@pytest.fixture
def data(template: Template, tmp_path: Path) -> Path:
    """A data folder for the process."""
    return copied(template("documented"), tmp_path / "data").data


@contextmanager
def serving(data: Path) -> Iterator[Process]:
    """The process, ended at the latest with the block."""
    command = [sys.executable, "-c", SERVE, str(data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            yield Process(child)
        finally:
            child.kill()


def claim_of(data: Path, token: str) -> TokenClaim:
    """What the token says to somebody who has the keys."""
    keys = KeyRing.open(DataFolder(data).keys, "sandbox", entropy=bytes)
    claim = TokenMint(keys, entropy=bytes).read(token)
    assert claim is not None
    return claim


def test_a6_a_token_revoked_beside_is_dead_within_a_second(data: Path) -> None:
    """Another process revokes it in the store; a second later nobody honours it, on either API."""
    with serving(data) as process:
        token, other = process.token(), process.token()
        assert process.ask(token).status == 400
        with closing(Beside(DataFolder(data)).databases.access()) as access:
            access.revoke(claim_of(data, token))
        revoked_at = time.monotonic()
        while process.ask(token).error != TOKEN[BALANCE]:
            assert time.monotonic() - revoked_at < 1.0
        for api in QUERIES:
            assert process.ask(token, api).error == TOKEN[api]
            assert "Invalid CommandID" in process.ask(other, api).message


def test_p24_it_drains_and_ends(data: Path) -> None:
    """SIGTERM: whatever was acknowledged is delivered, the exit is clean, and the log says no secret."""
    with serving(data) as process:
        signpost = msgspec.json.decode((data / "platform.json").read_bytes())
        assert signpost == {"base_url": process.running["base_url"], "pid": process.child.pid}
        token = process.token()
        body = process.body(ResultURL="http://127.0.0.1:9/nobody-listens")
        answers = [process.ask(token, body=body) for _ in range(20)]
        assert {answer.json["ResponseCode"] for answer in answers} == {"0"}
        process.child.send_signal(signal.SIGTERM)
        out, err = process.child.communicate(timeout=30)
        assert process.child.returncode == 0
    beside = Beside(DataFolder(data))
    assert beside.rows("SELECT count(*) FROM outbox") == [(0,)]
    assert beside.rows("SELECT count(*) FROM attempt_end") == [(20,)]
    assert not (data / "platform.json").exists()
    for secret in (token, process.running["consumer_secret"], process.running["security_credential"]):
        assert secret not in out + err


@pytest.mark.parametrize(
    "fault", [{"early": "result"}, {"delay": "acknowledgement", "seconds": 3600}], ids=["early", "late"]
)
def test_p24_an_acknowledgement_that_a_fault_keeps_back_leaves_at_the_end(
    data: Path, fault: dict[str, Any]
) -> None:
    """The end waits for no fault, and who was accepted hears so: long before the drain of 10 s is over."""
    with serving(data) as process, ThreadPoolExecutor() as pool:
        token = process.token()
        for each in (fault, {"delay": "result", "seconds": 3600}):
            body = json.dumps(each).encode()
            assert send(process.port, "POST", "/_salio/faults", [JSON], body).status == 200
        answer = pool.submit(process.ask, token, body=process.body())
        beside = Beside(DataFolder(data))
        while beside.rows("SELECT count(*) FROM outbox") == [(0,)]:
            assert not answer.done()
        process.child.send_signal(signal.SIGTERM)
        assert answer.result(8).json["ResponseCode"] == "0"
        _, err = process.child.communicate(timeout=8)
        assert (process.child.returncode, "Traceback" in err) == (0, False)
