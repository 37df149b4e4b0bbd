"""The loops: the writer turns through trouble, the courier makes its rounds, both end when told."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import pytest
import structlog

from salio.core.cycle import Cycle
from salio.core.ports import StoreUnavailableError, Unit
from salio.core.requests.deliveries import AttemptEnd
from salio.delivery.addresses import SANDBOX
from salio.delivery.courier import Courier
from salio.platform.clock import SystemClock
from salio.platform.loops import Rounds, Writer
from salio.platform.threads import Threads
from salio.storage.sqlite.store import SqliteStore, SqliteUnit
from tests.delivery.receivers import answering, receiving, silent
from tests.delivery.samples import attempt
from tests.patience import PATIENCE
from tests.stores import in_memory


class Troubled(SqliteStore):
    """A store whose next units fail as they are told to."""

    def __init__(self, failures: Iterable[Exception | None] = ()) -> None:
        super().__init__(in_memory())
        self._failures = iter(failures)

    @contextmanager
    def unit(self, *, at_once: bool = False) -> Iterator[SqliteUnit]:
        """A unit, or the next failure."""
        failure = next(self._failures, None)
        if failure is not None:
            raise failure
        with super().unit(at_once=at_once) as unit:
            yield unit


class Counting:
    """A stage that has so many items, and keeps how each ended."""

    def __init__(self, *items: str) -> None:
        self.waiting = list(items)
        self.settled: list[str] = []
        self.spoilt: list[str] = []
        self.put_backs = 0
        self.taken = asyncio.Event()
        self.done = asyncio.Event()

    def take(self) -> Sequence[str]:
        """Everything."""
        self.taken.set()
        taken, self.waiting = self.waiting, []
        return taken

    def write(self, unit: Unit, batch: Sequence[str]) -> None:
        """Nothing to write."""

    def settle(self, batch: Sequence[str]) -> None:
        """Counts them."""
        self.settled += batch
        self.done.set()

    def spoil(self, item: str, error: Exception) -> None:
        """Counts it."""
        del error
        self.spoilt.append(item)
        self.done.set()

    def is_built_upon(self, item: str) -> bool:
        """Each stands alone."""
        del item
        return False

    def put_back(self, batch: Sequence[str], error: Exception) -> None:
        """Waits for another turn."""
        del error
        self.put_backs += 1
        self.waiting += batch


@asynccontextmanager
async def writing(store: Troubled, *stages: Counting) -> AsyncIterator[Writer]:
    """A writer that turns these stages."""
    writer = Writer(Cycle(store, stages))
    running = asyncio.create_task(writer.run())
    try:
        writer.wake()
        yield writer
    finally:
        writer.stop()
        await running
        store.close()


def run(test: Callable[[], Awaitable[None]]) -> None:
    """Runs a test's coroutine, for so long at most."""

    async def bounded() -> None:
        await asyncio.wait_for(test(), PATIENCE)

    asyncio.run(bounded())


def test_the_writer_turns_when_it_is_woken() -> None:
    """And again for what comes later."""
    stage = Counting("a")

    async def main() -> None:
        async with writing(Troubled(), stage) as writer:
            await stage.done.wait()
            stage.done.clear()
            stage.waiting.append("b")
            writer.wake()
            await stage.done.wait()

    run(main)
    assert stage.settled == ["a", "b"]


def test_a_held_writer_does_not_turn() -> None:
    """It is held once the turn under way has ended, and turns another cycle afterwards."""
    began, go_on = asyncio.Event(), asyncio.Event()
    first, second = Counting("a"), Counting("c")

    async def carry(work: Callable[[], None]) -> None:
        began.set()
        await go_on.wait()
        work()

    async def main() -> None:
        store = Troubled()
        writer = Writer(Cycle(store, [first], carry))
        running = asyncio.create_task(writer.run())
        writer.wake()
        await began.wait()
        first.waiting.append("b")
        asyncio.get_running_loop().call_soon(go_on.set)
        async with writer.held():
            assert (first.settled, first.waiting) == (["a"], ["b"])
            await asyncio.sleep(0.01)
            assert first.waiting == ["b"]
            writer.turn_with(Cycle(store, [second]))
        await second.done.wait()
        writer.stop()
        await running
        store.close()

    run(main)
    assert (first.settled, second.settled) == (["a"], ["c"])


def test_the_writer_waits_for_a_store_out_of_reach() -> None:
    """It says so once, looks again by itself, says that it is back, and nothing is lost."""
    away = StoreUnavailableError("the disk is full")
    stage = Counting("a")

    async def main() -> None:
        async with writing(Troubled([away] * 3), stage) as writer:
            await stage.done.wait()
            await asyncio.sleep(0)
            assert writer.store_reachable

    with structlog.testing.capture_logs() as logs:
        run(main)
    assert (stage.settled, stage.put_backs) == (["a"], 3)
    assert [each["event"] for each in logs] == ["store_unavailable", "store_available"]


def test_while_the_store_is_away_the_writer_says_so() -> None:
    """`store_reachable` is what readiness asks."""
    probed = asyncio.Event()

    def always() -> Iterator[Exception]:
        yield StoreUnavailableError("locked")
        while True:
            probed.set()
            yield StoreUnavailableError("locked")

    async def main() -> None:
        async with writing(Troubled(always()), Counting("a")) as writer:
            await probed.wait()
            assert not writer.store_reachable

    with structlog.testing.capture_logs():
        run(main)


class Raising(Counting):
    """A stage that cannot take, as often as it is told."""

    def __init__(self, times: int) -> None:
        super().__init__("a")
        self.times = times

    def take(self) -> Sequence[str]:
        """Fails first."""
        self.times -= 1
        if self.times >= 0:
            raise ValueError("a fault of ours")
        return super().take()


def test_the_writer_survives_any_fault() -> None:
    """It is logged whole, and the next turn comes by itself."""
    stage = Raising(times=2)

    async def main() -> None:
        async with writing(Troubled(), stage):
            await stage.done.wait()

    with structlog.testing.capture_logs() as logs:
        run(main)
    assert stage.settled == ["a"]
    assert [(each["event"], each["exc_info"]) for each in logs] == [("turn_failed", True)] * 2


def test_p26_no_loop_survives_a_lack_of_memory() -> None:
    """Both end over it: whoever runs them ends the process."""

    class Exhausted(Courier):
        def step(self) -> bool:
            """Finds no memory."""
            raise MemoryError

    async def main() -> None:
        courier = Exhausted(
            clock=SystemClock(),
            rules=SANDBOX,
            ended=print,
            beside=Threads("names").begin,
            seconds=time.monotonic,
        )
        store = Troubled([MemoryError()])
        writer = Writer(Cycle(store, [Counting("a")]))
        writer.wake()
        for loop in (writer, Rounds(courier)):
            with pytest.raises(MemoryError):
                await loop.run()
        courier.close()
        store.close()

    run(main)


def test_one_bad_row_hurts_nobody_else() -> None:
    """A group that fails as a whole is replayed one by one."""
    stage = Counting("a", "b", "c")

    async def main() -> None:
        async with writing(Troubled([ValueError("group"), None, ValueError("b")]), stage):
            await stage.done.wait()

    run(main)
    assert (stage.settled, stage.spoilt) == (["a", "c"], ["b"])


def test_a_stopped_writer_takes_what_is_there() -> None:
    """The end takes a last turn."""
    stage = Counting()

    async def main() -> None:
        async with writing(Troubled(), stage):
            stage.waiting.append("last")

    run(main)
    assert stage.settled == ["last"]


@asynccontextmanager
async def delivering(
    ends: asyncio.Queue[AttemptEnd], lull: Callable[[], Awaitable[None]] | None = None
) -> AsyncIterator[Rounds]:
    """A courier on its rounds; attempts end into the queue."""

    def ended(some: list[AttemptEnd]) -> None:
        for end in some:
            ends.put_nowait(end)

    courier = Courier(
        clock=SystemClock(), rules=SANDBOX, ended=ended, beside=Threads("names").begin, seconds=time.monotonic
    )
    rounds = Rounds(courier, lull)
    running = asyncio.create_task(rounds.run())
    try:
        yield rounds
    finally:
        rounds.stop()
        await running
        courier.close()


def test_an_attempt_starts_the_rounds_again() -> None:
    """They rest while there is nothing, and leave with whatever is posted, past a dead receiver too."""

    async def main() -> None:
        ends = asyncio.Queue[AttemptEnd]()
        with receiving(answering()) as alive, receiving(silent) as dead:
            async with delivering(ends) as rounds:
                await asyncio.sleep(0)
                rounds.post([attempt(1, alive.url()), attempt(2, dead.url())])
                assert (await ends.get()).number == 1
                rounds.post([attempt(3, alive.url())])
                assert (await ends.get()).delivered

    run(main)


def test_rounds_wait_for_their_moment() -> None:
    """An attempt leaves when the loop has nothing better to do."""

    async def main() -> None:
        ends, moment = asyncio.Queue[AttemptEnd](), asyncio.Event()

        async def lull() -> None:
            await moment.wait()

        with receiving(answering()) as alive:
            async with delivering(ends, lull) as rounds:
                rounds.post([attempt(1, alive.url())])
                await asyncio.sleep(0.01)
                assert alive.connections == 0
                moment.set()
                assert (await ends.get()).delivered

    run(main)


def test_a_fault_ends_no_rounds() -> None:
    """It is logged whole, and the next round comes by itself."""

    class Failing(Courier):
        def step(self) -> bool:
            """Fails once."""
            self.step = super().step  # type: ignore[method-assign] # once only
            raise ValueError("a fault of ours")

    async def main() -> None:
        ended = asyncio.Event()
        with receiving(answering()) as receiver:
            courier = Failing(
                clock=SystemClock(),
                rules=SANDBOX,
                ended=lambda _ends: ended.set(),
                beside=Threads("names").begin,
                seconds=time.monotonic,
            )
            rounds = Rounds(courier)
            running = asyncio.create_task(rounds.run())
            rounds.post([attempt(1, receiver.url())])
            await ended.wait()
            rounds.stop()
            await running
            courier.close()

    with structlog.testing.capture_logs() as logs:
        run(main)
    assert [(each["event"], each["exc_info"]) for each in logs] == [("round_failed", True)]
