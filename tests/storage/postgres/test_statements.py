"""Pages of a statement on PostgreSQL go by an index, however long the journal is."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from salio.core.ledger.statement import Selection
from salio.storage.journal import compiled
from salio.storage.postgres.connection import Session
from salio.storage.postgres.databases import PostgresDatabases
from salio.storage.postgres.journal import _DIALECT
from salio.storage.rows import Row
from salio.storage.statements import Statement
from tests import postgres
from tests.builders import MSISDN, NOW, OTHER_SHORT_CODE
from tests.storage.posted import UTILITY, write

SELECTIONS = {
    "all of it": Selection(account=UTILITY),
    "a span": Selection(
        account=UTILITY, since=NOW + timedelta(minutes=20), until=NOW + timedelta(minutes=900)
    ),
    "a party": Selection(account=UTILITY, party=OTHER_SHORT_CODE),
    "a customer": Selection(account=UTILITY, party=MSISDN),
    "a customer, newest first": Selection(account=UTILITY, party=MSISDN, newest_first=True),
}


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    """Of a journal of some length, as readers have it."""
    url = postgres.empty_database()
    with closing(PostgresDatabases(url).store()) as store:
        write(store, count=1_500, customers=True)
    with closing(Session(url, "sandbox", read_only=True)) as session:
        yield session


@pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS)
def test_no_look_walks_along_the_journal(session: Session, selection: Selection) -> None:
    """The least number of a posting's entries is looked for among them, not among all."""
    plans: list[str] = []

    def run(query: Any) -> list[Row]:
        statement, values = compiled(query, _DIALECT)
        plans.append("\n".join(row[0] for row in session.fetch(f"EXPLAIN {statement}", *values)))
        return [tuple(row) for row in session.fetch(statement, *values)]

    statement = Statement(run, selection, by_era=False)
    assert statement.page(after=700 if selection.newest_first else 362, most=5)
    for plan in plans:
        assert "Seq Scan on entry" not in plan, plan
        assert not re.search(r"entry_pkey on entry .*\n +Filter: \(posting = ", plan), plan
