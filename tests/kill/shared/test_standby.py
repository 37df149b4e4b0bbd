"""The primary dies with its disk, under load: nothing acknowledged is lost with it (P1 to P5)."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from salio.core.parties.customers import Customer
from salio.storage.postgres.databases import PostgresDatabases
from tests.kill.receiver import Receiver
from tests.kill.shared.books import look
from tests.kill.shared.staging import staging as working
from tests.kill.shared.staging import wait
from tests.kill.shared.standby import paired
from tests.patience import PATIENCE, until
from tests.proof import proof_times

FAILOVERS = 20 if proof_times() else 3
CUSTOMER = Customer(msisdn="254712345678", name="Jane Doe")


def waiting(url: str) -> set[int]:
    """The processes of the server whose commit waits for the standby."""
    found = look(url, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
    return {row["pid"] for row in found}


@pytest.mark.slow
def test_p1_a_commit_that_was_cut_off_is_told_when_the_standby_has_it() -> None:
    """The primary says at once that it is committed; but it may die, and nobody else would know of it."""
    with paired() as pair:
        databases = PostgresDatabases(pair.url)
        databases.migrate()
        with closing(databases.store()) as store, ThreadPoolExecutor(1) as pool:

            def write() -> None:
                with store.unit() as unit:
                    unit.add_customers([CUSTOMER])

            with pair.silent():
                written = pool.submit(write)
                (cut_off,) = until("it waits for the standby", lambda: waiting(pair.url))
                look(pair.url, f"SELECT pg_terminate_backend({cut_off})")
                until(
                    "it is told, or asks and waits",
                    lambda: written.done() or waiting(pair.url) - {cut_off},
                )
                assert not written.done()
            written.result(PATIENCE)
        assert look(pair.url, "SELECT msisdn FROM customer") == [{"msisdn": CUSTOMER.msisdn}]


@pytest.mark.slow
def test_p2_p3_no_failover_loses_an_acknowledged_request(tmp_path: Path, receiver: Receiver) -> None:
    """The standby takes over at the primary's address: two gateways, two cores and two deliveries go on."""
    chance = random.Random(0)
    with paired() as pair, working(pair, tmp_path, receiver) as staging:
        with staging.load():
            for _ in range(FAILOVERS):
                staging.until_promised(chance.randint(100, 400))
                staging.crash(chance.choice([0.0, 0.5]))
                wait(chance.random())
            staging.until_promised(100)
        found = staging.settle()
        assert found.acknowledged > 100 * FAILOVERS
        assert pair.failovers == FAILOVERS
        staging.supervisor.end()
