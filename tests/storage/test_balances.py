"""What an entry keeps beside its cents: its account's balance after it, its kind and its parties."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from salio.core.ledger.accounts import Account, AccountKind, Bucket
from salio.core.ledger.postings import Entry, Posting, changes_of
from salio.core.transactions.kinds import TransactionKind
from salio.storage import rows
from salio.storage.migrate import migrate, upgrade
from salio.storage.postgres.connection import Session
from salio.storage.postgres.migrate import migrate as migrate_postgres
from tests import postgres
from tests.builders import MSISDN, NOW, SHORT_CODE, a_transaction
from tests.storage.conftest import Place
from tests.storage.samples import TRUST, WORKING
from tests.stores import seed

CUSTOMER = Account(number=3, holder=MSISDN, kind=AccountKind.CUSTOMER)
OPENING = Posting(
    number=1,
    at=NOW,
    narrative="opening",
    entries=(
        Entry(1, Bucket.AVAILABLE, -700),
        Entry(2, Bucket.AVAILABLE, 500),
        Entry(2, Bucket.UNCLEARED, 200),
    ),
)
PAYING = a_transaction(
    receipt="UHG0000002", kind=TransactionKind.B2C, debit_party=SHORT_CODE, credit_party=MSISDN, cents=100
)
PAYMENT = Posting(
    number=2,
    at=NOW,
    narrative="payment",
    entries=(
        Entry(2, Bucket.AVAILABLE, -100),
        Entry(3, Bucket.AVAILABLE, 100),
        Entry(2, Bucket.AVAILABLE, -5),
        Entry(1, Bucket.AVAILABLE, 5),
    ),
    receipt=PAYING.receipt,
    kind=PAYING.kind,
    parties=(PAYING.debit_party, PAYING.credit_party),
)
RESERVATION = Posting(
    number=3,
    at=NOW,
    narrative="reservation",
    entries=(Entry(2, Bucket.AVAILABLE, -50), Entry(2, Bucket.RESERVED, 50)),
)
KEPT = """
    SELECT account, cents, balance, kind, payer, payee
    FROM entry JOIN posting ON posting.number = posting ORDER BY entry.number"""
NOBODY = (None, None, None)
PAID = ("B2C", SHORT_CODE, MSISDN)
EXPECTED = [
    (1, -700, -700, *NOBODY),
    (2, 500, 500, *NOBODY),
    (2, 200, 500, *NOBODY),
    (2, -100, 400, *PAID),
    (3, 100, 100, *PAID),
    (2, -5, 395, *PAID),
    (1, 5, -695, *PAID),
    (2, -50, 345, *NOBODY),
    (2, 50, 395, *NOBODY),
]


@pytest.mark.parametrize("together", [True, False], ids=["one commit", "three"])
def test_each_entry_has_the_balance_after_it(place: Place, *, together: bool) -> None:
    """Of its account, available and reserved together, however many entries one commit brings."""
    store = place.open()
    seed(store, accounts=[TRUST, WORKING, CUSTOMER])
    postings = [OPENING, PAYMENT, RESERVATION]
    for commit in [postings] if together else [[each] for each in postings]:
        with store.unit() as unit:
            unit.add_postings(commit, changes_of(commit))
    assert place.rows(KEPT) == EXPECTED


# --- the revision that adds them ---------------------------------------------------------------------------

ADD_ACCOUNT = "INSERT INTO account VALUES ({}, '{}', '{}', 'KES', 0, 0, 0)"
ADD_POSTING = "INSERT INTO posting (number, at, narrative, receipt) VALUES ({}, {}, '{}', {})"
ADD_TRANSACTION = "INSERT INTO transaction_ VALUES ('{}', '{}', '{}')"
ADD_ENTRIES = "INSERT INTO entry (posting, account, bucket, cents) VALUES {}"
ENTRY_BEFORE = "({}, {}, '{}', {})"


def as_before(*postings: Posting) -> list[str]:
    """The statements of a program that knows nothing of balances."""
    added = []
    for each in postings:
        receipt = f"'{each.receipt}'" if each.receipt else "NULL"
        added.append(ADD_POSTING.format(each.number, rows.instant(each.at), each.narrative, receipt))
        entries = [
            ENTRY_BEFORE.format(each.number, entry.account, entry.bucket.value, entry.cents)
            for entry in each.entries
        ]
        added.append(ADD_ENTRIES.format(", ".join(entries)))
    return added


def parties_before() -> list[str]:
    """Accounts, and the transaction, which is written before its posting."""
    accounts = [
        ADD_ACCOUNT.format(each.number, each.holder, each.kind.value) for each in (TRUST, WORKING, CUSTOMER)
    ]
    return [*accounts, ADD_TRANSACTION.format(*rows.transaction_row(PAYING))]


def test_an_older_file_is_filled(tmp_path: Path) -> None:
    """And its journal is as guarded as before."""
    path = tmp_path / "sandbox.db"
    upgrade(path, "environment", "0007")
    with closing(sqlite3.connect(path)) as connection, connection:
        for each in [*parties_before(), *as_before(OPENING, PAYMENT, RESERVATION)]:
            connection.execute(each)
    migrate(path, "environment")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(KEPT).fetchall() == EXPECTED
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("UPDATE entry SET balance = 0")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute("UPDATE posting SET payer = NULL")


def test_an_older_server_is_filled_and_what_an_older_program_adds() -> None:
    """It goes on beside the new schema: what it does not write is written for it."""
    url = postgres.new_database()
    migrate_postgres(url, "sandbox", "environment", "0007")
    with closing(Session(url, "sandbox")) as session:
        for each in [*parties_before(), *as_before(OPENING)]:
            session.execute(each)
    migrate_postgres(url, "sandbox", "environment")
    with closing(Session(url, "sandbox")) as session:
        for each in as_before(PAYMENT, RESERVATION):
            session.execute(each)
        assert [tuple(row) for row in session.fetch(KEPT)] == EXPECTED
        with pytest.raises(Exception, match="append-only"):
            session.execute("UPDATE entry SET balance = 0")
    postgres.drop_database(url)
