"""The hot statements of PostgreSQL, made once by SQLAlchemy from the schema.

Rows travel as one array for each column (``UNNEST``): one statement, one round trip, however many there are.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, Table, bindparam, column, func, insert, literal_column, select, table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.asyncpg import dialect

from salio.storage import queries, schema
from salio.storage.postgres.connection import A_COMMIT, Session
from salio.storage.rows import Row

_DIALECT = dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's own


def _sql(statement: Executable) -> str:
    return str(statement.compile(dialect=_DIALECT))  # type: ignore[attr-defined] # every statement compiles


def _arrays(table: Table, names: Sequence[str]) -> Any:
    """The rows of a statement's arrays, a column each, as a table."""
    columns = [table.columns[name] for name in names]
    arrays = [bindparam(each.name, type_=ARRAY(each.type)) for each in columns]
    named = [column(each.name, each.type) for each in columns]
    return func.unnest(*arrays).table_valued(*named, name="given").render_derived()


class Adding:
    """Adds any number of rows to a table in one statement; the database numbers those that have no number."""

    def __init__(self, table: Table, *, numbered_here: bool = False) -> None:
        names = [each.name for each in table.columns]
        self._skipped = int(numbered_here)
        given = _arrays(table, names[self._skipped :])
        self.statement = _sql(insert(table).from_select(names[self._skipped :], select(*given.columns)))

    def run(self, session: Session, rows: Sequence[Row]) -> None:
        """Adds the rows, each in the order of the table's columns."""
        if rows:
            session.queue(self.statement, *list(zip(*rows, strict=True))[self._skipped :])


class AddingRequests:
    """Adds requests, and each to the list of what is undecided, in one round trip."""

    def __init__(self) -> None:
        names, listed = ([each.name for each in table.columns] for table in (schema.request, schema.intake))
        requests, intake = _arrays(schema.request, names), _arrays(schema.intake, listed)
        kept = insert(schema.request).from_select(names, select(*requests.columns)).cte("kept")
        self.statement = _sql(
            insert(schema.intake).from_select(listed, select(*intake.columns)).add_cte(kept)
        )

    def run(self, session: Session, rows: Sequence[Row]) -> None:
        """Adds the rows: each in the order of the requests' columns, and then the credential."""
        if rows:
            session.queue(self.statement, *zip(*rows, strict=True))


class AddingEntries(Adding):
    """To each balance, which counts from nothing, comes what the account holds: no round trip to ask."""

    def __init__(self) -> None:
        super().__init__(schema.entry, numbered_here=True)
        columns = [each for each in schema.entry.columns if each.name != "number"]
        arrays = [bindparam(each.name, type_=ARRAY(each.type)) for each in columns]
        named = [column(each.name, each.type) for each in columns]
        given = func.unnest(*arrays).table_valued(*named, with_ordinality="place", name="given")
        given = given.render_derived()
        held = func.coalesce(schema.account.c.available + schema.account.c.reserved, literal_column("0"))
        values = [
            held + given.c.balance if each.name == "balance" else given.c[each.name] for each in columns
        ]
        found = given.outerjoin(schema.account, schema.account.c.number == given.c.account)
        adding = select(*values).select_from(found).order_by(given.c.place)
        self.statement = _sql(insert(schema.entry).from_select([each.name for each in columns], adding))


class Saving:
    """Writes every column of the rows of some numbers, many at once."""

    def __init__(self, table: Table, *names: str, key: str = "number", added: bool = False) -> None:
        """``names``: the columns that change; all but the number if none is given. ``key``: whose rows.

        ``added``: what is given is added to what is there.
        """
        changed = names or tuple(each.name for each in table.columns if each.name != "number")
        given = _arrays(table, [key, *changed])
        values: dict[str, object] = {
            name: table.columns[name] + given.columns[name] if added else given.columns[name]
            for name in changed
        }
        self.statement = _sql(table.update().values(values).where(table.columns[key] == given.columns[key]))

    def run(self, session: Session, rows: Sequence[Row]) -> None:
        """Writes the rows: the number, then the columns in their order."""
        if rows:
            session.queue(self.statement, *zip(*rows, strict=True))


def _among(column_: Any) -> Any:
    """Whether a column is among the values of the statement's one array."""
    return column_ == func.any(bindparam("wanted", type_=ARRAY(column_.type)))


def _reading(table: Table) -> str:
    return _sql(queries.everything(table))


add_requests = AddingRequests()
add_conclusions = Adding(schema.conclusion)
add_attempts = Adding(schema.attempt)
add_resends = Adding(schema.resend)
add_attempt_ends = Adding(schema.attempt_end)
add_refusals = Adding(schema.refusal, numbered_here=True)
add_notes = Adding(schema.note, numbered_here=True)
add_postings = Adding(schema.posting)
add_entries = AddingEntries()
add_organizations = Adding(schema.organization)
add_customers = Adding(schema.customer)
add_operators = Adding(schema.operator)
add_accounts = Adding(schema.account)
add_transactions = Adding(schema.transaction)
add_reversals = Adding(schema.reversal)
add_tariffs = Adding(schema.tariff_band)
add_limits = Adding(schema.limit)
add_seal = """
    INSERT INTO seal (number, first, digest)
    SELECT $1, $2,
           sha256(coalesce((SELECT digest FROM seal ORDER BY number DESC LIMIT 1), ''::bytea) || $3)"""
"""As :func:`salio.storage.seals.chained` has it, without a round trip for the digest before."""
add_inbox = Adding(schema.inbox, numbered_here=True)
add_apps = Adding(schema.app)

save_operators = Saving(schema.operator)
save_charge_bearers = Saving(schema.organization, "charges_borne_by", key="short_code")
change_balances = Saving(schema.account, "available", "reserved", "uncleared", added=True)
save_transactions = Saving(schema.transaction, "originator_conversation_id", "details", key="receipt")
save_app = Saving(schema.app)

all_organizations = _reading(schema.organization)
all_customers = _reading(schema.customer)
all_operators = _reading(schema.operator)
all_accounts = _reading(schema.account)
all_tariffs = _reading(schema.tariff_band)
all_limits = _reading(schema.limit)
all_registrations = _reading(schema.registration)
highest_posting = _sql(queries.highest_posting)
totals_since = _sql(queries.totals_since)
seals_after = _sql(queries.seals_after)
journal_between = _sql(queries.journal_between)
all_apps = _reading(schema.app)
all_revocations = _reading(schema.revocation)
all_current_tokens = _reading(schema.current_token)


def _claimed_ids() -> Executable:
    """Keeps the ids that are new, first come, first served; the numbers of their requests."""
    names = [each.name for each in schema.chosen_id.columns]
    given = _arrays(schema.chosen_id, names)
    adding = postgresql.insert(schema.chosen_id).from_select(
        names,
        select(*given.columns).order_by(*given.columns),  # so that two units never wait for each other
    )
    return adding.on_conflict_do_nothing().returning(schema.chosen_id.c.request)


claim_chosen_ids = _sql(_claimed_ids())


def _upserted_usage() -> Executable:
    given = _arrays(schema.usage, ["day", "app", "accepted"])
    adding = postgresql.insert(schema.usage).from_select(["day", "app", "accepted"], select(*given.columns))
    total = schema.usage.c.accepted + adding.excluded.accepted
    return adding.on_conflict_do_update(index_elements=["day", "app"], set_={"accepted": total})


add_usage = _sql(_upserted_usage())
usage_of_day = _sql(queries.usage_of_day)


def _upserted(table: Table, key: str) -> str:
    """Writes rows, each in the place of that of its key if there is one."""
    names = [each.name for each in table.columns]
    given = _arrays(table, names)
    adding = postgresql.insert(table).from_select(names, select(*given.columns))
    changed = {name: adding.excluded[name] for name in names if name != key}
    return _sql(adding.on_conflict_do_update(index_elements=[key], set_=changed))


def _revoked() -> Executable:
    names = [each.name for each in schema.revocation.columns]
    given = _arrays(schema.revocation, names)
    adding = postgresql.insert(schema.revocation).from_select(names, select(*given.columns))
    return adding.on_conflict_do_nothing()


revoke = _sql(_revoked())
changes = _sql(select(column("number")).select_from(table("changes")))
keep_apps_to_us = _sql(select(column("number")).select_from(table("changes")).with_for_update())
make_current = _upserted(schema.current_token, "app")
save_registrations = _upserted(schema.registration, "short_code")

add_prompts = """
    INSERT INTO prompt (number, receipt) SELECT * FROM unnest($1::bigint[], $2::text[])
    ON CONFLICT (number) DO NOTHING"""
prompts_to_answer = """
    SELECT number FROM prompt WHERE number = ANY($1::bigint[]) AND word IS NULL ORDER BY number FOR UPDATE"""
answer_prompts = """
    UPDATE prompt SET word = given.word FROM unnest($1::bigint[], $2::text[]) AS given (number, word)
    WHERE prompt.number = given.number"""
prompts_to_end = """
    SELECT number, word FROM prompt WHERE number = ANY($1::bigint[]) ORDER BY number FOR UPDATE"""
"""As the answers lock them, in one order: so two units never wait for each other."""
end_prompts = "DELETE FROM prompt WHERE number = ANY($1::bigint[])"

highest_request = _sql(queries.highest_request)
undecided = _sql(queries.undecided)
undelivered = _sql(queries.undelivered)
customers_words = _sql(queries.customers_words)
look_up = _sql(queries.look_up)


def _more_undecided() -> Executable:
    """First what is new and then their requests: one join would walk along all requests there ever were.

    Thousands may be known, and wait: each is looked for once, and of the rest no more than is wanted is read.
    """
    number = schema.intake.c.number
    known = select(func.unnest(bindparam("known", type_=ARRAY(number.type))))
    new = select(schema.intake).where(number.not_in(known)).order_by(number).limit(bindparam("most"))
    found = new.subquery()
    return (
        select(schema.request, found.c.credential)
        .select_from(found)
        .join(schema.request, schema.request.c.number == found.c.number)
        .order_by(found.c.number)
    )


more_undecided = _sql(_more_undecided())
unanswered_prompts = _sql(select(schema.prompt.c.number).where(schema.prompt.c.word.is_(None)))
_prompted = (
    select(schema.request, schema.transaction)
    .select_from(schema.prompt)
    .join(schema.request, schema.request.c.number == schema.prompt.c.number)
    .join(schema.transaction, schema.transaction.c.receipt == schema.prompt.c.receipt)
)
prompts_of = _sql(_prompted.where(_among(schema.prompt.c.number)))
count_undecided = _sql(select(func.count()).select_from(schema.intake))
count_open = _sql(
    select(func.count(), func.count().filter(schema.outbox.c.claimant.is_(None))).select_from(schema.outbox)
)
some_undelivered = _sql(queries.undelivered.where(_among(schema.outbox.c.number)))
_due = (
    select(schema.request, schema.conclusion)
    .join(schema.conclusion, schema.conclusion.c.number == schema.request.c.number)
    .where(_among(schema.request.c.number))
    .order_by(schema.request.c.number)
)
due = _sql(_due)
_begun = select(schema.attempt).where(schema.attempt.c.number == schema.request.c.number).exists()
not_begun = _sql(_due.where(~_begun))
transactions_by_receipt = _sql(select(schema.transaction).where(_among(schema.transaction.c.receipt)))
transactions_by_conversation = _sql(
    select(schema.transaction)
    .where(_among(schema.transaction.c.originator_conversation_id))
    .order_by(schema.transaction.c.receipt)
)
originals = _sql(queries.originals.where(_among(schema.transaction.c.receipt)))
drop_old_refusals = _sql(queries.drop_old_refusals)
touch = A_COMMIT
inbox_of_name = _sql(queries.inbox_of_name)
next_requests = _sql(queries.next_requests)
stories_of = _sql(queries.stories.where(_among(schema.request.c.number)))
notes_of = _sql(queries.notes.where(_among(schema.note.c.request)))
refusals_of = _sql(queries.everything(schema.refusal).where(_among(schema.refusal.c.number)))
refusal_by_id = _sql(queries.refusal_by_id)
request_by_chosen_id = _sql(queries.request_by_chosen_id)
snapshot = "SELECT pg_current_snapshot()::text"
latest_requests = """
    SELECT pg_current_snapshot()::text,
           ARRAY(SELECT number FROM request ORDER BY accepted_at DESC, number DESC LIMIT $1)"""
latest_refusals = """
    SELECT pg_current_snapshot()::text, ARRAY(SELECT number FROM refusal ORDER BY number DESC LIMIT $1)"""
written_requests = """
    SELECT number, written_by::text::bigint FROM request
    WHERE written_by >= pg_snapshot_xmin($1::text::pg_snapshot)
      AND written_by < pg_snapshot_xmax($2::text::pg_snapshot)
      AND NOT pg_visible_in_snapshot(written_by, $1::text::pg_snapshot)
      AND pg_visible_in_snapshot(written_by, $2::text::pg_snapshot)
      AND (written_by, number) > ($3::text::xid8, $4::bigint)
    ORDER BY written_by, number LIMIT $5"""
"""What the second snapshot sees and the first did not. A copy restored from another server has rows of
transactions that are still to come here; each is told of once when it is reached.
"""
written_refusals = written_requests.replace("FROM request", "FROM refusal")
has_revision = "SELECT to_regclass('alembic_version') IS NOT NULL"
revision = "SELECT version_num FROM alembic_version"

lock_processes = "LOCK TABLE process IN SHARE ROW EXCLUSIVE MODE"
living_processes = "SELECT duty, name FROM process WHERE held_until >= server_time() ORDER BY number"
forget_process = "DELETE FROM process WHERE duty = $1 AND name = $2 RETURNING number"
enter_process = """
    INSERT INTO process (duty, name, held_until, environment, portal)
    VALUES ($1, $2, server_time() + $3 * 1000000::bigint, $4, $5)
    RETURNING number"""
is_home = "SELECT EXISTS (SELECT FROM home JOIN this_place() AS here USING (system, database))"
adopt = "UPDATE home SET (system, database) = (SELECT system, database FROM this_place())"
post_steps = "SELECT line, revision FROM post_step"
renew_process = """
    UPDATE process SET held_until = server_time() + $2 * 1000000::bigint WHERE number = $1
    RETURNING server_time()"""
dead_processes = "SELECT number FROM process WHERE held_until < server_time() FOR UPDATE SKIP LOCKED"
remove_processes = "DELETE FROM process WHERE number = ANY($1::bigint[])"
fence_of_process = "SELECT pg_current_xact_id()::text FROM process WHERE number = $1 FOR SHARE"
claim = """
    WITH place AS MATERIALIZED (SELECT number FROM process WHERE number = $1 FOR SHARE),
    free AS MATERIALIZED (
        SELECT number FROM outbox WHERE claimant IS NULL AND EXISTS (SELECT FROM place)
        ORDER BY number LIMIT $2 FOR UPDATE SKIP LOCKED
    ),
    claimed AS (
        UPDATE outbox SET claimant = $1 WHERE number = ANY (ARRAY(SELECT number FROM free)) RETURNING number
    )
    SELECT pg_current_xact_id()::text, ARRAY(SELECT number FROM claimed ORDER BY number) FROM place"""
"""The fence of the process and what it guards, in one round trip. What is free is looked up by its numbers: a
join would walk along all that waits for each, were the server to think that nothing does.
"""
claimed = "SELECT number FROM outbox WHERE claimant = $1 ORDER BY number"
inherit_claims = "UPDATE outbox SET claimant = $1 WHERE claimant = ANY($2::bigint[]) RETURNING number"
release_claims = "UPDATE outbox SET claimant = NULL WHERE claimant = ANY($1::bigint[])"

count_stripes = "SELECT count(*) FROM stripe"
take_stripe = """
    UPDATE stripe SET epoch = epoch + 1, holder = $2, held_until = server_time() + $3 * 1000000::bigint
    WHERE number = $1 AND (held_until < server_time() OR holder = $2) RETURNING epoch"""
renew_stripe = """
    UPDATE stripe SET held_until = server_time() + $3 * 1000000::bigint WHERE number = $1 AND epoch = $2
    RETURNING epoch"""
holder_of_stripe = "SELECT holder FROM stripe WHERE number = $1"
give_up_stripe = "UPDATE stripe SET held_until = 0 WHERE number = $1 AND epoch = $2"
fence_of_stripe = """
    SELECT pg_current_xact_id()::text FROM stripe WHERE number = $1 AND epoch = $2 FOR SHARE"""

proof_of_request = "SELECT true FROM request WHERE number = $1 AND accepted_at = $2"
proof_of_note = "SELECT true FROM note WHERE request = $1 AND at = $2 AND text = $3"
proof_of_conclusion = "SELECT true FROM conclusion WHERE number = $1 AND decided_at = $2"
proof_of_attempt = "SELECT true FROM attempt WHERE number = $1 AND started_at = $2"
proof_of_resend = "SELECT true FROM resend WHERE number = $1 AND started_at = $2"
proof_of_end = "SELECT true FROM attempt_end WHERE number = $1 AND ended_at = $2"

server_time = "SELECT server_time()"
next_block = "SELECT nextval('request_block')"
raise_blocks = """
    SELECT setval('request_block', given.highest) FROM request_block,
        (SELECT coalesce(max(number), 0) / 1000 AS highest FROM request) AS given
    WHERE given.highest > last_value"""
"""Past every number that was given one by one, by a process that did everything. Numbers out of blocks never
are: it would be set back under a gateway that takes one at the same moment.
"""
