"""An environment as people run it on PostgreSQL, under load: two of each process, a server to crash."""

import json
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from salio.platform.preparing import prepare
from salio.platform.settings import Settings
from tests.kill.asking import Asked, Mix
from tests.kill.checker import Found, check
from tests.kill.receiver import Receiver
from tests.kill.shared.books import books, is_settled, look
from tests.kill.shared.load import LastingLoad
from tests.kill.shared.supervisor import Place, Supervisor
from tests.patience import PATIENCE, until
from tests.tidy.source import ROOT


class AnyServer(Protocol):
    """One that a test crashes and starts again."""

    url: str

    def start(self) -> None:
        """It answers again."""
        ...

    def crash(self) -> None:
        """It is gone, at once."""
        ...


class Staging:
    """The six processes, their callers and receiver, and everything that was written down."""

    def __init__(self, server: AnyServer, supervisor: Supervisor, receiver: Receiver, data: Path) -> None:
        self.server = server
        self.supervisor = supervisor
        self._receiver = receiver
        self._data = data
        self._app = self.add_app("--unthrottled")
        self._crashes: list[float] = []
        supervisor.until_ready()
        gateways = supervisor.of("gateway")
        self.token = self.new_token()
        _, certificate = get(gateways[0], "/certificate.pem")
        self.mix = Mix(0, receiver.url, certificate)

    @property
    def url(self) -> str:
        """Of the database."""
        return self.server.url

    def salio(self, *arguments: str) -> str:
        """What a command prints that works on this environment."""
        return salio(*arguments, "--data", str(self._data))

    def add_app(self, *throttle: str) -> dict[str, Any]:
        """A new app, as JSON."""
        app: dict[str, Any] = json.loads(self.salio("app", "add", "Load", *throttle, "--json"))
        return app

    def new_token(self, app: dict[str, Any] | None = None) -> str:
        """An access token of this app, or of the one that makes the load."""
        app = app or self._app
        gateway = self.supervisor.of("gateway")[0]
        named = f"{app['consumer_key']}:{app['consumer_secret']}"
        basic = b64encode(named.encode()).decode()
        path = "/oauth/v1/generate?grant_type=client_credentials"

        def granted() -> str | None:
            status, body = get(gateway, path, {"Authorization": f"Basic {basic}"})
            return str(json.loads(body)["access_token"]) if status == 200 else None

        return until("the gateway knows the app", granted)

    @contextmanager
    def load(self) -> Iterator[LastingLoad]:
        """Load on both gateways while the block runs."""
        ports = [lambda each=each: each.port for each in self.supervisor.of("gateway")]
        load = LastingLoad(ports, self.token, self.mix.next)
        load.start()
        try:
            yield load
        finally:
            load.stop()

    def crash(self, seconds: float = 0) -> None:
        """The server dies, is away for so long, and is started again."""
        self.server.crash()
        self._crashes.append(time.time())
        wait(seconds)
        self.server.start()

    def ask(self, gateway: Place, token: str) -> Asked:
        """One request, on a connection of its own."""
        asked = self.mix.next()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        asked.status, body = send(gateway, asked.path, asked.body, headers)
        asked.answer = json.loads(body)
        return asked

    def leader(self) -> Place:
        """The core that decides."""

        def find() -> Place | None:
            held = look(self.url, "SELECT holder FROM stripe WHERE held_until >= server_time()")
            holders = {int(row["holder"].rpartition(":")[2].partition("-")[0]) for row in held}
            return next((each for each in self.supervisor.of("core") if each.pid in holders), None)

        return until("somebody decides", find)

    def promised(self) -> int:
        """How many requests were acknowledged until now."""
        return sum(each.acknowledged for each in list(self.mix.asked))

    def until_promised(self, more: int) -> None:
        """Waits for so many more acknowledgements."""
        before = self.promised()
        until(f"{more} acknowledgements: {self._errors()}", lambda: self.promised() >= before + more)

    def settle(self) -> Found:
        """Waits until all is decided and delivered, and checks it, without load."""
        until(f"settled: {self._errors()}", lambda: is_settled(self.url))
        asked = self.mix.asked
        moments = [*self.supervisor.moments, *self._crashes]
        found = check(books(self.url), asked, self._receiver.callbacks, moments)
        self._check_refused(asked)
        return found

    def _check_refused(self, asked: Sequence[Asked]) -> None:
        """Whoever was told that nothing was kept was told the truth."""
        with books(self.url) as read:
            kept = {json.loads(row["query"])["remarks"] for row in read("SELECT query FROM request")}
        told = {f"marker {each.marker}" for each in asked if each.fate == "refused"}
        assert not told & kept, f"refused, and kept: {sorted(told & kept)[:5]}"

    def _errors(self) -> str:
        return "\n".join(each.errors() for each in self.supervisor.places)


@contextmanager
def staging(server: AnyServer, folder: Path, receiver: Receiver) -> Iterator[Staging]:
    """An environment that works; everything of it is gone afterwards."""
    data = folder / "data"
    prepare(Settings(data=data, database=server.url))
    supervisor = Supervisor(folder, data)
    try:
        yield Staging(server, supervisor, receiver, data)
    finally:
        supervisor.abandon()


def salio(*arguments: str) -> str:
    """What a command prints."""
    command = [sys.executable, "-m", "salio.cli.__main__", *arguments]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=PATIENCE
    ).stdout


def get(gateway: Place, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Status and body of a GET."""
    return send(gateway, path, None, headers or {})


def send(gateway: Place, path: str, body: bytes | None, headers: dict[str, Any]) -> tuple[int, bytes]:
    """Status and body of a request, on a connection of its own."""
    asked = urllib.request.Request(f"http://127.0.0.1:{gateway.port}{path}", body, headers)
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 - our own
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def wait(seconds: float) -> None:
    """Lets load go on for so long."""
    threading.Event().wait(seconds)
