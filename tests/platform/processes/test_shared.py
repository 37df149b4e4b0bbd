"""What every process of a shared environment follows."""

import asyncio
import threading

from salio.platform.processes.shared import Shared
from salio.storage.ports import Duty
from salio.storage.postgres.access import PostgresAccessStore
from salio.storage.postgres.connection import Session, waiting
from salio.storage.postgres.databases import PORTAL, PostgresDatabases
from tests import postgres


class SilentAccess(PostgresAccessStore):
    """Is not answered until it is told that it is."""

    def __init__(self, session: Session, answered: threading.Event) -> None:
        super().__init__(session)
        self._answered = answered

    def version(self) -> int:
        """Waits as for a server that says nothing on this connection alone."""
        self._answered.wait()
        return super().version()


class SilentDatabases(PostgresDatabases):
    """Databases whose revocations cannot be seen at first."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.answered = threading.Event()

    def access(self) -> PostgresAccessStore:
        """Silent."""
        return SilentAccess(Session(self.url, PORTAL), self.answered)


async def _told(databases: SilentDatabases) -> list[str]:
    """What happens when the look for revocations is not answered, and then is."""
    told: asyncio.Queue[str] = asyncio.Queue()
    shared = await waiting(Shared, databases, Duty.GATEWAY, "somebody")
    following = asyncio.create_task(
        shared.follow(lambda: told.put_nowait("read again"), lambda: told.put_nowait("lost"))
    )
    first = await told.get()
    databases.answered.set()
    second = await told.get()
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    await waiting(shared.close)
    return [first, second]


def test_a6_a_silent_server_keeps_no_token_alive() -> None:
    """What cannot be seen within half a second is honoured no more, until it is seen again."""
    assert asyncio.run(_told(SilentDatabases(postgres.empty_database()))) == ["lost", "read again"]
