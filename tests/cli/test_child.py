"""Signals go to the program; before there is one, they end the preparations."""

import asyncio
import os
import signal
from contextlib import suppress

import pytest

from salio.cli.child import Signals, has_ended, run_child
from tests.patience import PATIENCE


def test_an_end_that_asyncio_has_not_told_yet() -> None:
    """Nobody is told that a platform lives which has just died."""

    async def main() -> None:
        process = await asyncio.create_subprocess_exec("sleep", "60")
        assert not await has_ended(process)
        process.kill()
        with suppress(ChildProcessError):
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # noqa: ASYNC222 - the loop is not to hear
        assert process.returncode is None
        assert await has_ended(process)
        assert await has_ended(process)

    asyncio.run(asyncio.wait_for(main(), PATIENCE))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_before_there_is_a_program(number: signal.Signals) -> None:
    """The preparations are cancelled, and it is known why."""

    async def prepare() -> signal.Signals | None:
        signals = Signals()
        preparing: asyncio.Task[int] = asyncio.create_task(asyncio.Event().wait())
        signals.before_that_end(preparing)
        signal.raise_signal(signal.SIGCONT)  # somebody who was stopped goes on
        signal.raise_signal(number)
        with pytest.raises(asyncio.CancelledError):
            await preparing
        return signals.ended_by

    assert asyncio.run(asyncio.wait_for(prepare(), PATIENCE)) == number


def test_when_the_program_has_ended() -> None:
    """Nobody else is hit by what comes late."""

    async def late() -> int:
        signals = Signals()
        code = await run_child(["true"], {}, signals)
        signal.raise_signal(signal.SIGUSR1)
        await asyncio.to_thread(lambda: None)  # a turn of the loop, in which the signal is taken
        return code

    assert asyncio.run(asyncio.wait_for(late(), PATIENCE)) == 0
