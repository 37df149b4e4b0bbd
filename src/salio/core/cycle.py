"""The writer's cycle: whatever the stages have ready is committed together, then each is told.

A turn is a coroutine that waits for nothing but its commit. Grouping needs no timer: while one commit is on
its way to the disk, the next group gathers.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, Protocol, TypeVar

from salio.core.ports import (
    DoubtfulCommitError,
    Store,
    StoreConflictError,
    StoreUnavailableError,
    StoreWouldWaitError,
    Unit,
)

T = TypeVar("T")

TRIES = 3
"""Of a commit that another transaction is in the way of (fault catalogue, L17). A deadlock is found after a
second (PostgreSQL's `deadlock_timeout`), and callers wait meanwhile: three are as long as the store may take.
"""

Carry = Callable[[Callable[[], None]], Awaitable[None]]
"""Does a piece of work that may wait for the disk, and raises what it raises."""


async def at_once(work: Callable[[], None]) -> None:
    """Carries work out there and then."""
    work()


class Stage(Protocol[T]):
    """One step of a request's way, as the cycle sees it."""

    def take(self) -> Sequence[T]:
        """What is ready to be written; it belongs to this turn until settled, spoiled or put back.

        A stage that raises has taken nothing.
        """
        ...

    def write(self, unit: Unit, batch: Sequence[T]) -> None:
        """Writes the batch into the turn's unit; must be repeatable, for the unit may be rolled back.

        Perhaps in another thread, while requests come in: it touches nothing that :meth:`take` left behind.
        """
        ...

    def settle(self, batch: Sequence[T]) -> None:
        """The batch is durable: acknowledge it or hand it on."""
        ...

    def spoil(self, item: T, error: Exception) -> None:
        """This one item cannot be written, whatever its neighbours."""
        ...

    def is_built_upon(self, item: T) -> bool:
        """Whether what follows this item in its batch may be built upon it.

        Should the store refuse such an item, what follows is put back: it is not true any more.
        """
        ...

    def put_back(self, batch: Sequence[T], error: Exception) -> None:
        """Nothing of it was written, by no fault of its own: refuse it or keep it for a later turn."""
        ...


Ready = Sequence[tuple[Stage[Any], Sequence[Any]]]
"""Stages in their order, each with the batch that it gave."""


class Cycle:
    """Turns the stages in their order; the loop around it lives in the composition root."""

    def __init__(self, store: Store, stages: Sequence[Stage[Any]], carry: Carry = at_once) -> None:
        """``carry`` takes every commit to the disk, and the rows too where each of them waits for something;
        nothing else of a turn leaves the caller's thread.
        """
        self._store = store
        self._stages = stages
        self._carry = carry
        self.conflicts = 0
        """How often another transaction was in the way of a commit."""
        self._doubt: tuple[DoubtfulCommitError, Ready] | None = None
        """What the store may or may not have committed: its stages are told when it is known."""

    async def turn(self) -> int:
        """Commits what every stage has ready, and says how much there was. Raises StoreUnavailableError.

        After a MemoryError there may be no other turn: the stages and the store may disagree.

        One turn at a time: the next may begin when this one has ended.
        """
        if self._doubt is not None:
            await self._end_doubt(*self._doubt)
        ready: list[tuple[Stage[Any], Sequence[Any]]] = []
        try:
            ready.extend(self._taken())
            if ready:
                await self._commit(ready)
        except DoubtfulCommitError as error:
            self._doubt = error, ready
            raise
        except StoreUnavailableError as error:
            for stage, batch in ready:
                stage.put_back(batch, error)
            raise
        except MemoryError:
            raise  # no row is to blame, and there is no memory to put anything back
        except Exception:  # one bad row must never hurt its neighbours
            if not ready:
                raise  # no row is to blame: a stage could not take
            await self._commit_one_by_one(ready)
        else:
            _settle(ready)
        return sum(len(batch) for _, batch in ready)

    async def _end_doubt(self, error: DoubtfulCommitError, ready: Ready) -> None:
        """Asks what became of a commit, before anything else: what was promised must be known first.

        As long as nobody knows, what came since is put back, and whose commit it was waits.
        """
        found: list[bool] = []
        try:
            await self._carry(lambda: found.append(error.committed()))
        except StoreUnavailableError as still:
            for stage, batch in self._taken():
                stage.put_back(batch, still)
            raise
        self._doubt = None
        if found[0]:
            _settle(ready)
        else:
            for stage, batch in ready:
                stage.put_back(batch, error)

    def _taken(self) -> Iterator[tuple[Stage[Any], Sequence[Any]]]:
        """Each stage's batch; those before a stage that raises are out already.

        If one could not read, those behind it give theirs all the same, to be put back: nobody waits for it.
        """
        away: StoreUnavailableError | None = None
        for stage in self._stages:
            try:
                batch = stage.take()
            except StoreUnavailableError as error:
                away = error
                continue
            if batch:
                yield stage, batch
        if away is not None:
            raise away

    async def probe(self) -> None:
        """Commits a change that nobody reads, to see whether the store can; raises StoreUnavailableError."""
        await self._carry(self._touch)

    def _touch(self) -> None:
        with self._store.unit() as unit:
            unit.touch()

    async def _commit(self, ready: Ready) -> None:
        """Raises StoreConflictError when another transaction was in the way each time."""
        for left in reversed(range(TRIES)):
            try:
                await self._write(ready)
            except StoreConflictError:
                self.conflicts += 1
                if not left:
                    raise
            else:
                return

    async def _write(self, ready: Ready) -> None:
        """In another thread each statement would cost two hand-overs of the interpreter: only the end is
        carried, where that alone waits.
        """
        try:
            written = self._written(ready, at_once=True)
        except StoreWouldWaitError:
            await self._carry(lambda: self._written(ready).close())
        else:
            with written:  # whatever keeps it from being carried rolls it back
                await self._carry(written.close)

    def _written(self, ready: Ready, *, at_once: bool = False) -> ExitStack:
        """A unit with all rows, open: closing it commits it."""
        with ExitStack() as opened:
            unit = opened.enter_context(self._store.unit(at_once=at_once))
            for stage, batch in ready:
                stage.write(unit, batch)
            return opened.pop_all()

    async def _commit_one_by_one(self, ready: Ready) -> None:
        """Replays a group that failed as a whole, each item in a unit of its own.

        An item that cannot even be spoiled stays as the store has it; its error is raised when its
        neighbours are done.
        """
        hopeless: list[Exception] = []
        for stage, batch in ready:
            for place, item in enumerate(batch):
                refused: Exception | None = None
                try:
                    refused = await self._commit_one(stage, item)
                except DoubtfulCommitError as error:
                    self._doubt = error, [(stage, [item])]
                    self._put_back_rest(ready, stage, batch[place + 1 :], error)
                    raise
                except StoreUnavailableError as error:
                    self._put_back_rest(ready, stage, batch[place:], error)
                    raise
                except MemoryError:
                    raise
                except Exception as error:
                    hopeless.append(error)
                    refused = error
                if refused is not None and stage.is_built_upon(item):
                    stage.put_back(batch[place + 1 :], refused)
                    break
        if hopeless:
            raise hopeless[0]

    async def _commit_one(self, stage: Stage[T], item: T) -> Exception | None:
        """Why the store refused the item, if it did."""
        try:
            await self._commit([(stage, [item])])
        except (StoreUnavailableError, MemoryError):
            raise
        except Exception as error:
            stage.spoil(item, error)
            return error
        stage.settle([item])
        return None

    def _put_back_rest(self, ready: Ready, stage: Stage[Any], rest: Sequence[Any], error: Exception) -> None:
        """The store went away in the middle of a replay: this stage's rest and all later batches wait."""
        stage.put_back(rest, error)
        later = [each for each, _ in ready].index(stage) + 1
        for each, batch in ready[later:]:
            each.put_back(batch, error)


def _settle(ready: Ready) -> None:
    for stage, batch in reversed(ready):
        stage.settle(batch)
