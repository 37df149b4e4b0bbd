"""SQLite's index of the accounts' entries is cut into eras of 131,072 entries (``storage/eras.py``).

Whatever the customers, a commit changes few pages of it: a third of what a payment cost was their way to the
log and to the file. PostgreSQL goes on with one index of all, and has no eras.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

WIDE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SQLITE_ALONE = (
    "INSERT INTO era (number) SELECT DISTINCT number >> 17 FROM entry",
    """
    CREATE TRIGGER era_is_noted AFTER INSERT ON entry
    WHEN NOT EXISTS (SELECT number FROM era WHERE number = NEW.number >> 17)
    BEGIN INSERT INTO era (number) VALUES (NEW.number >> 17); END""",
    "CREATE INDEX entry_of_era ON entry (number >> 17, account, kind, number)",
    "DROP INDEX entry_of_kind",
)


def upgrade() -> None:
    """Creates the table; on SQLite notes each era there, and cuts the index."""
    op.create_table(
        "era",
        sa.Column("number", WIDE, nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE_ALONE:
            op.execute(statement)
