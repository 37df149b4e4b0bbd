"""``python -m bench.postgres``: several processes on one PostgreSQL, beside what that server does alone.

Everything in one run on one server: `pgbench` first, then groups of rows by UNNEST as the platform writes
them, then balances by one of each process and by two gateways, then payments. ``--quick`` takes one minute,
the whole about four.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import asyncpg  # type: ignore[import-untyped] # it brings no types

from bench import customers, payments
from bench.bodies import balance_query, credentials, customer_payment, payment
from bench.cluster import Cluster, cluster, server, tpc_b
from bench.load import Load
from bench.machine import describe
from bench.rows import Row, load
from bench.servers import helper, sink_count
from salio.storage.postgres.databases import PostgresDatabases

CALLERS = 64
"""Of each load, over all gateways."""
MANY_CALLERS = 128
"""So many that a gateway has the next group when one is committed."""
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
            for gateways, callers in ((1, CALLERS), (1, MANY_CALLERS), (2, MANY_CALLERS)):
                asyncio.run(_rest(url))
                with cluster(url, f"balances_{gateways}_{callers}", gateways=gateways) as running:
                    yield from _throughput(running, sink, seconds, callers)
            for measure in (_b2c, _c2b):
                asyncio.run(_rest(url))
                yield from measure(url, sink, seconds)


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


def _throughput(running: Cluster, sink: int, seconds: float, callers: int) -> Iterator[Row]:
    """Acknowledgements and deliveries at saturation, the callers spread over the gateways."""
    known = [balance_query(running.token, each, sink) for each in credentials(running.certificate, 1)]
    named = "one of each process" if len(running.ports) == 1 else f"{len(running.ports)} gateways"
    yield from _saturated(running, sink, known, seconds, f"{named}, {callers} callers: balances", callers)


def _b2c(url: str, sink: int, seconds: float) -> Iterator[Row]:
    """Payments to customers with charges, one of each process; and the books afterwards."""
    with cluster(url, "b2c", fill=payments.fund_payer) as running:
        with closing(PostgresDatabases(running.url).store()) as store:
            earned = payments.earned_in(store)
        (credential,) = credentials(running.certificate, 1)
        bodies = [
            payment(running.token, credential, sink, payments.PAYER, each, payments.CENTS)
            for each in payments.CUSTOMERS
        ]
        counted = sink_count(sink)
        yield from _saturated(running, sink, bodies, seconds, "one of each process: B2C with charges")
        with closing(PostgresDatabases(running.url).store()) as store:
            lost = payments.astray(store, sink_count(sink) - counted, earned)
        yield Row("  cents that are not where they should be", f"{lost}", "0")


def _c2b(url: str, sink: int, seconds: float) -> Iterator[Row]:
    """Payments of customers with confirmation, one of each process; and the books afterwards."""
    with cluster(url, "c2b", fill=customers.fund_customers) as running:
        with closing(PostgresDatabases(running.url).store()) as store:
            before = customers.received_in(store)
        customers.register(running.ports[0], running.token, sink)
        bodies = [
            customer_payment(running.token, customers.RECEIVER, each, customers.CENTS)
            for each in payments.CUSTOMERS
        ]
        counted = sink_count(sink)
        yield from _saturated(running, sink, bodies, seconds, "one of each process: C2B with confirmation")
        with closing(PostgresDatabases(running.url).store()) as store:
            lost = customers.astray(store, sink_count(sink) - counted, before)
        yield Row("  cents that are not where they should be", f"{lost}", "0")


def _saturated(
    running: Cluster, sink: int, requests: list[bytes], seconds: float, named: str, callers: int = CALLERS
) -> Iterator[Row]:
    each_has = callers // len(running.ports)

    def saturate(port: int) -> Load:
        return load(port, requests, seconds, connections=each_has)

    counted, began = sink_count(sink), time.perf_counter()
    with ThreadPoolExecutor() as threads:
        loads = list(threads.map(saturate, running.ports))
    delivered = (sink_count(sink) - counted) / (time.perf_counter() - began)
    backlog = running.waiting()
    rate = sum(each.per_second for each in loads)
    yield Row(f"{named}, acknowledged a second, durable", f"{rate:,.0f}")
    yield Row(f"  p99 at {callers} connections", f"{max(each.p99 for each in loads):.1f} ms")
    yield Row("  refused or declined", f"{sum(each.refused for each in loads)}")
    yield Row("  delivered a second, meanwhile", f"{delivered:,.0f}")
    yield Row("  still waiting when the load ended", f"{backlog}")
    began = time.perf_counter()
    while running.waiting():
        time.sleep(0.2)
    yield Row("  seconds until nothing waited", f"{time.perf_counter() - began:.1f}")


if __name__ == "__main__":
    main()
