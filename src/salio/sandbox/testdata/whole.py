"""The test data as a whole: built from the tables, and written at a sandbox's first start."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from salio.core.access.apps import UNTHROTTLED, App, Product
from salio.core.ledger.accounts import Account, Balance
from salio.core.ledger.postings import Posting
from salio.core.ledger.tariffs import LimitRow, TariffBand
from salio.core.parties.customers import Customer
from salio.core.parties.operators import Operator
from salio.core.parties.organizations import Organization
from salio.core.transactions.transaction import Transaction
from salio.sandbox.testdata import books, operators, parties, tariffs, transactions
from salio.sandbox.testdata.operators import Initiator

APP_NUMBER = 1
"""The test data's own app."""


class TestData(msgspec.Struct, frozen=True, kw_only=True):
    """What a new sandbox begins with. ``balances`` are those after the postings, by account number."""

    __test__ = False  # a name that pytest would collect

    organizations: tuple[Organization, ...]
    customers: tuple[Customer, ...]
    operators: tuple[Operator, ...]
    accounts: tuple[Account, ...]
    postings: tuple[Posting, ...]
    balances: Mapping[int, Balance]
    transactions: tuple[Transaction, ...]
    initiators: tuple[Initiator, ...]


class SeedUnit(Protocol):
    """What the test data need of the unit that they are written in."""

    def add_organizations(self, organizations: Sequence[Organization]) -> None:
        """Adds organizations, parents before children."""
        ...

    def add_customers(self, customers: Sequence[Customer]) -> None:
        """Adds customers."""
        ...

    def add_operators(self, operators: Sequence[Operator]) -> None:
        """Adds operators."""
        ...

    def add_accounts(self, accounts: Sequence[Account]) -> None:
        """Opens accounts at zero."""
        ...

    def add_postings(self, postings: Sequence[Posting], changes: Mapping[int, Balance]) -> None:
        """Appends to the journal and adds the changes to the balances."""
        ...

    def add_tariffs(self, bands: Sequence[TariffBand], limits: Sequence[LimitRow]) -> None:
        """Adds bands of tariffs, and limits."""
        ...

    def add_transactions(self, transactions: Sequence[Transaction]) -> None:
        """Adds transactions."""
        ...


def build(*, now: datetime, digest: Callable[[str], bytes]) -> TestData:
    """The test data; passwords are set and used some days before ``now``, all else has fixed dates."""
    organizations, customers = parties.organizations(), parties.customers()
    names = {each.short_code: each.name for each in organizations}
    names |= {each.msisdn: each.name for each in customers}
    known = transactions.transactions(names)
    shown = books.accounts(organizations, customers)
    journal = books.postings(shown, organizations, known)
    return TestData(
        organizations=organizations,
        customers=customers,
        operators=operators.operators(organizations, now, digest),
        accounts=tuple(account for account, _ in shown),
        postings=journal,
        balances=books.balances(shown, journal),
        transactions=known,
        initiators=operators.initiators(organizations),
    )


def write(unit: SeedUnit, data: TestData) -> None:
    """Writes all of it into one unit, so that a sandbox has the whole or nothing."""
    unit.add_organizations(data.organizations)
    unit.add_customers(data.customers)
    unit.add_operators(data.operators)
    unit.add_accounts(data.accounts)
    unit.add_postings(data.postings, data.balances)  # every account is at zero before
    unit.add_tariffs(*tariffs.rows())
    unit.add_transactions(data.transactions)


def testdata_app(*, consumer_key: str, secret_digest: bytes, secret_sealed: bytes, profile: str) -> App:
    """The one app: every product, every short code of the test data, no throttle."""
    return App(
        number=APP_NUMBER,
        name="Salio test app",
        consumer_key=consumer_key,
        secret_digest=secret_digest,
        secret_sealed=secret_sealed,
        products=frozenset(Product),
        short_codes=parties.short_codes(),
        profile=profile,
        throttle=UNTHROTTLED,
    )
