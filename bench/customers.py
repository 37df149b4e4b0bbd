"""Payments of customers: paid and confirmed, without external validation and with it; and the books."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from bench.bodies import customer_payment
from bench.payments import CUSTOMERS, available, book_of, open_accounts
from bench.rows import Row, Scale, data_folder, drained, load
from bench.servers import helper, platform, sink_count
from salio.core.ledger.accounts import KES, PLATFORM_HOLDER, AccountKind, Bucket
from salio.core.ledger.postings import Entry, Posting, changes_of
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import SqliteStore

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
            _fund(data)
            before = available(book_of(data), RECEIVER, AccountKind.UTILITY)
            with platform(data) as running:
                _register(running.port, running.token, sink, validated=validated)
                bodies = [customer_payment(running.token, RECEIVER, each, CENTS) for each in CUSTOMERS]
                counted, began = sink_count(sink), time.perf_counter()
                saturated = load(running.port, bodies, scale.seconds)
                posts = sink_count(sink) - counted
                each = 2 if validated else 1
                confirmed = posts / each / (time.perf_counter() - began)
                drained(running)
            paid = (sink_count(sink) - counted) // each
            book = book_of(data)
            astray = available(book, RECEIVER, AccountKind.UTILITY) - before - paid * CENTS
            name = "with validation" if validated else "with confirmation"
            yield Row(f"C2B {name}, acknowledged a second, durable", f"{saturated.per_second:,.0f}")
            yield Row("  p99 at 64 connections", f"{saturated.p99:.1f} ms")
            yield Row("  answers other than 200", f"{saturated.refused}", "0")
            yield Row("  paid and confirmed a second, meanwhile", f"{confirmed:,.0f}", wanted)
            yield Row(
                "  cents that are not where they should be", f"{abs(astray) + abs(book.total(KES))}", "0"
            )


def _register(port: int, token: str, sink: int, *, validated: bool) -> None:
    """Where it is told, and whether the organization is asked."""
    url = f"http://127.0.0.1:{sink}/paid"
    registration = {
        "ShortCode": RECEIVER,
        "ResponseType": "Cancelled",
        "ConfirmationURL": url,
        "ValidationURL": url,
    }
    _post(port, "/mpesa/c2b/v2/registerurl", registration, token)
    _post(port, "/_salio/registrations/validation", {"short_code": RECEIVER, "validated": validated}, token)


def _post(port: int, path: str, body: Mapping[str, object], token: str) -> None:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    with closing(HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()


def _fund(folder: Path) -> None:
    """Customers with money to spend."""
    with closing(SqliteStore(connect(folder / "sandbox.db"))) as store:
        open_accounts(store)
    book = book_of(folder)
    trust = book.account(PLATFORM_HOLDER, AccountKind.TRUST)
    assert trust is not None
    held = [book.account(each, AccountKind.CUSTOMER) for each in CUSTOMERS]
    entries = [Entry(each.number, Bucket.AVAILABLE, FUNDS) for each in held if each is not None]
    posting = Posting(
        number=1_000_000,
        at=datetime.now(UTC),
        narrative="for the benchmark",
        entries=(Entry(trust.number, Bucket.AVAILABLE, -FUNDS * len(entries)), *entries),
    )
    with closing(SqliteStore(connect(folder / "sandbox.db"))) as store, store.unit() as unit:
        unit.add_postings([posting], changes_of([posting]))
