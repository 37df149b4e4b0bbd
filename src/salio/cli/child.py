"""Runs another program as if nobody stood between: its terminal, its signals, its exit status."""

import asyncio
import errno
import os
import resource
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from shutil import which
from typing import NoReturn

NOT_FOUND = 127
NOT_RUNNABLE = 126
"""As a shell has them."""

FORWARDED = (
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGCONT,
)
_FROM_TERMINALS = (signal.SIGINT, signal.SIGQUIT)


class Signals:
    """What reaches this process is the program's; before there is one, it ends the preparations."""

    def __init__(self) -> None:
        self._preparing: asyncio.Task[int] | None = None
        self._child: asyncio.subprocess.Process | None = None
        self.ended_by: signal.Signals | None = None
        """The signal that came before there was a program."""
        for number in FORWARDED:
            asyncio.get_running_loop().add_signal_handler(number, self._take, number)

    def before_that_end(self, preparing: asyncio.Task[int]) -> None:
        """What a signal cancels that comes before there is a program."""
        self._preparing = preparing

    def go_to(self, child: asyncio.subprocess.Process) -> None:
        """From here on."""
        self._child = child

    def _take(self, number: signal.Signals) -> None:
        if self._child is None:
            if number is not signal.SIGCONT and self._preparing is not None:
                self.ended_by = number
                self._preparing.cancel()
        elif number not in _FROM_TERMINALS or not _at_a_terminal():  # which has told the child already
            send(self._child, number)


def send(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    """A signal to a process that may have ended; asyncio's own way can lose its exit status."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, number)


async def has_ended(process: asyncio.subprocess.Process) -> bool:
    """Whether it has, even if asyncio is yet to hear of it."""
    if process.returncode is None and _is_gone(process.pid):
        await process.wait()
    return process.returncode is not None


def _is_gone(number: int) -> bool:
    """By the system's word; its exit status is left to asyncio."""
    if not hasattr(os, "waitid"):
        return False
    try:
        return os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:  # a thread of asyncio's has its exit status already
        return True


def why_not_runnable(program: str) -> tuple[int, str] | None:
    """The exit status and the reason, as a shell has them, of what is no program; None if it is one."""
    if which(program):
        return None
    if os.sep in program and Path(program).exists():
        return NOT_RUNNABLE, os.strerror(errno.EACCES)
    return NOT_FOUND, os.strerror(errno.ENOENT)


async def run_child(command: Sequence[str], environment: Mapping[str, str], signals: Signals) -> int:
    """The program's return code: its exit status, or the number of the signal that ended it, negative.

    Raises OSError if it cannot be started.
    """
    child = await asyncio.create_subprocess_exec(*command, env=environment)
    signals.go_to(child)
    return await child.wait()


def end_as(code: int) -> NoReturn:
    """Ends this process the way the program ended."""
    if code >= 0:
        sys.exit(code)
    sys.stdout.flush()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the program has dumped its own
    with suppress(OSError):  # nobody can do anything about SIGKILL
        signal.signal(-code, signal.SIG_DFL)
    os.kill(os.getpid(), -code)
    sys.exit(128 - code)  # some signals are not deadly for everybody


def _at_a_terminal() -> bool:
    """Whether a terminal sends its signals to all of us at once."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    finally:
        os.close(terminal)
