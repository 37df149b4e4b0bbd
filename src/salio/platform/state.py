"""The state of a running sandbox: kept, brought back, or begun anew, one call after another."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, ExitStack
from pathlib import Path
from typing import Any, TypeVar

from salio.core.ports import Clock
from salio.gateway.http import Receive, Scope, Send
from salio.platform.snapshots import Snapshots
from salio.sandbox.state import Snapshot, StateError, UnknownSnapshotError

T = TypeVar("T")

Replace = Callable[[Callable[[], None], Callable[[], None]], Awaitable[None]]
"""Stops the writer, does the first aside, and once that is done the second, and reads everything anew."""


class State:
    """Fits :class:`salio.sandbox.state.State`."""

    def __init__(
        self,
        snapshots: Snapshots,
        *,
        clock: Clock,
        held: Callable[[], AbstractAsyncContextManager[None]],
        replace: Replace,
        fill: Callable[[Mapping[str, Path]], None],
        start_over: Callable[[], None],
    ) -> None:
        """``held`` keeps the writer between two turns. For a reset, ``fill`` writes the test data into two
        blank databases, and ``start_over`` brings clock and faults back to what they were at the start.
        """
        self._snapshots = snapshots
        self._clock = clock
        self._held = held
        self._replace = replace
        self._fill = fill
        self._start_over = start_over
        self._one_at_a_time = asyncio.Lock()
        self._calls: set[asyncio.Task[Any]] = set()

    def snapshots(self) -> list[Snapshot]:
        """The oldest first."""
        return self._snapshots.all()

    async def take(self, name: str, *, replace: bool = False) -> Snapshot:
        """Keeps the present state; raises StateError for a name that is taken."""
        return await self._to_its_end(self._take(name, replace=replace))

    async def restore(self, name: str) -> Snapshot:
        """Goes back to that state; raises StateError."""
        return await self._to_its_end(self._restore(name))

    async def remove(self, name: str) -> Snapshot:
        """Forgets a snapshot; raises StateError."""
        return await self._to_its_end(asyncio.to_thread(self._snapshots.remove, name))

    async def reset(self) -> None:
        """Goes back to the test data."""
        await self._to_its_end(self._reset())

    async def finish(self) -> None:
        """Waits for the calls under way."""
        await asyncio.gather(*self._calls, return_exceptions=True)

    async def _to_its_end(self, call: Coroutine[Any, Any, T]) -> T:
        """After those before it, and to its end even if nobody waits for it any more."""

        async def alone() -> T:
            async with self._one_at_a_time:
                return await call

        task = asyncio.create_task(alone())
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)
        return await asyncio.shield(task)

    async def _take(self, name: str, *, replace: bool) -> Snapshot:
        if not replace:
            self._snapshots.refuse_second(name)
        with ExitStack() as stack:
            async with self._held():  # both databases as they stand between two commits
                now, originals = self._clock.now(), stack.enter_context(self._snapshots.originals())
            return await asyncio.to_thread(self._snapshots.keep, name, now, originals)

    async def _restore(self, name: str) -> Snapshot:
        snapshot = await asyncio.to_thread(self._snapshots.lay_out, name)
        await self._replace(self._snapshots.put_in_place, lambda: None)
        return snapshot

    async def _reset(self) -> None:
        await asyncio.to_thread(self._lay_out_anew)
        await self._replace(self._snapshots.put_in_place, self._start_over)

    def _lay_out_anew(self) -> None:
        with self._snapshots.laying_out_anew() as databases:
            self._fill(databases)


class StateInServer:
    """Fits :class:`salio.sandbox.state.State` where a database server has the content: the server's own tools
    keep it and bring it back, while no platform runs on it.
    """

    def __init__(self, backup_command: str) -> None:
        self._backup_command = backup_command

    def snapshots(self) -> list[Snapshot]:
        """There are none."""
        return []

    async def take(self, name: str, *, replace: bool = False) -> Snapshot:
        """Raises StateError with the server's own command."""
        del name, replace
        raise StateError(f"snapshots are of SQLite's files; back PostgreSQL up with: {self._backup_command}")

    async def restore(self, name: str) -> Snapshot:
        """Raises StateError with the way to do it."""
        del name
        raise StateError(
            "snapshots are of SQLite's files; stop the platform, and bring a backup back with: "
            "pg_restore --clean --if-exists --dbname=URL salio.dump"
        )

    async def remove(self, name: str) -> Snapshot:
        """Raises UnknownSnapshotError."""
        raise UnknownSnapshotError(f"there is no snapshot {name}: its data are in PostgreSQL")

    async def reset(self) -> None:
        """Raises StateError with the way to do it."""
        raise StateError(
            "a reset is for SQLite's files; for the test data anew in PostgreSQL, start on an empty database "
            "and a new folder: salio up --data DIR --database URL"
        )

    async def finish(self) -> None:
        """Nothing is ever under way."""


class Gate:
    """Stands in for the application while its content is being replaced: whoever comes waits."""

    def __init__(self, application: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self._application = application
        self._open = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI callable."""
        await self._open.wait()
        await self._application(scope, receive, send)

    def open(self) -> None:
        """Lets everybody in; the application must have stopped sending them here."""
        self._open.set()
