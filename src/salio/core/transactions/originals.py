"""The original: a transaction that somebody wants reversed, with what it moved."""

import msgspec

from salio.core.ledger.postings import Entry
from salio.core.transactions.transaction import Transaction


class Original(msgspec.Struct, frozen=True):
    """A transaction, the entries of its posting, and the receipt of what reversed it, if anything has."""

    transaction: Transaction
    entries: tuple[Entry, ...] = ()
    reversed_by: str | None = None
