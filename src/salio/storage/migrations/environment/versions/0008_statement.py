"""What a statement is read by: running balances, kinds, who pays whom, and the indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

FILL = {
    "sqlite": (
        """
        UPDATE posting
        SET payer = json_extract(details, '$.debit_party'), payee = json_extract(details, '$.credit_party')
        FROM transaction_ WHERE transaction_.receipt = posting.receipt""",
        """
        UPDATE entry SET kind = json_extract(details, '$.kind')
        FROM posting JOIN transaction_ ON transaction_.receipt = posting.receipt
        WHERE posting.number = entry.posting""",
    ),
    "postgresql": (
        """
        UPDATE posting SET payer = details::json ->> 'debit_party', payee = details::json ->> 'credit_party'
        FROM transaction_ WHERE transaction_.receipt = posting.receipt""",
        """
        UPDATE entry SET kind = details::json ->> 'kind'
        FROM posting JOIN transaction_ ON transaction_.receipt = posting.receipt
        WHERE posting.number = entry.posting""",
    ),
}
FILL_BALANCES = """
    UPDATE entry SET balance = given.balance
    FROM (
        SELECT number,
               CAST(sum(CASE bucket WHEN 'uncleared' THEN 0 ELSE cents END)
                    OVER (PARTITION BY account ORDER BY number) AS bigint) AS balance
        FROM entry
    ) AS given
    WHERE given.number = entry.number"""
SQLITE_ALONE = {
    "DROP TRIGGER posting_is_never_changed": """
        CREATE TRIGGER posting_is_never_changed BEFORE UPDATE ON posting
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    "DROP TRIGGER entry_is_never_changed": """
        CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
}
"""Before and after the filling; nobody else has the file open."""
POSTGRESQL_ALONE = {
    "ALTER TABLE posting DISABLE TRIGGER posting_is_never_changed": (
        "ALTER TABLE posting ENABLE TRIGGER posting_is_never_changed"
    ),
    "ALTER TABLE entry DISABLE TRIGGER entry_is_never_changed": (
        "ALTER TABLE entry ENABLE TRIGGER entry_is_never_changed"
    ),
}

FOR_OLDER = (
    """
    CREATE FUNCTION complete_posting() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        SELECT details::json ->> 'debit_party', details::json ->> 'credit_party' INTO NEW.payer, NEW.payee
        FROM transaction_ WHERE transaction_.receipt = NEW.receipt;
        RETURN NEW;
    END $$""",
    """
    CREATE TRIGGER posting_is_completed BEFORE INSERT ON posting FOR EACH ROW
    WHEN (NEW.payer IS NULL AND NEW.receipt IS NOT NULL) EXECUTE FUNCTION complete_posting()""",
    """
    CREATE FUNCTION complete_entry() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        NEW.balance := CASE NEW.bucket WHEN 'uncleared' THEN 0 ELSE NEW.cents END + coalesce(
            (SELECT balance FROM entry WHERE account = NEW.account ORDER BY number DESC LIMIT 1), 0);
        SELECT details::json ->> 'kind' INTO NEW.kind
        FROM posting JOIN transaction_ ON transaction_.receipt = posting.receipt
        WHERE posting.number = NEW.posting;
        RETURN NEW;
    END $$""",
    """
    CREATE TRIGGER entry_is_completed BEFORE INSERT ON entry FOR EACH ROW
    WHEN (NEW.balance IS NULL) EXECUTE FUNCTION complete_entry()""",
    "ALTER TABLE entry ADD CONSTRAINT entry_has_a_balance CHECK (balance IS NOT NULL)",
)
"""A program of before goes on beside this schema: what it does not write is added."""
POST = ("DROP INDEX entry_of_account",)


def upgrade() -> None:
    """Adds the columns, fills them for the entries that are there, and makes the indexes.

    The journal is locked meanwhile.
    """
    engine = op.get_bind().dialect.name
    if engine == "sqlite":
        op.add_column("entry", sa.Column("balance", WIDE, nullable=False, server_default="0"))
    else:
        op.add_column("entry", sa.Column("balance", WIDE, nullable=True))
    op.add_column("entry", sa.Column("kind", sa.Text(), nullable=True))
    op.add_column("posting", sa.Column("payer", sa.Text(), nullable=True))
    op.add_column("posting", sa.Column("payee", sa.Text(), nullable=True))
    guards = SQLITE_ALONE if engine == "sqlite" else POSTGRESQL_ALONE
    for statement in (*guards, *FILL[engine], FILL_BALANCES, *guards.values()):
        op.execute(statement)
    op.create_index("entry_of_kind", "entry", ["account", "kind", "number"])
    op.create_index("posting_of_receipt", "posting", ["receipt"])
    op.create_index("posting_of_parties", "posting", ["payer", "payee", "number"])
    if engine == "postgresql":
        for statement in FOR_OLDER:
            op.execute(statement)
