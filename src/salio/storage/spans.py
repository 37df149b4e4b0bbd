"""From a statement's moments to the numbers of its entries.

Time and number ascend together where the clock was never set back, so a span of moments is one of numbers:
two looks find its ends, however long it is. Elsewhere an index is read along all of the moments: a few
postings may lie among those of another time, and are astray. If they are many, all numbers between them are
walked along.
"""

import msgspec
from sqlalchemy import ColumnElement, func, literal_column, select

from salio.core.ledger.statement import Selection
from salio.storage import rows, schema
from salio.storage.queries import Run

MOST_ASTRAY = 500
"""Postings that are looked up one by one, because the clock was set back or forth when they were made."""

Term = ColumnElement[bool]

NOTHING: ColumnElement[int] = literal_column("0")
"""Added to a column it keeps the column's index out of a query (``statements.py``)."""

_ENTRY, _POSTING, _SETBACK = schema.entry.c, schema.posting.c, schema.setback.c


class Span(msgspec.Struct, frozen=True):
    """Which entries are of some moments."""

    ends: tuple[int, int] | None = None
    """The numbers of the first and the last entry; ``None`` for all there are."""
    astray: tuple[int, ...] = ()
    """Postings of these moments that lie outside."""

    def holds(self, number: ColumnElement[int]) -> list[Term]:
        """That an entry's number lies between the ends."""
        return [] if self.ends is None else [number >= self.ends[0], number <= self.ends[1]]


def find_span(run: Run, chosen: Selection) -> Span | None:
    """The span of the moments that are chosen; ``None`` if no posting is of them."""
    if chosen.since is None and chosen.until is None:
        return Span()
    at, number, timely = _POSTING.at, _POSTING.number, within(_POSTING.at, chosen)
    ends = run(select(number).where(*timely).order_by(at, number).limit(1))
    if not ends:
        return None
    ends += run(select(number).where(*timely).order_by(at.desc(), number.desc()).limit(1))
    first, last = sorted(row[0] for row in ends)
    astray: tuple[int, ...] = ()
    if run(select(_SETBACK.number).where(*_touched(chosen)).limit(1)):
        outside = (number < first) | (number > last)
        found = run(select(number).where(*timely, outside).limit(MOST_ASTRAY + 1))
        if len(found) > MOST_ASTRAY:
            ((first, last),) = run(select(func.min(number), func.max(number)).where(*timely))
        else:
            astray = tuple(row[0] for row in found)
    of_entry = _ENTRY.number + NOTHING
    ((lowest,),) = run(select(func.min(of_entry)).where(_ENTRY.posting == first))
    ((highest,),) = run(select(func.max(of_entry)).where(_ENTRY.posting == last))
    return Span((lowest, highest), astray)


def within(at: ColumnElement[int], chosen: Selection) -> list[Term]:
    """That a moment is one of those that are chosen."""
    since = [] if chosen.since is None else [at >= rows.instant(chosen.since)]
    return since if chosen.until is None else [*since, at < rows.instant(chosen.until)]


def _touched(chosen: Selection) -> list[Term]:
    """Where the clock was set back over some of the moments."""
    since = [] if chosen.since is None else [_SETBACK.before >= rows.instant(chosen.since)]
    return since if chosen.until is None else [*since, _SETBACK.at < rows.instant(chosen.until)]
