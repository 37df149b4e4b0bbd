"""An organization's side of either kind on a platform of the test's: what holds of threads holds of tasks."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx2

from salio.client.async_client import AsyncClient
from salio.client.client import Client
from salio.client.settings import Options
from salio.tracker.async_tracker import AsyncTracker
from salio.tracker.ends import Ending
from salio.tracker.outside import Outside
from salio.tracker.record import Record
from salio.tracker.settings import Endpoint, Patience
from salio.tracker.tracker import Tracker
from tests.client.shells import APP, BASE, INITIATOR, MERCHANT, TASKS, THREADS, Time
from tests.receiver.posting import posted
from tests.tracker.platform import FakePlatform

__all__ = ["TASKS", "THREADS"]
URL = "https://shop.example/callbacks"
PATIENCE = Patience(result=60, unknown=10, acknowledgement=120, askings=3, handling=5, handlings=3)


class Clock:
    """Time that only a test moves: the record's wall clock, and all pauses; and chance that is none."""

    def __init__(self) -> None:
        self._drawn = itertools.count(1)
        self.milliseconds = 1_790_000_000_000
        self.on_pause: Callable[[], object] = lambda: None
        """What happens while somebody waits."""

    def now(self) -> int:
        """Milliseconds since 1970."""
        return self.milliseconds

    def entropy(self, length: int) -> bytes:
        """So many bytes, each time others."""
        return next(self._drawn).to_bytes(length, "big")

    def advance(self, seconds: float) -> None:
        """So much time passes."""
        self.milliseconds += round(seconds * 1000)

    def outside(self) -> Outside:
        """For a tracker."""
        return Outside(
            monotonic=lambda: self.milliseconds / 1000,
            pause=self._pause,
            pause_task=self._pause_task,
            sleep=lambda _, seconds: self._pause(seconds),
            sleep_task=lambda _, seconds: self._pause_task(seconds),
            chance=lambda: 0.0,
        )

    def _pause(self, seconds: float) -> None:
        self.advance(seconds)
        self.on_pause()

    async def _pause_task(self, seconds: float) -> None:
        self._pause(seconds)


class Side:
    """One life of an organization's process on a record: client, receiver, tracker, handler."""

    def __init__(
        self,
        kind: str,
        place: Path | str,
        platform: FakePlatform,
        clock: Clock,
        *,
        handler: Any = None,
        handled: bool = True,
        patience: Patience = PATIENCE,
        outside: Outside | None = None,
        **endpoint: Any,
    ) -> None:
        self.kind = kind
        self.clock = clock
        self.told: list[Ending] = []
        self.record = Record(place, now=clock.now, entropy=clock.entropy)
        self._runner = asyncio.Runner()
        self._handler = handler or self.told.append
        settings: dict[str, Any] = {
            "handler": self._handler if handled else None,
            "patience": patience,
            "outside": outside or clock.outside(),
        }
        where = Endpoint(**{"url": URL, **endpoint})
        asking: dict[str, Any] = {
            "merchant": MERCHANT,
            "options": Options(patience=0),
            "transport": httpx2.MockTransport(platform),
            "outside": Time().outside(),
        }
        self.client: Client | AsyncClient
        self.tracker: Tracker | AsyncTracker
        if kind == THREADS:
            self.client = Client(BASE, APP, INITIATOR, **asking)
            self.tracker = Tracker(self.client, self.record, where, **settings)
        else:
            if handled and handler is None:
                settings["handler"] = self._told
            self.client = AsyncClient(BASE, APP, INITIATOR, **asking)
            self.tracker = AsyncTracker(self.client, self.record, where, **settings)

    async def _told(self, ending: Ending) -> None:
        self.told.append(ending)

    def run(self, call: Callable[[Any], Any]) -> Any:
        """What a call of the client comes to."""
        return self._come_to(lambda: call(self.client))

    def run_coroutine(self, coroutine: Coroutine[Any, Any, object]) -> None:
        """In the loop of the tasks."""
        self._runner.run(coroutine)

    def turn(self, times: int = 1) -> None:
        """What there is to do is done."""
        for _ in range(times):
            self._come_to(self.tracker.turn)

    def post(self, url: str, body: bytes) -> int:
        """A callback comes; the status that it is answered with."""
        return self._runner.run(posted(self.tracker.receiver, url, body))

    def verdicts(self) -> list[str | None]:
        """Of all callbacks, in the order in which they came."""
        return [row[0] for row in self.record.rows("SELECT verdict FROM callback ORDER BY number")]

    def states(self) -> list[str]:
        """Of all requests."""
        return [row[0] for row in self.record.rows("SELECT state FROM request ORDER BY number")]

    def cause(self) -> str:
        """Why the last request stands as it does."""
        return str(self.record.rows("SELECT cause FROM request ORDER BY number DESC LIMIT 1")[0][0])

    def own(self, statement: str) -> list[Any]:
        """What the application reads or writes beside the record, as a handler in the transaction does."""
        with self.record.transaction() as rows, self.record.handed(rows) as connection:
            found = connection.execute(statement)
            return list(found.fetchall()) if found.description else []

    def make_read_only(self) -> None:
        """The record can be read, and not written."""
        in_postgres = self.record.name.startswith("postgresql")
        read_only = "SET default_transaction_read_only = on" if in_postgres else "PRAGMA query_only = ON"
        with self.record.transaction() as rows:
            rows.execute(read_only)

    def close(self) -> None:
        """This life ends, in order or not."""
        self._come_to(self.client.close if isinstance(self.client, Client) else self.client.aclose)
        self._runner.close()
        self.record.close()

    def _come_to(self, call: Callable[[], Any]) -> Any:
        if self.kind == THREADS:
            return call()

        async def awaited() -> Any:
            asked = call()
            return await asked if hasattr(asked, "__await__") else asked

        return self._runner.run(awaited())
