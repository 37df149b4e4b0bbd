"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

FORBIDDEN = {
    "sqlite": (
        """
        CREATE TRIGGER posting_is_never_changed BEFORE UPDATE ON posting
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
        """
        CREATE TRIGGER posting_is_never_deleted BEFORE DELETE ON posting
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
        """
        CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
        """
        CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    ),
    "postgresql": (
        """
        CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$""",
        """
        CREATE TRIGGER posting_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
        EXECUTE FUNCTION journal_is_append_only()""",
        """
        CREATE TRIGGER entry_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
        EXECUTE FUNCTION journal_is_append_only()""",
    ),
}
WORK_LISTS = {
    "sqlite": (
        """
        CREATE TRIGGER conclusion_moves_the_request AFTER INSERT ON conclusion
        BEGIN DELETE FROM intake WHERE number = NEW.number; INSERT INTO outbox VALUES (NEW.number); END""",
        """
        CREATE TRIGGER attempt_end_closes_the_delivery AFTER INSERT ON attempt_end
        BEGIN DELETE FROM outbox WHERE number = NEW.number; END""",
    ),
    "postgresql": (
        """
        CREATE FUNCTION move_requests() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            DELETE FROM intake USING given WHERE intake.number = given.number;
            INSERT INTO outbox SELECT number FROM given;
            RETURN NULL;
        END $$""",
        """
        CREATE TRIGGER conclusion_moves_the_request AFTER INSERT ON conclusion
        REFERENCING NEW TABLE AS given FOR EACH STATEMENT EXECUTE FUNCTION move_requests()""",
        """
        CREATE FUNCTION close_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            DELETE FROM outbox USING given WHERE outbox.number = given.number;
            RETURN NULL;
        END $$""",
        """
        CREATE TRIGGER attempt_end_closes_the_delivery AFTER INSERT ON attempt_end
        REFERENCING NEW TABLE AS given FOR EACH STATEMENT EXECUTE FUNCTION close_deliveries()""",
    ),
}
"""The work lists follow the facts: a conclusion moves its request, an attempt's end closes its delivery."""
TRANSACTION_LOG = {
    "sqlite": """
    CREATE VIEW transaction_log AS
    SELECT request.number,
           request.accepted_at,
           request.conversation_id,
           json_extract(request.query, '$.party') AS party,
           json_extract(request.query, '$.initiator') AS initiator,
           json_extract(request.query, '$.command') AS command,
           json_extract(request.query, '$.remarks') AS remarks,
           json_extract(request.query, '$.occasion') AS occasion,
           conclusion.outcome
    FROM request LEFT JOIN conclusion ON conclusion.number = request.number""",
    "postgresql": """
    CREATE VIEW transaction_log AS
    SELECT request.number,
           request.accepted_at,
           request.conversation_id,
           request.query::json ->> 'party' AS party,
           request.query::json ->> 'initiator' AS initiator,
           request.query::json ->> 'command' AS command,
           request.query::json ->> 'remarks' AS remarks,
           request.query::json ->> 'occasion' AS occasion,
           conclusion.outcome
    FROM request LEFT JOIN conclusion ON conclusion.number = request.number""",
}
"""What M-PESA need not analyse but records (AB and TS, ReferenceData): every request's reference data."""


def upgrade() -> None:
    """Creates every table."""
    _parties()
    _ledger()
    _requests()
    _endings()
    _records()


def _parties() -> None:
    """Organizations, customers and operators."""
    op.create_table(
        "organization",
        sa.Column("short_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent"],
            ["organization.short_code"],
        ),
        sa.PrimaryKeyConstraint("short_code"),
        sqlite_strict=True,
    )
    op.create_table(
        "customer",
        sa.Column("msisdn", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("msisdn"),
        sqlite_strict=True,
    )
    op.create_table(
        "operator",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("short_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("password_digest", sa.LargeBinary(), nullable=False),
        sa.Column("password_set_at", WIDE, nullable=False),
        sa.Column("last_used_at", WIDE, nullable=False),
        sa.Column("wrong_passwords", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["short_code"],
            ["organization.short_code"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("operator_name", "operator", ["short_code", "name"], unique=True)


def _ledger() -> None:
    """Accounts, the journal that is only added to, and transactions."""
    op.create_table(
        "account",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("available", WIDE, nullable=False),
        sa.Column("reserved", WIDE, nullable=False),
        sa.Column("uncleared", WIDE, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("account_of_holder", "account", ["holder", "kind", "currency"], unique=True)
    op.create_table(
        "posting",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("at", WIDE, nullable=False),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_table(
        "entry",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("posting", WIDE, nullable=False),
        sa.Column("account", WIDE, nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("cents", WIDE, nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["account.number"],
        ),
        sa.ForeignKeyConstraint(
            ["posting"],
            ["posting.number"],
        ),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("entry_of_account", "entry", ["account"], unique=False)
    op.create_table(
        "transaction_",
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("originator_conversation_id", sa.Text(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("receipt"),
        sqlite_strict=True,
    )
    op.create_index(
        "transaction_of_conversation", "transaction_", ["originator_conversation_id"], unique=False
    )
    for statement in FORBIDDEN[op.get_bind().dialect.name]:
        op.execute(statement)


def _requests() -> None:
    """Accepted requests and the identifiers that callers chose."""
    op.create_table(
        "request",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("app", sa.Integer(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("originator_conversation_id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("accepted_at", WIDE, nullable=False),
        sa.Column("chosen_by_caller", sa.Integer(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("unknown_members", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_table(
        "chosen_id",
        sa.Column("app", sa.Integer(), nullable=False),
        sa.Column("originator_conversation_id", sa.Text(), nullable=False),
        sa.Column("request", WIDE, nullable=False),
        sa.PrimaryKeyConstraint("app", "originator_conversation_id"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "intake",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_table(
        "usage",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("app", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "app"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _endings() -> None:
    """How requests ended and what was delivered."""
    op.create_table(
        "conclusion",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("decided_at", WIDE, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_table(
        "outbox",
        sa.Column("number", WIDE, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_table(
        "attempt",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", WIDE, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_table(
        "resend",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("started_at", WIDE, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_table(
        "attempt_end",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("ended_at", WIDE, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    engine = op.get_bind().dialect.name
    for statement in WORK_LISTS[engine]:
        op.execute(statement)
    op.execute(TRANSACTION_LOG[engine])


def _records() -> None:
    """What is kept for people."""
    op.create_table(
        "refusal",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("at", WIDE, nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("app", sa.Integer(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_table(
        "inbox",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("received_at", WIDE, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("inbox_of_name", "inbox", ["name", "number"], unique=False)
