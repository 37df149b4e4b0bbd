"""Payments to customers, with charges: acknowledged, posted, delivered; and where each shilling is then."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

from bench.bodies import credentials, payment
from bench.prefill import GROUP
from bench.rows import Row, Scale, data_folder, drained, load
from bench.servers import helper, platform, sink_count
from bench.stores import AnyStore, store_in
from bench.transfers import ceiling, rows_in_file
from salio.core.ledger.accounts import KES, PLATFORM_HOLDER, Account, AccountKind, Bucket
from salio.core.ledger.book import Book
from salio.core.ledger.postings import Entry, Posting, changes_of
from salio.core.parties.customers import Customer

PAYER = "600310"
CENTS, CHARGE = 15_000, 500
CUSTOMERS = [f"2541{number:08}" for number in range(1_000)]
"""So many that nobody receives more in a day than a customer may."""
FUNDS = 10**12
"""Cents: more than all of them could be paid in an hour."""


def payments(scale: Scale) -> Iterator[Row]:
    """B2C at saturation, end to end, and the books afterwards."""
    with data_folder() as data, helper("bench.sink") as sink, helper("bench.bare") as bare:
        with platform(data):
            pass
        with closing(store_in(data)) as store:
            fund_payer(store)
            earned = earned_in(store)
        with platform(data) as running:
            (credential,) = credentials(running.certificate, 1)
            bodies = [payment(running.token, credential, sink, PAYER, each, CENTS) for each in CUSTOMERS]
            answers = load(bare, bodies, scale.seconds / 2).per_second
            counted, began = sink_count(sink), time.perf_counter()
            saturated = load(running.port, bodies, scale.seconds)
            delivered = (sink_count(sink) - counted) / (time.perf_counter() - began)
            drained(running)
        paid = sink_count(sink) - counted  # what was under way has ended with the platform
        with closing(store_in(data)) as store:
            lost = astray(store, paid, earned)
        yield ceiling("SQLite", rows_in_file(data / "ceiling.db", scale.seconds / 2))
        yield Row("bare server, answers a second", f"{answers:,.0f}")
        yield Row("B2C with charges, acknowledged a second, durable", f"{saturated.per_second:,.0f}")
        yield Row("  p99 at 64 connections", f"{saturated.p99:.1f} ms")
        yield Row("  refused or declined", f"{saturated.refused}", "0")
        yield Row("  posted and delivered a second, meanwhile", f"{delivered:,.0f}", ">= 3,500")
        yield Row("  of the bare server", f"{delivered / answers:.3f}")
        yield Row("  cents that are not where they should be", f"{lost}", "0")


def fund_payer(store: AnyStore) -> None:
    """More customers, each with an account, and money for whoever pays them."""
    open_accounts(store)
    book = Book(*store.accounts())
    trust, utility = (
        book.account(PLATFORM_HOLDER, AccountKind.TRUST),
        book.account(PAYER, AccountKind.UTILITY),
    )
    assert trust is not None
    assert utility is not None
    entries = (
        Entry(trust.number, Bucket.AVAILABLE, -FUNDS),
        Entry(utility.number, Bucket.AVAILABLE, FUNDS),
    )
    post(store, entries)


def post(store: AnyStore, entries: tuple[Entry, ...]) -> None:
    """Money that is there before anything is measured."""
    posting = Posting(
        number=store.next_posting_number(),
        at=datetime.now(UTC),
        narrative="for the benchmark",
        entries=entries,
    )
    with store.unit() as unit:
        unit.add_postings([posting], changes_of([posting]))


def open_accounts(store: AnyStore) -> None:
    """An account for each customer, with nothing in it."""
    known, _ = store.accounts()
    first = max(each.number for each in known) + 1
    for start in range(0, len(CUSTOMERS), GROUP):
        group = CUSTOMERS[start : start + GROUP]
        opened = [
            Account(number=first + start + place, holder=each, kind=AccountKind.CUSTOMER)
            for place, each in enumerate(group)
        ]
        with store.unit() as unit:
            unit.add_customers([Customer(msisdn=each, name="Jane Doe") for each in group])
            unit.add_accounts(opened)


def earned_in(store: AnyStore) -> int:
    """Cents of charges that were ever paid to the platform."""
    return available(Book(*store.accounts()), PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE)


def astray(store: AnyStore, paid: int, earned: int) -> int:
    """Cents by which the books differ from what so many payments come to; ``earned`` before them."""
    book = Book(*store.accounts())
    received = sum(available(book, each, AccountKind.CUSTOMER) for each in CUSTOMERS)
    charged = earned_in(store) - earned
    return abs(book.total(KES)) + abs(received - paid * CENTS) + abs(charged - paid * CHARGE)


def available(book: Book, holder: str, kind: AccountKind) -> int:
    """What that account has available, in cents."""
    account = book.account(holder, kind)
    assert account is not None
    return book.balance(account.number).available
