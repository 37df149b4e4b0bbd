"""What customers' phones show, and how it was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

NOTICES = (
    """
    CREATE FUNCTION tell_who_decides() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify(TG_TABLE_SCHEMA || '_intake', ''); RETURN NULL; END $$""",
    """
    CREATE TRIGGER prompt_is_told_of AFTER UPDATE ON prompt
    FOR EACH STATEMENT EXECUTE FUNCTION tell_who_decides()""",
)
"""An answer is work for whoever decides, as a new request is."""


def upgrade() -> None:
    """Creates the table; a core that knows it adds what phones show already."""
    op.create_table(
        "prompt",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("word", sa.Text()),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        return
    op.create_index("prompt_answered", "prompt", ["number"], postgresql_where=sa.text("word IS NOT NULL"))
    for statement in NOTICES:
        op.execute(statement)
