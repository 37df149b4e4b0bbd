"""What only SQLite can show: the journal's guards, the log's view, a locked file, a full disk, a crash."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from salio.core.ledger.accounts import Account, AccountKind, Balance, Bucket
from salio.core.ledger.postings import Entry, Posting
from salio.core.ports import AcceptedRequest, StoreUnavailableError, StoreWouldWaitError
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import CROWD, REFUSALS_KEPT, SqliteStore
from tests.builders import (
    NOW,
    SHORT_CODE,
    a_conclusion,
    a_refusal,
    a_status_query,
    accepted,
)
from tests.storage.conftest import File, Sqlite
from tests.stores import seed

POSTING = Posting(
    number=1,
    at=NOW,
    narrative="opening",
    entries=(Entry(1, Bucket.AVAILABLE, -5), Entry(2, Bucket.AVAILABLE, 5)),
)


def keep(store: SqliteStore, *requests: AcceptedRequest) -> None:
    """Accepts requests in one unit."""
    with store.unit() as unit:
        unit.add_requests(requests)


def numbers(store: SqliteStore) -> list[int]:
    """The numbers of the requests that wait for their decision."""
    return [each.request.number for each in store.undecided()]


# --- the journal -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE posting SET narrative = 'x'", id="change a posting"),
        pytest.param("DELETE FROM posting", id="delete a posting"),
        pytest.param("UPDATE entry SET cents = cents + 1", id="change an entry"),
        pytest.param("DELETE FROM entry", id="delete an entry"),
        pytest.param(
            "REPLACE INTO posting VALUES (1, 0, 'x', NULL, NULL, NULL, NULL)", id="replace a posting"
        ),
        pytest.param("REPLACE INTO entry VALUES (1, 1, 1, 'available', 9, 9, NULL)", id="replace an entry"),
        pytest.param(
            "INSERT INTO entry VALUES (1, 1, 1, 'available', 9, 9, NULL)", id="take an entry's number"
        ),
    ],
)
def test_the_journal_is_append_only(sqlite_place: Sqlite, change: str) -> None:
    """P4: no statement changes or removes what was posted."""
    store = sqlite_place.open()
    holders = [
        Account(number=1, holder="M-PESA", kind=AccountKind.TRUST),
        Account(number=2, holder=SHORT_CODE, kind=AccountKind.WORKING),
    ]
    seed(store, accounts=holders)
    with store.unit() as unit:
        unit.add_postings([POSTING], {1: Balance(-5), 2: Balance(5)})
    with pytest.raises(sqlite3.IntegrityError):
        sqlite_place.connection.execute(change)
    kept = sqlite_place.connection.execute(
        "SELECT narrative, cents FROM posting, entry ORDER BY entry.number"
    )
    assert kept.fetchall() == [("opening", -5), ("opening", 5)]


# --- the transaction log ---------------------------------------------------------------------------------


def test_transaction_log(sqlite_place: Sqlite) -> None:
    """AB and TS, ReferenceData: each request's stand in the log, with the outcome once it is known."""
    store = sqlite_place.open()
    query = a_status_query(remarks="for the log", occasion="Christmas")
    keep(store, accepted(1), accepted(2, query=query))
    with store.unit() as unit:
        unit.add_conclusions([a_conclusion(2)])
    logged = sqlite_place.connection.execute(
        "SELECT number, party, initiator, command, remarks, occasion, outcome FROM transaction_log"
    ).fetchall()
    assert sorted(logged) == [
        (1, SHORT_CODE, "testapiuser", "AccountBalance", "ok", None, None),
        (
            2,
            SHORT_CODE,
            "testapiuser",
            "TransactionStatusQuery",
            "for the log",
            "Christmas",
            "initiator unknown",
        ),
    ]


# --- refusals --------------------------------------------------------------------------------------------


def kept_refusals(sqlite_place: Sqlite) -> list[tuple[int, str]]:
    """Number and requestId of every refusal, oldest first."""
    return sqlite_place.connection.execute(
        "SELECT number, request_id FROM refusal ORDER BY number"
    ).fetchall()


def refuse(store: SqliteStore, *which: int) -> None:
    """Keeps refusals in one unit."""
    with store.unit() as unit:
        unit.add_refusals([a_refusal(number) for number in which])


def test_refusals_are_numbered_as_they_come(sqlite_place: Sqlite) -> None:
    """Each refusal gets the next number."""
    store = sqlite_place.open()
    refuse(store, 11, 12)
    refuse(store, 13)
    assert kept_refusals(sqlite_place) == [
        (place_, f"documented-refused-{10 + place_}") for place_ in (1, 2, 3)
    ]


def test_the_oldest_refusals_make_room(sqlite_place: Sqlite) -> None:
    """Above the cap the oldest go, as many as came."""
    store = sqlite_place.open()
    refuse(store, 1, 2, 3)
    sqlite_place.connection.execute("UPDATE refusal SET number = ? WHERE number = 3", (REFUSALS_KEPT,))
    refuse(store, 4)
    assert [number for number, _ in kept_refusals(sqlite_place)] == [2, REFUSALS_KEPT, REFUSALS_KEPT + 1]
    refuse(store, 5, 6)
    assert [number for number, _ in kept_refusals(sqlite_place)] == [
        REFUSALS_KEPT + each for each in range(4)
    ]


# --- the log ---------------------------------------------------------------------------------------------


def test_a_crowd_lets_the_log_grow(file: File) -> None:
    """The commit of a few copies four megabytes of log into the file, one of many only four times as much."""
    store = file.open()
    empty, credential = file.path.stat().st_size, "x" * 8_000
    for first in (1, 1 + CROWD):
        keep(store, *(accepted(number, credential=credential) for number in range(first, first + CROWD)))
        assert file.path.stat().st_size == empty
    keep(store, accepted(1 + 2 * CROWD))
    assert file.path.stat().st_size > 2 * CROWD * len(credential) > 4_000_000


# --- a store out of reach --------------------------------------------------------------------------------


def test_p4_a_locked_file_is_out_of_reach_until_it_is_free(file: File) -> None:
    """While another process holds the file for writing, units are refused; reads and later units work."""
    store = file.open()
    keep(store, accepted(1))
    file.connection.execute("PRAGMA busy_timeout = 1")
    with closing(connect(file.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            with pytest.raises(StoreUnavailableError, match="locked"):
                keep(store, accepted(2))
        assert numbers(store) == [1]
        other.execute("ROLLBACK")
    keep(store, accepted(2))
    assert numbers(store) == [1, 2]


def test_a_unit_at_once_waits_for_nobody(file: File) -> None:
    """While another program writes there is none; other units are as patient as ever."""
    store = file.open()
    with closing(connect(file.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreWouldWaitError, match="another program"), store.unit(at_once=True):
            pass
        other.execute("ROLLBACK")
    assert file.connection.execute("PRAGMA busy_timeout").fetchone() == (2000,)
    with store.unit(at_once=True) as unit:
        unit.add_requests([accepted(1)])
    assert numbers(store) == [1]


def test_a_unit_at_once_tells_of_worse_trouble(file: File) -> None:
    """Whatever else is in the way is not waited for either: the store is out of reach."""
    store = file.open()
    file.connection.execute("BEGIN")
    with pytest.raises(StoreUnavailableError, match="within a transaction"), store.unit(at_once=True):
        pass


def test_p6_a_full_disk_is_out_of_reach_until_there_is_room(sqlite_place: Sqlite) -> None:
    """When the disk is full nothing of the unit is kept; as soon as there is room the same unit works."""
    store = sqlite_place.open()
    keep(store, accepted(1))
    pages = sqlite_place.connection.execute("PRAGMA page_count").fetchone()[0]
    set_pages(sqlite_place, pages + 1)
    large = [accepted(number, credential="x" * 4000) for number in range(2, 100)]
    for _ in range(2):
        with pytest.raises(StoreUnavailableError, match="full"):
            keep(store, *large)
        assert numbers(store) == [1]
    set_pages(sqlite_place, 1_000_000)
    keep(store, *large)
    assert numbers(store) == list(range(1, 100))


def set_pages(sqlite_place: Sqlite, most: int) -> None:
    """Lets the database grow to that many pages; a PRAGMA takes no parameters."""
    sqlite_place.connection.execute(f"PRAGMA max_page_count = {most:d}")


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    """A folder that does not exist is a store out of reach, with the path in the message."""
    path = tmp_path / "nowhere" / "sandbox.db"
    with pytest.raises(StoreUnavailableError, match="nowhere"):
        connect(path)


def test_a_damaged_file_is_out_of_reach(tmp_path: Path) -> None:
    """A file that is no database is a store out of reach, not a crash."""
    path = tmp_path / "sandbox.db"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreUnavailableError):
        connect(path)


# --- a crash ---------------------------------------------------------------------------------------------


def crashed(file: File, folder: Path) -> SqliteStore:
    """What a process finds that starts on the files as they are at this moment."""
    folder.mkdir()
    for each in file.path.parent.glob("sandbox.db*"):
        if not each.name.endswith("-shm"):
            shutil.copy(each, folder / each.name)
    return SqliteStore(connect(folder / "sandbox.db"))


def test_p1_a_crash_at_any_moment_of_a_unit(file: File, tmp_path: Path) -> None:
    """P1: before the commit the unit is not there, after it it is, whatever the state of the files."""
    store = file.open()
    keep(store, accepted(1))
    with store.unit() as unit:
        unit.add_requests([accepted(2)])
        during = crashed(file, tmp_path / "during")
    after = crashed(file, tmp_path / "after")
    assert (numbers(during), numbers(after)) == ([1], [1, 2])
    during.close()
    after.close()
