"""What an answer may wait for: the environment's time, or the end of an attempt; and for how long."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from salio.core.requests.deliveries import AttemptEnd
from salio.gateway.http import ClientGoneError, Message, Receive
from salio.platform.waits import Waits
from salio.sandbox.clock import SandboxClock
from tests.builders import NOW, FakeClock

LONG = 10.0


def run(test: Callable[[], Awaitable[None]]) -> None:
    """Runs a test's coroutine, for so long at most."""

    async def bounded() -> None:
        await asyncio.wait_for(test(), LONG)

    asyncio.run(bounded())


async def staying() -> Message:
    """Of a caller that waits."""
    return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return] # never comes


def end(number: int) -> AttemptEnd:
    """Of the attempt for that request."""
    return AttemptEnd(number=number, ended_at=NOW, status=200)


def test_a_pause_ends_when_the_clock_was_moved() -> None:
    """Not before its time, however often it looks; those that are due go on together."""
    clock = FakeClock()
    waits = Waits(clock)
    gone_on: list[str] = []

    async def pause(name: str, seconds: float) -> None:
        await waits.pause(seconds, staying)
        gone_on.append(name)

    async def main() -> None:
        pauses = [asyncio.create_task(pause(name, at)) for name, at in (("a", 60), ("b", 60), ("c", 61))]
        for passing in (0, 59, 1):
            clock.advance(seconds=passing)
            waits.look()
            for _ in range(10):
                await asyncio.sleep(0)
            assert gone_on == (["a", "b"] if passing == 1 else [])
        pauses[2].cancel()

    run(main)


def test_a_pause_ends_by_itself() -> None:
    """In natural time nobody need tell it."""

    class LoopClock(FakeClock):
        def monotonic(self) -> float:
            return asyncio.get_running_loop().time()

    async def main() -> None:
        began = asyncio.get_running_loop().time()
        await Waits(SandboxClock(LoopClock())).pause(0.05, staying)
        assert asyncio.get_running_loop().time() - began >= 0.05

    run(main)


@pytest.mark.parametrize("others", [[], [1, 3]], ids=["alone", "with others"])
def test_until_told(others: list[int]) -> None:
    """Its own end ends it, and nobody else's."""
    waits = Waits(FakeClock())

    async def main() -> None:
        told = asyncio.create_task(waits.until_told(2, staying))
        await asyncio.sleep(0)
        waits.recorded([end(number) for number in others])
        await asyncio.sleep(0)
        assert not told.done()
        waits.recorded([end(2), end(2)])
        assert await told
        waits.recorded([end(2)])

    run(main)


def test_nobody_hangs_on_a_callback_for_ever() -> None:
    """After its longest wait the answer leaves, and the caller of the wait knows."""

    async def main() -> None:
        assert not await Waits(FakeClock(), longest=0.01).until_told(1, staying)

    run(main)


def test_everybody_is_let_go() -> None:
    """Whatever they wait for; who waits afterwards under the number of one of them waits by itself."""
    clock = FakeClock()
    waits = Waits(clock)

    async def main() -> None:
        late, untold = (
            asyncio.create_task(waits.pause(60, staying)),
            asyncio.create_task(waits.until_told(1, staying)),
        )
        await asyncio.sleep(0)
        waits.let_go()
        again = asyncio.create_task(waits.until_told(1, staying))
        await late
        assert not await untold
        assert not again.done()
        waits.recorded([end(1)])
        assert await again
        pause = asyncio.create_task(waits.pause(60, staying))
        await asyncio.sleep(0)
        assert not pause.done()
        pause.cancel()

    run(main)


@pytest.mark.parametrize(
    "wait",
    [lambda waits, caller: waits.pause(60, caller), lambda waits, caller: waits.until_told(1, caller)],
    ids=["for the clock", "for an end"],
)
def test_nobody_waits_for_who_hung_up(wait: Callable[[Waits, Receive], Awaitable[object]]) -> None:
    """Whatever else came of the request before."""
    messages: list[Message] = [{"type": "http.request", "body": b""}, {"type": "http.disconnect"}]

    async def leaving() -> Message:
        return messages.pop(0)

    async def main() -> None:
        with pytest.raises(ClientGoneError):
            await wait(Waits(FakeClock()), leaving)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
