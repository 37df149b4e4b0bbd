"""``python -m bench.client``: the client beside bare httpx2 that posts the same bodies; `make bench-client`.

Against the bare server, which answers at once: what is measured is the asking side alone. Rounds alternate,
and the best of each counts, since on a shared machine the others measure the neighbours. Then the receiver:
each callback is another, and is durable before it is answered.

With ``--sdk PYTHON`` another SDK asks the same, by an interpreter that has it (`bench/other_sdk.py`).
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx2

import salio
from bench.load import Load
from bench.load import run as load_run
from bench.machine import describe
from bench.rows import data_folder
from bench.servers import helper, receiving
from salio.wire.asked import Signature, body_of

CALLS = 2_000
CALLBACKS_SENT = 100_000
SECONDS = 6
RATE = 4_000
BALANCE = (Path(__file__).parent.parent / "tests" / "samples" / "ab_result.json").read_bytes()
ROUNDS = 5
AT_ONCE = 64
CREDENTIAL = "A" * 344
APP = salio.App("key", "secret")
INITIATOR = salio.Initiator(name="testapi", short_code="600000", security_credential=CREDENTIAL)
CALLBACKS = salio.Callbacks("http://127.0.0.1:8080/result", "http://127.0.0.1:8080/timeout")
HEADERS = {"Authorization": "Bearer token", "Content-Type": "application/json"}
ROW = "{:<36}{:>12}{:>14}{:>10}"
IMPORTS = 11
IMPORT = """
import time; began, used = time.perf_counter(), time.process_time()
import salio; salio.Client
print([time.perf_counter() - began, time.process_time() - used])
"""

Figures = tuple[float, float]
"""Calls a second, and seconds of processor time for each."""


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.client", description=__doc__)
    parser.add_argument("--sdk", type=Path, help="a Python in whose environment mpesakit is installed")
    sdk = parser.parse_args().sdk
    print(describe())
    print(ROW.format("", "calls/s", "µs CPU/call", "to reach"))
    with helper("bench.bare") as port:
        base = f"http://127.0.0.1:{port}"
        one_at_a_time = _asked(base, "1 at a time", _client, _bare)
        _asked(base, f"{AT_ONCE} at a time", _tasks, _bare_tasks)
        if sdk is None or not sdk.exists():
            print("no other SDK was asked: --sdk names no Python in whose environment mpesakit is installed")
        else:
            for name, best in _others(base, sdk):
                _print(name, best)
                times = best[1] / one_at_a_time[1]
                print(ROW.format("  salio's queries per CPU-second", f"{times:.1f} times", "", ">= 2"))
    print(ROW.format("", "callbacks/s", "p99 ms", "to reach"))
    for name, load, wanted in _received():
        print(ROW.format(name, f"{load.per_second:,.0f}", f"{load.p99:.1f}", wanted), flush=True)
        assert not load.refused
    took, used = _import()
    print(ROW.format("", "ms", "ms CPU", "to reach"))
    print(ROW.format("import of salio, with its Client", f"{took:.0f}", f"{used:.0f}", "<= 150"))


def _others(base: str, python: Path) -> Iterator[tuple[str, Figures]]:
    program = Path(__file__).with_name("other_sdk.py")
    ran = subprocess.run([python, "-I", program, base], stdout=subprocess.PIPE, text=True, check=True)
    for line in ran.stdout.splitlines():
        name, calls, used = json.loads(line)
        yield name, (calls, used)


def _asked(base: str, how: str, ours: Callable[[str], Figures], bare: Callable[[str], Figures]) -> Figures:
    """Ours and httpx2 alone in turns, the best of each; ours."""
    rounds = [(ours(base), bare(base)) for _ in range(ROUNDS)]
    best, ceiling = (_best([each[place] for each in rounds]) for place in (0, 1))
    _print(f"salio, {how}", best)
    _print(f"httpx2, {how}", ceiling)
    print(ROW.format("  of httpx2 alone", f"{best[0] / ceiling[0]:.2f}", "", ">= 0.7"), flush=True)
    return best


def _best(figures: list[Figures]) -> Figures:
    return max(each[0] for each in figures), min(each[1] for each in figures)


def _print(name: str, figures: Figures) -> None:
    print(ROW.format(name, f"{figures[0]:,.0f}", f"{figures[1] * 1e6:,.0f}", ""), flush=True)


def _import() -> Figures:
    """Milliseconds by the wall clock and of processor time, in processes of their own: the median."""
    ran = [
        subprocess.run([sys.executable, "-c", IMPORT], stdout=subprocess.PIPE, text=True, check=True)
        for _ in range(IMPORTS)
    ]
    told = [json.loads(each.stdout) for each in ran]
    took, used = (1e3 * statistics.median(each[place] for each in told) for place in (0, 1))
    return took, used


def _received() -> Iterator[tuple[str, Load, str]]:
    """The receiver on one core: as fast as it answers, then at the rate that it has to bear."""
    for name, rate, wanted in (
        (f"receiver, {AT_ONCE} at a time", None, ">= 4,000"),
        (f"receiver at {RATE:,}/s", RATE, "<= 20 ms"),
    ):
        with data_folder() as folder, receiving(folder) as url:
            port, path = url.removeprefix("http://127.0.0.1:").split("/", 1)
            requests = [_callback(path, number) for number in range(CALLBACKS_SENT)]
            yield (
                name,
                asyncio.run(load_run(int(port), requests, connections=AT_ONCE, seconds=SECONDS, rate=rate)),
                wanted,
            )


def _callback(path: str, number: int) -> bytes:
    body = BALANCE.replace(b"AG_", b"AG_%d" % number)
    head = f"POST /{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _client(base: str) -> Figures:
    with salio.Client(base, APP, INITIATOR, CALLBACKS) as client:
        return _timed(client.balance)


def _bare(base: str) -> Figures:
    url, body = _question(base)
    with httpx2.Client() as client:
        return _timed(lambda: json.loads(client.post(url, content=body, headers=HEADERS).content))


def _tasks(base: str) -> Figures:
    async def run() -> Figures:
        async with salio.AsyncClient(base, APP, INITIATOR, CALLBACKS) as client:
            return await _timed_tasks(client.balance)

    return asyncio.run(run())


def _bare_tasks(base: str) -> Figures:
    url, body = _question(base)

    async def run() -> Figures:
        async with httpx2.AsyncClient() as client:

            async def ask() -> object:
                return json.loads((await client.post(url, content=body, headers=HEADERS)).content)

            return await _timed_tasks(ask)

    return asyncio.run(run())


def _question(base: str) -> tuple[str, bytes]:
    query = salio.BalanceQuery(party_a="600000")
    return base + query.api.path, body_of(query, Signature("testapi", CREDENTIAL), CALLBACKS)


def _timed(ask: Callable[[], object]) -> Figures:
    ask()
    began, used = time.perf_counter(), time.process_time()
    for _ in range(CALLS):
        ask()
    return CALLS / (time.perf_counter() - began), (time.process_time() - used) / CALLS


async def _timed_tasks(ask: Callable[[], Awaitable[object]]) -> Figures:
    async def some() -> None:
        for _ in range(CALLS // AT_ONCE):
            await ask()

    await ask()
    began, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    calls = CALLS // AT_ONCE * AT_ONCE
    return calls / (time.perf_counter() - began), (time.process_time() - used) / calls


if __name__ == "__main__":
    main()
