"""PostgreSQL looks up the postings and accounts of a statement's entries at once, not one by one.

It is the look that sums them, so it costs next to nothing; as foreign keys they were two fifths of what an
entry costs. Postings were never deleted nor renumbered, and accounts are not from now on: what was found once
is there for good.
"""

from alembic import op

revision = "0018"
down_revision = "0017"

AT_ONCE = (
    """
    CREATE OR REPLACE FUNCTION sum_entries() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (
            SELECT FROM added
            LEFT JOIN account ON account.number = added.account
            LEFT JOIN posting ON posting.number = added.posting
            WHERE account.number IS NULL OR posting.number IS NULL
        ) THEN RAISE foreign_key_violation USING MESSAGE = 'an entry names no posting or no account'; END IF;
        IF EXISTS (
            SELECT FROM added JOIN account ON account.number = added.account
            GROUP BY posting, currency HAVING sum(cents) <> 0
        ) THEN RAISE EXCEPTION 'a posting sums to zero in each currency'; END IF;
        RETURN NULL;
    END $$""",
    """
    CREATE FUNCTION keep_account() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE foreign_key_violation USING MESSAGE = 'an account is never deleted, nor numbered anew';
    END $$""",
    """
    CREATE TRIGGER account_is_kept BEFORE DELETE OR UPDATE OF number ON account
    FOR EACH ROW EXECUTE FUNCTION keep_account()""",
    "ALTER TABLE entry DROP CONSTRAINT entry_posting_fkey",
    "ALTER TABLE entry DROP CONSTRAINT entry_account_fkey",
)


def upgrade() -> None:
    """SQLite goes on with its foreign keys, which are cheap there."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in AT_ONCE:
            op.execute(statement)
