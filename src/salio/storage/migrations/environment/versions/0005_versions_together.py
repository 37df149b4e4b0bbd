"""How far each process's program goes, and which post steps were done: versions that run together."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds a column for each line to the table of processes; a program that fills none is older."""
    op.add_column("process", sa.Column("environment", sa.Text(), nullable=True))
    op.add_column("process", sa.Column("portal", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.create_table(
            "post_step",
            sa.Column("line", sa.Text(), nullable=False),
            sa.Column("revision", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("line", "revision"),
        )
