"""One client for many threads, or many tasks: one token, no stampede, and one failure for all who waited."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from salio.client.async_client import AsyncClient
from salio.client.client import Client
from salio.client.errors import SalioError, TokenUnavailable
from salio.wire.apis import OAUTH_PATH
from tests.client.shells import (
    APP,
    BASE,
    CALLBACKS,
    INITIATOR,
    Network,
    Time,
    accepted,
    granted,
    refused,
)

MANY = 100
OLD = "old"


class Guarded:
    """A network that honours only the newest token, each of which has a name of its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.newest = 0
        self.seen: list[str] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """Grants, accepts or refuses."""
        with self._lock:
            if request.url.path == OAUTH_PATH:
                self.newest += 1
                return granted(f"token{self.newest}")
            token = request.headers["Authorization"].removeprefix("Bearer ")
            self.seen.append(token)
            if token != f"token{self.newest}":
                return refused(401, "401.002.01", "Invalid Access Token")
            return accepted()


def in_threads(ask: Callable[[], object]) -> list[object]:
    """All at once."""
    start = threading.Barrier(16)

    def run(_: int) -> object:
        start.wait(30)
        try:
            return ask()
        except SalioError as error:
            return error

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(run, range(16)))


async def in_tasks(client: AsyncClient) -> list[object]:
    """All at once."""
    return list(await asyncio.gather(*(client.balance() for _ in range(MANY)), return_exceptions=True))


def for_threads(network: Callable[[httpx2.Request], httpx2.Response], time: Time) -> Client:
    """One client."""
    transport = httpx2.MockTransport(network)
    return Client(BASE, APP, INITIATOR, CALLBACKS, transport=transport, outside=time.outside())


def for_tasks(network: Callable[[httpx2.Request], httpx2.Response], time: Time) -> AsyncClient:
    """One client, whose network lets other tasks run before it answers."""

    async def slowly(request: httpx2.Request) -> httpx2.Response:
        for _ in range(5):
            await asyncio.sleep(0)
        return network(request)

    transport = httpx2.MockTransport(slowly)
    return AsyncClient(BASE, APP, INITIATOR, CALLBACKS, transport=transport, outside=time.outside())


def test_c2_threads_share_a_token() -> None:
    """At the start and when it has run out: one is asked for, and nobody uses the old one after."""
    network, time = Guarded(), Time()
    with for_threads(network, time) as client:
        in_threads(client.balance)
        time.now += 3600
        in_threads(client.balance)
    assert network.newest == 2
    assert network.seen == ["token1"] * 16 + ["token2"] * 16


def test_c2_tasks_share_a_token() -> None:
    """The same for a hundred tasks."""
    network, time = Guarded(), Time()

    async def journey() -> None:
        async with for_tasks(network, time) as client:
            await in_tasks(client)
            time.now += 3600
            await in_tasks(client)

    asyncio.run(journey())
    assert network.newest == 2
    assert network.seen == ["token1"] * MANY + ["token2"] * MANY


def test_c2_a_token_that_all_see_refused() -> None:
    """A hundred refusals of one token end in one new token."""
    network, time = Guarded(), Time()

    async def journey() -> list[object]:
        async with for_tasks(network, time) as client:
            await client.balance()
            network.newest += 1  # somebody else asked for one
            return await in_tasks(client)

    answers = asyncio.run(journey())
    assert not any(isinstance(answer, Exception) for answer in answers)
    assert network.newest == 3
    assert network.seen.count("token3") == MANY


def test_c2_threads_that_see_a_token_refused() -> None:
    """Each asks at most twice, and no thread renews what another has renewed."""
    network, time = Guarded(), Time()
    with for_threads(network, time) as client:
        client.balance()
        network.newest += 1
        answers = in_threads(client.balance)
    assert not any(isinstance(answer, Exception) for answer in answers)
    assert network.newest == 3


def test_c3_tasks_share_a_failure() -> None:
    """Whoever waited for a token that could not be had is told so, without an attempt of its own."""
    network, time = Network(tokens=[httpx2.Response(503)]), Time()

    async def journey() -> list[object]:
        async with for_tasks(network, time) as client:
            return await in_tasks(client)

    answers = asyncio.run(journey())
    assert all(isinstance(answer, TokenUnavailable) for answer in answers)
    assert network.asked_for_tokens == 3


def test_who_comes_later_tries_again() -> None:
    """A failure is shared with those who waited, not with those who come after."""
    network, time = Network(tokens=[*[httpx2.Response(503)] * 3, granted()]), Time()
    with for_threads(network, time) as client:
        with pytest.raises(TokenUnavailable):
            client.balance()
        client.balance()


def test_a_task_that_is_cancelled() -> None:
    """Others get the token all the same."""
    network, time = Guarded(), Time()

    async def journey() -> list[object]:
        async with for_tasks(network, time) as client:
            first = asyncio.ensure_future(client.balance())
            others = [asyncio.ensure_future(client.balance()) for _ in range(3)]
            await asyncio.sleep(0)
            first.cancel()
            return list(await asyncio.gather(first, *others, return_exceptions=True))

    cancelled, *others = asyncio.run(journey())
    assert isinstance(cancelled, asyncio.CancelledError)
    assert not any(isinstance(answer, BaseException) for answer in others)
