"""The writer's cycle over stages that only write down what happens to them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from salio.core.cycle import Cycle
from salio.core.ports import StoreConflictError, StoreUnavailableError, StoreWouldWaitError
from salio.storage.sqlite.store import SqliteStore, SqliteUnit
from tests.builders import at_once
from tests.core.requests.running import OUTAGE, ShakyStore
from tests.core.told import BAD, NO_MEMORY, TAKE_FAILS, WORSE, Told
from tests.stores import in_memory

IN_THE_WAY = StoreConflictError("in the way")


def turned(*stages: Told) -> int:
    """One turn over a store in memory."""
    return at_once(Cycle(SqliteStore(in_memory()), stages).turn())


@pytest.fixture
def heard() -> list[str]:
    """What the stages hear, in order."""
    return []


def test_all_stages_are_one_commit(heard: list[str]) -> None:
    """Everything is written in the order of the stages before anybody is told, the last stage first."""
    assert turned(Told("a", heard, 1, 2), Told("b", heard, 3)) == 3
    assert heard == ["a writes 1 2", "b writes 3", "b settles 3", "a settles 1 2"]


def test_rows_are_written_here_and_only_their_commit_is_carried(heard: list[str]) -> None:
    """In a thread of its own each statement would cost more than it does."""

    async def carry(work: Callable[[], None]) -> None:
        heard.append("to the disk")
        work()
        heard.append("kept")

    assert at_once(Cycle(SqliteStore(in_memory()), [Told("a", heard, 1)], carry).turn())
    assert heard == ["a writes 1", "to the disk", "kept", "a settles 1"]


def test_rows_that_nobody_carries_to_the_disk_are_gone(heard: list[str]) -> None:
    """Where there is no thread for it: the next turn finds no half of this one."""
    connection = in_memory()

    async def carry(_work: Callable[[], None]) -> None:
        raise RuntimeError("can't start new thread")

    assert at_once(Cycle(SqliteStore(connection), [Told("a", heard, 1)], carry).turn())
    assert not connection.in_transaction
    assert heard == ["a writes 1", "a writes 1", "a spoils can't start new thread"]


def test_where_rows_would_wait_too_all_of_it_is_carried(heard: list[str]) -> None:
    """For a server, or for another program that writes."""

    class Far(SqliteStore):
        @contextmanager
        def unit(self, *, at_once: bool = False) -> Iterator[SqliteUnit]:
            if at_once:
                raise StoreWouldWaitError("each row is sent to a server")
            with super().unit() as unit:
                yield unit

    async def carry(work: Callable[[], None]) -> None:
        heard.append("to the server")
        work()

    assert at_once(Cycle(Far(in_memory()), [Told("a", heard, 1)], carry).turn())
    assert heard == ["to the server", "a writes 1", "a settles 1"]


def test_a_stage_with_nothing_ready_is_left_alone(heard: list[str]) -> None:
    """Only those with something to write are asked to."""
    assert turned(Told("a", heard), Told("b", heard, 3))
    assert heard == ["b writes 3", "b settles 3"]


def test_nothing_ready_is_no_commit(heard: list[str]) -> None:
    """A turn without work opens no unit and says so."""

    store = ShakyStore()
    store.commits.append(OUTAGE)
    assert not at_once(Cycle(store, [Told("a", heard)]).turn())


def test_a_bad_row_hurts_no_neighbour(heard: list[str]) -> None:
    """A group that fails as a whole is replayed one by one."""
    assert turned(Told("a", heard, 1, BAD), Told("b", heard, 3))
    assert heard == [
        "a writes 1 bad",
        "a writes 1",
        "a settles 1",
        "a writes bad",
        "a spoils bad",
        "b writes 3",
        "b settles 3",
    ]


def test_l17_another_transaction_in_the_way(heard: list[str]) -> None:
    """A group is written again at once, twice, and each time is counted: nobody has to hear of it."""
    store = ShakyStore()
    store.commits.extend([IN_THE_WAY, IN_THE_WAY])
    cycle = Cycle(store, [Told("a", heard, 1)])
    assert at_once(cycle.turn()) == 1
    assert heard == ["a writes 1", "a writes 1", "a writes 1", "a settles 1"]
    assert cycle.conflicts == 2


def test_l17_a_transaction_that_stays_in_the_way(heard: list[str]) -> None:
    """After the third try each stage gets its batch back, and the loop learns why."""
    store = ShakyStore()
    store.commits.extend([IN_THE_WAY] * 3)
    cycle = Cycle(store, [Told("a", heard, 1)])
    with pytest.raises(StoreConflictError):
        at_once(cycle.turn())
    assert heard == ["a writes 1", "a writes 1", "a writes 1", "a puts back 1: in the way"]
    assert cycle.conflicts == 3


def test_an_outage_puts_everything_back(heard: list[str]) -> None:
    """When the store is out of reach each stage gets its batch back, and the loop learns why."""
    with pytest.raises(StoreUnavailableError):
        turned(Told("a", heard, 1, 2), Told("b", heard, OUTAGE))
    assert heard[2:] == [
        "a puts back 1 2: the disk is full",
        "b puts back the disk is full: the disk is full",
    ]


def test_an_outage_during_a_replay_puts_the_rest_back(heard: list[str]) -> None:
    """What was committed is settled, what was not goes back, in this stage and all later ones."""
    with pytest.raises(StoreUnavailableError):
        turned(Told("a", heard, 1, BAD, 2), Told("b", heard, 3, OUTAGE, 4), Told("c", heard, 5))
    assert heard[-3:] == [
        "b writes the disk is full",
        "b puts back the disk is full 4: the disk is full",
        "c puts back 5: the disk is full",
    ]
    assert [each for each in heard if "settles" in each] == ["a settles 1", "a settles 2", "b settles 3"]


def test_an_outage_while_spoiling_puts_the_rest_back(heard: list[str]) -> None:
    """Should the store go away before an item is spoilt, the item waits with the others."""

    class Outage(Told):
        def spoil(self, item: Any, error: Exception) -> None:
            del item
            raise OUTAGE from error

    with pytest.raises(StoreUnavailableError):
        turned(Outage("a", heard, 1, BAD, 2), Told("b", heard, 3))
    assert heard[-2:] == ["a puts back bad 2: the disk is full", "b puts back 3: the disk is full"]


def test_a_hopeless_item_is_raised_after_its_neighbours(heard: list[str]) -> None:
    """An item that can be neither written nor spoilt keeps nobody from being written; the first is raised."""
    with pytest.raises(ValueError, match="bad"):
        turned(Told("a", heard, BAD, WORSE, 1, unspoilable=(BAD, WORSE)), Told("b", heard, 3))
    assert [each for each in heard if "settles" in each] == ["a settles 1", "b settles 3"]


@pytest.mark.parametrize("unspoilable", [(), (BAD,)], ids=["spoilt", "hopeless"])
def test_what_is_built_upon_a_refused_item_waits(heard: list[str], unspoilable: Sequence[object]) -> None:
    """What follows it in its batch is not written as it is: it goes back; other stages' items are written."""
    stages = Told("a", heard, 1, BAD, 2, 3, unspoilable=unspoilable, built_upon=(1, BAD)), Told("b", heard, 4)
    if unspoilable:
        with pytest.raises(ValueError, match="bad"):
            turned(*stages)
    else:
        turned(*stages)
    assert heard[-4:] == ["a spoils bad", "a puts back 2 3: bad", "b writes 4", "b settles 4"]


@pytest.mark.parametrize(
    "items",
    [
        pytest.param((1, NO_MEMORY, 2), id="of the group"),
        pytest.param((BAD, NO_MEMORY, 2), id="in a replay"),
    ],
)
def test_p26_a_lack_of_memory_is_no_rows_fault(heard: list[str], items: Sequence[object]) -> None:
    """Nobody is told anything of what was not committed: the process ends over it."""
    with pytest.raises(MemoryError):
        turned(Told("a", heard, *items), Told("b", heard, 3))
    assert [each for each in heard if "writes" not in each] == [
        each for each in ["a spoils bad"] if BAD in items
    ]


def test_a_stage_that_cannot_take_holds_up_no_earlier_one(heard: list[str]) -> None:
    """What earlier stages took is committed; the failure is raised when nothing else is ready."""
    cycle = Cycle(SqliteStore(in_memory()), [Told("a", heard, 1), Told("b", heard, TAKE_FAILS, 3)])
    assert at_once(cycle.turn())
    assert heard == ["a writes 1", "a settles 1"]
    with pytest.raises(OSError, match="cannot read"):
        at_once(cycle.turn())


def test_an_outage_while_a_stage_takes_puts_everything_back(heard: list[str]) -> None:
    """When a stage cannot read from the store, all others get their batches back: nobody is kept waiting."""

    class Unreachable(Told):
        def take(self) -> Sequence[Any]:
            raise OUTAGE

    with pytest.raises(StoreUnavailableError):
        turned(Told("a", heard, 1), Unreachable("b", heard), Told("c", heard, 3))
    assert heard == ["a puts back 1: the disk is full", "c puts back 3: the disk is full"]


@pytest.mark.parametrize("failure", [None, OUTAGE], ids=["reachable", "out of reach"])
def test_probe(failure: StoreUnavailableError | None) -> None:
    """A probe commits nothing and says whether the store could commit something."""
    store = ShakyStore()
    store.commits.append(failure)
    if failure is None:
        at_once(Cycle(store, []).probe())
        return
    with pytest.raises(StoreUnavailableError):
        at_once(Cycle(store, []).probe())
