"""Where an organization's withdrawals go: to an M-PESA number of its own, or, without one, to its bank."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Adds the column; every organization there is withdraws to its bank."""
    op.add_column("organization", sa.Column("settles_to", sa.Text(), nullable=True))
