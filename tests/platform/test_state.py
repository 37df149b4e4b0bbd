"""Calls on the state: one after another, each to its end; and the gate before it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from salio.gateway.http import Receive, Scope, Send
from salio.platform.folder import DataFolder
from salio.platform.snapshots import Snapshots
from salio.platform.state import Gate, State, StateInServer
from salio.sandbox.state import StateError, UnknownSnapshotError
from tests.builders import FakeClock
from tests.stores import in_file


class Platform:
    """Whatever the state asks of the platform; a replacement waits until the test lets it go on."""

    def __init__(self, folder: Path) -> None:
        data = DataFolder(folder)
        in_file(data.environment_database).close()
        in_file(data.portal_database, "portal").close()
        self.began, self.go_on = asyncio.Event(), asyncio.Event()
        self.replaced = 0
        self.state = State(
            Snapshots(data),
            clock=FakeClock(),
            held=self._held,
            replace=self._replace,
            fill=lambda _databases: None,
            start_over=lambda: None,
        )

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[None]:
        yield

    async def _replace(self, put: Callable[[], None], also: Callable[[], None]) -> None:
        self.began.set()
        await self.go_on.wait()
        put()
        also()
        self.replaced += 1


def test_a_call_comes_to_its_end_though_nobody_waits(tmp_path: Path) -> None:
    """Who hung up, or a server that ends, leaves no half of it; an orderly end waits for it."""

    async def main() -> int:
        platform = Platform(tmp_path)
        call = asyncio.create_task(platform.state.reset())
        await platform.began.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        ending = asyncio.create_task(platform.state.finish())
        await asyncio.sleep(0)
        assert not ending.done()
        platform.go_on.set()
        await ending
        return platform.replaced

    assert asyncio.run(main()) == 1


def test_one_at_a_time(tmp_path: Path) -> None:
    """What is taken during a replacement is taken after it; a name is free only for the first."""

    async def main() -> None:
        platform = Platform(tmp_path)
        reset = asyncio.create_task(platform.state.reset())
        await platform.began.wait()
        takes = [asyncio.create_task(platform.state.take("same")) for _ in range(2)]
        await asyncio.sleep(0.01)
        assert platform.state.snapshots() == []
        platform.go_on.set()
        await reset
        first, second = await asyncio.gather(*takes, return_exceptions=True)
        assert platform.state.snapshots() == [first]
        assert isinstance(second, StateError)

    asyncio.run(main())


def test_the_gate() -> None:
    """Whoever comes waits, and goes where everybody goes once it is open."""
    met: list[Scope] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        del receive, send
        met.append(scope)

    async def nothing(*_: object) -> dict[str, object]:
        return {}

    async def main() -> None:
        gate = Gate(application)
        waiting = asyncio.create_task(gate({"type": "http"}, nothing, nothing))  # type: ignore[arg-type] # never sends
        await asyncio.sleep(0)
        assert met == []
        gate.open()
        await waiting
        assert met == [{"type": "http"}]

    asyncio.run(main())


def test_a_server_keeps_its_state_itself() -> None:
    """Nothing is listed; each act is refused with the command that does it, and none is ever under way."""
    state = StateInServer("pg_dump URL")
    acts = (state.take("x"), state.take("x", replace=True), state.restore("x"), state.reset())
    commands = ("pg_dump URL", "pg_dump URL", "pg_restore --clean", "salio up --data DIR --database URL")
    assert state.snapshots() == []
    for act, command in zip(acts, commands, strict=True):
        with pytest.raises(StateError, match=re.escape(command)):
            asyncio.run(act)
    with pytest.raises(UnknownSnapshotError, match="there is no snapshot x"):
        asyncio.run(state.remove("x"))
    asyncio.run(state.finish())
