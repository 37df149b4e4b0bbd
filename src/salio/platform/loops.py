"""The loops of the one thread that does everything, and the thread beside it that waits for the disk.

Gateway, writer and courier share an event loop. With a thread each they spent a fifth of their time handing
the interpreter to one another (docs/decisions/0005).
"""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager

import structlog

from salio.core.cycle import Cycle
from salio.core.ports import StoreUnavailableError
from salio.core.requests.deliveries import Attempt
from salio.delivery.courier import Courier

CROWD = 8
"""A turn of so many items was made under load."""
BREATH = 0.002
"""Seconds until the next turn under load: the next group is larger then. A lone request never waits."""
ENOUGH = 0.9
"""Of the calls that came before the last turn: when so many have come again, more breath brings few more."""
ROUND = 0.001
"""Seconds between rounds of the courier while attempts end: one for ten costs what one for one costs."""
LAPS = 2
"""Rounds of the event loop between two turns: in the first the answers to what was committed are put
together, in the second they leave. The next turn decrypts; an answer that waits for that is late, and tells
by its time what the credential holds (fault catalogue, A14).
"""
SHORTEST_PATIENCE = 0.01
"""Seconds between turns for what waits for a clock that may stand still just before the time has come."""
PAUSE = 0.1
"""Seconds before the next try of a store that was out of reach, or after a fault of ours."""


class Aside:
    """One thread for whatever waits for the disk; the event loop goes on meanwhile."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="disk")

    async def carry(self, work: Callable[[], None]) -> None:
        """Does the work there and raises what it raises (:data:`salio.core.cycle.Carry`)."""
        await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def close(self) -> None:
        """Ends the thread after the work under way."""
        self._thread.shutdown()


class Writer:
    """Turns the cycle whenever a stage has something, and keeps turning through trouble with the store."""

    def __init__(
        self,
        cycle: Cycle,
        patience: Callable[[], float | None] = lambda: None,
        *,
        breath: Callable[[], float] = lambda: BREATH,
        each_calls: bool = False,
    ) -> None:
        """``patience`` says in how many seconds a turn is due though no stage asks; ``None`` for never.
        ``breath``: seconds between turns under load, or fewer where ``each_calls``: whoever has something
        says so, and when all who did so before the last turn have done it again, nobody is waited for.
        """
        self._cycle = cycle
        self._breath = breath
        self._each_calls = each_calls
        self._turn = asyncio.Lock()
        self._patience = patience
        self._woken = asyncio.Event()
        self._calls = self._calls_before = 0
        self._enough = 0.0
        self._gathered = asyncio.Event()
        self._crowded = False
        self._room = asyncio.Event()
        """Set while a commit is on its way, or none can begin."""
        self._stopping = False
        self.turning = False
        """Whether a turn may be under way: what it took waits nowhere else."""
        self.store_reachable = True

    def wake(self) -> None:
        """Says that a stage has something."""
        self._woken.set()
        self._calls += 1
        if self._calls >= self._enough:
            self._gathered.set()

    def stop(self) -> None:
        """Lets :meth:`run` end after the turn under way and one more."""
        self._stopping = True
        self._woken.set()
        self._gathered.set()

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Waits for the end of the turn under way; no other begins inside the block."""
        async with self._turn:
            with self._with_room():
                yield

    async def lull(self) -> None:
        """Under load, waits until the next commit is on its way.

        Whoever is to be answered waits for that commit, and their next requests for the answers: what is done
        meanwhile keeps nobody waiting, and what is done before it all of them.
        """
        if self._crowded:
            await self._room.wait()

    def turn_with(self, cycle: Cycle, patience: Callable[[], float | None] = lambda: None) -> None:
        """Turns another cycle, with another patience, from the next turn on."""
        self._cycle = cycle
        self._patience = patience

    def turns(self, cycle: Cycle) -> bool:
        """Whether it is this cycle that is turned."""
        return self._cycle is cycle

    async def run(self) -> None:
        """Turns until it is stopped."""
        stopping = False
        while not stopping:
            await self._wait()
            self._woken.clear()
            stopping = self._stopping
            self.turning = True
            await self._turn_until_idle()
            self.turning = False

    async def _wait(self) -> None:
        """Until a stage has something, as long as the patience lasts."""
        patience = self._patience()
        if patience is None:
            await self._woken.wait()
            return
        alarm = asyncio.get_running_loop().call_later(max(patience, SHORTEST_PATIENCE), self._woken.set)
        try:
            await self._woken.wait()
        finally:
            alarm.cancel()

    async def _turn_until_idle(self) -> None:
        log = structlog.get_logger()
        try:
            # turns before the probe: whoever waits is refused, not kept waiting
            while count := await self._turn_once():
                self._reached()
                self._crowded = count >= CROWD
                await _let_answers_leave()
                if self._crowded:
                    await self._gather()
            if not self.store_reachable:
                async with self._turn:
                    await self._cycle.probe()
                self._reached()
        except StoreUnavailableError as error:
            if self.store_reachable:
                log.error("store_unavailable", error=str(error))  # noqa: TRY400 - a state, not a bug
            self.store_reachable = False
            await self._pause()
        except MemoryError:
            raise  # the end: what this turn held in memory only is not what the store holds any more
        except Exception:
            log.exception("turn_failed")
            await self._pause()
        finally:
            self._crowded = False

    async def _turn_once(self) -> int:
        async with self._turn:
            self._calls_before, self._calls = self._calls, 0
            with self._with_room():
                return await self._cycle.turn()

    @contextmanager
    def _with_room(self) -> Iterator[None]:
        """A turn waits for nothing but its commit: whoever comes to run inside the block runs beside that."""
        self._room.set()
        try:
            yield
        finally:
            self._room.clear()

    async def _gather(self) -> None:
        self._enough = ENOUGH * self._calls_before if self._each_calls else math.inf
        self._gathered.clear()
        if self._calls < self._enough and not self._stopping:
            alarm = asyncio.get_running_loop().call_later(self._breath(), self._gathered.set)
            await self._gathered.wait()
            alarm.cancel()

    async def _pause(self) -> None:
        if not self._stopping:
            await asyncio.sleep(PAUSE)
        self._woken.set()

    def _reached(self) -> None:
        if not self.store_reachable:
            self.store_reachable = True
            structlog.get_logger().info("store_available")


async def _let_answers_leave() -> None:
    for _ in range(LAPS):
        await asyncio.sleep(0)


class Rounds:
    """The courier's rounds: one after another while attempts end, else when a socket stirs."""

    def __init__(self, courier: Courier, lull: Callable[[], Awaitable[None]] | None = None) -> None:
        """``lull`` waits for a good moment of a loop that others share."""
        self._courier = courier
        self._lull = lull
        self._stirred = asyncio.Event()
        self._stopping = False

    def post(self, attempts: Sequence[Attempt]) -> None:
        """Takes attempts; they leave in the next round (:class:`salio.delivery.transport.Transport`)."""
        self._courier.post(attempts)
        self._stirred.set()

    def stop(self) -> None:
        """Lets :meth:`run` end after the round under way."""
        self._stopping = True
        self._stirred.set()

    async def run(self) -> None:
        """Makes rounds until it is stopped."""
        while not self._stopping:
            try:
                if self._lull is not None:
                    await self._lull()
                if self._courier.step():
                    await asyncio.sleep(ROUND)
                else:
                    await self._stir()
            except MemoryError:
                raise  # the end: the next start takes up every attempt that was under way
            except Exception:
                structlog.get_logger().exception("round_failed")
                await asyncio.sleep(PAUSE)

    async def _stir(self) -> None:
        """Waits until something happens to a transfer, as long as the courier's patience lasts."""
        loop, watch, patience = asyncio.get_running_loop(), self._courier.watch, self._courier.patience()
        if patience is None:
            await self._stirred.wait()
        else:
            alarm = loop.call_later(patience, self._stirred.set)
            if watch.descriptor is not None:
                loop.add_reader(watch.descriptor, self._stirred.set)
            try:
                await self._stirred.wait()
            finally:
                alarm.cancel()
                if watch.descriptor is not None:
                    loop.remove_reader(watch.descriptor)
        self._stirred.clear()
        watch.clear()
