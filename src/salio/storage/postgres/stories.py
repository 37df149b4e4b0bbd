"""Reads stories and refusals beside running platforms, on a connection that cannot write."""

from collections.abc import Sequence

from salio.core.audit.refusals import RefusedRequest
from salio.core.audit.stories import Story
from salio.storage import rows
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

    def highest_request(self) -> int:
        """The number of the latest request; 0 when there was none."""
        return int(self._session.fetch(statements.highest_request)[0][0] or 0)

    def highest_refusal(self) -> int:
        """The number of the latest refusal; 0 when there was none."""
        return int(self._session.fetch(statements.highest_refusal)[0][0] or 0)

    def stories(self, after: int, until: int) -> list[Story]:
        """The stories of the requests after one number, up to another."""
        return self._whole(self._session.fetch(statements.recent_requests, after, until))

    def first_stories(self, after: int, most: int) -> list[Story]:
        """The stories of the first requests after a number, at most so many."""
        return self._whole(self._session.fetch(statements.next_requests, after, most, 0))

    def stories_of(self, numbers: Sequence[int]) -> list[Story]:
        """The stories of these requests as they stand now, in the order of their numbers."""
        return self._whole(self._session.fetch(statements.stories_of, list(numbers)))

    def refusals(self, after: int, most: int) -> list[tuple[int, RefusedRequest]]:
        """The refusals after one number, each with its own."""
        found = self._session.fetch(statements.recent_refusals, after, most, 0)
        return [(int(row[0]), rows.read_refusal(tuple(row))) for row in found]

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

    def _whole(self, found: Sequence[rows.Row]) -> list[Story]:
        return read_stories([tuple(row) for row in found], self._notes_of)

    def _notes_of(self, numbers: list[int]) -> Sequence[rows.Row]:
        return self._session.fetch(statements.notes_of, numbers)
