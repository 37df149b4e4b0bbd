"""What a sending process takes of the outbox: deliveries that are nobody's, or a dead process's."""

from collections.abc import Collection

from salio.core.requests.deliveries import OpenDelivery
from salio.core.requests.findings import FOUND
from salio.core.requests.outcomes import Conclusion
from salio.core.requests.queries import Request
from salio.storage import rows
from salio.storage.postgres import statements
from salio.storage.postgres.connection import Fence, Session
from salio.storage.postgres.sharing import PostgresTenure


class Claiming:
    """One task at a time, from within :func:`~salio.storage.postgres.connection.waiting`."""

    def __init__(self, session: Session, tenure: PostgresTenure) -> None:
        """``tenure``: whose claims they are, as long as it has its place."""
        self._session = session
        self._tenure = tenure

    def claim(self, most: int) -> Collection[int]:
        """Takes deliveries that are nobody's, the oldest first; the numbers of their requests."""
        fenced = Fence(statements.claim, (self._tenure.number, most))
        with self._session.transaction(fenced) as (numbers,):
            pass
        return list(numbers)

    def claimed(self) -> Collection[int]:
        """What it has claimed and not ended, known to it or not."""
        return [row[0] for row in self._session.fetch(statements.claimed, self._tenure.number)]

    def take_over(self) -> Collection[int]:
        """Takes what dead processes had claimed; the numbers of those requests."""
        with self._session.transaction(self._tenure.fence()):
            dead = [row[0] for row in self._session.fetch(statements.dead_processes)]
            if not dead:
                return ()
            taken = self._session.fetch(statements.inherit_claims, self._tenure.number, dead)
            self._session.execute(statements.remove_processes, dead)
        return [row[0] for row in taken]

    def deliveries(
        self, numbers: Collection[int]
    ) -> tuple[list[tuple[Request, Conclusion]], list[OpenDelivery]]:
        """The deliveries of these requests: those that nobody has begun, and the rest with their attempts."""
        found = self._session.fetch(statements.not_begun, list(numbers))
        due = [rows.read_due(tuple(row)) for row in found]
        begun = set(numbers).difference(request.number for request, _ in due)
        if not begun:
            return due, []
        found = self._session.fetch(statements.some_undelivered, FOUND + "%", list(begun))
        return due, [rows.read_open_delivery(tuple(row)) for row in found]

    def close(self) -> None:
        """Ends the connection."""
        self._session.close()
