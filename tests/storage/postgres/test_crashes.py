"""The server crashes in the middle of a commit: what is said of it afterwards is true."""

from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from salio.core.ports import StoreUnavailableError
from salio.storage.postgres.databases import PostgresDatabases
from tests.builders import accepted
from tests.kill.shared.server import Server, running

OTHERS = 20
"""More transactions than began before the crash and were never written down."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that writes nothing down but what is committed."""
    with running(wal_writer_delay="10s") as server:
        yield server


def test_p3_p5_another_transaction_of_the_same_number_is_no_proof(server: Server) -> None:
    """A server that crashed gives numbers again that it had not written down: whoever asks by the number
    alone takes another's commit for its own.
    """
    databases = PostgresDatabases(server.url)
    databases.migrate()
    with closing(databases.store()) as store, closing(databases.store()) as others:
        said = False
        with suppress(StoreUnavailableError):
            with store.unit() as unit:
                unit.add_requests([accepted(1)])
                unit.touch()  # all that is left is the COMMIT
                server.crash()
                server.start()
                for _ in range(OTHERS):
                    with others.unit() as another:
                        another.touch()
            said = True
        assert (said, store.undecided()) == (False, [])
