"""Statements, read a page at a time: the same words for every engine.

A page begins behind an entry's number (keyset), so that the last is as fast as the first. It is merged out of
*ranges*, each of which an index has in the order of the numbers, whatever the statement is filtered by:

- ``entry_of_kind``: one range for each kind of transaction, and one for what belongs to none; on SQLite
  ``entry_of_era``, one era's after another's;
- ``posting_by_parties``: what the holder paid to a party, and what that party paid to the holder; but what
  moved the account of a customer among them is found by the kinds of that account, and looked for among all
  that it has;
- a receipt's postings, which are few.

A term with ``+ 0`` keeps its index out of it: SQLite knows nothing of how many rows there are of each, and
may take the wrong one; and PostgreSQL would walk along all entries for the least number of a posting's.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, func, select, union_all

from salio.core.ledger.accounts import Account, AccountKind, Bucket
from salio.core.ledger.statement import Selection, StatementLine
from salio.core.transactions.kinds import TransactionKind
from salio.storage import rows, schema
from salio.storage.eras import ERA, era_of, era_with
from salio.storage.queries import Run
from salio.storage.spans import NOTHING, Span, Term, find_span, within

AT_ONCE = 1_000
"""Lines of one page, where all of them are wanted."""

_ENTRY, _POSTING, _TRANSACTION = schema.entry.c, schema.posting.c, schema.transaction.c
_ENTRIES_OF_POSTINGS = schema.entry.join(schema.posting, _POSTING.number == _ENTRY.posting)
_own = schema.entry.alias("own")
_OWN = _own.c
"""An entry of the customer's account, by which those of its posting are found."""
_ENTRIES_BY_OWN = _own.join(schema.posting, _POSTING.number == _OWN.posting).join(
    schema.entry, _ENTRY.posting == _OWN.posting
)


class Range(NamedTuple):
    """Numbers of entries, in an order that an index has them in."""

    found: Select[Any]
    ascending: tuple[ColumnElement[int], ...]


class Statement:
    """The entries of an account that a selection names."""

    def __init__(self, run: Run, selection: Selection, *, by_era: bool) -> None:
        """Finds out which numbers the moments leave, and whose entries the party's are found by.

        ``by_era``: whether the engine's index of the accounts' entries is cut (:mod:`salio.storage.eras`).
        """
        self._run = run
        self._selection = selection
        self._by_era = by_era
        self._own = self._found_own()
        self._postings = self._found_postings()
        self._span = Span() if selection.receipt is not None else find_span(run, selection)

    def page(self, after: int | None = None, most: int = AT_ONCE) -> list[StatementLine]:
        """The lines that follow the one of a number, or the first; none behind the last."""
        span, chosen = self._span, self._selection
        if self._postings == [] or span is None:
            return []
        number = _ENTRY.number
        behind: list[Term] = []
        if after is not None:
            behind.append(number < after if chosen.newest_first else number > after)
        ranges = [
            Range(found.where(*span.holds(number)), ascending) for found, ascending in self._ranges(after)
        ]
        if span.astray:
            ranges.append(Range(self._of_postings(span.astray), (number,)))
        limited = [
            found.where(*behind)
            .order_by(*(term.desc() if chosen.newest_first else term.asc() for term in ascending))
            .limit(most)
            for found, ascending in ranges
        ]
        found = self._run(_lines(_merged(limited), newest_first=chosen.newest_first, most=most))
        return [self._line(row) for row in found]

    def lines(self, after: int | None = None) -> Iterator[StatementLine]:
        """All that follow, a page in memory at a time."""
        while page := self.page(after):
            yield from page
            after = page[-1].number

    def _found_postings(self) -> list[int] | None:
        """Those of the receipt; ``None`` if none is named."""
        receipt = self._selection.receipt
        if receipt is None:
            return None
        return [row[0] for row in self._run(select(_POSTING.number).where(_POSTING.receipt == receipt))]

    def _found_own(self) -> list[Account]:
        """The accounts of the customer among holder and party, if a party is named.

        All entries of theirs are looked at for those of the other: a customer has some thousands. A receipt's
        postings need no finding.
        """
        chosen = self._selection
        if chosen.party is None or chosen.receipt is not None:
            return []
        of_holder = chosen.account.kind is AccountKind.CUSTOMER
        held = [chosen.account] if of_holder else accounts_of(self._run, chosen.party)
        return [each for each in held if each.kind is AccountKind.CUSTOMER]

    def _ranges(self, after: int | None) -> Iterable[Range]:
        chosen = self._selection
        if self._postings is not None:
            return [Range(self._of_postings(self._postings), (_ENTRY.number,))]
        if chosen.party is not None:
            return [*self._of_parties(chosen.party, after), *self._of_customers(after)]
        timely = within(_POSTING.at + NOTHING, chosen)
        source = _ENTRIES_OF_POSTINGS if timely else schema.entry
        kinds = [None, *TransactionKind] if chosen.kind is None else [chosen.kind]
        eras = self._eras(None if after is None else era_with(after))
        found = [self._of_kind(schema.entry, source, chosen.account, kind, eras) for kind in kinds]
        return [each._replace(found=each.found.where(*timely)) for each in found]

    def _of_parties(self, party: str, after: int | None) -> Iterator[Range]:
        """In the order of postings: that of entries is the same, but would be sorted for."""
        chosen, holder = self._selection, self._selection.account.holder
        terms = [
            _POSTING.moves_customer.is_(None),
            _ENTRY.account + NOTHING == chosen.account.number,
            *within(_POSTING.at + NOTHING, chosen),
        ]
        if chosen.kind is not None:
            terms.append(_ENTRY.kind == chosen.kind.value)
        if after is not None:
            terms.append(_behind(after, newest_first=chosen.newest_first))
        one = select(_ENTRY.number).select_from(_ENTRIES_OF_POSTINGS)
        for payer, payee in sorted({(holder, party), (party, holder)}):
            found = one.where(_POSTING.payer == payer, _POSTING.payee == payee, *terms)
            yield Range(found, (_POSTING.number, _ENTRY.number))

    def _of_customers(self, after: int | None) -> Iterator[Range]:
        """What postings that moved the customer's account, and are found by it, did to the chosen one."""
        chosen = self._selection
        terms = [
            _POSTING.moves_customer.is_not(None),
            _is_between(chosen.account.holder, str(chosen.party)),
            _ENTRY.account + NOTHING == chosen.account.number,
            *within(_POSTING.at + NOTHING, chosen),
            _OWN.number == _first_of_account(_OWN.posting, _OWN.account),
        ]
        if self._span is not None:
            terms += self._span.holds(_OWN.number)
        eras = self._eras(None)
        if after is not None:
            own = _own_behind(after, newest_first=chosen.newest_first)
            terms.append(_OWN.number <= own if chosen.newest_first else _OWN.number >= own)
            eras = self._eras(era_of(own))
        for account in self._own:
            for kind in list(TransactionKind) if chosen.kind is None else [chosen.kind]:
                found, ascending = self._of_kind(_own, _ENTRIES_BY_OWN, account, kind, eras)
                yield Range(found.where(*terms), (*ascending, _ENTRY.number))

    def _of_kind(
        self,
        entry: FromClause,
        source: FromClause,
        account: Account,
        kind: TransactionKind | None,
        eras: Sequence[Term],
    ) -> Range:
        """An account's entries of a kind, and what the source joins to them."""
        number: ColumnElement[int] = entry.c.number
        ascending: tuple[ColumnElement[int], ...] = (number,)
        if self._by_era:
            # The addition has SQLite look into each era for the account, not at each entry for its era.
            source = schema.era.join(source, era_of(number) == ERA + NOTHING)
            ascending = (ERA, *ascending)
        found = select(_ENTRY.number).select_from(source).where(entry.c.account == account.number, *eras)
        of_kind = entry.c.kind.is_(None) if kind is None else entry.c.kind == kind.value
        return Range(found.where(of_kind), ascending)

    def _eras(self, after: ColumnElement[int] | int | None) -> list[Term]:
        """Where to look: from the era of what the page follows on, and in those of the span."""
        terms: list[Term] = []
        if self._by_era and self._span is not None and self._span.ends is not None:
            first, last = self._span.ends
            terms += [era_with(first) <= ERA, era_with(last) >= ERA]
        if self._by_era and after is not None:
            terms.append(after >= ERA if self._selection.newest_first else after <= ERA)
        return terms

    def _of_postings(self, numbers: Sequence[int]) -> Select[Any]:
        """What of some postings the selection names: each is looked at."""
        chosen = self._selection
        terms = [_ENTRY.account + NOTHING == chosen.account.number, *within(_POSTING.at + NOTHING, chosen)]
        if chosen.kind is not None:
            terms.append(_ENTRY.kind == chosen.kind.value)
        if chosen.party is not None:
            terms.append(_is_between(chosen.account.holder, chosen.party))
        found = select(_ENTRY.number).select_from(_ENTRIES_OF_POSTINGS)
        return found.where(_ENTRY.posting.in_(numbers), *terms)

    def _line(self, row: rows.Row) -> StatementLine:
        number, at, narrative, bucket, cents, balance, receipt, kind, payer, payee, details = row
        party = payee if payer == self._selection.account.holder else payer
        return StatementLine(
            number=number,
            at=rows.moment(at),
            narrative=narrative,
            bucket=Bucket(bucket),
            cents=cents,
            balance=balance,
            receipt=receipt,
            kind=None if kind is None else TransactionKind(kind),
            party=party,
            party_name=None if details is None else rows.name_of_party(details, party),
        )


def accounts_of(run: Run, holder: str) -> list[Account]:
    """The accounts that a short code or an MSISDN holds."""
    found = run(select(schema.account).where(schema.account.c.holder == holder))
    return [account for account, _ in map(rows.read_account, found)]


def _is_between(one: str, other: str) -> Term:
    paid = (_POSTING.payer == one) & (_POSTING.payee == other)
    return paid | ((_POSTING.payer == other) & (_POSTING.payee == one))


def _behind(after: int, *, newest_first: bool) -> Term:
    """An entry's posting tells where the range of its parties goes on."""
    posting = select(_ENTRY.posting).where(_ENTRY.number == after).scalar_subquery()
    return _POSTING.number <= posting if newest_first else _POSTING.number >= posting


def _own_behind(after: int, *, newest_first: bool) -> ColumnElement[int]:
    """The same where the range is in the order of the customer's entries: the number of the first or last."""
    other = schema.entry.alias("other").c
    end = (func.max if newest_first else func.min)(other.number + NOTHING)
    posting = select(_ENTRY.posting).where(_ENTRY.number == after).scalar_subquery()
    return select(end).where(other.posting == posting).scalar_subquery()


def _first_of_account(posting: ColumnElement[int], account: ColumnElement[int]) -> ColumnElement[int]:
    """The number of the account's first entry in a posting: each is found once."""
    other = schema.entry.alias("another").c
    found = select(func.min(other.number + NOTHING)).where(
        other.posting == posting, other.account + NOTHING == account
    )
    return found.correlate(_own).scalar_subquery()


def _merged(ranges: list[Select[Any]]) -> Subquery:
    """SQLite takes a limit in a range only as a query of its own."""
    return union_all(*(select(each.subquery().c.number) for each in ranges)).subquery()


def _lines(chosen: Subquery, *, newest_first: bool, most: int) -> Select[Any]:
    number = chosen.c.number
    page = select(number).order_by(number.desc() if newest_first else number.asc()).limit(most).subquery()
    entry = _ENTRIES_OF_POSTINGS.outerjoin(schema.transaction, _TRANSACTION.receipt == _POSTING.receipt)
    return (
        select(
            _ENTRY.number,
            _POSTING.at,
            _POSTING.narrative,
            _ENTRY.bucket,
            _ENTRY.cents,
            _ENTRY.balance,
            _POSTING.receipt,
            _ENTRY.kind,
            _POSTING.payer,
            _POSTING.payee,
            _TRANSACTION.details,
        )
        .select_from(page.join(entry, _ENTRY.number == page.c.number))
        .order_by(page.c.number.desc() if newest_first else page.c.number.asc())
    )
