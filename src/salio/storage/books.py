"""The check of the books: everything that the ledger promises, added up from the journal's first entry on.

A platform may go on meanwhile: what it adds is looked at too, and the balances are compared with what lies
before the moment at which they were read.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import func, select

from salio.core.ledger.accounts import Account, Bucket
from salio.core.ledger.postings import moves_customer
from salio.core.transactions.states import TransactionState
from salio.storage import rows, schema
from salio.storage.queries import Run

AT_ONCE = 5_000
"""Postings, or transactions, of one round."""

Progress = Callable[[str, int, int], None]
"""Is told what is being looked at, how many were, and how many there are; 0 where nobody knows."""

_ENTRY, _POSTING, _TRANSACTION = schema.entry.c, schema.posting.c, schema.transaction.c
_PLACES: Mapping[str, int] = {bucket.value: place for place, bucket in enumerate(Bucket)}


class FaultFoundError(Exception):
    """The books are not what they should be; the message names the row."""


class _Told(msgspec.Struct, frozen=True):
    """What of a transaction its posting has to agree with."""

    kind: str
    state: str
    cents: int
    debit_party: str
    credit_party: str


_read = msgspec.json.Decoder(_Told).decode


class Books:
    """One pass over the journal."""

    def __init__(self, run: Run, progress: Progress) -> None:
        self._run = run
        self._progress = progress
        self._accounts: dict[int, Account] = {}
        self._sums: dict[int, list[int]] = {}
        self._last_entry = 0
        self.postings = self.entries = self.transactions = 0

    @property
    def accounts(self) -> int:
        """How many there are."""
        return len(self._accounts)

    def check(self) -> None:
        """Raises :class:`FaultFoundError` for the first fault."""
        self._walk(-1, self._balances()[1])
        last = self.last_posting
        balances, until = self._balances()  # what was added meanwhile is little
        self._walk(last, until)
        for number, balance in balances.items():
            if balance != self._sums[number]:
                raise FaultFoundError(
                    f"{self._name(number)} holds {_shown(balance)}, and its entries come to "
                    f"{_shown(self._sums[number])}"
                )
        self._look_for_strays(until)
        self._look_for_unposted()

    def _balances(self) -> tuple[dict[int, list[int]], int]:
        """Every balance, and the last posting that made it so: one statement, one moment."""
        last = select(func.max(_POSTING.number)).scalar_subquery()
        found = self._run(select(schema.account, last))
        for row in found:
            self._accounts.setdefault(row[0], rows.read_account(row)[0])
            self._sums.setdefault(row[0], [0, 0, 0])
        return {row[0]: list(row[4:7]) for row in found}, (found[0][7] or 0) if found else 0

    def _walk(self, after: int, until: int) -> None:
        self.last_posting = until
        while after < until:
            postings = self._run(_postings(after, until))
            last = postings[-1][0] if len(postings) == AT_ONCE else until
            found = self._run(_entries(after, last))
            self._look(postings, sorted(found, key=lambda row: (row[1], row[0])))
            after = last
            self._progress("postings", after, until)

    def _look(self, postings: Sequence[rows.Row], entries: Sequence[rows.Row]) -> None:
        place = 0
        for posting in postings:
            first = place
            while place < len(entries) and entries[place][1] <= posting[0]:
                place += 1
            self._posting(posting, entries[first:place])
        if place < len(entries):
            raise FaultFoundError(_of_none(entries[place]))

    def _posting(self, posting: rows.Row, entries: Sequence[rows.Row]) -> None:
        number = posting[0]
        sums: dict[str, int] = {}
        for entry in entries:
            if entry[1] != number:
                raise FaultFoundError(_of_none(entry))
            currency = self._entry(entry)
            sums[currency] = sums.get(currency, 0) + entry[4]
        if not entries or any(sums.values()):
            raise FaultFoundError(f"posting {number}: its entries do not sum to zero, or there are none")
        for account in {entry[2] for entry in entries}:
            floor = self._accounts[account].floor
            if floor is not None and min(self._sums[account]) < floor:
                raise FaultFoundError(f"posting {number}: {self._name(account)} falls below its floor")
        self._agree(posting, entries)
        self.postings += 1

    def _entry(self, entry: rows.Row) -> str:
        """Adds it to its account; the currency."""
        number, posting, account, bucket, cents, balance, _ = entry
        if number <= self._last_entry:
            raise FaultFoundError(f"entry {number} of posting {posting} stands before those of older ones")
        self._last_entry = number
        known = self._accounts.get(account)
        if known is None:
            raise FaultFoundError(f"entry {number} of posting {posting}: there is no account {account}")
        sums = self._sums[account]
        sums[_PLACES[bucket]] += cents
        if balance != sums[0] + sums[1]:
            raise FaultFoundError(
                f"entry {number} of posting {posting}: {self._name(account)} is said to hold {balance} cents "
                f"after it, and the entries up to it come to {sums[0] + sums[1]}"
            )
        self.entries += 1
        return known.currency

    def _agree(self, posting: rows.Row, entries: Sequence[rows.Row]) -> None:
        """A posting is its transaction's: amount, kind and parties."""
        number, receipt, payer, payee, said_to_move, details = posting
        if receipt is None:
            expected: tuple[Any, ...] = (None, None, {None})
        elif details is None:
            raise FaultFoundError(f"posting {number}: there is no transaction {receipt}")
        else:
            told = _read(details)
            expected = (told.debit_party, told.credit_party, {told.kind})
            moved = sum(entry[4] for entry in entries if entry[4] > 0)
            if moved != told.cents and told.cents not in {abs(entry[4]) for entry in entries}:
                raise FaultFoundError(
                    f"posting {number} moves {moved} cents, and transaction {receipt} is of {told.cents}"
                )
        if (payer, payee, {entry[6] for entry in entries}) != expected:
            raise FaultFoundError(f"posting {number}: its kind or its parties are not its transaction's")
        moved = (self._accounts[entry[2]] for entry in entries)
        if said_to_move and not moves_customer(moved, (payer, payee)):
            raise FaultFoundError(
                f"posting {number}: it is said to move its customer's account, and no entry of it does: "
                "no statement finds it by its parties"
            )

    def _look_for_strays(self, until: int) -> None:
        owned = select(_POSTING.number).where(_POSTING.number == _ENTRY.posting).exists()
        stray = self._run(select(schema.entry).where(_ENTRY.posting > until, ~owned).limit(1))
        if stray:
            raise FaultFoundError(_of_none(stray[0]))

    def _look_for_unposted(self) -> None:
        """A transaction that is completed has moved something."""
        receipt = _TRANSACTION.receipt
        posted = select(_POSTING.number).where(_POSTING.receipt == receipt).exists()
        after = ""
        while end := self._run(select(receipt).where(receipt > after).order_by(receipt).limit(AT_ONCE)):
            unposted = select(schema.transaction).where(receipt > after, receipt <= end[-1][0], ~posted)
            for row in self._run(unposted):
                if _read(row[2]).state == TransactionState.COMPLETED.value:
                    raise FaultFoundError(f"transaction {row[0]} is completed, and there is no posting of it")
            after = end[-1][0]
            self.transactions += len(end)
            self._progress("transactions", self.transactions, 0)

    def _name(self, number: int) -> str:
        account = self._accounts[number]
        return f"account {number} ({account.holder}, {account.kind.value})"


def _postings(after: int, until: int) -> Any:
    return (
        select(
            _POSTING.number,
            _POSTING.receipt,
            _POSTING.payer,
            _POSTING.payee,
            _POSTING.moves_customer,
            _TRANSACTION.details,
        )
        .select_from(schema.posting.outerjoin(schema.transaction, _TRANSACTION.receipt == _POSTING.receipt))
        .where(_POSTING.number > after, _POSTING.number <= until)
        .order_by(_POSTING.number)
        .limit(AT_ONCE)
    )


def _entries(after: int, last: int) -> Any:
    return select(schema.entry).where(_ENTRY.posting > after, _ENTRY.posting <= last)


def _of_none(entry: rows.Row) -> str:
    return f"entry {entry[0]}: there is no posting {entry[1]}"


def _shown(balance: Sequence[int]) -> str:
    return (
        ", ".join(f"{cents} {bucket.value}" for cents, bucket in zip(balance, Bucket, strict=True)) + " cents"
    )
