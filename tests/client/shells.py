"""Both shells behind one face, on a scripted network: what holds of one has to hold of the other."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import httpx2

from salio.client.async_client import AsyncClient
from salio.client.client import Client
from salio.client.outside import Outside
from salio.client.settings import App, Initiator, Merchant, Options
from salio.wire.answers import Acknowledgement
from salio.wire.apis import OAUTH_PATH, Api
from salio.wire.asked import Callbacks

T = TypeVar("T")
Answer = httpx2.Response | Exception
BASE = "https://platform.example"
APP = App("CANARYKEY", "CANARYSECRET")
CREDENTIAL = "CANARYCREDENTIAL"
MERCHANT = Merchant(short_code="174379", passkey="CANARYPASSKEY")
INITIATOR = Initiator(name="testapi", short_code="600000", security_credential=CREDENTIAL)
CANARY_TOKEN = "CANARYTOKEN"
CALLBACKS = Callbacks("https://example.com/result", "https://example.com/timeout")
THREADS, TASKS = "threads", "tasks"


def accepted(number: int = 1, own_id: str = "") -> httpx2.Response:
    """An acknowledgement."""
    ids = {"OriginatorConversationID": own_id or f"{number}-1-1", "ConversationID": f"AG_{number}"}
    return answered(200, ids | {"ResponseCode": "0", "ResponseDescription": "Accept the service request"})


def granted(token: str = CANARY_TOKEN, lifetime: object = "3599") -> httpx2.Response:
    """A token."""
    return answered(200, {"access_token": token, "expires_in": lifetime})


def refused(status: int, code: str, message: str = "") -> httpx2.Response:
    """An error body."""
    return answered(status, {"requestId": "r-1", "errorCode": code, "errorMessage": message})


def answered(status: int, members: object) -> httpx2.Response:
    """Any JSON."""
    return httpx2.Response(status, content=json.dumps(members).encode())


class Network:
    """Answers each path from a script; the last answer of a script goes on. Keeps what was asked."""

    def __init__(self, tokens: list[Answer] | None = None, answers: list[Answer] | None = None) -> None:
        self._tokens = tokens or [granted()]
        self._answers = answers or [accepted()]
        self.requests: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """The next answer, a fresh copy of it."""
        self.requests.append(request)
        script = self._tokens if request.url.path == OAUTH_PATH else self._answers
        answer = script.pop(0) if len(script) > 1 else script[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)

    @property
    def asked_for_tokens(self) -> int:
        """How often."""
        return sum(each.url.path == OAUTH_PATH for each in self.requests)

    @property
    def bearers(self) -> list[str]:
        """The tokens with which questions were asked."""
        paths = {api.path for api in Api}
        return [
            each.headers["Authorization"].removeprefix("Bearer ")
            for each in self.requests
            if each.url.path in paths
        ]


class Time:
    """A monotonic clock that a test moves, and pauses that only note themselves."""

    def __init__(self, chance: float = 0.0) -> None:
        self.now = 1000.0
        self.chance = chance
        self.pauses: list[float] = []

    def outside(self) -> Outside:
        """For a client."""
        return Outside(
            monotonic=lambda: self.now,
            pause=self._pause,
            pause_task=self._pause_task,
            chance=lambda: self.chance,
        )

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    async def _pause_task(self, seconds: float) -> None:
        self._pause(seconds)


class Shell:
    """A client of either kind, asked in the same way."""

    def __init__(
        self,
        kind: str,
        network: Callable[[httpx2.Request], httpx2.Response],
        *,
        environment: str = BASE,
        initiator: Initiator | None = INITIATOR,
        options: Options = Options(),  # noqa: B008  # frozen
        time: Time | None = None,
    ) -> None:
        self.time = time or Time()
        self._runner = asyncio.Runner()
        self.client: Client | AsyncClient
        transport = httpx2.MockTransport(network)
        kind_of_client = Client if kind == THREADS else AsyncClient
        self.client = kind_of_client(
            environment,
            APP,
            initiator,
            CALLBACKS,
            merchant=MERCHANT,
            options=options,
            transport=transport,
            outside=self.time.outside(),
        )

    def balance(self, **said: Any) -> Acknowledgement:
        """Asks for a balance."""
        acknowledged: Acknowledgement = self.run(lambda client: client.balance(**said))
        return acknowledged

    def status(self, *receipt: str, **said: Any) -> Acknowledgement:
        """Asks for a status."""
        acknowledged: Acknowledgement = self.run(lambda client: client.status(*receipt, **said))
        return acknowledged

    def prompt(self, *said: Any) -> Acknowledgement:
        """Prompts a customer."""
        acknowledged: Acknowledgement = self.run(
            lambda client: client.prompt(*(said or ("254708374149", 5, "invoice008")))
        )
        return acknowledged

    def run(self, call: Callable[[Any], Any]) -> Any:
        """What a call of the client comes to, awaited where it has to be."""
        if isinstance(self.client, Client):
            return call(self.client)

        async def awaited() -> Any:
            asked = call(self.client)
            return await asked if hasattr(asked, "__await__") else asked

        return self._runner.run(awaited())

    def run_coroutine(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """In the loop of the tasks."""
        return self._runner.run(coroutine)

    def close(self) -> None:
        """Ends the client and its loop."""
        self.run(lambda client: client.close() if isinstance(client, Client) else client.aclose())
        self._runner.close()
