"""The figures: each measures one thing and gives its rows."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from bench.bodies import balance_query, credentials
from bench.customers import customer_payments
from bench.payments import payments
from bench.prefill import prefill
from bench.rows import Row, Scale, data_folder, drained, load
from bench.servers import helper, platform, sink_count
from bench.transfers import transfers


def throughput(scale: Scale) -> Iterator[Row]:
    """Acknowledgements and deliveries at saturation, the bare server before and after, and at a pace."""
    with (
        data_folder() as data,
        helper("bench.sink") as sink,
        helper("bench.bare") as bare,
        platform(data) as running,
    ):
        known = [balance_query(running.token, each, sink) for each in credentials(running.certificate, 1)]
        before = load(bare, known, scale.seconds / 2)
        counted, began = sink_count(sink), time.perf_counter()
        saturated = load(running.port, known, scale.seconds)
        delivered = (sink_count(sink) - counted) / (time.perf_counter() - began)
        backlog = running.metric("salio_requests_undecided") + running.metric("salio_results_waiting")
        drained(running)
        after = load(bare, known, scale.seconds / 2)
        ceiling = (before.per_second + after.per_second) / 2
        yield Row("bare server, answers a second", f"{ceiling:,.0f}")
        yield Row("  p99 at 64 connections", f"{before.p99:.1f} ms")
        yield Row("acknowledged a second, durable, everything running", f"{saturated.per_second:,.0f}")
        yield Row("  of the bare server", f"{saturated.per_second / ceiling:.3f}", ">= 0.200")
        yield Row("  p99 at 64 connections", f"{saturated.p99:.1f} ms", "<= 50 ms")
        yield Row("  refused or declined", f"{saturated.refused}", "0")
        yield Row("balance results delivered a second, meanwhile", f"{delivered:,.0f}", ">= 6,000 or")
        yield Row("  of the bare server", f"{delivered / ceiling:.3f}", ">= 0.146")
        yield Row("  still waiting when the load ended", f"{backlog}")
        paced = load(running.port, known, scale.seconds, rate=4_000)
        yield Row("p99 at a paced 4,000 a second", f"{paced.p99:.1f} ms", "<= 25 ms")
        yield Row("  answered a second", f"{paced.per_second:,.0f}")
        drained(running)
        fresh = [
            balance_query(running.token, each, sink) for each in credentials(running.certificate, 60_000)
        ]
        new = load(running.port, fresh, scale.seconds / 2)
        yield Row("acknowledged a second, a fresh ciphertext every time", f"{new.per_second:,.0f}")
        drained(running)


def memory(scale: Scale) -> Iterator[Row]:
    """Resident memory after so many requests, and the start on the data that they left."""
    with data_folder() as data, helper("bench.sink") as sink:
        with platform(data) as running:
            known = [balance_query(running.token, credentials(running.certificate, 1)[0], sink)]
            while running.metric("salio_requests_acknowledged_total") < scale.requests:
                load(running.port, known, 10 if scale.requests > 100_000 else 2)
            drained(running)
            done = running.metric("salio_requests_acknowledged_total")
            yield Row(f"memory after {done:,} requests", f"{running.memory() / 2**20:.0f} MB", "<= 200 MB")
        starts = []
        for _ in range(3):
            with platform(data) as running:
                load(
                    running.port, [balance_query(running.token, known[0].decode(), sink)], 0.1, connections=1
                )
                starts.append(running.started_after)
        yield Row("start to first answer on these data", f"{statistics.median(starts):.2f} s", "<= 2 s")


def cpu(scale: Scale) -> Iterator[Row]:
    """CPU per request at three sizes of store, interleaved, the median of the rounds."""
    spent: list[list[float]] = [[] for _ in scale.stored]
    with ExitStack() as kept, helper("bench.sink") as sink:
        folders = [kept.enter_context(data_folder()) for _ in scale.stored]
        for folder, count in zip(folders, scale.stored, strict=True):
            with platform(folder):
                pass
            prefill(folder, count)
        for _ in range(scale.rounds):
            for place, folder in enumerate(folders):
                spent[place].append(_cpu_of_a_round(folder, sink, scale.per_round))
    medians = [statistics.median(each) for each in spent]
    for count, median in zip(scale.stored, medians, strict=True):
        yield Row(f"CPU per request at {count:,} stored", f"{1e6 * median:.0f} us")
    spread = max(medians) / min(medians) - 1
    yield Row("  spread over the sizes", f"{100 * spread:.0f} %", "<= 20 %")


def _cpu_of_a_round(folder: Path, sink: int, count: int) -> float:
    with platform(folder) as running:
        known = [balance_query(running.token, credentials(running.certificate, 1)[0], sink)]
        load(running.port, known, 0.5, rate=1_000)
        drained(running)
        before, done = running.cpu_seconds(), running.metric("salio_requests_acknowledged_total")
        load(running.port, known, count / 2_000 - 1, rate=2_000)
        drained(running)
        requests = running.metric("salio_requests_acknowledged_total") - done
        return (running.cpu_seconds() - before) / requests


ALL: Mapping[str, Callable[[Scale], Iterator[Row]]] = {
    "throughput": throughput,
    "payments": payments,
    "customers": customer_payments,
    "transfers": transfers,
    "memory": memory,
    "cpu": cpu,
}
