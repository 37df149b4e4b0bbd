"""Every statement of the hot path, made once by SQLAlchemy from the schema and then run as text.

Rows travel many to a statement. SQLite's module gives up the interpreter around every statement it runs,
and under load each time costs a wait: one statement for sixty rows measured seventy times faster than sixty.
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Executable, Table, bindparam, delete, insert, select, union_all
from sqlalchemy.dialects import sqlite

from salio.storage import queries, schema
from salio.storage.rows import Row

_DIALECT = sqlite.dialect(paramstyle="qmark")
_LARGEST = 64
"""Rows to a statement: what 64 connections can bring to one group."""
_SMALL = 16
_STEP = 8
"""Above the small ones only each eighth size has a statement of its own: SQLAlchemy needs milliseconds to
make a large one, and sixty-four of them for each table are felt for the first minute under load."""


def _sql(statement: Executable) -> str:
    return str(statement.compile(dialect=_DIALECT))  # type: ignore[attr-defined] # all of ours have it


def _size_for(count: int) -> int:
    """How many of so many rows the next statement takes."""
    if count <= _SMALL:
        return count
    return min(_LARGEST, count - count % _STEP)


class Bulk:
    """A statement for any number of rows: one for each size, prepared when it is first needed."""

    def __init__(self, build: Callable[[int], Executable]) -> None:
        self._sized = cache(lambda count: _sql(build(count)))

    def run(self, connection: sqlite3.Connection, rows: Sequence[Row]) -> list[Row]:
        """Runs over all rows, each in the order of the table's columns; what that returns, if anything."""
        returned: list[Row] = []
        start = 0
        while start < len(rows):
            size = _size_for(len(rows) - start)
            values = list(chain.from_iterable(rows[start : start + size]))
            returned += connection.execute(self._sized(size), values)
            start += size
        return returned

    def find(self, connection: sqlite3.Connection, keys: Sequence[Any]) -> list[Row]:
        """The same of a query over keys: what it finds."""
        return self.run(connection, [(key,) for key in keys])


def _adding(table: Table) -> Bulk:
    width = len(table.columns)
    return Bulk(lambda count: insert(table).values([(None,) * width] * count))


def _places(count: int) -> list[Any]:
    return [bindparam(f"key_{place}") for place in range(count)]


add_requests = _adding(schema.request)
add_intake = _adding(schema.intake)
add_conclusions = _adding(schema.conclusion)
add_attempts = _adding(schema.attempt)
add_resends = _adding(schema.resend)
add_attempt_ends = _adding(schema.attempt_end)
add_refusals = _adding(schema.refusal)
add_notes = _adding(schema.note)
add_chosen_ids = _adding(schema.chosen_id)
add_postings = _adding(schema.posting)
add_entries = _adding(schema.entry)
add_organizations = _adding(schema.organization)
add_customers = _adding(schema.customer)
add_operators = _adding(schema.operator)
add_accounts = _adding(schema.account)
add_transactions = _adding(schema.transaction)
add_reversals = _adding(schema.reversal)
add_seals = _adding(schema.seal)
add_tariffs = _adding(schema.tariff_band)
add_limits = _adding(schema.limit)
add_inbox = _adding(schema.inbox)
add_apps = _adding(schema.app)
add_revocations = _adding(schema.revocation)


def _reading(table: Table) -> str:
    return _sql(queries.everything(table))


all_organizations = _reading(schema.organization)
all_customers = _reading(schema.customer)
all_operators = _reading(schema.operator)
all_accounts = _reading(schema.account)
all_tariffs = _reading(schema.tariff_band)
all_limits = _reading(schema.limit)
all_registrations = _reading(schema.registration)
all_apps = _reading(schema.app)
all_revocations = _reading(schema.revocation)

highest_request = _sql(queries.highest_request)
undecided = _sql(queries.undecided)
undelivered = _sql(queries.undelivered)
customers_words = _sql(queries.customers_words)
look_up = _sql(queries.look_up)
due = Bulk(
    lambda count: (
        select(schema.request, schema.conclusion)
        .join(schema.conclusion, schema.conclusion.c.number == schema.request.c.number)
        .where(schema.request.c.number.in_(_places(count)))
        .order_by(schema.request.c.number)
    )
)
transactions_by_receipt = Bulk(
    lambda count: select(schema.transaction).where(schema.transaction.c.receipt.in_(_places(count)))
)
transactions_by_conversation = Bulk(
    lambda count: (
        select(schema.transaction)
        .where(schema.transaction.c.originator_conversation_id.in_(_places(count)))
        .order_by(schema.transaction.c.receipt)
    )
)
originals = Bulk(lambda count: queries.originals.where(schema.transaction.c.receipt.in_(_places(count))))
chosen_before = _sql(
    select(schema.chosen_id.c.request).where(
        schema.chosen_id.c.app == bindparam("app"),
        schema.chosen_id.c.originator_conversation_id == bindparam("chosen"),
    )
)


add_prompts = Bulk(
    lambda count: sqlite.insert(schema.prompt).values([(None, None, None)] * count).on_conflict_do_nothing()
)
words_of = Bulk(
    lambda count: select(schema.prompt.c.number, schema.prompt.c.word).where(
        schema.prompt.c.number.in_(_places(count))
    )
)
answer_prompt = "UPDATE prompt SET word = ? WHERE number = ? AND word IS NULL"
end_prompts = Bulk(lambda count: delete(schema.prompt).where(schema.prompt.c.number.in_(_places(count))))


def _upserted_usage() -> Executable:
    adding = sqlite.insert(schema.usage).values([(None, None, None)])
    total = schema.usage.c.accepted + adding.excluded.accepted
    return adding.on_conflict_do_update(index_elements=["day", "app"], set_={"accepted": total})


add_usage = _sql(_upserted_usage())
usage_of_day = _sql(queries.usage_of_day)


def _saving(table: Table) -> str:
    """Writes every column of the row of a number: the columns in the table's order, then the number."""
    columns: dict[str, object] = {
        each.name: bindparam(f"new_{each.name}") for each in table.columns if each.name != "number"
    }
    return _sql(table.update().values(columns).where(table.c.number == bindparam("which")))


save_operator = _saving(schema.operator)
save_charge_bearer = "UPDATE organization SET charges_borne_by = ? WHERE short_code = ?"
save_app = _saving(schema.app)


def _changing(
    table: Table, key: str, names: Sequence[str], *, added: bool, returned: Sequence[Any] = ()
) -> Bulk:
    """Writes these columns of the rows of some keys, which come first; or adds to what is there.

    ``returned``: of the rows as they are then.
    """

    def build(count: int) -> Executable:
        places = iter(_places(count * (len(names) + 1)))
        rows = [select(*(next(places).label(name) for name in (key, *names))) for _ in range(count)]
        given = union_all(*rows).subquery("given")
        changed: dict[str, Any] = {
            name: table.columns[name] + given.columns[name] if added else given.columns[name]
            for name in names
        }
        changing = table.update().values(changed).where(table.columns[key] == given.columns[key])
        return changing.returning(*returned) if returned else changing

    return Bulk(build)


change_balances = _changing(
    schema.account,
    "number",
    ("available", "reserved", "uncleared"),
    added=True,
    returned=(schema.account.c.number, schema.account.c.available + schema.account.c.reserved),
)
save_transactions = _changing(
    schema.transaction, "receipt", ("originator_conversation_id", "details"), added=False
)
highest_posting = _sql(queries.highest_posting)
totals_since = _sql(queries.totals_since)
latest_seal = _sql(queries.latest_seal)
seals_after = _sql(queries.seals_after.offset(bindparam("skip")))
journal_between = _sql(queries.journal_between)
drop_old_refusals = _sql(queries.drop_old_refusals)
recent_requests = _sql(queries.recent_requests)
next_requests = _sql(queries.next_requests)
stories_of = Bulk(lambda count: queries.stories.where(schema.request.c.number.in_(_places(count))))
notes_of = Bulk(lambda count: queries.notes.where(schema.note.c.request.in_(_places(count))))
recent_refusals = _sql(queries.recent_refusals)
highest_refusal = _sql(queries.highest_refusal)
refusal_by_id = _sql(queries.refusal_by_id)
request_by_chosen_id = _sql(queries.request_by_chosen_id)
inbox_of_name = _sql(queries.inbox_of_name)
all_current_tokens = _reading(schema.current_token)


def _upserted(table: Table, key: str) -> str:
    """Writes a row, in the order of the table's columns, in the place of that of its key if there is one."""
    adding = sqlite.insert(table).values([(None,) * len(table.columns)])
    changed = {each.name: adding.excluded[each.name] for each in table.columns if each.name != key}
    return _sql(adding.on_conflict_do_update(index_elements=[key], set_=changed))


make_current = _upserted(schema.current_token, "app")
save_registration = _upserted(schema.registration, "short_code")
