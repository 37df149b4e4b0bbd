"""The portal database in SQLite: apps and revoked tokens, which span the environments."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from salio.core.access.apps import App
from salio.core.access.tokens import TokenClaim
from salio.storage import access_rows, rows
from salio.storage.sqlite import statements
from salio.storage.sqlite.connection import reaching


class SqliteAccessStore:
    """Fits :class:`salio.core.ports.AccessStore`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._own_changes = 0

    @contextmanager
    def unit(self) -> Iterator[None]:
        """One transaction: nobody else writes between what the block reads and what it writes."""
        with reaching():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def version(self) -> int:
        """Moves whenever anything here changed, by whichever process."""
        with reaching():
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0]) + self._own_changes

    def apps(self) -> list[App]:
        """Every app."""
        return [access_rows.read_app(row) for row in self._read(statements.all_apps)]

    def revoked(self) -> list[TokenClaim]:
        """Revoked tokens."""
        return [access_rows.read_token(row) for row in self._read(statements.all_revocations)]

    def add_apps(self, apps: Sequence[App]) -> None:
        """Adds apps."""
        with reaching():
            statements.add_apps.run(self._connection, [access_rows.app_row(each) for each in apps])
        self._own_changes += 1

    def save_app(self, app: App) -> None:
        """Writes the state of a known app."""
        number, *columns = access_rows.app_row(app)
        with reaching():
            self._connection.execute(statements.save_app, (*columns, number))
        self._own_changes += 1

    def revoke(self, claim: TokenClaim) -> None:
        """Revokes one token, durably; revoking it again changes nothing."""
        if claim not in self.revoked():
            with reaching():
                statements.add_revocations.run(self._connection, [access_rows.token_row(claim)])
            self._own_changes += 1

    def current(self) -> list[TokenClaim]:
        """The only valid token of each app that has one by policy."""
        return [access_rows.read_token(row) for row in self._read(statements.all_current_tokens)]

    def make_current(self, claim: TokenClaim) -> None:
        """Records, durably, that this is now the app's only token."""
        with reaching():
            self._connection.execute(statements.make_current, access_rows.token_row(claim))

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def _read(self, statement: str) -> list[rows.Row]:
        with reaching():
            return self._connection.execute(statement).fetchall()
