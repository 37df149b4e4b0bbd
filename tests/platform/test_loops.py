"""The two threads: the writer turns through trouble, the stepper steps through faults, both end when told."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import pytest
import structlog

from salio.core.cycle import Cycle
from salio.core.ports import StoreUnavailableError, Unit
from salio.platform.loops import Stepper, Writer
from salio.storage.sqlite.store import SqliteStore, SqliteUnit
from tests.stores import in_memory

LONG = 10.0


class Troubled(SqliteStore):
    """A store whose next units fail as they are told to."""

    def __init__(self, failures: Iterable[Exception | None] = ()) -> None:
        super().__init__(in_memory())
        self._failures = iter(failures)

    @contextmanager
    def unit(self) -> Iterator[SqliteUnit]:
        """A unit, or the next failure."""
        failure = next(self._failures, None)
        if failure is not None:
            raise failure
        with super().unit() as unit:
            yield unit


class Counting:
    """A stage that has so many items, and keeps how each ended."""

    def __init__(self, *items: str) -> None:
        self.waiting = list(items)
        self.settled: list[str] = []
        self.spoilt: list[str] = []
        self.put_backs = 0
        self.done = threading.Event()

    def take(self) -> Sequence[str]:
        """Everything."""
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

    def put_back(self, batch: Sequence[str], error: Exception) -> None:
        """Waits for another turn."""
        del error
        self.put_backs += 1
        self.waiting += batch


@contextmanager
def writing(store: Troubled, *stages: Counting) -> Iterator[Writer]:
    """A writer that turns these stages."""
    writer = Writer(Cycle(store, stages))
    writer.start()
    try:
        writer.wake()
        yield writer
    finally:
        writer.stop()
        store.close()


def test_the_writer_turns_when_it_is_woken() -> None:
    """And again for what comes later."""
    stage = Counting("a")
    with writing(Troubled(), stage) as writer:
        assert stage.done.wait(LONG)
        stage.done.clear()
        stage.waiting.append("b")
        writer.wake()
        assert stage.done.wait(LONG)
    assert stage.settled == ["a", "b"]


def test_the_writer_waits_for_a_store_out_of_reach() -> None:
    """It says so once, looks again by itself, says that it is back, and nothing is lost."""
    away = StoreUnavailableError("the disk is full")
    stage = Counting("a")
    with structlog.testing.capture_logs() as logs, writing(Troubled([away] * 3), stage) as writer:
        assert stage.done.wait(LONG)
        assert writer.store_reachable
    assert (stage.settled, stage.put_backs) == (["a"], 3)
    assert [each["event"] for each in logs] == ["store_unavailable", "store_available"]


def test_while_the_store_is_away_the_writer_says_so() -> None:
    """`store_reachable` is what readiness asks."""
    probed = threading.Event()

    def always() -> Iterator[Exception]:
        yield StoreUnavailableError("locked")
        while True:
            probed.set()
            yield StoreUnavailableError("locked")

    with structlog.testing.capture_logs(), writing(Troubled(always()), Counting("a")) as writer:
        assert probed.wait(LONG)
        assert not writer.store_reachable


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
    with structlog.testing.capture_logs() as logs, writing(Troubled(), stage):
        assert stage.done.wait(LONG)
    assert stage.settled == ["a"]
    assert [(each["event"], each["exc_info"]) for each in logs] == [("turn_failed", True)] * 2


def test_one_bad_row_hurts_nobody_else() -> None:
    """A group that fails as a whole is replayed one by one."""
    stage = Counting("a", "b", "c")
    with writing(Troubled([ValueError("group"), None, ValueError("b")]), stage) as writer:
        assert stage.done.wait(LONG)
        writer.wake()
    assert (stage.settled, stage.spoilt) == (["a", "c"], ["b"])


def test_a_stopped_writer_takes_what_is_there() -> None:
    """The end takes a last turn."""
    stage = Counting()
    with writing(Troubled(), stage):
        stage.waiting.append("last")
    assert stage.settled == ["last"]


@pytest.mark.parametrize("faults", [0, 1])
def test_the_stepper_steps_until_it_is_stopped(faults: int) -> None:
    """Through faults too, which are logged; its end rings for a step that waits."""
    rung, stepped = threading.Event(), threading.Event()
    met: list[float] = []

    def step(longest_wait: float) -> None:
        met.append(longest_wait)
        if len(met) <= faults:
            raise ValueError("a fault of ours")
        stepped.set()
        rung.wait(LONG)

    with structlog.testing.capture_logs() as logs:
        stepper = Stepper("steps", step, ring=rung.set)
        stepper.start()
        assert stepped.wait(LONG)
        stepper.stop()
    assert [(each["event"], each["loop"]) for each in logs] == [("step_failed", "steps")] * faults
    assert len(met) == faults + 1
