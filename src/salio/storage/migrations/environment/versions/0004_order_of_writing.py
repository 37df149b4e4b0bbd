"""Which transaction wrote a request or a refusal: a log that is followed misses none that commits late.

Nothing for SQLite, where one writer numbers them in the order of its commits.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

WRITTEN_BY = (
    "ALTER TABLE request ADD COLUMN written_by xid8 NOT NULL DEFAULT pg_current_xact_id()",
    "ALTER TABLE refusal ADD COLUMN written_by xid8 NOT NULL DEFAULT pg_current_xact_id()",
    "CREATE INDEX request_written_by ON request (written_by, number)",
    "CREATE INDEX refusal_written_by ON refusal (written_by, number)",
)
BY_TIME = ("CREATE INDEX request_by_time ON request (accepted_at, number)",)
"""Numbers are given out in blocks, one block for each gateway: the highest are not the latest."""


def upgrade() -> None:
    """Adds the columns, which rows that are there fill with this very transaction, and the indexes."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in WRITTEN_BY + BY_TIME:
            op.execute(statement)
