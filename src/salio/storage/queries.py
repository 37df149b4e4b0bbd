"""Reads and upkeep that every engine has in the same words; each engine compiles them for itself."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, case, delete, func, literal_column, select

from salio.core.ledger.accounts import Bucket
from salio.storage import schema
from salio.storage.rows import Row

Run = Callable[[Select[Any]], list[Row]]
"""Runs a query on an engine; raises StoreUnavailableError."""


def everything(table: Table) -> Select[tuple[object, ...]]:
    """All rows of a table, in the order of their keys."""
    return select(table).order_by(*table.primary_key.columns)


highest_request = select(func.max(schema.request.c.number))
look_up = (
    select(schema.request, schema.conclusion)
    .outerjoin(schema.conclusion, schema.conclusion.c.number == schema.request.c.number)
    .where(schema.request.c.number == bindparam("number"))
)
undecided = (
    select(schema.request, schema.intake.c.credential)
    .join(schema.intake, schema.intake.c.number == schema.request.c.number)
    .order_by(schema.request.c.number)
)
customers_words = select(schema.prompt.c.number, schema.prompt.c.word).where(
    schema.prompt.c.word.is_not(None)
)
_finding = (
    select(func.min(schema.note.c.text))
    .where(schema.note.c.request == schema.attempt.c.number, schema.note.c.text.like(bindparam("found")))
    .scalar_subquery()
)
"""What a second look found of a credential, which was told beside the bytes."""
undelivered = (
    select(
        schema.outbox.c.number,
        schema.attempt,
        schema.resend.c.started_at,
        schema.conclusion.c.outcome,
        schema.conclusion.c.cause,
        _finding,
    )
    .select_from(
        schema.outbox.outerjoin(schema.attempt, schema.attempt.c.number == schema.outbox.c.number)
        .outerjoin(schema.resend, schema.resend.c.number == schema.outbox.c.number)
        .outerjoin(schema.conclusion, schema.conclusion.c.number == schema.attempt.c.number)
    )
    .order_by(schema.outbox.c.number)
)
originals = (
    select(
        schema.transaction,
        schema.entry.c.account,
        schema.entry.c.bucket,
        schema.entry.c.cents,
        schema.reversal.c.receipt.label("reversed_by"),
    )
    .select_from(
        schema.transaction.outerjoin(schema.posting, schema.posting.c.receipt == schema.transaction.c.receipt)
        .outerjoin(schema.entry, schema.entry.c.posting == schema.posting.c.number)
        .outerjoin(schema.reversal, schema.reversal.c.original == schema.transaction.c.receipt)
    )
    .order_by(schema.transaction.c.receipt, schema.entry.c.number)
)
highest_posting = select(func.max(schema.posting.c.number))
_posted = schema.posting.c.number + literal_column("0")
"""Without the addition SQLite would look at all entries there ever were, and at the moment of each."""
_nothing: ColumnElement[int] = literal_column("0")
_is_reserved = schema.entry.c.bucket == literal_column(f"'{Bucket.RESERVED.value}'")
_gained = (
    select(
        schema.entry.c.account,
        func.sum(schema.entry.c.cents).label("cents"),
        func.sum(case((_is_reserved, schema.entry.c.cents), else_=_nothing)).label("set_aside"),
    )
    .select_from(schema.entry.join(schema.posting, _posted == schema.entry.c.posting))
    .where(
        schema.posting.c.at >= bindparam("since"),
        schema.posting.c.receipt.is_not(None),
    )
    .group_by(schema.entry.c.posting, schema.entry.c.account)
    .subquery("gained")
)
_came_in = _gained.c.cents > _nothing
totals_since = select(
    _gained.c.account,
    func.sum(case((_came_in, _gained.c.cents), else_=_nothing)),
    func.sum(case((_came_in, _nothing), else_=_gained.c.set_aside - _gained.c.cents)),
).group_by(_gained.c.account)
"""As :class:`~salio.core.ledger.day_totals.DayTotals` counts."""
latest_seal = select(schema.seal.c.digest).where(
    schema.seal.c.number == select(func.max(schema.seal.c.number)).scalar_subquery()
)
seals_after = (
    select(schema.seal)
    .where(schema.seal.c.number > bindparam("after"))
    .order_by(schema.seal.c.number)
    .limit(bindparam("most"))
)
journal_between = (
    select(
        schema.posting.c.number,
        schema.posting.c.at,
        schema.posting.c.narrative,
        schema.posting.c.receipt,
        schema.entry.c.account,
        schema.entry.c.bucket,
        schema.entry.c.cents,
    )
    .select_from(schema.posting.outerjoin(schema.entry, schema.entry.c.posting == schema.posting.c.number))
    .where(schema.posting.c.number > bindparam("after"), schema.posting.c.number <= bindparam("until"))
    .order_by(schema.posting.c.number)
)
usage_of_day = select(schema.usage.c.app, schema.usage.c.accepted).where(
    schema.usage.c.day == bindparam("day")
)
drop_old_refusals = delete(schema.refusal).where(
    schema.refusal.c.number <= select(func.max(schema.refusal.c.number)).scalar_subquery() - bindparam("keep")
)
inbox_of_name = (
    select(schema.inbox)
    .where(schema.inbox.c.name == bindparam("name"))
    .order_by(schema.inbox.c.number.desc())
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
stories = (
    select(schema.request, schema.conclusion, schema.attempt, schema.resend.c.started_at, schema.attempt_end)
    .select_from(
        schema.request.outerjoin(schema.conclusion, schema.conclusion.c.number == schema.request.c.number)
        .outerjoin(schema.attempt, schema.attempt.c.number == schema.request.c.number)
        .outerjoin(schema.resend, schema.resend.c.number == schema.request.c.number)
        .outerjoin(schema.attempt_end, schema.attempt_end.c.number == schema.request.c.number)
    )
    .order_by(schema.request.c.number)
)
recent_requests = stories.where(
    schema.request.c.number > bindparam("after"), schema.request.c.number <= bindparam("until")
)
next_requests = (
    stories.where(schema.request.c.number > bindparam("after"))
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
notes = select(schema.note).order_by(schema.note.c.request, schema.note.c.number)
recent_refusals = (
    select(schema.refusal)
    .where(schema.refusal.c.number > bindparam("after"))
    .order_by(schema.refusal.c.number)
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
)
highest_refusal = select(func.max(schema.refusal.c.number))
refusal_by_id = select(schema.refusal).where(schema.refusal.c.request_id == bindparam("request_id"))
request_by_chosen_id = select(schema.chosen_id.c.request).where(
    schema.chosen_id.c.originator_conversation_id == bindparam("chosen")
)
