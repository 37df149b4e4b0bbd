"""What is said of an error: one line that says what to do, for those with a known cause."""


class CommandError(Exception):
    """A command cannot do what it was asked; the message says why and what to do."""


def explain(error: Exception) -> str | None:
    """The line for a person; ``None`` for an error that nobody foresaw, whose traceback is wanted."""
    if isinstance(error, OSError):
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror or error}{where}"
    return str(error) if isinstance(error, (CommandError, *_named())) else None


def _named() -> tuple[type[Exception], ...]:
    """The errors that say what to do, from all over; loaded only when something went wrong."""
    from salio.core.ports import StoreUnavailableError
    from salio.platform.errors import StartError
    from salio.sandbox.plan import PlanError
    from salio.storage.migrate import NewerDatabaseError
    from salio.storage.ports import InUseError, UnfitServerError
    from salio.storage.sqlite.connection import OldSqliteError
    from salio.vault.errors import VaultError
    from salio.wire.errors import SalioError

    return (
        SalioError,
        StartError,
        PlanError,
        NewerDatabaseError,
        OldSqliteError,
        StoreUnavailableError,
        InUseError,
        UnfitServerError,
        VaultError,
    )
