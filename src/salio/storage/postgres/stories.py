"""Reads stories and refusals beside running platforms, on a connection that cannot write."""

from collections.abc import Sequence

from salio.core.audit.refusals import RefusedRequest
from salio.core.audit.stories import Story
from salio.storage import rows
from salio.storage.ports import Mark
from salio.storage.postgres import statements
from salio.storage.postgres.connection import Session
from salio.storage.stories import read_stories


class PostgresStories:
    """Fits :class:`salio.storage.ports.Stories`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def content(self) -> int:
        """Always the same: there are no snapshots and no resets here."""
        return 0

    def latest(self, most: int) -> tuple[list[Story], Mark]:
        """The stories of the latest requests by time, oldest first; and where one stands then."""
        ((seen, numbers),) = self._session.fetch(statements.latest_requests, most)
        stories = sorted(self.stories_of(numbers), key=lambda each: each.request.accepted_at)
        return stories, Mark(seen=seen)

    def following(self, mark: Mark, most: int) -> tuple[list[Story], Mark]:
        """The stories of requests committed since, whatever their numbers and times."""
        numbers, there = self._written(statements.written_requests, mark, most)
        return self.stories_of(numbers), there

    def latest_refusals(self, most: int) -> tuple[list[RefusedRequest], Mark]:
        """As :meth:`latest`, by number: these come one by one."""
        ((seen, numbers),) = self._session.fetch(statements.latest_refusals, most)
        return self._refusals(numbers), Mark(seen=seen)

    def following_refusals(self, mark: Mark, most: int) -> tuple[list[RefusedRequest], Mark]:
        """As :meth:`following`."""
        numbers, there = self._written(statements.written_refusals, mark, most)
        return self._refusals(numbers), there

    def first_stories(self, after: int, most: int) -> list[Story]:
        """The stories of the first requests after a number, at most so many."""
        return self._whole(self._session.fetch(statements.next_requests, after, most, 0))

    def stories_of(self, numbers: Sequence[int]) -> list[Story]:
        """The stories of these requests as they stand now, in the order of their numbers."""
        return self._whole(self._session.fetch(statements.stories_of, list(numbers)))

    def refusals_by_id(self, request_id: str) -> list[RefusedRequest]:
        """The refusals that were given this requestId: it is unique only within the life of a process."""
        found = self._session.fetch(statements.refusal_by_id, request_id)
        return [rows.read_refusal(tuple(row)) for row in found]

    def chosen(self, originator_conversation_id: str) -> list[int]:
        """The numbers of the requests whose callers brought this id, one for each app."""
        found = self._session.fetch(statements.request_by_chosen_id, originator_conversation_id)
        return [int(row[0]) for row in found]

    def close(self) -> None:
        """Ends the connection."""
        self._session.close()

    def _written(self, statement: str, mark: Mark, most: int) -> tuple[list[int], Mark]:
        """The numbers of what a later snapshot sees and the mark's did not, in the order of their writers."""
        until = mark.until or str(self._session.fetch(statements.snapshot)[0][0])
        found = self._session.fetch(statement, mark.seen, until, str(mark.writer), mark.number, most)
        numbers = [row[0] for row in found]
        if len(found) < most:
            return numbers, Mark(seen=until)
        number, writer = found[-1]
        return numbers, Mark(seen=mark.seen, until=until, number=number, writer=writer)

    def _refusals(self, numbers: Sequence[int]) -> list[RefusedRequest]:
        found = self._session.fetch(statements.refusals_of, list(numbers))
        return [rows.read_refusal(tuple(row)) for row in found]

    def _whole(self, found: Sequence[rows.Row]) -> list[Story]:
        return read_stories([tuple(row) for row in found], self._notes_of)

    def _notes_of(self, numbers: list[int]) -> Sequence[rows.Row]:
        return self._session.fetch(statements.notes_of, numbers)
