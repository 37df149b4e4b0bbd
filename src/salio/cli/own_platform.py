"""A platform that a command starts for itself, and ends with itself."""

import asyncio
import ctypes
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from salio.cli.child import has_ended, send
from salio.cli.errors import CommandError

DRAIN = 20.0
"""Seconds for its orderly end; the platform itself takes ten at most for what is under way."""

OURS = ("-P", "-m", "salio.cli")
"""Without the modules that lie where the program is started (python -P)."""

_SIGNAL_AT_PARENTS_DEATH = 1  # PR_SET_PDEATHSIG, <linux/prctl.h>


class _Announced(msgspec.Struct):
    base_url: str


@asynccontextmanager
async def own_platform(data: Path, log: Path) -> AsyncIterator[str]:
    """A sandbox on a free port that takes foreign credentials; its base URL. Raises CommandError."""
    options = ("--json", "--port", "0", "--foreign-credentials", "trust", "--data", str(data))
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *OURS, "up", *options),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            start_new_session=True,  # Ctrl-C is the program's; its platform outlives it by a moment
            preexec_fn=_die_with_parent,
        )
    try:
        line = await process.stdout.readline() if process.stdout is not None else b""
        if not line:
            raise CommandError(_why_not(log))
        yield msgspec.json.decode(line, type=_Announced).base_url
        if await has_ended(process):
            print(f"salio run: its platform ended before the program: {_last_line(log)}", file=sys.stderr)
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    send(process, signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), DRAIN)
    except TimeoutError:
        send(process, signal.SIGKILL)
        await process.wait()


def _why_not(log: Path) -> str:
    said = _last_line(log)
    if "another platform runs on" in said:
        return f"{said}; or let the program use that one: --platform URL"
    return f"its platform did not start: {said}"


def _last_line(log: Path) -> str:
    said = log.read_text("utf-8", "replace").strip().rpartition("\n")[2]
    return said.removeprefix("salio: ") or "it said nothing"


def _die_with_parent() -> None:
    """A platform whose command was killed would hold its data folder for ever."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SIGNAL_AT_PARENTS_DEATH, signal.SIGTERM)
