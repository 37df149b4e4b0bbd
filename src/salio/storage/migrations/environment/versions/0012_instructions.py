"""Whether an organization decides by hand of payments that its validator could not be asked about."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Adds the column; whoever registered before keeps the default action."""
    op.add_column("registration", sa.Column("instructs", sa.Integer(), nullable=False, server_default="0"))
