"""Where the clock was set back between two postings, so that a span of time need not be looked through."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

NOTING = {
    "sqlite": (
        """
        CREATE TRIGGER setback_is_noted AFTER INSERT ON posting
        WHEN NEW.at < (SELECT at FROM posting WHERE number < NEW.number ORDER BY number DESC LIMIT 1)
        BEGIN
            INSERT INTO setback (number, at, before)
            SELECT NEW.number, NEW.at, at FROM posting
            WHERE number < NEW.number ORDER BY number DESC LIMIT 1;
        END""",
    ),
    "postgresql": (
        """
        CREATE FUNCTION note_setbacks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO setback (number, at, before)
            SELECT number, at, before FROM (
                SELECT number, at, coalesce(
                    lag(at) OVER (ORDER BY number),
                    (SELECT posting.at FROM posting
                     WHERE posting.number < (SELECT min(added.number) FROM added)
                     ORDER BY posting.number DESC LIMIT 1)
                ) AS before FROM added
            ) AS pairs WHERE at < before;
            RETURN NULL;
        END $$""",
        """
        CREATE TRIGGER setback_is_noted AFTER INSERT ON posting
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_setbacks()""",
    ),
}
FILL = """
    INSERT INTO setback (number, at, before)
    SELECT number, at, before
    FROM (SELECT number, at, lag(at) OVER (ORDER BY number) AS before FROM posting) AS pairs
    WHERE at < before"""


def upgrade() -> None:
    """Creates the table and what keeps it, and fills it. On PostgreSQL nothing is posted meanwhile."""
    op.create_table(
        "setback",
        sa.Column("number", WIDE, nullable=False),
        sa.Column("at", WIDE, nullable=False),
        sa.Column("before", WIDE, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    for statement in (*NOTING[op.get_bind().dialect.name], FILL):
        op.execute(statement)
