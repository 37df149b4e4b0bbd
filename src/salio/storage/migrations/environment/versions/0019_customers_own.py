"""A posting that moves its customer's own account is found by that account: no index of parties holds it.

An index of parties has a page for each customer, which every payment to another one touches, in the log and
at the checkpoint; and the customer's account has such a page already, in the index of its entries.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

FOUND_BY_PARTIES = sa.text("moves_customer IS NULL")
"""What was there before, or is written by a program of before, is found as ever."""
POST = ("DROP INDEX posting_of_parties",)


def upgrade() -> None:
    """Adds the column and the smaller index; on PostgreSQL a program of before goes on with the larger."""
    op.add_column("posting", sa.Column("moves_customer", sa.Integer(), nullable=True))
    op.create_index(
        "posting_by_parties",
        "posting",
        ["payer", "payee", "number"],
        sqlite_where=FOUND_BY_PARTIES,
        postgresql_where=FOUND_BY_PARTIES,
    )
