"""The sending process: claims results that are nobody's, posts each once, and records how it ended."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import timedelta

import structlog

from salio.core.cycle import Cycle
from salio.core.ports import StoreUnavailableError
from salio.core.requests.deliveries import AttemptEnd
from salio.delivery.addresses import SANDBOX as SANDBOX_ADDRESSES
from salio.delivery.courier import Courier
from salio.delivery.hosts import OutboxSettings
from salio.delivery.outbox import Claims, Ends
from salio.platform import metrics
from salio.platform.clock import SystemClock
from salio.platform.loops import Rounds, Writer
from salio.platform.processes.feed import BREATH, Feed
from salio.platform.processes.shared import Shared
from salio.platform.tenancy import RENEW_EVERY
from salio.platform.threads import Threads
from salio.platform.web import delivery_counts, delivery_levels
from salio.storage.postgres.connection import waiting

MOST_IN_HAND = 2_048
"""Deliveries claimed and not yet ended, but for those stuck behind a receiver that does not answer: were they
counted, one such receiver would soon be all that is in hand. What a process holds when it dies waits until
its place expires.
"""

CALM = 3
"""Rounds of RENEW_EVERY in which the store must have answered before anybody is taken for dead: after an
outage all places have expired, and who lives needs a moment to hold its own again.
"""


class Delivery:
    """One life: from its place among the processes to the moment that others take over its claims."""

    def __init__(self, shared: Shared, settings: OutboxSettings, drain: timedelta) -> None:
        """``drain``: how long an orderly end waits for attempts under way."""
        self._shared = shared
        self._drain = drain.total_seconds()
        self._ending = False
        self._in_hand: set[int] = set()
        self._emptied = asyncio.Event()
        self._taking = asyncio.Lock()
        self._unsure = False
        """Whether a claim was cut off: the store may count deliveries as ours that are not in hand."""
        self._feed = Feed(self._look)
        self._look_ups = Threads("names")
        self._ends = Ends(wake=self._wake, release=self._release, recorded=self._recorded)
        self._courier = Courier(
            clock=shared.clock,
            rules=SANDBOX_ADDRESSES,
            ended=self._ends.note,
            beside=self._look_ups.begin,
            seconds=SystemClock().monotonic,
        )
        self._rounds = Rounds(self._courier)
        self._claims = Claims(
            clock=shared.clock,
            store=shared.reading,
            transport=self._rounds,
            ended=self._ends.note,
            settings=settings,
        )
        cycle = Cycle(shared.store, [self._ends, self._claims], shared.carry)
        self._writer = Writer(cycle, breath=lambda: BREATH)
        self.show_metrics = metrics.page(
            {**delivery_counts(self._ends), **metrics.conflict_counts(lambda: cycle.conflicts)},
            delivery_levels(self._claims.waiting, self._claims.in_flight),
        )

    def ready(self) -> bool:
        """Whether it could send."""
        return self._shared.in_touch() and self._writer.store_reachable

    async def run(self, stopped: asyncio.Event, ready: Callable[[], None]) -> None:
        """Sends until it is stopped. Raises LostTenureError."""
        shared = self._shared
        ready()
        async with shared.running(
            stopped, self._feed.run(), shared.listen("outbox", self._feed.tell), self._inherit()
        ):
            running = [asyncio.create_task(each.run()) for each in (self._writer, self._rounds)]
            await stopped.wait()
            await self._finish()
            self._rounds.stop()
            self._writer.stop()
            await asyncio.gather(*running)

    def close(self) -> None:
        """Lets go of everything; what was claimed and has not ended is free for others."""
        self._courier.close()
        self._look_ups.close()
        self._shared.close()

    def _wake(self) -> None:
        self._writer.wake()

    def _release(self, ends: Sequence[AttemptEnd]) -> None:
        self._claims.release(ends)

    def _recorded(self, ends: Sequence[AttemptEnd]) -> None:
        self._in_hand.difference_update(each.number for each in ends)
        if not self._in_hand:
            self._emptied.set()
        self._feed.room()

    async def _finish(self) -> None:
        """Lets what is in hand end, claims no more, and leaves the rest to others."""
        self._ending = True
        if self._in_hand and not self._shared.failed:
            self._emptied.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._emptied.wait(), self._drain)

    async def _look(self) -> bool:
        room = self._room()
        if room <= 0 or self._ending:
            return not self._ending
        if len(await self._claim(lambda: self._shared.claiming.claim(room))) < room:
            return False
        if self._room() > 0:  # what came is stuck
            self._feed.tell()
        return True

    def _room(self) -> int:
        """How many more to take in hand; each receiver is asked about only where room grows short."""
        room = MOST_IN_HAND - len(self._in_hand)
        return room if room > MOST_IN_HAND // 2 else room + self._claims.stuck()

    async def _inherit(self) -> None:
        """Takes what dead processes had claimed: an attempt under way then leaves once more, or has ended."""
        calm = 0
        while not self._ending:
            await asyncio.sleep(RENEW_EVERY)
            try:
                if calm < CALM:
                    await asyncio.to_thread(self._shared.tenure.time)
                    calm += 1
                else:
                    await self._claim(self._shared.claiming.take_over)
            except StoreUnavailableError as error:
                structlog.get_logger().warning("work_out_of_reach", error=str(error))
                calm = 0

    async def _claim(self, claim: Callable[[], Collection[int]]) -> Collection[int]:
        """Claims, and takes it in hand; first whatever an earlier claim may have left behind."""
        async with self._taking:
            if self._unsure:
                await self._take(await waiting(self._shared.claiming.claimed))
            self._unsure = True
            numbers = await waiting(claim)
            await self._take(numbers)
            self._unsure = False
            return numbers

    async def _take(self, numbers: Collection[int]) -> None:
        unknown = [each for each in numbers if each not in self._in_hand]
        if unknown:
            due, begun = await waiting(self._shared.claiming.deliveries, unknown)
            self._claims.recover(begun)
            self._claims.enqueue(due)
            self._in_hand.update(unknown)
            self._writer.wake()
