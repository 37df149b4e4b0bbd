"""``python -m bench.postgres``: several processes on one PostgreSQL, beside what that server does alone.

Everything in one run on one server: `pgbench` first, then groups of rows by UNNEST as the platform writes
them, then one of each process, then two gateways. ``--quick`` takes a minute, the whole about four.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import asyncpg  # type: ignore[import-untyped] # it brings no types

from bench.bodies import balance_query, credentials
from bench.cluster import Cluster, cluster, server, tpc_b
from bench.load import Load
from bench.machine import describe
from bench.rows import Row, load
from bench.servers import helper, sink_count

CONNECTIONS = 64
"""Of callers, over all gateways."""
GROUP = 128
"""Rows in a group, as a busy gateway makes them."""
TABLE = "CREATE TABLE ceiling (number bigint PRIMARY KEY, words text NOT NULL)"
INSERT = "INSERT INTO ceiling SELECT * FROM unnest($1::bigint[], $2::text[])"
WORDS = "w" * 400
"""As long as a request is."""


def main() -> None:
    """Prints a table row for each figure."""
    parser = argparse.ArgumentParser(prog="python -m bench.postgres", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short runs")
    seconds = 5 if parser.parse_args().quick else 20
    print(describe())
    for row in figures(seconds):
        print(f"{row.name:<66}{row.value:>14}", flush=True)


def figures(seconds: int) -> Iterator[Row]:
    """Each measured on the same server, one after another."""
    with server() as url:
        yield Row("PostgreSQL", asyncio.run(_version(url)))
        yield Row("pgbench, TPC-B-like, transactions a second", f"{tpc_b(url, seconds):,.0f}")
        asyncio.run(_rest(url))
        rows = asyncio.run(_ceiling(url, seconds))
        yield Row(f"rows a second, one connection, UNNEST groups of {GROUP}, durable", f"{rows:,.0f}")
        with helper("bench.sink") as sink:
            for gateways in (1, 2):
                asyncio.run(_rest(url))
                with cluster(url, gateways) as running:
                    yield from _throughput(running, sink, seconds)


async def _version(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()


async def _rest(url: str) -> None:
    """What went before is not to be paid for by what follows."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


async def _ceiling(url: str, seconds: float) -> float:
    """One group after another, each in a transaction of its own."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(TABLE)
        insert, words, number = await connection.prepare(INSERT), [WORDS] * GROUP, 0
        began = time.perf_counter()
        while time.perf_counter() - began < seconds:
            await insert.fetch(range(number, number + GROUP), words)
            number += GROUP
        return number / (time.perf_counter() - began)
    finally:
        await connection.close()


def _throughput(running: Cluster, sink: int, seconds: float) -> Iterator[Row]:
    """Acknowledgements and deliveries at saturation, the callers spread over the gateways."""
    known = [balance_query(running.token, each, sink) for each in credentials(running.certificate, 1)]
    each_has = CONNECTIONS // len(running.ports)

    def saturate(port: int) -> Load:
        return load(port, known, seconds, connections=each_has)

    counted, began = sink_count(sink), time.perf_counter()
    with ThreadPoolExecutor() as threads:
        loads = list(threads.map(saturate, running.ports))
    delivered = (sink_count(sink) - counted) / (time.perf_counter() - began)
    backlog = running.waiting()
    named = "one of each process" if len(loads) == 1 else f"{len(loads)} gateways"
    yield Row(f"{named}: acknowledged a second, durable", f"{sum(each.per_second for each in loads):,.0f}")
    yield Row(f"  p99 at {CONNECTIONS} connections", f"{max(each.p99 for each in loads):.1f} ms")
    yield Row("  answers other than 200", f"{sum(each.refused for each in loads)}")
    yield Row("  results delivered a second, meanwhile", f"{delivered:,.0f}")
    yield Row("  still waiting when the load ended", f"{backlog}")
    began = time.perf_counter()
    while running.waiting():
        time.sleep(0.2)
    yield Row("  seconds until nothing waited", f"{time.perf_counter() - began:.1f}")


if __name__ == "__main__":
    main()
