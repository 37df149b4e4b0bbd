"""The client for tasks: one object that all tasks of an event loop share."""

import asyncio
from collections.abc import Coroutine, Generator
from typing import TYPE_CHECKING, Any, Self

import msgspec

from salio.client.client import INTERRUPTED
from salio.client.core import Core
from salio.client.errors import OutcomeUnknown, SalioError
from salio.client.following import AsyncAcknowledged, AsyncFollower, NoAsyncFollower
from salio.client.orders import Orders
from salio.client.outside import Outside
from salio.client.settings import App, Initiator, Merchant, Options, check
from salio.client.steps import Exchange, Failure, Pause, Prepare, Request, Response, Step, Steps, T, Told
from salio.wire.asked import Asked, Callbacks
from salio.wire.callbacks import Result

if TYPE_CHECKING:
    import httpx2


class Asking:
    """A request that is sent when it is awaited: `await` it, or its `result()`; once."""

    def __init__(self, coroutine: Coroutine[Any, Any, AsyncAcknowledged]) -> None:
        self._coroutine = coroutine

    def __await__(self) -> Generator[Any, Any, AsyncAcknowledged]:
        return self._coroutine.__await__()

    async def result(self, timeout: float | None = None) -> Result:  # noqa: ASYNC109  # see AsyncFollowed
        """Asks, and waits for the result. Raises NoReceiver, ResultLate, or what asking raises."""
        acknowledged = await self._coroutine
        return await acknowledged.result(timeout)


class AsyncClient(Orders[Asking]):
    """Asks, pays and reverses; `Client` for tasks, with the same settings.

    Raises:
        UnusableSetting: with what it was given nothing could be asked.
    """

    def __init__(
        self,
        environment: str,
        app: App,
        initiator: Initiator | None = None,
        callbacks: Callbacks | None = None,
        *,
        merchant: Merchant | None = None,
        options: Options = Options(),  # noqa: B008  # frozen
        transport: "httpx2.AsyncBaseTransport | None" = None,
        outside: Outside = Outside(),  # noqa: B008  # frozen
    ) -> None:
        check(app, initiator, callbacks, merchant)
        super().__init__(initiator, merchant)
        self._core = Core(environment, app, initiator, options, merchant=merchant, outside=outside)
        self._options = options
        self._transport = transport
        self._pause = outside.pause_task
        self._follower: AsyncFollower = NoAsyncFollower(callbacks)
        self._turn = asyncio.Lock()
        self._http: httpx2.AsyncClient | None = None

    def __repr__(self) -> str:
        """Where it asks."""
        return f"{type(self).__name__}({self._core.base_url!r})"

    def attach(self, follower: AsyncFollower) -> None:
        """From now on this receiver or record is told of every request, and results can be waited for."""
        self._follower = follower

    def ask(self, asked: Asked, *, follower: AsyncFollower | None = None) -> Asking:
        """Asks when it is awaited, and returns the acknowledgement. `follower` follows this one request in
        the place of the one that is attached. Raises one of `salio.client.errors`.
        """
        return Asking(self._ask(self._core.named(asked), follower or self._follower))

    async def token(self) -> str:
        """The token that requests are sent with, renewed if it is time."""
        return (await self._carry_out(self._core.ready())).token

    async def aclose(self) -> None:
        """Closes the connections; the next request opens others."""
        http, self._http = self._http, None
        if http is not None:
            await http.aclose()

    async def __aenter__(self) -> Self:
        """Closes at the end of the block."""
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _ask(self, asked: Asked, follower: AsyncFollower) -> AsyncAcknowledged:
        followed = await follower.follow(asked)
        try:
            acknowledgement = await self._carry_out(self._core.ask(asked, followed.callbacks))
        except SalioError as error:
            await followed.failed(error)
            raise
        except BaseException:
            await followed.failed(OutcomeUnknown(INTERRUPTED))
            raise
        await followed.acknowledged(acknowledgement)
        return AsyncAcknowledged(**msgspec.structs.asdict(acknowledgement), followed=followed)

    async def _carry_out(self, steps: Steps[T]) -> T:
        told: Told = None
        while True:
            try:
                step = steps.send(told)
            except StopIteration as end:
                ended: T = end.value
                return ended
            told = await self._take(step)

    async def _take(self, step: Step) -> Told:
        match step:
            case Exchange(request):
                return await self._exchange(request)
            case Pause(seconds):
                await self._pause(seconds)
                return None
            case Prepare():
                async with self._turn:
                    return await self._carry_out(self._core.prepare(step))

    async def _exchange(self, request: Request) -> Response | Failure:
        from salio.client import transport  # httpx2 is imported for the first request, not before

        if self._http is None:
            self._http = transport.open_async_client(self._options, self._transport)
        return await transport.exchange_async(self._http, request)
