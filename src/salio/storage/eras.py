"""Eras of the journal: SQLite keeps its index of the accounts' entries in stretches of 131,072 entries.

Customers are many, and each payment is another one's: in one index of all that an account ever had, a hundred
payments change a hundred pages, and each is written to the log and to the file. An era's stretch is some
hundred pages in all, so those that a commit changes are few, and stay in memory until the next era begins.
Whoever looks for an account's entries looks into the eras in turn, where one that has none costs a
microsecond. PostgreSQL writes the rows of an index to its log, not the pages, and has one index of all.
"""

from sqlalchemy import ColumnElement, literal_column

from salio.storage import schema

ERA = schema.era.c.number

_SHIFT: ColumnElement[int] = literal_column(str(schema.ERA_BITS))


def era_of(number: ColumnElement[int]) -> ColumnElement[int]:
    """The era of an entry's number, in the words of the index ``entry_of_era``."""
    return number.bitwise_rshift(_SHIFT)


def era_with(number: int) -> int:
    """The era of a number that is known."""
    return number >> schema.ERA_BITS
