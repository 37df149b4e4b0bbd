"""What every process of a shared environment has: its place, the store's time, its connections."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import structlog

from salio.core.ports import StoreUnavailableError
from salio.core.requests.registrations import Registrations
from salio.platform.clock import StoreClock, SystemClock
from salio.platform.tenancy import keep
from salio.storage.ports import Duty
from salio.storage.postgres.connection import waiting
from salio.storage.postgres.databases import PostgresDatabases

T = TypeVar("T")

FOLLOW_EVERY = 0.4
"""Seconds between looks at apps and revocations: a revoked token is dead everywhere within one."""
LOOK_WITHIN = 0.5
"""Seconds that such a look may take: a server that is silent must not keep a revoked token alive."""
OUT_OF_TOUCH = 3.0
"""Seconds without a renewal after which a process no longer calls itself ready: others may take its place."""


class Shared:
    """The connections of one life of a process. Raises InUseError where it may not be.

    Made and closed from within :func:`waiting`, in the loop that the process works in.
    """

    def __init__(self, databases: PostgresDatabases, duty: Duty, name: str) -> None:
        """``name``: the process's, the same in all its lives."""
        self._databases = databases
        self.duty = duty
        self.name = name
        self.clock = StoreClock(SystemClock())
        self.tenure = databases.tenure(duty, self.name)
        try:
            self.tenure.begin()
            self.clock.set(self.tenure.time())
        except BaseException:
            self.tenure.end()
            raise
        loop = asyncio.get_running_loop()
        self.store = databases.store(self.tenure if duty is not Duty.GATEWAY else None, loop)
        """Written by the writer, which waits in the loop."""
        self.reading = databases.store()
        """Read at once, by whoever cannot wait: the loop stands still meanwhile."""
        self.work = databases.work(loop)
        """Read from within :func:`waiting`, by one task."""
        self.looking = databases.work(loop)
        """Read by :meth:`look` alone."""
        self._looking = asyncio.Lock()
        self.claiming = databases.claiming(self.tenure, loop)
        """The same."""
        self.access = databases.access()
        self.numbers = databases.numbers()
        """Of new requests; asks for a block when the first is wanted."""
        self.failed: list[BaseException] = []
        """What ended this life before it was told to stop."""
        self._seen: int | None = None
        self._touched_at = self.clock.monotonic()

    @staticmethod
    async def carry(work: Callable[[], None]) -> None:
        """Takes the writer's commits to the store, in the loop (:data:`salio.core.cycle.Carry`)."""
        await waiting(work)

    async def look(self, question: Callable[..., T], *given: object) -> T:
        """Asks ``looking`` something that a caller waits for: one after another, and the loop goes on
        meanwhile. Raises StoreUnavailableError, at once where the server has been silent for a while.
        """
        async with self._looking:
            if not self.in_touch():
                raise StoreUnavailableError("PostgreSQL: nothing was heard of it for a while")
            return await waiting(question, *given)

    def in_touch(self) -> bool:
        """Whether this process's place was renewed lately: nobody has taken it, and the store answers."""
        return self.clock.monotonic() - self._touched_at < OUT_OF_TOUCH

    def renewed(self, time: int) -> None:
        """The place was renewed; the store's clock shows this."""
        self.clock.set(time)
        self._touched_at = self.clock.monotonic()

    @asynccontextmanager
    async def running(self, stopped: asyncio.Event, *works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
        """Does the works, and keeps the place, beside the block; the end of any of them ends the block too,
        with what it raised.
        """

        def ended(task: "asyncio.Task[None]") -> None:
            if not task.cancelled() and (error := task.exception()) is not None:
                self.failed.append(error)
                stopped.set()

        tasks = [asyncio.create_task(each) for each in (keep(self.tenure, self.renewed), *works)]
        for each in tasks:
            each.add_done_callback(ended)
        try:
            yield
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if self.failed:
            raise self.failed[0]

    @asynccontextmanager
    async def until(self, stopped: asyncio.Event, work: Coroutine[Any, Any, None]) -> AsyncIterator[bool]:
        """Does the work first, unless it is stopped before; whether it was done."""
        task, stopping = asyncio.create_task(work), asyncio.create_task(stopped.wait())
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            yield False
            return
        await task
        yield True

    async def listen(self, table: str, told: Callable[[], None]) -> None:
        """Tells of new rows in a work list, for ever."""
        await self._databases.listen(table, told)

    async def follow(self, refresh: Callable[[], None], lost: Callable[[], None] = lambda: None) -> None:
        """Has apps and revocations read again whenever they have changed, for ever.

        ``lost`` is called as long as they cannot be seen.
        """
        while True:
            await asyncio.sleep(FOLLOW_EVERY)
            looking = asyncio.create_task(asyncio.to_thread(self.access.version))
            if looking not in (await asyncio.wait({looking}, timeout=LOOK_WITHIN))[0]:
                structlog.get_logger().error("access_unreadable", error=f"no answer within {LOOK_WITHIN} s")
                self._seen = None
                lost()
            try:
                version = await looking
                if version != self._seen:
                    refresh()
                    self._seen = version
            except Exception as error:  # whoever cannot see what is revoked honours nothing, and looks again
                structlog.get_logger().error("access_unreadable", error=str(error))
                self._seen = None
                lost()

    async def follow_registrations(self, registrations: Registrations) -> None:
        """Has them read again whenever one was kept, for ever: any gateway may have kept it."""
        kept = asyncio.Event()
        await asyncio.gather(
            self.listen("registration", kept.set), self._read_registrations(registrations, kept)
        )

    async def _read_registrations(self, registrations: Registrations, kept: asyncio.Event) -> None:
        while True:
            await kept.wait()
            kept.clear()
            try:
                registrations.take_over(await asyncio.to_thread(self.reading.registrations))
            except StoreUnavailableError as error:
                structlog.get_logger().warning("registrations_out_of_reach", error=str(error))

    def close(self) -> None:
        """Gives the place up and ends the connections."""
        self.tenure.end()
        for each in (
            self.store,
            self.reading,
            self.work,
            self.looking,
            self.claiming,
            self.access,
            self.numbers,
        ):
            each.close()
