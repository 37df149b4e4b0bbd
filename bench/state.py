"""How long a snapshot, its return and a reset take, at rest and under load."""

import json
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import uvloop

from bench.bodies import balance_query, credentials
from bench.load import run
from bench.prefill import prefill
from bench.servers import Platform, helper, platform

STORED = 10_000
ROUNDS = 7
RATE = 1_000
"""Requests a second, in the second part."""


def main() -> None:
    """Prints a line for each."""
    with tempfile.TemporaryDirectory(prefix="bench-data-", dir=Path.cwd()) as folder:
        data = Path(folder)
        with platform(data):
            pass
        prefill(data, STORED)
        with helper("bench.sink") as sink, platform(data) as running:
            _measure("at rest", running)
            known = [balance_query(running.token, credentials(running.certificate, 1)[0], sink)]
            load = threading.Thread(
                target=lambda: uvloop.run(run(running.port, known, connections=16, seconds=20, rate=RATE))
            )
            load.start()
            _measure(f"at {RATE:,} requests a second", running)
            load.join()


def _measure(when: str, running: Platform) -> None:
    took: dict[str, list[float]] = {"take": [], "restore": [], "reset": []}
    said: dict[str, object] = {}
    for _ in range(ROUNDS):
        said = _timed(took["take"], lambda: _post(running, "snapshots", name="bench", replace=True))
        _timed(took["restore"], lambda: _post(running, "snapshots/bench/restore"))
        _timed(took["reset"], lambda: _post(running, "reset"))
        _post(running, "snapshots/bench/restore")
    print(f"{when}: {said['requests']:,} requests, {said['bytes']:,} bytes")
    for name, seconds in took.items():
        shown = ", ".join(f"{each * 1000:.0f}" for each in sorted(seconds))
        print(f"  {name:<8} median {sorted(seconds)[ROUNDS // 2] * 1000:.0f} ms of {shown}")


def _timed(took: list[float], call: Callable[[], dict[str, object]]) -> dict[str, object]:
    began = time.perf_counter()
    said = call()
    took.append(time.perf_counter() - began)
    return said


def _post(running: Platform, path: str, **body: object) -> dict[str, object]:
    asked = urllib.request.Request(
        f"http://127.0.0.1:{running.port}/_salio/{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - our own
        said: dict[str, object] = json.loads(answer.read())
        return said


if __name__ == "__main__":
    main()
