"""What a person does to a record: ends a request, or forgets what is long over. Who, when and why is kept
with it, in the same transaction; nothing is changed silently.
"""

from datetime import UTC, datetime

import msgspec

from salio.tracker import payments
from salio.tracker.ends import State
from salio.tracker.errors import NotPending
from salio.tracker.places import Rows
from salio.tracker.record import Record
from salio.tracker.settling import end

AT_ONCE = 100
"""Requests forgotten in one transaction, so that nobody else waits for long."""

_TRAIL = "INSERT INTO trail (done_at, who, request, what, because) VALUES (?, ?, ?, ?, ?)"
_DONE = "SELECT done_at, who, request, what, because FROM trail ORDER BY number"
_OVER = """
SELECT number, kind FROM request
WHERE state IN ('settled', 'failed') AND ended_at < ? AND content <> ? AND NOT EXISTS (
  SELECT 1 FROM handling WHERE handling.request = request.number AND handling.state <> 'finished')
ORDER BY number LIMIT ?
"""
_OVER_UNTOLD = """
SELECT number, kind FROM request
WHERE state IN ('settled', 'failed') AND ended_at < ? AND content <> ? AND NOT EXISTS (
  SELECT 1 FROM handling
  WHERE handling.request = request.number AND handling.state <> 'finished' AND handling.tries > 0)
ORDER BY number LIMIT ?
"""
_FORGET = (
    "DELETE FROM handling WHERE request = ?",
    "DELETE FROM callback WHERE asking IN (SELECT number FROM asking WHERE request = ?)",
    "DELETE FROM asking WHERE request = ?",
)
_EMPTY = "UPDATE request SET content = ?, cause = '', callback = NULL WHERE number = ?"
_STRAY = """
DELETE FROM callback WHERE asking IS NULL AND verdict IS NOT NULL AND verdict <> 'early' AND came_at < ?
"""


class Act(msgspec.Struct, frozen=True):
    """What somebody did. The moment is in milliseconds since 1970."""

    done_at: int
    who: str
    request: int | None
    """None if it was done to many."""
    what: str
    because: str


def end_by_hand(record: Record, request: int, state: State, *, who: str, because: str) -> None:
    """Ends a request that is open or needs a person; its handler is told, without a result.

    Raises:
        NotPending: there is none, or it has ended: what a result said stands.
    """
    with record.transaction() as rows:
        found = rows.execute("SELECT state FROM request WHERE number = ?", [request]).fetchone()
        was = State(found[0]) if found else None
        if was not in (State.OPEN, State.NEEDS_A_PERSON):
            stands = "there is none of that number" if was is None else f"it is {was.value} already"
            raise NotPending(f"request {request}: {stands}")
        now = record.now()
        end(rows, request, state, f"by hand, {who}: {because}", None, now)
        rows.execute(_TRAIL, (now, who, request, f"{was.value}, now {state.value}", because))


def forget(record: Record, before: int, *, who: str, because: str, untold: bool = False) -> int:
    """Removes what ended before that moment (milliseconds since 1970) and has been handled, with its raw
    callbacks, and those that belong to no request; how many requests. `untold`: those too whose end waits for
    a handler that nobody has. Of a payment remains what makes two tellings of it one.
    """
    forgotten = 0
    with record.transaction() as rows:
        rows.execute(_STRAY, [before])
        rows.execute(_TRAIL, (record.now(), who, None, f"forgets what ended before {_day(before)}", because))
    while True:
        with record.transaction() as rows:
            over = rows.execute(_OVER_UNTOLD if untold else _OVER, (before, b"", AT_ONCE)).fetchall()
            for number, kind in over:
                _forget(rows, number, kind)
        forgotten += len(over)
        if len(over) < AT_ONCE:
            return forgotten


def trail(record: Record) -> list[Act]:
    """All that was done by hand, the first first."""
    return [Act(*row) for row in record.rows(_DONE)]


def _forget(rows: Rows, number: int, kind: str) -> None:
    for statement in _FORGET:
        rows.execute(statement, [number])
    if kind == payments.KIND:
        rows.execute(_EMPTY, (b"", number))
    else:
        rows.execute("DELETE FROM request WHERE number = ?", [number])


def _day(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment / 1000, UTC):%Y-%m-%dT%H:%MZ}"
