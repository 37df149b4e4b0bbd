"""The tracker for tasks; what waits for the record does so in a thread."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from inspect import isawaitable
from typing import Any, Self

from salio.client.async_client import AsyncClient
from salio.client.errors import UnusableSetting
from salio.client.following import AsyncFollowed
from salio.receiver.app import Receiver
from salio.tracker.core import Ask, Core, Step, Steps, T, Tell, Told, Wait
from salio.tracker.ends import Ending
from salio.tracker.following import Noted
from salio.tracker.handlers import InTransaction, check
from salio.tracker.outside import Outside
from salio.tracker.record import Record
from salio.tracker.settings import Endpoint, Patience
from salio.tracker.tracker import REST, REST_AFTER_TROUBLE
from salio.wire.answers import Acknowledgement
from salio.wire.asked import Asked, Callbacks
from salio.wire.callbacks import Result
from salio.wire.errors import SalioError

AsyncHandler = Callable[[Ending], object] | InTransaction
"""An `async def`; a `def` is called in the loop, which waits for it."""


class AsyncTracker:
    """`Tracker` for tasks, with the same settings; within `async with` it takes its turns by itself."""

    def __init__(
        self,
        client: AsyncClient,
        record: Record,
        endpoint: Endpoint,
        *,
        handler: AsyncHandler | None = None,
        patience: Patience = Patience(),  # noqa: B008  # frozen
        outside: Outside = Outside(),  # noqa: B008  # frozen
    ) -> None:
        if not isinstance(client, AsyncClient):
            raise UnusableSetting("an AsyncTracker follows an AsyncClient; a Tracker a Client")
        check(handler, in_tasks=True)
        self._client = client
        self._core = Core(record, endpoint, patience, outside)
        self._handler = handler
        self._running: asyncio.Task[None] | None = None
        client.attach(self)

    @property
    def receiver(self) -> Receiver:
        """The ASGI application to mount at the endpoint's address, in this process or another."""
        return self._core.receiver

    async def follow(self, asked: Asked) -> AsyncFollowed:
        """Notes a request before it is sent. Raises RecordUnavailable, and nothing is sent."""
        return await self._follow(asked, None)

    async def turn(self) -> None:
        """Does what there is to do now. Raises RecordUnavailable."""
        await self._carry_out(self._core.turn(self._handler), _TaskAlarm())

    async def run(self) -> None:
        """Takes turns until it is cancelled; a record that is out of reach is tried again."""
        while True:
            await self._core.outside.pause_task(await self._rest())

    async def wait(
        self,
        request: int,
        timeout: float | None = None,  # noqa: ASYNC109  # see AsyncFollowed
    ) -> Result:
        """The result of a request by its number. Raises ResultLate, NeedsAPerson, RecordUnavailable."""
        alarm = _TaskAlarm()
        return await self._carry_out(self._core.waiting(request, timeout, self._handler, alarm), alarm)

    async def __aenter__(self) -> Self:
        """Takes turns beside whatever else is done."""
        self._running = asyncio.create_task(self.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
            await asyncio.wait([running])
            if not running.cancelled():
                running.result()

    async def _rest(self) -> float:
        try:
            await self.turn()
        except Exception as error:
            self._core.say(error)
            return REST_AFTER_TROUBLE
        return REST

    async def _follow(self, asked: Asked, request: int | None) -> AsyncFollowed:
        noted = await asyncio.to_thread(self._core.note, asked, request)
        return _AsyncFollowed(self, self._core, noted, first=request is None)

    async def _carry_out(self, steps: Steps[T], alarm: "_TaskAlarm") -> T:
        told: Told = None
        try:
            while True:
                ended, step = await _advanced(steps, told)
                if step is None:
                    result: T = ended
                    return result
                told = await self._take(step, alarm)
        finally:
            steps.close()

    async def _take(self, step: Step, alarm: "_TaskAlarm") -> Told:
        try:
            match step:
                case Ask(query, request):
                    await self._client.ask(query, follower=_AsyncAgain(self, request))
                case Tell(ending):
                    if callable(self._handler):
                        returned = self._handler(ending)
                        if isawaitable(returned):
                            await returned
                case Wait(seconds):
                    await self._core.outside.sleep_task(alarm.event, seconds)
        except Exception as error:
            if isinstance(step, Tell) or isinstance(error, SalioError):
                return error
            raise
        return None


async def _advanced(steps: Steps[T], told: Told) -> tuple[Any, Step | None]:
    """The next step, found in a thread; a thread that was begun comes to its end, whoever is cancelled."""
    found = asyncio.ensure_future(asyncio.to_thread(_advance, steps, told))
    try:
        return await asyncio.shield(found)
    except asyncio.CancelledError:
        await asyncio.wait([found])
        raise


def _advance(steps: Steps[T], told: Told) -> tuple[Any, Step | None]:
    try:
        return None, steps.send(told)
    except StopIteration as end:
        return end.value, None


class _TaskAlarm:
    """An event of this task's loop, which any thread may set."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def set(self) -> None:
        with suppress(RuntimeError):  # the loop has ended, and its tasks with it
            self._loop.call_soon_threadsafe(self.event.set)

    def clear(self) -> None:
        self.event.clear()


class _AsyncFollowed:
    """One asking of a request."""

    def __init__(self, tracker: AsyncTracker, core: Core, noted: Noted, *, first: bool) -> None:
        self._tracker = tracker
        self._core = core
        self._noted = noted
        self._first = first

    @property
    def callbacks(self) -> Callbacks:
        return self._noted.callbacks

    async def acknowledged(self, acknowledgement: Acknowledgement) -> None:
        await asyncio.to_thread(self._core.acknowledged, self._noted, acknowledgement, first=self._first)

    async def failed(self, error: SalioError) -> None:
        await asyncio.to_thread(self._core.failed, self._noted, error, first=self._first)

    async def result(self, timeout: float | None) -> Result:  # noqa: ASYNC109  # see AsyncFollowed
        return await self._tracker.wait(self._noted.request, timeout)


class _AsyncAgain:
    """Follows one more asking of a request."""

    def __init__(self, tracker: AsyncTracker, request: int) -> None:
        self._tracker = tracker
        self._request = request

    async def follow(self, asked: Asked) -> AsyncFollowed:
        return await self._tracker._follow(asked, self._request)
