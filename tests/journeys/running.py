"""The whole platform in this process: its threads, a real socket, real files, and a clock of the test's."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar

import uvicorn
import uvloop

from salio.core.access.apps import UNTHROTTLED, App, Product, Throttle
from salio.core.audit.refusals import RefusedRequest
from salio.core.ports import Clock
from salio.platform.folder import DataFolder
from salio.platform.sandbox import Around, Sandbox
from salio.platform.settings import Settings
from salio.sandbox.testdata import parties
from salio.sandbox.testdata.operators import PASSWORD
from salio.storage import rows
from salio.storage.ports import Stories
from salio.wire.apis import OAUTH_PATH, Api
from salio.wire.credentials import make_credential
from tests import postgres
from tests.journeys import bodies
from tests.journeys.beside import Beside
from tests.journeys.client import Answer, Headers, basic, bearer, send
from tests.journeys.receiver import Callback, Receiver

T = TypeVar("T")

ABSENT = object()
"""As the value of a change: the member is not sent at all."""
BALANCE, STATUS, PAYMENT = Api.ACCOUNT_BALANCE, Api.TRANSACTION_STATUS, Api.B2C
BILL, TAX = Api.B2B, Api.TAX_REMITTANCE
QUERIES = (BALANCE, STATUS)
JSON = ("Content-Type", "application/json")


@dataclass(frozen=True)
class Keys:
    """An app as its owner knows it."""

    number: int
    key: str
    secret: str


@dataclass(frozen=True)
class End:
    """How a request ended, as the store has it."""

    outcome: str
    cause: str


class _Server(uvicorn.Server):
    """uvicorn, but told when to end: to look for that ten times a second takes as long as a short journey."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.told = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
        for each in self.servers:
            each.close()


class Platform:
    """One running platform and everything that a test asks of it."""

    def __init__(
        self,
        settings: Settings,
        receiver: Receiver,
        clock: Clock,
        *,
        reasons_told: bool = True,
        registered_once: bool = False,
        around: Around = lambda outside: outside,
    ) -> None:
        self.receiver = receiver
        self.profile = settings.wire
        self._settings = settings
        self._clock = clock
        self._reasons_told = reasons_told
        self._registered_once = registered_once
        self._around = around
        self._folder = DataFolder(settings.data)
        self.beside = Beside(self._folder)
        self._folder.take()
        self.sandbox = Sandbox(
            settings,
            self._folder,
            clock,
            around,
            reasons_told=reasons_told,
            registered_once=registered_once,
        )
        self.data = settings.data
        self._loop = uvloop.new_event_loop()
        self._server = _Server(
            uvicorn.Config(
                self.sandbox.application,
                port=0,
                http=self.sandbox.protocol,
                ws="none",
                interface="asgi3",
                lifespan="off",
                access_log=False,
                log_config=None,
                server_header=False,
                proxy_headers=False,
            )
        )
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="gateway", daemon=True)
        self._tokens: dict[int, str] = {}
        self._credentials: dict[str, str] = {}
        self.checkout: str | None = None
        """A prompt that has ended, to be asked about."""
        app = self.sandbox.test_app()
        self.app = Keys(app.number, app.consumer_key, self.sandbox.secrets.unseal_secret(app.secret_sealed))

    def start(self) -> "Platform":
        """Listens on a free port."""
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def stop(self) -> None:
        """Ends everything; the data stay."""
        self._loop.call_soon_threadsafe(self._server.told.set)
        self._thread.join()
        self._folder.leave()

    def drop(self) -> None:
        """Its database in a server goes; folders go by themselves."""
        url = self._folder.database_url()
        if url is not None:
            postgres.drop_database(url)

    def restarted(self, between: Callable[[], object] = lambda: None) -> "Platform":
        """Stops, and starts another on the same data; whoever stops the first stops the second too."""
        self.stop()
        between()
        again = Platform(
            self._settings,
            self.receiver,
            self._clock,
            reasons_told=self._reasons_told,
            registered_once=self._registered_once,
            around=self._around,
        ).start()
        self.__dict__ = again.__dict__
        return again

    def on_loop(self, call: Callable[[], T]) -> T:
        """Runs something on the gateway's own thread."""

        async def run() -> T:
            return call()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(30)

    # --- asking ------------------------------------------------------------------------------------------

    def send(self, method: str, path: str, headers: Headers = (), body: bytes = b"") -> Answer:
        """One request of any form."""
        return send(self.port, method, path, headers, body)

    def grant(self, authorization: str | None, query: str = "?grant_type=client_credentials") -> Answer:
        """A request for a token."""
        headers = [] if authorization is None else [("Authorization", authorization)]
        return self.send("GET", OAUTH_PATH + query, headers)

    def token(self, app: Keys | None = None, *, new: bool = False) -> str:
        """A token of the app; the one that was granted before, unless a new one is wanted."""
        asking = app or self.app
        if new or asking.number not in self._tokens:
            answer = self.grant(basic(asking.key, asking.secret))
            assert answer.status == 200
            self._tokens[asking.number] = answer.json["access_token"]
        return self._tokens[asking.number]

    def credential(self, password: str = PASSWORD) -> str:
        """A SecurityCredential; the same for the same password, as most clients do it."""
        if password not in self._credentials:
            self._credentials[password] = make_credential(password, self.sandbox.keys.certificate_pem)
        return self._credentials[password]

    def body(self, api: Api, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A request that succeeds, with these members changed, added or (``ABSENT``) left out."""
        members = {**bodies.members(self, api), **(changes or {})}
        return {name: value for name, value in members.items() if value is not ABSENT}

    def post_body(self, api: Api) -> bytes:
        """The bytes of a body that succeeds."""
        return json.dumps(self.body(api)).encode()

    def ask(self, api: Api, changes: Mapping[str, Any] | None = None, *, app: Keys | None = None) -> Answer:
        """Asks the question with a token of the app."""
        return self.post(api, json.dumps(self.body(api, changes)).encode(), app=app)

    def post(self, api: Api, body: bytes, *, app: Keys | None = None, headers: Headers = (JSON,)) -> Answer:
        """Any bytes as the question's body."""
        authorization = ("Authorization", bearer(self.token(app)))
        return self.send("POST", api.path, [authorization, *headers], body)

    def result(
        self, api: Api, changes: Mapping[str, Any] | None = None, *, app: Keys | None = None
    ) -> Callback:
        """Asks, is acknowledged, and waits for the callback, whose ids must be the acknowledgement's."""
        acknowledged = self.ask(api, changes, app=app)
        assert (acknowledged.status, acknowledged.json["ResponseCode"]) == (200, "0")
        names = bodies.PROMPT_IDS if api is Api.EXPRESS else bodies.IDS
        callback = self.receiver.wait(acknowledged.json[names[0]])
        for name in names:
            assert callback.result[name] == acknowledged.json[name]
        return callback

    def forget_tokens(self) -> None:
        """After a move of the clock: the next request asks for a new token."""
        self._tokens.clear()

    # --- looking behind ----------------------------------------------------------------------------------

    def rows(self, statement: str, parameters: Iterable[Any] = (), *, database: str = "sandbox") -> list[Any]:
        """Reads beside the running platform."""
        return self.beside.rows(statement, parameters, database=database)

    def stories(self) -> Stories:
        """The stories, read beside; whoever asks closes them."""
        return self.beside.databases.stories()

    def kept(self) -> int:
        """How many requests were ever kept."""
        return int(self.rows("SELECT count(*) FROM request")[0][0])

    def refusals(self) -> list[RefusedRequest]:
        """The kept refusals, newest first. What was refused before is written: a commit is waited for."""
        answer = self.send("POST", "/inbox/commit", [JSON], b"{}")
        assert answer.status == 200
        return [rows.read_refusal(row) for row in self.rows("SELECT * FROM refusal ORDER BY number DESC")]

    def refusal(self, answer: Answer) -> RefusedRequest:
        """The kept refusal of this answer."""
        return next(each for each in self.refusals() if each.request_id == answer.json["requestId"])

    def end(self, conversation_id: str) -> End:
        """How the request of that conversation ended; its callback has come, so it has."""
        ((outcome, cause),) = self.rows(
            "SELECT outcome, cause FROM conclusion JOIN request USING (number) WHERE conversation_id = ?",
            [conversation_id],
        )
        return End(outcome, cause)

    # --- changing beside ---------------------------------------------------------------------------------

    def add_app(
        self,
        *,
        products: frozenset[Product] = frozenset(Product),
        short_codes: frozenset[str] = parties.short_codes(),
        throttle: Throttle = UNTHROTTLED,
        enabled: bool = True,
        secret: str | None = None,
    ) -> Keys:
        """Adds an app through the portal's store, and lets the platform see it."""
        secrets = self.sandbox.secrets
        key, chosen = secrets.new_consumer_key(), secret or secrets.new_consumer_secret()
        with closing(self.beside.databases.access()) as access:
            number = max(each.number for each in access.apps()) + 1
            app = App(
                number=number,
                name=f"app {number}",
                consumer_key=key,
                secret_digest=secrets.digest_secret(chosen),
                secret_sealed=secrets.seal_secret(chosen),
                products=products,
                short_codes=short_codes,
                profile=self.profile,
                throttle=throttle,
                enabled=enabled,
            )
            access.add_apps([app])
        self.on_loop(self.sandbox.follow_access)
        return Keys(number, key, chosen)

    def revoke(self, token: str) -> None:
        """Revokes a token beside, and lets the platform see it."""
        claim = self.on_loop(lambda: self.sandbox.desk.mint.read(token))
        assert claim is not None
        with closing(self.beside.databases.access()) as access:
            access.revoke(claim)
        self.on_loop(self.sandbox.follow_access)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve_until_told())
        finally:
            self._loop.close()

    async def _serve_until_told(self) -> None:
        await self.sandbox.start()
        serving = self._loop.create_task(self._server.serve())
        while not self._server.started:
            assert not serving.done()
            await asyncio.sleep(0)
        self._ready.set()
        await serving
        await self.sandbox.stop()
