"""Where a record can lie: what a place has to do, whichever engine it is of. A parameter is `?`."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Found(Protocol):
    """What a statement came to."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchone(self) -> Any:
        """The first row, or None."""

    def fetchall(self) -> list[Any]:
        """All of them."""


class Rows(Protocol):
    """One transaction, to read and write by."""

    def execute(self, statement: str, parameters: Sequence[Any] = (), /) -> Found:
        """One statement."""

    def executemany(self, statement: str, parameters: Sequence[Sequence[Any]], /) -> object:
        """The same with each of these."""


class Place(Protocol):
    """An engine's. Whatever is its trouble, and not a fault of ours, it raises as RecordUnavailable."""

    trouble: tuple[type[Exception], ...]
    """The engine's own names for that."""

    @property
    def name(self) -> str:
        """For people; without a password."""

    def preparing(self) -> AbstractContextManager[Rows]:
        """A transaction in which tables are made, alone with that."""

    def transaction(self) -> AbstractContextManager[Rows]:
        """One transaction, alone on the record, durable at its end."""

    def rows(self, statement: str, parameters: Sequence[Any]) -> list[Any]:
        """What a statement reads."""

    def alone(self) -> AbstractContextManager[bool]:
        """Whether nobody else has the turn, and then it is kept from them."""

    def has_ended(self, rows: Rows) -> bool:
        """Whether somebody has ended this transaction."""

    def turn_is_lost(self, rows: Rows) -> bool:
        """Whether the turn that we have taken is no longer ours, as this transaction finds."""

    def handed(self, rows: Rows) -> AbstractContextManager[Any]:
        """The application's own view of a transaction."""

    def version(self, rows: Rows) -> int:
        """Of the tables; 0 if there are none."""

    def make(self, rows: Rows, script: str) -> None:
        """One version of the tables becomes the next."""

    def close(self) -> None:
        """Nothing is done with it afterwards."""
