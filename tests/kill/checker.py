"""The independent checker: its own SQL over the tables, against what callers and receivers wrote down.

It shares no code with the platform, so that a mistake of the platform's is not checked with itself.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from tests.kill.asking import FOREIGN, PAID, POISONED, Asked
from tests.kill.receiver import Callback

SHARE = 1_000_000
"""Microseconds in a second: the store's instants."""

Read = Callable[[str], list[dict[str, Any]]]
"""Reads rows of an environment's tables; every statement sees the same moment."""


class Found(msgspec.Struct, frozen=True):
    """What a check saw, for the table of `make prove`."""

    acknowledged: int
    kept_without_answer: int
    resent: int
    twice: int
    """Requests whose callback came twice."""
    interrupted: int
    """Requests whose second attempt was interrupted too."""
    resent_at: list[float]
    """When the first attempt of each was marked."""


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def is_settled(data: Path) -> bool:
    """Whether nothing waits to be decided or delivered."""
    with opened(data / "sandbox.db") as store:
        row = store.execute("SELECT (SELECT count(*) FROM intake) + (SELECT count(*) FROM outbox)").fetchone()
        return bool(row[0] == 0)


@contextmanager
def files(data: Path) -> Iterator[Read]:
    """What a data folder holds, once its files are found to be whole."""
    with opened(data / "portal.db") as portal:
        _check_file(portal)
    with opened(data / "sandbox.db") as store:
        store.execute("BEGIN")
        _check_file(store)
        yield lambda statement: [dict(row) for row in store.execute(statement)]


def check(
    store: AbstractContextManager[Read],
    asked: Sequence[Asked],
    callbacks: Sequence[Callback],
    kills: Sequence[float],
) -> Found:
    """Holds a settled store against the records; ``kills`` are moments by the wall clock."""
    requests = check_store(store, asked, kills)
    twice = _check_callbacks(asked, callbacks, requests)
    resent = [each for each in requests.values() if each["resent_at"] is not None]
    promised = sum(each.acknowledged for each in asked)
    return Found(
        acknowledged=promised,
        kept_without_answer=len(requests) - promised,
        resent=len(resent),
        twice=twice,
        interrupted=sum(_interrupted(each) for each in resent),
        resent_at=[each["attempted_at"] / SHARE for each in resent],
    )


def check_store(
    store: AbstractContextManager[Read], asked: Sequence[Asked], kills: Sequence[float]
) -> dict[int, dict[str, Any]]:
    """The same of the store alone, without what the receivers heard; its requests by their markers."""
    with store as read:
        check_ledger(read)
        _check_usage(read)
        requests = _requests(read)
        poisoned = {each.marker for each in asked if each.expected == POISONED}
        _check_payments(read, [each for marker, each in requests.items() if marker not in poisoned])
    _check_promises([each for each in asked if each.acknowledged], requests)
    _check_own_ids(asked, requests)
    for marker, each in requests.items():
        _check_complete(each)
        assert (each["outcome"] == "internal failure") == (marker in poisoned), each
        _check_resent(each, kills)
    return requests


def _check_file(connection: sqlite3.Connection) -> None:
    assert [row[0] for row in connection.execute("PRAGMA integrity_check")] == ["ok"]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def check_ledger(read: Read) -> None:
    """P4: zero in sum, for each currency and each posting; balances are the sums of their entries."""
    currencies = read(
        "SELECT currency, sum(cents) AS sum "
        "FROM entry JOIN account ON account.number = entry.account GROUP BY currency"
    )
    assert currencies, "no entries at all"
    assert [row for row in currencies if row["sum"]] == []
    assert read("SELECT posting FROM entry GROUP BY posting HAVING sum(cents) <> 0") == []
    entries = Counter[tuple[int, str]]()
    for row in read("SELECT account, bucket, cents FROM entry"):
        entries[row["account"], row["bucket"]] += row["cents"]
    for row in read("SELECT * FROM account"):
        balances = {bucket: row[bucket] for bucket in ("available", "reserved", "uncleared")}
        assert balances == {bucket: entries[row["number"], bucket] for bucket in balances}


def _check_usage(read: Read) -> None:
    """Each day's count is the number of requests accepted on it."""
    counted = {(row["day"], row["app"]): row["accepted"] for row in read("SELECT * FROM usage")}
    accepted = Counter(
        (datetime.fromtimestamp(row["accepted_at"] // SHARE, UTC).date().isoformat(), row["app"])
        for row in read("SELECT accepted_at, app FROM request")
    )
    assert counted == accepted


def _check_payments(read: Read, requests: Sequence[dict[str, Any]]) -> None:
    """P2, P4: each payment that was decided has moved its money, once, and none that was not."""
    payments = [each for each in requests if json.loads(each["query"])["type"] == "b2b"]
    paid = [each for each in payments if not _is_late(each)]
    (payer, payee), moved = PAID, Counter[str]()
    for row in read(f"SELECT receipt FROM posting WHERE payer = '{payer}' AND payee = '{payee}'"):  # noqa: S608 - ours
        moved[row["receipt"]] += 1
    assert len(moved) == len(paid), (len(moved), len(paid))
    assert set(moved.values()) <= {1}


def _requests(read: Read) -> dict[int, dict[str, Any]]:
    """Every request with all that happened to it, by the marker in its Remarks."""
    rows = read(
        """
        SELECT request.*, intake.number AS undecided, outbox.number AS undelivered, conclusion.outcome,
               attempt.url, attempt.body, attempt.started_at AS attempted_at, resend.started_at AS resent_at,
               attempt_end.ended_at, attempt_end.status, attempt_end.fault, chosen_id.request AS chosen
        FROM request
        LEFT JOIN intake ON intake.number = request.number
        LEFT JOIN outbox ON outbox.number = request.number
        LEFT JOIN conclusion ON conclusion.number = request.number
        LEFT JOIN attempt ON attempt.number = request.number
        LEFT JOIN resend ON resend.number = request.number
        LEFT JOIN attempt_end ON attempt_end.number = request.number
        LEFT JOIN chosen_id ON chosen_id.request = request.number
        """
    )
    numbers = {row["number"] for row in rows}
    for table in ("intake", "outbox", "conclusion", "attempt", "resend", "attempt_end"):
        kept = {row["number"] for row in read(f"SELECT number FROM {table}")}  # noqa: S608 - of our list
        assert kept <= numbers, f"{table} knows requests that are not there"
    by_marker = {_marker(row["query"]): row for row in rows}
    assert len(by_marker) == len(rows), "a request is kept twice"
    return by_marker


def _marker(query: str) -> int:
    remarks = next(value for name, value in json.loads(query).items() if name == "remarks")
    return int(remarks.removeprefix("marker "))


def _check_promises(promised: Iterable[Asked], requests: dict[int, dict[str, Any]]) -> None:
    """P1: whoever was acknowledged is there, under the ids of the acknowledgement."""
    for each in promised:
        kept = requests.get(each.marker)
        assert kept is not None, f"acknowledged and lost: {each}"
        named = kept["originator_conversation_id"], kept["conversation_id"]
        assert named == (each.answer["OriginatorConversationID"], each.answer["ConversationID"])


def _check_own_ids(asked: Iterable[Asked], requests: dict[int, dict[str, Any]]) -> None:
    """A caller's own id is kept with its request, or neither is."""
    for each in asked:
        kept = requests.get(each.marker)
        if kept is not None:
            assert (kept["chosen"] is not None) == (each.own_id is not None)
            assert each.own_id in (None, kept["originator_conversation_id"])


def _check_complete(kept: dict[str, Any]) -> None:
    """P2, P3: a request that is there went its whole way, acknowledged or not; no row is half-way."""
    assert kept["undecided"] is None, kept
    assert kept["undelivered"] is None, kept
    assert kept["outcome"], kept
    assert kept["attempted_at"], kept
    assert kept["ended_at"], kept
    assert (kept["status"] is None) == (kept["fault"] is not None), kept


def _check_resent(kept: dict[str, Any], kills: Sequence[float]) -> None:
    """P3: an attempt is made again only if a kill came between, and ends interrupted only after another."""
    moments = [kept["attempted_at"], kept["resent_at"], kept["ended_at"] if _interrupted(kept) else None]
    for before, after in pairwise(moments):
        if after is not None:
            assert before is not None, kept
            assert any(before <= kill * SHARE <= after for kill in kills), kept


def _interrupted(kept: dict[str, Any]) -> bool:
    return "interrupted" in (kept["fault"] or "")


def _check_callbacks(
    asked: Sequence[Asked], callbacks: Iterable[Callback], requests: dict[int, dict[str, Any]]
) -> int:
    """What the receivers got: the bytes of the store, at most once more, and never unasked for."""
    came: dict[int, list[Callback]] = defaultdict(list)
    for each in callbacks:
        came[int(each.path.rpartition("/")[2])].append(each)
    assert came.keys() <= requests.keys(), "a callback of a request that is not kept"
    for marker, kept in requests.items():
        bodies = [each.body for each in came[marker]]
        assert len(bodies) <= 1 + (kept["resent_at"] is not None), f"called {len(bodies)} times: {kept}"
        assert all(body == kept["body"] for body in bodies), f"other bytes: {bodies} {kept}"
        assert all(kept["url"].endswith(each.path) for each in came[marker])
        assert bodies or kept["status"] is None, f"an answer by nobody: {kept}"
        assert bodies or _interrupted(kept), f"never called: {kept}"
        _check_words(asked[marker], kept)
    return sum(len(each) > 1 for each in came.values())


def _check_words(asked: Asked, kept: dict[str, Any]) -> None:
    """The callback answers this request, with the code that was to be expected."""
    result = json.loads(kept["body"])["Result"]
    assert result["OriginatorConversationID"] == kept["originator_conversation_id"]
    assert result["ConversationID"] == kept["conversation_id"]
    assert str(result["ResultCode"]) == ("17" if _is_late(kept) else asked.expected), (kept, asked)
    if asked.expected == FOREIGN:  # P5: that it is another's looks as if nobody had it
        assert "ResultParameters" not in result, (kept, asked)


def _is_late(kept: dict[str, Any]) -> bool:
    return "/late/" in kept["url"]
