"""Stories from the rows of any engine."""

from collections.abc import Callable, Sequence

from salio.core.audit.notes import Note
from salio.core.audit.stories import Story
from salio.core.requests.deliveries import AttemptEnd
from salio.storage import rows, schema

_REQUEST = len(schema.request.columns)
_CONCLUSION = _REQUEST + len(schema.conclusion.columns)
_ATTEMPT = _CONCLUSION + len(schema.attempt.columns)
_END = _ATTEMPT + 1

NotesOf = Callable[[list[int]], Sequence[rows.Row]]
"""Reads the notes of these requests, in the order of both numbers."""


def read_stories(found: Sequence[rows.Row], notes_of: NotesOf) -> list[Story]:
    """The stories of these rows (:data:`salio.storage.queries.stories`), each with its notes."""
    notes: dict[int, list[Note]] = {}
    for note in map(rows.read_note, notes_of([row[0] for row in found])):
        notes.setdefault(note.request, []).append(note)
    return [_story(row, tuple(notes.get(row[0], ()))) for row in found]


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
