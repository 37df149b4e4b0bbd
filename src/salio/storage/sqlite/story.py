"""Reads stories and refusals beside a running platform, on a connection that cannot write."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from salio.core.audit.notes import Note
from salio.core.audit.refusals import RefusedRequest
from salio.core.audit.stories import Story
from salio.core.requests.deliveries import AttemptEnd
from salio.storage import rows, schema
from salio.storage.sqlite import statements
from salio.storage.sqlite.connection import connect_to_read, reaching

_REQUEST = len(schema.request.columns)
_CONCLUSION = _REQUEST + len(schema.conclusion.columns)
_ATTEMPT = _CONCLUSION + len(schema.attempt.columns)
_END = _ATTEMPT + 1


class StoryReader:
    """What one environment's store tells about its requests and refusals."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, path: Path) -> "StoryReader":
        """Raises :class:`~salio.core.ports.StoreUnavailableError` for a file that is not there."""
        return cls(connect_to_read(path))

    def content(self) -> int:
        """Another number once the whole content was replaced by another: by a snapshot, by a reset."""
        return int(self._read("PRAGMA schema_version")[0][0])

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
        """The stories of these rows, each with its notes."""
        with reaching():
            noted = statements.notes_of.find(self._connection, [row[0] for row in found])
        notes: dict[int, list[Note]] = {}
        for note in map(rows.read_note, noted):
            notes.setdefault(note.request, []).append(note)
        return [_story(row, tuple(notes.get(row[0], ()))) for row in found]

    def _read(self, statement: str, parameters: Sequence[object] = ()) -> list[rows.Row]:
        with reaching():
            return self._connection.execute(statement, parameters).fetchall()


def _story(row: rows.Row, notes: tuple[Note, ...]) -> Story:
    """From a row of request, conclusion, attempt, the resend's instant and attempt_end; all but the first
    may be missing.
    """
    conclusion, attempt, end = row[_REQUEST:_CONCLUSION], row[_CONCLUSION:_ATTEMPT], row[_END:]
    return Story(
        request=rows.read_request(row[:_REQUEST]),
        conclusion=rows.read_conclusion(conclusion) if conclusion[0] is not None else None,
        attempt=rows.read_attempt(attempt, row[_ATTEMPT]) if attempt[0] is not None else None,
        end=_end(end) if end[0] is not None else None,
        notes=notes,
    )


def _end(row: rows.Row) -> AttemptEnd:
    return AttemptEnd(number=row[0], ended_at=rows.moment(row[1]), status=row[2], fault=row[3])
