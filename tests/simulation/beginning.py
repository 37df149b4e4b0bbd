"""What every world begins with: the sandbox's test data, and some apps."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache
from random import Random

import msgspec

from salio.core.access.apps import App, Throttle
from salio.core.parties.organizations import OrganizationKind
from salio.core.parties.registration import DefaultAction, Registration
from salio.sandbox.testdata import whole
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import SqliteStore
from tests.simulation.asks import REGISTER_PATH, Ask
from tests.simulation.clients import Writer
from tests.simulation.outside import BEGINNING, digest
from tests.simulation.trade import Trade
from tests.stores import in_memory

NOT_ASKED = frozenset({"174379", "600134", "600782", "600979", "700110", "7001201"})
"""All others that customers pay have external validation switched on."""
REVERSIBLE = (("PDU91HIVIT", "603021", "200"), ("SKC82PACB8", "600992", "1"))
"""Receipt, short code and shillings of the Reversal page's originals."""


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
            unit.save_registrations([_registration(each) for each in registered()])
        return connection.serialize()


def registered() -> list[Ask]:
    """Who is asked before its customers pay, as if they had registered before the beginning."""
    paid = (each for each in built().organizations if each.kind is not OrganizationKind.B2C)
    asked = sorted({each.short_code for each in paid} - NOT_ASKED)
    return [
        Ask(
            f"before {-place}",
            1,
            REGISTER_PATH,
            {
                "ShortCode": short_code,
                "ResponseType": ("Completed", "Cancelled")[place % 2],
                "ConfirmationURL": f"http://one.test/inbox/{short_code}",
                "ValidationURL": f"http://two.test:8080/inbox/{short_code}",
            },
        )
        for place, short_code in enumerate(asked, 1)
    ]


def _registration(ask: Ask) -> Registration:
    return Registration(
        short_code=ask.party,
        default_action=DefaultAction(ask.members["ResponseType"]),
        confirmation_url=ask.members["ConfirmationURL"],
        validation_url=ask.members["ValidationURL"],
        validated=True,
        instructs=int(ask.party) % 2 == 0,
    )


def writer(seed: int, messages: Callable[[], Sequence[tuple[str, str, str]]]) -> Writer:
    """The organizations of a world; ``messages`` are their customers'."""
    data, chance = built(), Random(f"clients {seed}")
    kinds = {each.short_code: each.kind.value for each in data.organizations}
    return Writer(
        chance,
        data.initiators,
        [
            (each.receipt, each.originator_conversation_id or "", each.debit_party, each.credit_party)
            for each in data.transactions
        ],
        sorted(kinds),
        Trade(Random(f"trade {seed}"), kinds, [each.msisdn for each in data.customers], REVERSIBLE, messages),
    )


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
