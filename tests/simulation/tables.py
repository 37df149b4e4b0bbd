"""What the auditor sees of the store: the tables, read by SQL of its own."""

import sqlite3
from dataclasses import dataclass
from typing import Any

Rows = dict[int, tuple[Any, ...]]


class Breach(AssertionError):  # noqa: N818 - a promise's, not an error of a program
    """A promise of the platform is broken; ``promise`` names it (design, 3)."""

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
    """Default action, confirmation URL and validation URL by short code."""


def _rows(connection: sqlite3.Connection, statement: str) -> Rows:
    return {row[0]: row[1:] for row in connection.execute(statement)}


def read(connection: sqlite3.Connection) -> Tables:
    """The present state."""
    return Tables(
        requests=_rows(
            connection,
            "SELECT number, app, originator_conversation_id, conversation_id, accepted_at, query, profile"
            " FROM request",
        ),
        intake=_rows(connection, "SELECT number, credential FROM intake"),
        conclusions=_rows(connection, "SELECT number, decided_at, outcome, decision FROM conclusion"),
        outbox=_rows(connection, "SELECT number FROM outbox"),
        attempts=_rows(connection, "SELECT number, url, body, started_at FROM attempt"),
        resends=_rows(connection, "SELECT number, started_at FROM resend"),
        ends=_rows(connection, "SELECT number, status, fault, ended_at FROM attempt_end"),
        transactions=dict(connection.execute("SELECT receipt, details FROM transaction_").fetchall()),
        registrations={
            row[0]: row[1:]
            for row in connection.execute(
                "SELECT short_code, default_action, confirmation_url, validation_url FROM registration"
            )
        },
    )


def only_grew(before: Rows, after: Rows) -> bool:
    """Whether every row that was there is there unchanged."""
    return before.items() <= after.items()


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
