"""A platform as several processes on one PostgreSQL: prepared, started, asked, ended."""

import os
import re
import select
import subprocess
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from shutil import copytree
from tempfile import mkdtemp

import msgspec

from salio.platform.filling import demo_password, find_app
from salio.platform.folder import DataFolder
from salio.platform.preparing import prepare
from salio.platform.settings import Settings
from salio.storage.postgres.databases import PostgresDatabases
from salio.vault.app_secrets import AppSecrets
from salio.vault.keys import KeyRing
from salio.wire.credentials import make_credential
from tests import postgres
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[1]


@cache
def _prepared() -> Path:
    """A data folder after `salio migrate`, with its database; copied for each test."""
    folder = Path(mkdtemp(prefix="salio-prepared-"))
    prepare(Settings(data=folder, database=postgres.new_database()))
    return folder


class Process:
    """One `salio serve`."""

    def __init__(self, arguments: list[str], log: Path) -> None:
        self._log = log
        with log.open("ab") as errors:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "salio.cli.__main__", "serve", *arguments],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
            )
        self.said = self._first_line()
        found = re.search(r"http://[^ ]+:([0-9]+)", self.said)
        self.port = int(found.group(1)) if found else 0
        """Where it answers."""

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and body."""
        return self._open(
            urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers or {})
        )

    def post(self, path: str, body: bytes, token: str) -> tuple[int, str]:
        """Status and body."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return self._open(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, headers))

    def figure(self, name: str) -> int:
        """A reading of its metrics page."""
        lines = self.get("/metrics")[1].splitlines()
        return int(float(next(each.split()[1] for each in lines if each.startswith(f"{name} "))))

    def errors(self) -> str:
        """The end of its log."""
        return self._log.read_text("utf-8", "replace")[-2000:]

    def end(self) -> int:
        """Its orderly end; the exit code."""
        self.child.terminate()
        assert self.child.stdout is not None
        code = self.child.wait(PATIENCE)
        self.child.stdout.close()
        return code

    def kill(self) -> None:
        """SIGKILL, if it lives."""
        self.child.kill()
        self.end()

    def _first_line(self) -> str:
        out = self.child.stdout
        assert out is not None
        ready, _, _ = select.select([out], [], [], PATIENCE)
        line = out.readline().decode() if ready else ""
        if not line:
            self.kill()
            raise AssertionError(f"it said nothing: {self.errors()}")
        return line

    def _open(self, asked: urllib.request.Request) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 - our own
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


class Environment:
    """A data folder, its database, and the processes that were started on it."""

    def __init__(self, folder: Path) -> None:
        copytree(_prepared(), folder, dirs_exist_ok=True)
        url = DataFolder(folder).database_url()
        assert url is not None
        self.data = folder
        self.url = postgres.new_database(url)
        DataFolder(folder).remember_database(self.url)
        self.keys = KeyRing.load(DataFolder(folder).keys)
        self._processes: list[Process] = []

    def start(self, duty: str, *options: str) -> Process:
        """Another process, which says that it works."""
        arguments = [duty, "--data", str(self.data), *options]
        if duty == "gateway" and "--port" not in options:
            arguments += ["--port", "0"]
        process = Process(arguments, self.data / f"{len(self._processes)}-{duty}.log")
        self._processes.append(process)
        return process

    def token(self, gateway: Process) -> str:
        """A token of the test data's app."""
        secrets = AppSecrets(self.keys, entropy=os.urandom)
        with closing(PostgresDatabases(self.url).access_to_read()) as access:
            app = find_app(access)
        assert app is not None
        secret = secrets.unseal_secret(app.secret_sealed)
        basic = b64encode(f"{app.consumer_key}:{secret}".encode()).decode()
        status, said = gateway.get(
            "/oauth/v1/generate?grant_type=client_credentials", {"Authorization": f"Basic {basic}"}
        )
        assert status == 200, said
        return str(msgspec.json.decode(said)["access_token"])

    def balance_query(self, result_url: str, *, remarks: str = "ok") -> bytes:
        """A balance query that succeeds."""
        body = {
            "Initiator": "testapiuser",
            "SecurityCredential": make_credential(demo_password(), self.keys.certificate_pem),
            "CommandID": "AccountBalance",
            "PartyA": "600000",
            "IdentifierType": "4",
            "Remarks": remarks,
            "QueueTimeOutURL": result_url,
            "ResultURL": result_url,
        }
        return msgspec.json.encode(body)

    @contextmanager
    def database_away(self) -> Iterator[None]:
        """Nobody can connect to it meanwhile, and whoever was connected is cut off."""
        postgres.close_to_connections(self.url, closed=True)
        try:
            yield
        finally:
            postgres.close_to_connections(self.url, closed=False)

    def close(self) -> None:
        """Ends what still runs, and the database."""
        for each in self._processes:
            if each.child.poll() is None:
                each.kill()
        postgres.drop_database(self.url)


@contextmanager
def environment(folder: Path) -> Iterator[Environment]:
    """One for the block."""
    made = Environment(folder)
    try:
        yield made
    finally:
        made.close()
