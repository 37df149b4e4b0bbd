"""What every store keeps to when money moves: differences, seals, tariffs, and what a start goes on with."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
import pytest

from salio.core.access.registry import AppRegistry
from salio.core.cycle import Cycle
from salio.core.ledger.accounts import AccountKind, Balance, Bucket
from salio.core.ledger.day_totals import DayTotal
from salio.core.ledger.ledger import Ledger
from salio.core.ledger.postings import Entry, Posting, changes_of
from salio.core.ledger.tariffs import Limit, LimitRow, TariffBand
from salio.core.parties.organizations import ChargeBearer
from salio.core.requests.judge import DecisionRules
from salio.core.requests.processor import Processor
from salio.core.requests.registrations import Registrations
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.storage.postgres.store import PostgresStore
from salio.storage.seals import chained, content_of
from tests.builders import (
    MSISDN,
    NOW,
    FakeClock,
    FakeReceipts,
    FakeVault,
    a_conclusion,
    a_payment,
    a_transaction,
    accepted,
    an_app,
    at_once,
)
from tests.core.requests.paying import NUMBERS, settle_down
from tests.storage.conftest import Place
from tests.storage.samples import OPENING, TRUST, WORKING
from tests.stores import AnyStore, seed


def posting(number: int, cents: int, **changes: object) -> Posting:
    """Money out of trust into Working."""
    entries = (Entry(TRUST.number, Bucket.AVAILABLE, -cents), Entry(WORKING.number, Bucket.AVAILABLE, cents))
    made = Posting(number=number, at=NOW, narrative="test", entries=entries, receipt=f"UHG000000{number}")
    return msgspec.structs.replace(made, **changes)


def post(store: AnyStore, *postings: Posting) -> None:
    """One commit."""
    with store.unit() as unit:
        unit.add_postings(postings, changes_of(postings))


TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (?, ?, ?, ?)"


def tamper(store: AnyStore, *statements: str) -> None:
    """What somebody does who is above the database's rules."""
    guarded = ("posting", "entry", "seal", "account")
    if isinstance(store, PostgresStore):
        off, on = (
            [f"ALTER TABLE {each} {word} TRIGGER USER" for each in guarded] for word in ("DISABLE", "ENABLE")
        )
    else:
        found = store._connection.execute(TRIGGERS, guarded).fetchall()
        off, on = [f"DROP TRIGGER {name}" for (name,) in found], []
    for each in [*off, *statements, *on]:
        execute(store, each)


def execute(store: AnyStore, statement: str) -> None:
    """One statement, past the store's own words."""
    if isinstance(store, PostgresStore):
        store._session.execute(statement)
    else:
        store._connection.execute(statement)


@pytest.fixture
def opened(store: AnyStore) -> AnyStore:
    """Trust and Working, both at zero."""
    seed(store, organizations=[], accounts=[TRUST, WORKING])
    return store


def test_changes_add_up(opened: AnyStore) -> None:
    """Each commit adds to what is there, bucket by bucket, whatever was written before it."""
    post(opened, OPENING)
    post(opened, posting(2, 30), posting(3, 12))
    post(opened, posting(4, -2))
    assert opened.accounts()[1] == {1: Balance(-740), 2: Balance(540, uncleared=200)}


def test_numbers_go_on(opened: AnyStore) -> None:
    """The next number follows the highest in the journal, whoever asks."""
    assert opened.next_posting_number() == 1
    post(opened, posting(4, 30))
    assert opened.next_posting_number() == 5


def test_totals_since(opened: AnyStore) -> None:
    """What came in and went out by transactions from a moment on, by account; openings are none. What is set
    aside is sent, and what comes in uncleared has come in: paying and clearing it count no more.
    """
    early, late = NOW - timedelta(seconds=1), NOW + timedelta(hours=1)
    post(opened, OPENING, posting(2, 5, at=early), posting(3, 30), posting(4, 7, at=late))
    reserving = (Entry(2, Bucket.AVAILABLE, -9), Entry(2, Bucket.RESERVED, 9))
    post(opened, posting(5, 0, entries=reserving))
    paid = (Entry(2, Bucket.RESERVED, -4), Entry(1, Bucket.AVAILABLE, 4))
    free = (Entry(2, Bucket.RESERVED, -5), Entry(2, Bucket.AVAILABLE, 5))
    post(opened, posting(9, 0, entries=paid), posting(10, 0, entries=free))
    abroad = (Entry(1, Bucket.AVAILABLE, -5), Entry(2, Bucket.UNCLEARED, 5))
    cleared = (Entry(2, Bucket.UNCLEARED, -5), Entry(2, Bucket.AVAILABLE, 5))
    post(opened, posting(6, 0, entries=abroad), posting(7, 0, entries=cleared), posting(8, -2))
    assert opened.totals_since(NOW) == {TRUST.number: DayTotal(6, 42), WORKING.number: DayTotal(42, 6)}
    assert opened.totals_since(late + timedelta(days=1)) == {}


def test_transactions_are_added_and_saved(opened: AnyStore) -> None:
    """A later state takes the place of the one before; a receipt is added once."""
    first = a_transaction(state=TransactionState.INITIATED, finalised_at=None)
    others = [a_transaction(receipt=f"UHG000000{each}", originator_conversation_id=None) for each in range(3)]
    with opened.unit() as unit:
        unit.add_transactions([first, *others])
    done = msgspec.structs.replace(first, state=TransactionState.COMPLETED, finalised_at=NOW)
    with opened.unit() as unit:
        unit.save_transactions([done, others[0]])
    found = opened.find_transactions(
        [done.receipt, others[0].receipt], [done.originator_conversation_id or ""]
    )
    assert found.by_receipt == {each.receipt: each for each in (done, others[0])}
    assert list(found.by_originator_conversation_id.values()) == [[done]]
    with pytest.raises(Exception, match=r"UNIQUE|unique"), opened.unit() as unit:
        unit.add_transactions([done])


def test_tariffs_come_back(opened: AnyStore) -> None:
    """Every version of every row."""
    bands = [
        TariffBand(
            kind=TransactionKind.B2C,
            effective_from=date(2026, month, 1),
            up_to=up_to,
            charge=5,
            borne_by=borne_by,
            customer_share=2,
        )
        for month in (1, 7)
        for up_to in (100, 200)
        for borne_by in ChargeBearer
    ]
    limits = [LimitRow(limit=each, effective_from=date(2026, 1, 1), cents=7) for each in Limit]
    with opened.unit() as unit:
        unit.add_tariffs(bands, limits)
    found = opened.tariffs()
    assert sorted(found[0], key=str) == sorted(bands, key=str)
    assert sorted(found[1], key=str) == sorted(limits, key=str)


def paying(store: AnyStore) -> tuple[Processor, Cycle, Ledger]:
    """A deciding step on that store, as a restart makes it."""
    ledger = Ledger.read(store, FakeReceipts(), NOW)
    processor = Processor(
        clock=FakeClock(),
        vault=FakeVault(),
        store=store,
        apps=AppRegistry([an_app()]),
        directory=store.directory(),
        ledger=ledger,
        registrations=Registrations((), lambda _: None),
        rules=DecisionRules(),
        decided=lambda _: None,
        asked=lambda _: None,
        act_answered=lambda _: None,
    )
    return processor, Cycle(store, [processor]), ledger


def test_l11_a_replay_leaves_the_balances_right(place: Place) -> None:
    """One end of a group is refused: the others are written one by one, and each balance is its entries' sum.

    So it is after a restart, which finds the same book, and goes on with numbers of its own.
    """
    store = place.open()
    settle_down(store)
    requests = [accepted(number, query=a_payment(cents=1_000 * number)) for number in range(1, 6)]
    with store.unit() as unit:
        unit.add_requests(requests)
        unit.add_conclusions([a_conclusion(2)])  # what the store has already, it refuses a second time
    processor, cycle, ledger = paying(store)
    processor.enqueue(requests)
    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        at_once(cycle.turn())
    while at_once(cycle.turn()):
        pass
    store = place.open()
    assert store.accounts()[1] == ledger.book.all_balances()
    sums = place.rows("SELECT account, sum(cents) FROM entry GROUP BY account")
    assert {number: Balance(int(cents)) for number, cents in sums} == {
        number: balance for number, balance in store.accounts()[1].items() if balance != Balance()
    }
    paid = place.rows("SELECT receipt FROM posting WHERE receipt IS NOT NULL ORDER BY receipt")
    assert [receipt for (receipt,) in paid] == [f"UHG000000{number}" for number in (1, 3, 4, 5)]
    assert store.check_journal().holds
    again = accepted(6, query=a_payment())
    processor, cycle, ledger = paying(store)
    assert ledger.totals.of(NUMBERS[MSISDN, AccountKind.CUSTOMER], NOW) == DayTotal(received=13_000)
    with store.unit() as unit:
        unit.add_requests([again])
    processor.enqueue([again])
    assert at_once(cycle.turn()) == 1
    assert store.accounts()[1] == ledger.book.all_balances()


# --- seals -----------------------------------------------------------------------------------------------


def journal(store: AnyStore) -> None:
    """Three commits: one posting, two, one."""
    post(store, posting(1, 10))
    post(store, posting(2, 20), posting(3, 30))
    post(store, posting(4, 40))


def test_a_journal_as_it_was_written_holds(opened: AnyStore, place: Place) -> None:
    """One seal for each commit; and the next process goes on with the chain."""
    journal(opened)
    post(place.open(), posting(7, 70))
    checked = place.open().check_journal()
    assert checked.holds
    assert (checked.sealed, checked.unsealed) == (4, 0)


def test_an_empty_journal_holds(opened: AnyStore) -> None:
    """There is nothing to doubt."""
    assert opened.check_journal().holds


ONE_MORE = "INSERT INTO posting (number, at, narrative) VALUES"


@pytest.mark.parametrize(
    ("statements", "sealed", "broken", "stray"),
    [
        pytest.param(
            ["UPDATE entry SET cents = cents + 1 WHERE posting = 2"], 1, (2, 3), None, id="an entry"
        ),
        pytest.param(
            ["UPDATE posting SET narrative = 'x' WHERE number = 4"], 2, (4, 4), None, id="a posting"
        ),
        pytest.param(
            ["DELETE FROM entry WHERE posting = 3", "DELETE FROM posting WHERE number = 3"],
            1,
            (2, 3),
            None,
            id="one taken away",
        ),
        pytest.param([f"{ONE_MORE} (9, 0, 'x')"], 3, None, 9, id="one added behind"),
        pytest.param(["UPDATE seal SET first = 4 WHERE number = 3"], 1, None, 2, id="one left uncovered"),
        pytest.param(["DELETE FROM seal WHERE number = 3"], 1, None, 2, id="a seal taken away"),
    ],
)
def test_l13_whatever_was_changed_is_named(
    opened: AnyStore,
    statements: Sequence[str],
    sealed: int,
    broken: tuple[int, int] | None,
    stray: int | None,
) -> None:
    """The check names the commit, or the posting, at which the journal is not what was written."""
    journal(opened)
    tamper(opened, *statements)
    checked = opened.check_journal()
    assert not checked.holds
    assert (checked.sealed, checked.stray) == (sealed, stray)
    assert (checked.broken and (checked.broken.first, checked.broken.last)) == broken


def test_l13_who_mends_a_seal_breaks_the_next(opened: AnyStore) -> None:
    """Each hangs on the one before: to change one row, all later seals would have to be made anew."""
    journal(opened)
    changed = [posting(2, 21), posting(3, 30)]
    first = chained(b"", content_of([posting(1, 10)]))
    tamper(
        opened,
        "UPDATE entry SET cents = CASE WHEN cents < 0 THEN -21 ELSE 21 END WHERE posting = 2",
        f"UPDATE seal SET digest = {_bytes(opened, chained(first, content_of(changed)))} WHERE number = 3",  # noqa: S608 - a digest of our own
    )
    checked = opened.check_journal()
    assert checked.broken is not None
    assert (checked.sealed, checked.broken.last) == (2, 4)


def _bytes(store: AnyStore, value: bytes) -> str:
    """As a literal of the engine."""
    return f"'\\x{value.hex()}'" if isinstance(store, PostgresStore) else f"x'{value.hex()}'"


@pytest.mark.parametrize("table", ["posting", "entry", "seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET number = number", "DELETE FROM {}"])
def test_l12_the_journal_is_append_only(opened: AnyStore, table: str, statement: str) -> None:
    """The database itself refuses to change or delete a row."""
    journal(opened)
    with pytest.raises(Exception, match="append-only"):
        execute(opened, statement.format(table))


def test_postings_from_before_the_seals(opened: AnyStore) -> None:
    """A journal that an older program began is sealed from here on; what was there is counted."""
    journal(opened)
    tamper(opened, "DELETE FROM seal")
    assert opened.check_journal().unsealed == 4
    post(opened, posting(5, 50))
    checked = opened.check_journal()
    assert checked.holds
    assert (checked.sealed, checked.unsealed) == (1, 4)
