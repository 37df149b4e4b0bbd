"""Reads stories and refusals beside a running platform, on a connection that cannot write."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from salio.core.audit.refusals import RefusedRequest
from salio.core.audit.stories import Story
from salio.storage import rows
from salio.storage.ports import Mark
from salio.storage.sqlite import statements
from salio.storage.sqlite.connection import connect_to_read, reaching
from salio.storage.stories import read_stories


class SqliteStories:
    """Fits :class:`salio.storage.ports.Stories`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> "SqliteStories":
        """Raises :class:`~salio.core.ports.StoreUnavailableError` for a file that is not there."""
        return cls(connect_to_read(path))

    def content(self) -> int:
        """Another number once the whole content was replaced by another: by a snapshot, by a reset."""
        return int(self._read("PRAGMA schema_version")[0][0])

    def latest(self, most: int) -> tuple[list[Story], Mark]:
        """The stories of the latest requests, oldest first; and where one stands then."""
        highest = self.highest_request()
        return self.stories(max(0, highest - most), highest), Mark(number=highest)

    def following(self, mark: Mark, most: int) -> tuple[list[Story], Mark]:
        """The stories of requests committed since: one writer commits them in the order of their numbers."""
        stories = self.first_stories(mark.number, most)
        return stories, Mark(number=stories[-1].request.number) if stories else mark

    def latest_refusals(self, most: int) -> tuple[list[RefusedRequest], Mark]:
        """As :meth:`latest`."""
        highest = self.highest_refusal()
        found = self.refusals(max(0, highest - most), most)
        return [refused for number, refused in found if number <= highest], Mark(number=highest)

    def following_refusals(self, mark: Mark, most: int) -> tuple[list[RefusedRequest], Mark]:
        """As :meth:`following`."""
        found = self.refusals(mark.number, most)
        return [refused for _, refused in found], Mark(number=found[-1][0]) if found else mark

    def highest_request(self) -> int:
        """The number of the latest request; 0 when there was none."""
        return int(self._read(statements.highest_request)[0][0] or 0)

    def highest_refusal(self) -> int:
        """The number of the latest refusal; 0 when there was none."""
        return int(self._read(statements.highest_refusal)[0][0] or 0)

    def stories(self, after: int, until: int) -> list[Story]:
        """The stories of the requests after one number, up to another."""
        return self._noted(self._read(statements.recent_requests, (after, until)))

    def first_stories(self, after: int, most: int) -> list[Story]:
        """The stories of the first requests after a number, at most so many."""
        return self._noted(self._read(statements.next_requests, (after, most, 0)))

    def stories_of(self, numbers: Sequence[int]) -> list[Story]:
        """The stories of these requests as they stand now, in the order of their numbers."""
        with reaching():
            found = statements.stories_of.find(self._connection, list(numbers))
        return self._noted(found)

    def refusals(self, after: int, most: int) -> list[tuple[int, RefusedRequest]]:
        """The refusals after one number, each with its own."""
        found = self._read(statements.recent_refusals, (after, most, 0))
        return [(int(row[0]), rows.read_refusal(row)) for row in found]

    def refusals_by_id(self, request_id: str) -> list[RefusedRequest]:
        """The refusals that were given this requestId: it is unique only within the life of a process."""
        return [rows.read_refusal(row) for row in self._read(statements.refusal_by_id, (request_id,))]

    def chosen(self, originator_conversation_id: str) -> list[int]:
        """The numbers of the requests whose callers brought this id, one for each app."""
        return [
            int(row[0]) for row in self._read(statements.request_by_chosen_id, (originator_conversation_id,))
        ]

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def _noted(self, found: Sequence[rows.Row]) -> list[Story]:
        return read_stories(found, self._notes_of)

    def _notes_of(self, numbers: list[int]) -> list[rows.Row]:
        with reaching():
            return statements.notes_of.find(self._connection, numbers)

    def _read(self, statement: str, parameters: Sequence[object] = ()) -> list[rows.Row]:
        with reaching():
            return self._connection.execute(statement, parameters).fetchall()
