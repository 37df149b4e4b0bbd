"""Notes: what was done to a request, or found out about it, beside its way."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from salio.core.audit.records import Records


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One note on the request of that number. ``text`` is for the log; no secrets."""

    request: int
    at: datetime
    text: str


class NoteLog(Records[Note]):
    """The stage that keeps notes."""

    def __init__(self, wake: Callable[[], None], most_waiting: int = 10_000) -> None:
        super().__init__(wake, lambda unit, notes: unit.add_notes(notes), most_waiting)
