"""What a record shows to people: what came, what is open, what is kept apart."""

from collections.abc import Iterable
from typing import Any

import msgspec

from salio.tracker import payments
from salio.tracker.following import decoded
from salio.tracker.record import Record
from salio.wire.callbacks import read_callback
from salio.wire.payments import CustomerPayment

_CAME = """
SELECT callback.number, callback.came_at, copies, callback.kind, source, verdict, why, asking.request, body
FROM callback LEFT JOIN asking ON asking.number = callback.asking
WHERE callback.number > ? AND verdict IS NOT NULL ORDER BY callback.number LIMIT 500
"""
_PENDING = """
SELECT number, kind, content, state, asked_at, tries, look_at, cause, '' FROM request
WHERE state IN ('open', 'needs a person') ORDER BY number
"""
_UNHANDLED = """
SELECT request.number, request.kind, content, request.state, asked_at, request.tries, handling.look_at,
  request.cause, handling.state || CASE error WHEN '' THEN '' ELSE ': ' || error END
FROM handling JOIN request ON request.number = handling.request
WHERE handling.state <> 'finished' AND (handling.state = 'stuck' OR error <> '') ORDER BY handling.number
"""
_STATE = """
SELECT state FROM request WHERE number = (SELECT request FROM asking WHERE conversation_id = ? LIMIT 1)
"""
_APART = """
SELECT verdict, count(*) FROM callback WHERE verdict IN ('unknown', 'forged', 'unreadable')
GROUP BY verdict ORDER BY verdict
"""


class Came(msgspec.Struct, frozen=True):
    """A callback and what it was found to be. Moments are milliseconds since 1970."""

    number: int
    came_at: int
    copies: int
    kind: str
    source: str
    verdict: str
    why: str
    request: int | None
    body: bytes


class Pending(msgspec.Struct, frozen=True):
    """A request that has not ended, or whose end nobody has handled."""

    request: int
    kind: str
    about: str
    """Its short code, its receipt, or how much goes to whom."""
    state: str
    asked_at: int
    tries: int
    look_at: int | None
    """When it is asked for, or handled, next."""
    cause: str
    handler: str
    """What keeps the handler from it; empty if nothing does."""


def came(record: Record, after: int) -> list[Came]:
    """The first judged callbacks after that number."""
    return [Came(*row) for row in record.rows(_CAME, [after])]


def newest(record: Record) -> int:
    """The number of the callback that came last; 0 if none did."""
    return int(record.rows("SELECT coalesce(max(number), 0) FROM callback")[0][0])


def pending(record: Record) -> list[Pending]:
    """What is open, needs a person, or failed at its handler; the oldest first."""
    return [*_read(record.rows(_PENDING)), *_read(record.rows(_UNHANDLED))]


def state(record: Record, conversation_id: str) -> str | None:
    """How the request of that conversation stands; None if there is none. Raises RecordUnavailable."""
    rows = record.rows(_STATE, [conversation_id])
    return str(rows[0][0]) if rows else None


def apart(record: Record) -> dict[str, int]:
    """How many callbacks are kept apart, by verdict."""
    return dict(record.rows(_APART))


def _read(rows: Iterable[Any]) -> list[Pending]:
    return [Pending(number, kind, _about(kind, content), *rest) for number, kind, content, *rest in rows]


def _about(kind: str, content: bytes) -> str:
    if kind == payments.KIND:
        payment = read_callback(content)
        return payment.receipt if isinstance(payment, CustomerPayment) else ""
    return decoded(content).about
