"""Whoever follows registrations is told of a new one."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """SQLite has one process, which needs no telling."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER registration_is_told_of AFTER INSERT OR UPDATE ON registration "
            "FOR EACH STATEMENT EXECUTE FUNCTION tell()"
        )
