"""Notes on requests."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Creates the table of notes."""
    op.create_table(
        "note",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("request", WIDE, nullable=False),
        sa.Column("at", WIDE, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    op.create_index("note_of_request", "note", ["request", "number"])
