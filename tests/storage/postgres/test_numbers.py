"""Numbers of requests come in blocks, so that no two gateways give out the same."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from salio.core.ports import StoreUnavailableError
from salio.storage.ports import Duty
from salio.storage.postgres.connection import Session
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.postgres.work import BLOCK, Numbers
from tests import postgres
from tests.storage.postgres.wire import Wire, folder_of

ADD = "INSERT INTO request VALUES ($1, 1, 'documented', 'own', 'ours', 0, 0, '{}', NULL)"


@pytest.fixture
def databases() -> PostgresDatabases:
    """Empty ones."""
    return PostgresDatabases(postgres.empty_database())


@pytest.fixture
def numbers(databases: PostgresDatabases) -> Iterator[Numbers]:
    """Of one gateway."""
    with closing(databases.numbers()) as numbers:
        yield numbers


def test_no_number_is_given_twice(databases: PostgresDatabases, numbers: Numbers) -> None:
    """Two gateways have different blocks, and each its own to the end."""
    with closing(databases.numbers()) as others:
        mine = [next(numbers) for _ in range(BLOCK + 1)]
        theirs = [next(others) for _ in range(BLOCK)]
    assert len({*mine, *theirs}) == 2 * BLOCK + 1


def test_numbers_go_on_after_an_outage(tmp_path: Path) -> None:
    """Whoever wanted one meanwhile is told; the next has one."""
    url = postgres.empty_database()
    nowhere = url.replace(str(folder_of(url)), str(tmp_path))
    with closing(Numbers(Session(nowhere, "sandbox"))) as numbers:
        with pytest.raises(StoreUnavailableError):
            next(numbers)
        wire = Wire(folder_of(url), tmp_path)
        assert next(numbers) > 0
        wire.close()


def test_a_process_that_begins_sets_no_block_back(databases: PostgresDatabases, numbers: Numbers) -> None:
    """What was given out of blocks stays where it is: another gateway may take one at the same moment."""
    first = next(numbers)
    with closing(Session(databases.url, "sandbox")) as session:
        session.execute(ADD, first)
        before = session.fetch("SELECT last_value FROM request_block")
        tenure = databases.tenure(Duty.CORE, "somebody")
        tenure.begin()
        tenure.end()
        assert session.fetch("SELECT last_value FROM request_block") == before


def test_blocks_begin_past_the_numbers_of_a_platform_in_one_process(databases: PostgresDatabases) -> None:
    """It counts one by one, and knows of no blocks."""
    with closing(Session(databases.url, "sandbox")) as session:
        highest = int(session.fetch("SELECT last_value FROM request_block")[0][0]) * BLOCK + 7 * BLOCK
        session.execute(ADD, highest)
    tenure = databases.tenure(Duty.GATEWAY, "somebody")
    tenure.begin()
    tenure.end()
    with closing(databases.numbers()) as numbers:
        assert next(numbers) > highest
