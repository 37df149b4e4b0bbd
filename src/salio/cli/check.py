"""``salio check``: whether the books are what was written, and add up."""

import sys
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec

from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data, Json, databases_beside, started_before

if TYPE_CHECKING:
    from salio.storage.ports import BooksChecked

EXAMPLES = """Examples:

  salio check               ends with 0; or names the first row at fault, with 1
  salio check --json        for programs

The platform may run meanwhile."""

TELL_EVERY = 500_000
"""Postings, or transactions, between two words on how far it is."""


def check(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Check the books: each commit's seal, each balance against its entries, each posting's sum, floors and
    transaction.
    """
    with closing(databases_beside(started_before(data)).journal()) as journal:
        checked = journal.check(Progress())
    fault = fault_in(checked)
    if json:
        counts = {
            name: getattr(checked, name) for name in ("accounts", "postings", "entries", "transactions")
        }
        seals = {"sealed": checked.journal.sealed, "unsealed": checked.journal.unsealed}
        print(msgspec.json.encode({"holds": checked.holds, "fault": fault, **counts, **seals}).decode())
    if fault is not None:
        raise CommandError(f"the books are not in order: {fault}")
    if not json:
        print(
            f"the books are in order: {_counted(checked.accounts, 'account')}, "
            f"{_counted(checked.entries, 'entry', 'entries')} of {_counted(checked.postings, 'posting')}, "
            f"{_counted(checked.transactions, 'transaction')}, {_counted(checked.journal.sealed, 'seal')}"
        )


def _counted(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def fault_in(checked: "BooksChecked") -> str | None:
    """What is wrong, in words: the books name a row, a seal names its commit."""
    said = [] if checked.fault is None else [checked.fault]
    broken, stray = checked.journal.broken, checked.journal.stray
    if broken is not None:
        said.append(f"seal {broken.last}: postings {broken.first} to {broken.last} are not what was written")
    if stray is not None:
        said.append(f"posting {stray} has no seal")
    return "; ".join(said) or None


class Progress:
    """Says how far it is, now and then."""

    def __init__(self) -> None:
        self._told: dict[str, int] = {}

    def __call__(self, what: str, done: int, of: int) -> None:
        """As :data:`salio.storage.books.Progress`."""
        if done - self._told.get(what, 0) < TELL_EVERY:
            return
        self._told[what] = done
        print(f"{what}: {done:,}" + (f" of {of:,}" if of else ""), file=sys.stderr)
