"""The entries of a posting sum to zero in each currency: the database itself refuses what does not.

PostgreSQL looks at what one statement adds: all that a posting has, or, later, what leaves its sum as it is.
SQLite looks at one row at a time, so a posting is written behind its entries and looks at them all; none is
added to it afterwards. For that an entry's reference to its posting is held until the commit.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

OF_ENTRY = "SELECT sql FROM sqlite_master WHERE tbl_name = 'entry' AND type <> 'table' AND sql IS NOT NULL"
SQLITE_ALONE = (
    """
    CREATE TABLE later_entry (
        number INTEGER NOT NULL PRIMARY KEY,
        posting INTEGER NOT NULL REFERENCES posting (number) DEFERRABLE INITIALLY DEFERRED,
        account INTEGER NOT NULL REFERENCES account (number),
        bucket TEXT NOT NULL,
        cents INTEGER NOT NULL,
        balance INTEGER NOT NULL,
        kind TEXT
    ) STRICT""",
    """
    INSERT INTO later_entry
    SELECT number, posting, account, bucket, cents, balance, kind FROM entry ORDER BY number""",
    "DROP TABLE entry",
    "ALTER TABLE later_entry RENAME TO entry",
)
"""Whoever changes a constraint there writes the table anew; nobody else has the file open."""

SUMS = {
    "sqlite": (
        """
        CREATE TRIGGER posting_sums_to_zero BEFORE INSERT ON posting
        WHEN (
            SELECT sum(cents) <> 0 OR min(currency) <> max(currency)
            FROM entry JOIN account ON account.number = entry.account WHERE posting = NEW.number
        )
        BEGIN
            SELECT RAISE(ABORT, 'a posting sums to zero in each currency') WHERE EXISTS (
                SELECT currency FROM entry JOIN account ON account.number = entry.account
                WHERE posting = NEW.number GROUP BY currency HAVING sum(cents) <> 0
            );
        END""",
        """
        CREATE TRIGGER entry_comes_before_its_posting BEFORE INSERT ON entry
        WHEN EXISTS (SELECT number FROM posting WHERE number = NEW.posting)
        BEGIN SELECT RAISE(ABORT, 'the entries of a posting come before it'); END""",
        """
        CREATE TRIGGER account_keeps_its_currency BEFORE UPDATE OF currency ON account
        WHEN NEW.currency <> OLD.currency
        BEGIN SELECT RAISE(ABORT, 'an account keeps its currency'); END""",
    ),
    "postgresql": (
        """
        CREATE FUNCTION sum_entries() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF EXISTS (
                SELECT FROM added JOIN account ON account.number = added.account
                GROUP BY posting, currency HAVING sum(cents) <> 0
            ) THEN RAISE EXCEPTION 'a posting sums to zero in each currency'; END IF;
            RETURN NULL;
        END $$""",
        """
        CREATE TRIGGER posting_sums_to_zero AFTER INSERT ON entry
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION sum_entries()""",
        """
        CREATE FUNCTION keep_currency() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'an account keeps its currency'; END $$""",
        """
        CREATE TRIGGER account_keeps_its_currency BEFORE UPDATE OF currency ON account FOR EACH ROW
        WHEN (NEW.currency <> OLD.currency) EXECUTE FUNCTION keep_currency()""",
    ),
}
"""The first look, on SQLite, is the cheap one: nearly every posting is of one currency, and sums to zero."""


def upgrade() -> None:
    """Adds the triggers. What is in the journal already is not looked at: ``salio check`` does that."""
    connection = op.get_bind()
    engine = connection.dialect.name
    if engine == "sqlite":
        hanging = connection.execute(sa.text(OF_ENTRY)).scalars().all()
        for statement in (*SQLITE_ALONE, *hanging):
            op.execute(statement)
    for statement in SUMS[engine]:
        op.execute(statement)
