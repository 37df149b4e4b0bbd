"""What every figure is made of: rows, how much is measured, one run of load, a folder for the data."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import uvloop

from bench.load import Load, run
from bench.servers import Platform

CONNECTIONS = 64


class Scale(msgspec.Struct, frozen=True):
    """How long and how much."""

    seconds: float
    requests: int
    """For the memory figure."""
    stored: tuple[int, int, int]
    rounds: int
    """Interleaved rounds of the CPU figure; an odd number."""
    per_round: int


QUICK = Scale(seconds=5, requests=50_000, stored=(1_000, 10_000, 100_000), rounds=3, per_round=3_000)
FULL = Scale(seconds=20, requests=1_000_000, stored=(1_000, 100_000, 1_000_000), rounds=7, per_round=5_000)


class Row(msgspec.Struct, frozen=True):
    """A line of the table."""

    name: str
    value: str
    target: str = ""


def load(
    port: int,
    requests: list[bytes],
    seconds: float,
    *,
    connections: int = CONNECTIONS,
    rate: float | None = None,
) -> Load:
    """One run of the generator in a fresh event loop."""
    return uvloop.run(run(port, requests, connections=connections, seconds=seconds, rate=rate))


def drained(running: Platform) -> None:
    """Waits until nothing waits to be decided or sent."""
    while running.metric("salio_requests_undecided") or running.metric("salio_results_waiting"):
        time.sleep(0.1)


@contextmanager
def data_folder() -> Iterator[Path]:
    """A folder beside this one, for a while: a disk, where a temporary folder may be memory."""
    with tempfile.TemporaryDirectory(prefix="bench-data-", dir=Path.cwd()) as folder:
        yield Path(folder)
