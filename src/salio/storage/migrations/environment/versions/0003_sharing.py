"""What several processes share an environment by: who they are, the stripe's lease, who delivers what."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

BY_NAME = (
    "DROP TRIGGER conclusion_moves_the_request",
    """
    CREATE TRIGGER conclusion_moves_the_request AFTER INSERT ON conclusion BEGIN
        DELETE FROM intake WHERE number = NEW.number;
        INSERT INTO outbox (number) VALUES (NEW.number);
    END""",
)
"""SQLite's trigger named no column of the outbox, which has another now."""

TIME = (
    """
    CREATE FUNCTION server_time() RETURNS bigint LANGUAGE sql VOLATILE AS
    $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint $$""",
)
"""The server's own time, as instants are kept: no process's clock counts."""

NOTICES = (
    """
    CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify(TG_TABLE_SCHEMA || '_' || TG_TABLE_NAME, ''); RETURN NULL; END $$""",
    "CREATE TRIGGER intake_is_told_of AFTER INSERT ON intake FOR EACH STATEMENT EXECUTE FUNCTION tell()",
    "CREATE TRIGGER outbox_is_told_of AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION tell()",
)
"""Whoever decides or delivers is told of new work when it is committed."""

BLOCKS = (
    "CREATE SEQUENCE request_block",
    "SELECT setval('request_block', (SELECT coalesce(max(number), 0) / 1000 + 1 FROM request))",
)
"""Request numbers are given out a thousand at a time, so that gateways need not ask for each."""


def upgrade() -> None:
    """Creates the one stripe there is, and the tables of those who share it."""
    stripe = op.create_table(
        "stripe",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("epoch", WIDE, nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("held_until", WIDE, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.bulk_insert(stripe, [{"number": 1, "epoch": 0, "holder": "", "held_until": 0}])
    op.create_table(
        "process",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("held_until", WIDE, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.add_column("outbox", sa.Column("claimant", WIDE, nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        statements: tuple[str, ...] = BY_NAME
    else:
        op.create_index(
            "outbox_unclaimed", "outbox", ["number"], postgresql_where=sa.text("claimant IS NULL")
        )
        statements = TIME + NOTICES + BLOCKS
    for statement in statements:
        op.execute(statement)
