"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

CHANGES = (
    "CREATE TABLE changes (number bigint NOT NULL)",
    "INSERT INTO changes VALUES (0)",
    """
    CREATE FUNCTION count_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN UPDATE changes SET number = number + 1; RETURN NULL; END $$""",
    """
    CREATE TRIGGER app_changes_count AFTER INSERT OR UPDATE OR DELETE ON app
    FOR EACH STATEMENT EXECUTE FUNCTION count_change()""",
    """
    CREATE TRIGGER revocation_changes_count AFTER INSERT OR UPDATE OR DELETE ON revocation
    FOR EACH STATEMENT EXECUTE FUNCTION count_change()""",
    """
    CREATE TRIGGER current_token_changes_count AFTER INSERT OR UPDATE OR DELETE ON current_token
    FOR EACH STATEMENT EXECUTE FUNCTION count_change()""",
)
"""PostgreSQL only: what SQLite's data_version tells by itself, whether anything here has changed."""


def upgrade() -> None:
    """Creates every table."""
    op.create_table(
        "app",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("consumer_key", sa.Text(), nullable=False),
        sa.Column("secret_digest", sa.LargeBinary(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("short_codes", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("throttle", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Integer(), nullable=False),
        sa.Column("tokens_valid_from", WIDE, nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("consumer_key"),
        sqlite_strict=True,
    )
    op.create_table(
        "revocation",
        sa.Column("app", sa.Integer(), nullable=False),
        sa.Column("issued_at", WIDE, nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("app", "issued_at", "serial"),
        sqlite_strict=True,
    )
    op.create_table(
        "current_token",
        sa.Column("app", sa.Integer(), nullable=False),
        sa.Column("issued_at", WIDE, nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("app"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in CHANGES:
            op.execute(statement)
