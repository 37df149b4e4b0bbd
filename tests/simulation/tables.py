"""What the auditor sees of the store: the tables, read by SQL of its own."""

import sqlite3
from dataclasses import dataclass
from typing import Any

Rows = dict[int, tuple[Any, ...]]


class Breach(BaseException):
    """A promise of the platform is broken, ``promise`` names it (design, 3); the platform cannot catch it."""

    def __init__(self, promise: str, what: str) -> None:
        super().__init__(f"{promise}: {what}")
        self.promise = promise


def require(holds: bool, promise: str, what: object) -> None:
    """Raises :class:`Breach` unless it holds."""
    if not holds:
        raise Breach(promise, str(what))


@dataclass(frozen=True)
class Tables:
    """Everything about requests at one moment, by number."""

    requests: Rows
    """App, originator conversation, conversation, accepted at, query, profile."""
    intake: Rows
    conclusions: Rows
    """Decided at, outcome, decision."""
    outbox: Rows
    attempts: Rows
    """URL, body."""
    resends: Rows
    ends: Rows
    """Status, fault."""
    transactions: dict[str, str]
    """Their details by receipt."""
    registrations: dict[str, tuple[Any, ...]]
    """Default action, confirmation URL, validation URL and whether it instructs, by short code."""
    bearers: dict[str, str]
    """Who bears charges, by short code."""


QUERIES = {
    "requests": "SELECT number, app, originator_conversation_id, conversation_id, accepted_at, query, profile"
    " FROM request",
    "intake": "SELECT number, credential FROM intake",
    "conclusions": "SELECT number, decided_at, outcome, decision FROM conclusion",
    "outbox": "SELECT number FROM outbox",
    "attempts": "SELECT number, url, body, started_at FROM attempt",
    "resends": "SELECT number, started_at FROM resend",
    "ends": "SELECT number, status, fault, ended_at FROM attempt_end",
    "registrations": "SELECT short_code, default_action, confirmation_url, validation_url, instructs"
    " FROM registration",
}
PAIRS = {
    "transactions": "SELECT receipt, details FROM transaction_",
    "bearers": "SELECT short_code, charges_borne_by FROM organization",
}


class Reader:
    """Reads them again and again; of what has not changed since the last time it hands out the same."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        self._read: dict[str, Any] = {}

    def read(self) -> Tables:
        """The present state."""
        for name, statement in (QUERIES | PAIRS).items():
            rows = self._connection.execute(statement).fetchall()
            if rows != self._rows.get(name):
                self._rows[name] = rows
                self._read[name] = dict(rows) if name in PAIRS else {row[0]: row[1:] for row in rows}
        return Tables(**self._read)


def only_grew(before: Rows, after: Rows) -> bool:
    """Whether every row that was there is there unchanged."""
    return before is after or before.items() <= after.items()


def everything(connection: sqlite3.Connection) -> str:
    """Every row of every table that people or programs read, as one text; without the work lists."""
    tables = (
        "SELECT * FROM request",
        "SELECT * FROM conclusion",
        "SELECT * FROM attempt",
        "SELECT * FROM resend",
        "SELECT * FROM attempt_end",
        "SELECT * FROM chosen_id",
        "SELECT * FROM usage",
        "SELECT * FROM refusal",
        "SELECT * FROM note",
        "SELECT * FROM inbox",
        "SELECT * FROM posting",
        "SELECT * FROM entry",
        "SELECT * FROM account",
        "SELECT * FROM transaction_",
        "SELECT * FROM registration",
        "SELECT * FROM organization",
    )
    return "\n".join(repr(row) for statement in tables for row in connection.execute(statement))


def ends(connection: sqlite3.Connection) -> list[tuple[str, int]]:
    """How many requests ended how, and their deliveries."""
    return connection.execute(
        "SELECT 'concluded as ' || outcome, COUNT(*) FROM conclusion GROUP BY 1"
        " UNION ALL SELECT json_extract(query, '$.type') || ' ' || outcome, COUNT(*)"
        " FROM request JOIN conclusion USING (number) GROUP BY 1"
        " UNION ALL SELECT 'told: ' || COALESCE(fault, status), COUNT(*) FROM attempt_end GROUP BY 1"
        " UNION ALL SELECT 'told again', COUNT(*) FROM resend"
    ).fetchall()


def messages(connection: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """Receipt, short code and shillings of the latest customers' payments, as a telephone shows them."""
    return connection.execute(
        "SELECT receipt, json_extract(details, '$.credit_party'),"
        " CAST(json_extract(details, '$.cents') / 100 AS TEXT)"
        " FROM transaction_ WHERE json_extract(details, '$.kind') = 'C2B' ORDER BY rowid DESC LIMIT 5"
    ).fetchall()
