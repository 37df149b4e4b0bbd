"""A delivery process: what it claims, and what it owes to whom."""

import asyncio
import socket
from collections.abc import Collection
from datetime import timedelta

from salio.core.ports import StoreUnavailableError
from salio.core.requests.deliveries import OpenDelivery
from salio.core.requests.outcomes import Conclusion
from salio.core.requests.queries import Request
from salio.delivery.hosts import OutboxSettings
from salio.platform.processes.delivery import MOST_IN_HAND, Delivery
from salio.platform.processes.shared import Shared
from salio.storage.ports import Duty
from salio.storage.postgres.claiming import Claiming
from salio.storage.postgres.connection import waiting
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.postgres.sharing import PostgresTenure
from tests import postgres
from tests.builders import a_balance_query, a_conclusion, accepted
from tests.kill.receiver import Receiver
from tests.patience import PATIENCE


class ShakyClaiming(Claiming):
    """Cannot be read the first time."""

    failures = 1

    def deliveries(
        self, numbers: Collection[int]
    ) -> tuple[list[tuple[Request, Conclusion]], list[OpenDelivery]]:
        """Fails after the claim was committed, once."""
        if self.failures:
            self.failures -= 1
            raise StoreUnavailableError("cut off")
        return super().deliveries(numbers)


class ShakyDatabases(PostgresDatabases):
    """Databases whose deliveries cannot be read the first time."""

    def claiming(self, tenure: PostgresTenure, loop: asyncio.AbstractEventLoop) -> Claiming:
        """Shaky."""
        return ShakyClaiming(super().claiming(tenure, loop)._session, tenure)


async def _delivered(databases: PostgresDatabases, receiver: Receiver, drain: float = 10) -> None:
    """Runs a delivery until the receiver was called."""
    loop, called, stopped = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()

    def tell() -> None:
        loop.call_soon_threadsafe(called.set)

    receiver.on_body = tell
    shared = await waiting(Shared, databases, Duty.DELIVERY, "somebody")
    delivery = Delivery(shared, OutboxSettings(), timedelta(seconds=drain))
    running = asyncio.create_task(delivery.run(stopped, lambda: None))
    try:
        await asyncio.wait_for(called.wait(), PATIENCE)
    finally:
        stopped.set()
        await running
        await waiting(delivery.close)


def test_p2_a_look_that_fails_after_its_claim_is_made_good() -> None:
    """What the store counts as claimed by a living process is delivered by it, and an orderly end waits."""
    url = postgres.empty_database()
    databases = ShakyDatabases(url)
    with Receiver() as receiver:
        query = a_balance_query(result_url=receiver.url("slow", 1))
        store = databases.store()
        with store.unit() as unit:
            unit.add_requests([accepted(1, query=query)])
            unit.add_conclusions([a_conclusion(1)])
        asyncio.run(_delivered(databases, receiver))
        assert len(receiver.callbacks) == 1
        assert store.undelivered() == []
        store.close()


def test_a_receiver_that_hangs_keeps_nobody_waiting() -> None:
    """Though more waits for it than a process takes in hand, and all of that is older."""
    url = postgres.empty_database()
    databases = PostgresDatabases(url)
    with Receiver() as receiver, socket.create_server(("127.0.0.1", 0)) as hanging:
        hung = a_balance_query(result_url=f"http://127.0.0.1:{hanging.getsockname()[1]}/result")
        last = 2 * MOST_IN_HAND
        store = databases.store()
        with store.unit() as unit:
            unit.add_requests([accepted(each, query=hung) for each in range(1, last)])
            unit.add_requests([accepted(last, query=a_balance_query(result_url=receiver.url("ok", 1)))])
            unit.add_conclusions([a_conclusion(each) for each in range(1, last + 1)])
        asyncio.run(_delivered(databases, receiver, drain=0.1))
        store.close()
