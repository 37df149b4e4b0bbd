"""The portal's tables in PostgreSQL: apps and revoked tokens, which span the environments."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from salio.core.access.apps import App
from salio.core.access.tokens import TokenClaim
from salio.storage import access_rows
from salio.storage.postgres import statements
from salio.storage.postgres.connection import Session


class PostgresAccessStore:
    """Fits :class:`salio.core.ports.AccessStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @contextmanager
    def unit(self) -> Iterator[None]:
        """One transaction: nobody else writes between what the block reads and what it writes."""
        with self._session.transaction():
            self._session.execute(statements.keep_apps_to_us)
            yield

    def version(self) -> int:
        """Moves whenever anything here changed, by whichever process."""
        return int(self._session.fetch(statements.changes)[0][0])

    def apps(self) -> list[App]:
        """Every app."""
        return [access_rows.read_app(row) for row in self._session.fetch(statements.all_apps)]

    def revoked(self) -> list[TokenClaim]:
        """Revoked tokens."""
        return [access_rows.read_token(row) for row in self._session.fetch(statements.all_revocations)]

    def add_apps(self, apps: Sequence[App]) -> None:
        """Adds apps."""
        statements.add_apps.run(self._session, [access_rows.app_row(each) for each in apps])

    def save_app(self, app: App) -> None:
        """Writes the state of a known app."""
        statements.save_app.run(self._session, [access_rows.app_row(app)])

    def revoke(self, claim: TokenClaim) -> None:
        """Revokes one token, durably; revoking it again changes nothing."""
        self._session.execute(statements.revoke, *([each] for each in access_rows.token_row(claim)))

    def current(self) -> list[TokenClaim]:
        """The only valid token of each app that has one by policy."""
        return [access_rows.read_token(row) for row in self._session.fetch(statements.all_current_tokens)]

    def make_current(self, claim: TokenClaim) -> None:
        """Records, durably, that this is now the app's only token."""
        self._session.execute(statements.make_current, *([each] for each in access_rows.token_row(claim)))

    def close(self) -> None:
        """Ends the connection."""
        self._session.close()
