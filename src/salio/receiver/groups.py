"""Group commit: whoever comes while a commit is under way shares the next one."""

import asyncio

from salio.receiver.arrivals import Arrival, Store

_Waiting = tuple[Arrival, "asyncio.Future[None]"]


class Groups:
    """Hands the store one group at a time. It lives in the event loop of whoever calls it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Waiting] = []
        self._turn: asyncio.Task[None] | None = None

    async def keep(self, arrival: Arrival) -> None:
        """Returns when the arrival is durable. Raises what the store raised."""
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[None] = loop.create_future()
        self._waiting.append((arrival, kept))
        if self._turn is None:
            self._turn = loop.create_task(self._commit_all())
        await kept

    async def _commit_all(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                await self._commit(group)
        finally:
            self._turn = None
            for _, kept in self._waiting:  # only if the task was ended from outside
                kept.cancel()

    async def _commit(self, group: list[_Waiting]) -> None:
        try:
            await self._store.keep([arrival for arrival, _ in group])
        except Exception as error:
            for _, kept in group:
                if not kept.done():
                    kept.set_exception(error)
        except BaseException:
            for _, kept in group:
                kept.cancel()
            raise
        else:
            for _, kept in group:
                if not kept.done():
                    kept.set_result(None)
