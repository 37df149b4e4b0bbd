"""What was reversed, and by what: the original's receipt is the key, so that nothing is put back twice."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

FORBIDDEN = {
    "sqlite": (
        """
        CREATE TRIGGER reversal_is_never_changed BEFORE UPDATE ON reversal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
        """
        CREATE TRIGGER reversal_is_never_deleted BEFORE DELETE ON reversal
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    ),
    "postgresql": (
        """
        CREATE TRIGGER reversal_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON reversal
        EXECUTE FUNCTION journal_is_append_only()""",
    ),
}


def upgrade() -> None:
    """Creates the table, and the index by which the entries of a transaction are found."""
    op.create_table(
        "reversal",
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("original"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    op.create_index("posting_of_receipt", "posting", ["receipt"], if_not_exists=True)
    for statement in FORBIDDEN[op.get_bind().dialect.name]:
        op.execute(statement)
