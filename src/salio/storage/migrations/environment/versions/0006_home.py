"""In which database this content is at home: a restored copy is told from the original."""

from alembic import op

revision = "0006"
down_revision = "0005"

HOME = (
    "CREATE TABLE home (system bigint NOT NULL, database bigint NOT NULL)",
    """
    CREATE FUNCTION this_place(OUT system bigint, OUT database bigint) LANGUAGE sql STABLE AS $$
        SELECT system_identifier, oid::bigint FROM pg_control_system(), pg_database
        WHERE datname = current_database() $$""",
    "INSERT INTO home SELECT system, database FROM this_place()",
)
"""The server's cluster, which its standbys share, and the database in it."""


def upgrade() -> None:
    """Notes where it is; SQLite's files are copied as snapshots only."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in HOME:
            op.execute(statement)
