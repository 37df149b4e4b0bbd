"""What the processes that share an environment read to find their work, each on a connection of its own."""

from collections.abc import Collection, Iterator

from salio.core.ports import AcceptedRequest
from salio.storage import rows
from salio.storage.postgres import statements
from salio.storage.postgres.connection import Session

BLOCK = 1000
"""Request numbers in a block (migration 0003)."""


class Work:
    """One task at a time, from within :func:`~salio.storage.postgres.connection.waiting`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def undecided(self, but: Collection[int], most: int) -> list[AcceptedRequest]:
        """Accepted requests without a conclusion and not of these numbers, the oldest first."""
        found = self._session.fetch(statements.more_undecided, list(but), most)
        return [rows.read_accepted(row) for row in found]

    def waiting(self) -> int:
        """How many requests wait to be decided."""
        return int(self._session.fetch(statements.count_undecided)[0][0])

    def open_results(self) -> int:
        """How many results have not ended, claimed or not."""
        return int(self._session.fetch(statements.count_open)[0][0])

    def usage(self, day: str) -> dict[int, int]:
        """Accepted requests of the day by app number, whichever gateway took them."""
        return {row[0]: row[1] for row in self._session.fetch(statements.usage_of_day, day)}

    def close(self) -> None:
        """Ends the connection."""
        self._session.close()


class Numbers(Iterator[int]):
    """Request numbers that no other process has, a block at a time; a block that is not used up is lost."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._block = iter(range(0))

    def __next__(self) -> int:
        """One more; raises StoreUnavailableError, and then there are more when the store is back."""
        number = next(self._block, None)
        if number is None:
            block = int(self._session.fetch(statements.next_block)[0][0])
            self._block = iter(range(block * BLOCK, (block + 1) * BLOCK))
            number = next(self._block)
        return number

    def close(self) -> None:
        """Ends the connection."""
        self._session.close()
