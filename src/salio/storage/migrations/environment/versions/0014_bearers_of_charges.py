"""Who bears a charge: tariffs of the organization's, the customer's or both, and which of them it is on."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
POST = ("DROP TABLE tariff",)
"""A program of before reads it: to that program every charge is the organization's."""


def upgrade() -> None:
    """So far every charge was borne by the organization, and every organization on such a tariff."""
    op.add_column(
        "organization",
        sa.Column("charges_borne_by", sa.Text(), nullable=False, server_default="organization"),
    )
    op.create_table(
        "tariff_band",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("borne_by", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Text(), nullable=False),
        sa.Column("up_to", WIDE, nullable=False),
        sa.Column("charge", WIDE, nullable=False),
        sa.Column("customer_share", WIDE, nullable=False),
        sa.PrimaryKeyConstraint("kind", "borne_by", "effective_from", "up_to"),
        sa.CheckConstraint("customer_share BETWEEN 0 AND charge", name="share_is_a_part"),
        sqlite_strict=True,
    )
    op.execute(
        "INSERT INTO tariff_band SELECT kind, 'organization', effective_from, up_to, charge, 0 FROM tariff"
    )
