"""PostgreSQL looks up what a statement takes off its work lists, however little it thinks is there.

It counts them now and then, and may count while nothing waits. A join then walked along the whole list once
for each row that was taken: with ten thousand waiting, a turn took a second, with the lease in its hands.
"""

from alembic import op

revision = "0021"
down_revision = "0020"

BY_NUMBER = (
    """
    CREATE OR REPLACE FUNCTION move_requests() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM intake WHERE number = ANY (ARRAY(SELECT number FROM given));
        INSERT INTO outbox SELECT number FROM given;
        RETURN NULL;
    END $$""",
    """
    CREATE OR REPLACE FUNCTION close_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        DELETE FROM outbox WHERE number = ANY (ARRAY(SELECT number FROM given));
        RETURN NULL;
    END $$""",
)


def upgrade() -> None:
    """SQLite's triggers take one row at a time, by its number."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in BY_NUMBER:
            op.execute(statement)
