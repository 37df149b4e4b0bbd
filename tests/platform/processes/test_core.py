"""The deciding process: whom it waits for, and who waits for it."""

import asyncio
import os
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from salio.core.requests.judge import DecisionRules
from salio.core.requests.queries import ExpressPayment, Query
from salio.platform.processes.core import Core
from salio.platform.processes.shared import Shared
from salio.sandbox.testdata.parties import CUSTOMERS
from salio.storage.ports import Duty
from salio.storage.postgres.connection import waiting
from salio.storage.postgres.databases import PostgresDatabases
from salio.vault.credentials import CredentialReader
from salio.vault.receipts import ReceiptMint
from tests.builders import a_balance_query, accepted
from tests.journeys.bodies import MERCHANT
from tests.patience import PATIENCE
from tests.serving import Environment, environment

PHONES = [msisdn for msisdn, _ in CUSTOMERS[:3]]


def prompt(phone: str) -> ExpressPayment:
    """*Have this customer pay.* — who has a minute to answer."""
    return ExpressPayment(
        command="CustomerPayBillOnline",
        party=MERCHANT,
        payer=phone,
        cents=100,
        merchant=MERCHANT,
        phone=phone,
        account_reference="x",
        description=None,
        result_url="http://127.0.0.1:9/result",
    )


async def _undecided_when(last: int, served: Environment) -> list[int]:
    """The requests that wait when this one has been decided."""
    databases, stopped = PostgresDatabases(served.url), asyncio.Event()
    shared = await waiting(Shared, databases, Duty.CORE, "somebody")
    vault = CredentialReader(served.keys, entropy=os.urandom)
    core = Core(shared, vault, ReceiptMint(served.keys), DecisionRules(), most_in_hand=len(PHONES))
    running = asyncio.create_task(core.run(stopped, lambda: None))
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                left = await asyncio.to_thread(undecided, databases)
                if last not in left:
                    return left
    finally:
        stopped.set()
        await running
        await waiting(core.close)


def undecided(databases: PostgresDatabases) -> list[int]:
    """The numbers of requests without a conclusion."""
    with closing(databases.store()) as store:
        return [each.request.number for each in store.undecided()]


def test_customers_who_take_their_time_keep_nobody_waiting(tmp_path: Path) -> None:
    """Though more prompts are shown than a process takes in hand, a later question is decided meanwhile."""
    with environment(tmp_path / "data") as served:
        prompts = [prompt(phone) for phone in PHONES]
        queries: dict[int, Query] = dict(enumerate([*prompts, a_balance_query()], start=1))
        with closing(PostgresDatabases(served.url).store()) as store, store.unit() as unit:
            now = datetime.now(UTC)
            unit.add_requests(
                [accepted(each, query=query, accepted_at=now) for each, query in queries.items()]
            )
        assert asyncio.run(_undecided_when(len(queries), served)) == [1, 2, 3]
