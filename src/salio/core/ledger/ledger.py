"""The ledger as the deciding step holds it: the book, what belongs to it, and the way back.

A movement is carried out in memory at once, so that later decisions of the same batch see it. It stands until
its commit ends: then it is settled, or taken back, last first.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from salio.core.ledger.book import Book
from salio.core.ledger.day_totals import DayTotals, day_of, midnight
from salio.core.ledger.postings import POSTED, Entry, Posting
from salio.core.ledger.tariffs import Tariffs
from salio.core.ports import Receipts, Store
from salio.core.transactions.states import STEPS
from salio.core.transactions.transaction import Transaction


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision does to the books: a transaction, and the entries that it moved, if it moved any."""

    transaction: Transaction
    narrative: str = ""
    entries: tuple[Entry, ...] = ()
    before: Transaction | None = None
    """The same transaction in the state that it leaves; None for a new one."""


class Moved(msgspec.Struct, frozen=True):
    """A movement that was carried out; without entries there is no posting."""

    transaction: Transaction
    posting: Posting | None
    is_new: bool = True
    """Whether the store has never heard of the transaction."""


class MovementRefusedError(Exception):
    """The book does not take a movement that a decision thought possible: the decision is wrong."""


class Ledger:
    """Owned by the deciding step; decisions read it, and only :meth:`make` moves anything."""

    def __init__(
        self, book: Book, *, next_number: int, totals: DayTotals, tariffs: Tariffs, receipts: Receipts
    ) -> None:
        self.book = book
        self.totals = totals
        self.tariffs = tariffs
        self.receipts = receipts
        self._next_number = next_number
        self._standing: dict[str, Moved] = {}

    @classmethod
    def read(cls, store: Store, receipts: Receipts, now: datetime) -> "Ledger":
        """Everything as the store has it."""
        return cls(
            Book(*store.accounts()),
            next_number=store.next_posting_number(),
            totals=DayTotals(day_of(now), store.totals_since(midnight(now))),
            tariffs=Tariffs(*store.tariffs()),
            receipts=receipts,
        )

    def receipt_of_next(self, now: datetime) -> str:
        """The receipt of a movement that no request brought: requests count up from 1, these down from 0."""
        return self.receipts.receipt(-self._next_number, now)

    def make(self, movement: Movement, now: datetime) -> Moved:
        """Carries a movement out, whole or not at all; raises :class:`MovementRefusedError`."""
        before, after = movement.before, movement.transaction.state
        if before is not None and after not in STEPS[before.state]:
            raise MovementRefusedError(f"{before.state.value} is never followed by {after.value}")
        posting = self._post(movement, now) if movement.entries else None
        moved = Moved(movement.transaction, posting, is_new=before is None)
        self._standing[movement.transaction.receipt] = moved
        return moved

    def _post(self, movement: Movement, now: datetime) -> Posting:
        transaction = movement.transaction
        parties = transaction.debit_party, transaction.credit_party
        posting = Posting(
            number=self._next_number,
            at=now,
            narrative=movement.narrative,
            entries=movement.entries,
            receipt=transaction.receipt,
            kind=transaction.kind,
            parties=parties,
            moves_customer=self.book.moves_customer(movement.entries, parties),
        )
        outcome = self.book.post(posting)
        if outcome is not POSTED:
            raise MovementRefusedError(outcome.value)
        self._next_number += 1
        self.totals.add(posting)
        return posting

    def settle(self, moved: Moved) -> None:
        """The store has it."""
        self._standing.pop(moved.transaction.receipt, None)

    def take_back(self, moved: Moved) -> None:
        """The store has not: it never was. Does nothing the second time. Its number is not given again."""
        if self._standing.get(moved.transaction.receipt) is not moved:
            return
        del self._standing[moved.transaction.receipt]
        if moved.posting is not None:
            self.book.take_back(moved.posting)
            self.totals.take_back(moved.posting)

    def standing(self) -> Mapping[str, Moved]:
        """By receipt what was carried out and is not yet durable: the store does not find it."""
        return self._standing
