"""What the processes that share an environment read to find their work, each on a connection of its own."""

from collections.abc import Collection, Iterator, Mapping

from salio.core.audit.inbox import ReceivedCallback
from salio.core.ports import AcceptedRequest
from salio.core.requests.express_payment import prompt_of
from salio.core.requests.outcomes import Conclusion
from salio.core.requests.prompts import CustomerWord, Ringing
from salio.core.requests.queries import ExpressPayment, Request
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

    def customers_words(self) -> Mapping[int, CustomerWord]:
        """By request how prompts were answered, whose payments have not ended."""
        return rows.read_words(self._session.fetch(statements.customers_words))

    def ringing(self, known: dict[int, Ringing]) -> dict[int, Ringing]:
        """The prompts that nobody has answered, by request's number, oldest first; the minute of some may be
        over. What is known of them is not read again.
        """
        numbers = sorted(row[0] for row in self._session.fetch(statements.unanswered_prompts))
        unknown = [each for each in numbers if each not in known]
        found = self._session.fetch(statements.prompts_of, unknown) if unknown else ()
        ringing = known | {each.number: each for each in map(_read_ringing, found)}
        return {each: ringing[each] for each in numbers if each in ringing}

    def look_up(self, number: int) -> tuple[Request, Conclusion | None] | None:
        """The request of that number, and how it ended if it has."""
        found = self._session.fetch(statements.look_up, number)
        return rows.read_looked_up(found[0]) if found else None

    def inbox(self, name: str, most: int) -> list[ReceivedCallback]:
        """The newest callbacks of one inbox, newest first."""
        return [
            rows.read_callback(row) for row in self._session.fetch(statements.inbox_of_name, name, most, 0)
        ]

    def waiting(self) -> int:
        """How many requests wait to be decided."""
        return int(self._session.fetch(statements.count_undecided)[0][0])

    def open_results(self) -> tuple[int, int]:
        """How many results have not ended, and how many of them nobody has claimed."""
        ((count, unclaimed),) = self._session.fetch(statements.count_open)
        return int(count), int(unclaimed)

    def usage(self, day: str) -> dict[int, int]:
        """Accepted requests of the day by app number, whichever gateway took them."""
        return {row[0]: row[1] for row in self._session.fetch(statements.usage_of_day, day)}

    def close(self) -> None:
        """Ends the connection."""
        self._session.close()


def _read_ringing(row: rows.Row) -> Ringing:
    """From all columns of ``request`` and ``transaction_``."""
    request, opened = rows.read_prompted(row)
    assert isinstance(request.query, ExpressPayment)  # noqa: S101 - nothing else rings
    prompt = prompt_of(request.query, opened)
    return Ringing(number=request.number, checkout_request_id=request.conversation_id, prompt=prompt)


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
