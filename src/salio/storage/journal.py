"""Reads the journal for people: statements, and the check of seals and books. The same for every engine."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Dialect, func, select

from salio.core.ledger.accounts import Account
from salio.core.ledger.statement import Selection
from salio.storage import queries, schema, seals
from salio.storage.books import Books, FaultFoundError, Progress
from salio.storage.ports import BooksChecked
from salio.storage.queries import Run
from salio.storage.rows import Row
from salio.storage.statements import Statement, accounts_of


class JournalReader:
    """Fits :class:`salio.storage.ports.Journal`."""

    def __init__(self, run: Run, close: Callable[[], None], *, by_era: bool) -> None:
        """``by_era``: as for a :class:`Statement`."""
        self._run = run
        self._by_era = by_era
        self.close = close
        """Lets go of the store."""

    def accounts(self, holder: str) -> list[Account]:
        """The accounts of a short code, an MSISDN or the platform."""
        return accounts_of(self._run, holder)

    def statement(self, selection: Selection) -> Statement:
        """An account's entries, page by page."""
        return Statement(self._run, selection, by_era=self._by_era)

    def check(self, progress: Progress) -> BooksChecked:
        """Holds the journal against its seals, and the balances against the journal."""
        journal = seals.check(self._seals_after, self._sealed(progress))
        books, fault = Books(self._run, progress), None
        try:
            books.check()
        except FaultFoundError as error:
            fault = str(error)
        return BooksChecked(
            journal=journal,
            accounts=books.accounts,
            postings=books.postings,
            entries=books.entries,
            transactions=books.transactions,
            fault=fault,
        )

    def _seals_after(self, after: int, most: int) -> list[Row]:
        return self._run(queries.seals_after.params(after=after, most=most))

    def _sealed(self, progress: Progress) -> Callable[[int, int], list[Row]]:
        ((last,),) = self._run(select(func.max(schema.posting.c.number)))

        def read(after: int, until: int) -> list[Row]:
            progress("seals", after, last or 0)
            return self._run(queries.journal_between.params(after=after, until=until))

        return read


def compiled(query: Any, dialect: Dialect) -> tuple[str, list[object]]:
    """A query's text and its values, in their order."""
    made = query.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    return str(made), [made.params[name] for name in made.positiontup]
