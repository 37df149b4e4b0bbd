"""Money that moves: seals of the journal, tariffs and limits, and what a start has to add up."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

FORBIDDEN = {
    "sqlite": (
        """
        CREATE TRIGGER seal_is_never_changed BEFORE UPDATE ON seal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
        """
        CREATE TRIGGER seal_is_never_deleted BEFORE DELETE ON seal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    ),
    "postgresql": (
        """
        CREATE TRIGGER seal_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON seal
        EXECUTE FUNCTION journal_is_append_only()""",
    ),
}


def upgrade() -> None:
    """Creates the tables and indexes. What is in the journal already stays unsealed."""
    op.create_table(
        "seal",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("first", WIDE, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_table(
        "tariff",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Text(), nullable=False),
        sa.Column("up_to", WIDE, nullable=False),
        sa.Column("charge", WIDE, nullable=False),
        sa.PrimaryKeyConstraint("kind", "effective_from", "up_to"),
        sqlite_strict=True,
    )
    op.create_table(
        "limit_",
        sa.Column("limit_", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Text(), nullable=False),
        sa.Column("cents", WIDE, nullable=False),
        sa.PrimaryKeyConstraint("limit_", "effective_from"),
        sqlite_strict=True,
    )
    op.create_index("posting_at", "posting", ["at"])
    op.create_index("entry_of_posting", "entry", ["posting"])
    for statement in FORBIDDEN[op.get_bind().dialect.name]:
        op.execute(statement)
