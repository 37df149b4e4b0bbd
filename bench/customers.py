"""Payments of customers: paid and confirmed, without external validation and with it; and the books."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection

from bench.bodies import customer_payment
from bench.payments import CUSTOMERS, available, open_accounts, post
from bench.rows import Row, Scale, data_folder, drained, load
from bench.servers import helper, platform, sink_count
from bench.stores import AnyStore, store_in
from bench.transfers import ceiling, rows_in_file
from salio.core.ledger.accounts import KES, PLATFORM_HOLDER, AccountKind, Bucket
from salio.core.ledger.book import Book
from salio.core.ledger.postings import Entry

RECEIVER = "600984"
CENTS = 100
FUNDS = 10**9
"""Cents for each customer: more than it could pay in an hour."""


def customer_payments(scale: Scale) -> Iterator[Row]:
    """C2B at saturation, end to end."""
    for validated, wanted in ((False, ">= 3,500"), (True, ">= 1,500")):
        with data_folder() as data, helper("bench.sink") as sink:
            with platform(data):
                pass
            with closing(store_in(data)) as store:
                fund_customers(store)
                before = received_in(store)
            with platform(data) as running:
                register(running.port, running.token, sink)
                if validated:
                    _validate(running.port, running.token)
                bodies = [customer_payment(running.token, RECEIVER, each, CENTS) for each in CUSTOMERS]
                counted, began = sink_count(sink), time.perf_counter()
                saturated = load(running.port, bodies, scale.seconds)
                posts = sink_count(sink) - counted
                each = 2 if validated else 1
                confirmed = posts / each / (time.perf_counter() - began)
                drained(running)
            paid = (sink_count(sink) - counted) // each
            with closing(store_in(data)) as store:
                lost = astray(store, paid, before)
            name = "with validation" if validated else "with confirmation"
            yield Row(f"C2B {name}, acknowledged a second, durable", f"{saturated.per_second:,.0f}")
            yield Row("  p99 at 64 connections", f"{saturated.p99:.1f} ms")
            yield Row("  refused or declined", f"{saturated.refused}", "0")
            yield Row("  paid and confirmed a second, meanwhile", f"{confirmed:,.0f}", wanted)
            yield Row("  cents that are not where they should be", f"{lost}", "0")
            if not validated:
                yield ceiling("SQLite", rows_in_file(data / "ceiling.db", scale.seconds / 2))


def register(port: int, token: str, sink: int) -> None:
    """Where the organization is told of payments, and asked."""
    url = f"http://127.0.0.1:{sink}/paid"
    registration = {
        "ShortCode": RECEIVER,
        "ResponseType": "Cancelled",
        "ConfirmationURL": url,
        "ValidationURL": url,
    }
    _post(port, "/mpesa/c2b/v2/registerurl", registration, token)


def _validate(port: int, token: str) -> None:
    """The organization is asked first."""
    _post(port, "/_salio/registrations/validation", {"short_code": RECEIVER, "validated": True}, token)


def _post(port: int, path: str, body: Mapping[str, object], token: str) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    with closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()


def fund_customers(store: AnyStore) -> None:
    """Customers with money to spend."""
    open_accounts(store)
    book = Book(*store.accounts())
    trust = book.account(PLATFORM_HOLDER, AccountKind.TRUST)
    assert trust is not None
    held = [book.account(each, AccountKind.CUSTOMER) for each in CUSTOMERS]
    entries = [Entry(each.number, Bucket.AVAILABLE, FUNDS) for each in held if each is not None]
    post(store, (Entry(trust.number, Bucket.AVAILABLE, -FUNDS * len(entries)), *entries))


def received_in(store: AnyStore) -> int:
    """Cents that the organization has."""
    return available(Book(*store.accounts()), RECEIVER, AccountKind.UTILITY)


def astray(store: AnyStore, paid: int, before: int) -> int:
    """Cents by which the books differ from what so many payments come to; it had ``before`` them."""
    return abs(received_in(store) - before - paid * CENTS) + abs(Book(*store.accounts()).total(KES))
