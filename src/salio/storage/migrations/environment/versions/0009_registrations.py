"""Where organizations hear of their customers' payments."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Creates the table."""
    op.create_table(
        "registration",
        sa.Column("short_code", sa.Text(), nullable=False),
        sa.Column("default_action", sa.Text(), nullable=False),
        sa.Column("confirmation_url", sa.Text()),
        sa.Column("validation_url", sa.Text()),
        sa.Column("validated", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("short_code"),
        sqlite_strict=True,
    )
