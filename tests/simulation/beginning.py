"""What every world begins with: the sandbox's test data, and some apps."""

import sqlite3
from contextlib import closing
from functools import cache

import msgspec

from salio.core.access.apps import App, Throttle
from salio.sandbox.testdata import whole
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import SqliteStore
from tests.simulation.outside import BEGINNING, digest
from tests.stores import in_memory


@cache
def built() -> whole.TestData:
    """The sandbox's own test data."""
    return whole.build(now=BEGINNING, digest=digest)


@cache
def _filled() -> bytes:
    """Made once, copied for every seed."""
    with closing(in_memory()) as connection:
        with SqliteStore(connection).unit() as unit:
            whole.write(unit, built())
        return connection.serialize()


def environment() -> sqlite3.Connection:
    """A database in memory that holds the test data."""
    connection = connect(":memory:")
    with closing(sqlite3.connect(":memory:")) as template:
        template.deserialize(_filled())
        template.backup(connection)
    return connection


def apps() -> list[App]:
    """The test data's own app, and five that reach less."""
    first = whole.testdata_app(
        consumer_key="key-1", secret_digest=digest("secret-1"), secret_sealed=b"", profile="documented"
    )
    reaches: tuple[tuple[str, ...], ...] = (
        ("600000",),
        ("700100",),
        ("700110", "600310"),
        ("600772", "600782", "600992"),
        ("600997", "7001901"),
    )
    others = [
        msgspec.structs.replace(
            first,
            number=number,
            name=f"App {number}",
            consumer_key=f"key-{number}",
            secret_digest=digest(f"secret-{number}"),
            short_codes=frozenset(reach),
            profile="observed" if number % 2 else "documented",
            throttle=Throttle(per_second=5, burst=6, per_day=40) if number == 4 else first.throttle,
        )
        for number, reach in enumerate(reaches, 2)
    ]
    return [first, *others]
