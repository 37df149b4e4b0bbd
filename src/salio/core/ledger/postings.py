"""Postings: the only way by which a shilling moves, enters or is reserved."""

import enum
from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from salio.core.ledger.accounts import Account, Balance, Bucket
from salio.core.transactions.kinds import TransactionKind

LARGEST_ENTRY = 10**15
"""Cents; ten trillion shillings, far above the country's money and far below 64 bits."""

LARGEST_BALANCE = 10**18
"""Cents in one bucket, either way: what 64 bits hold with room for the largest entry."""


class Entry(msgspec.Struct, frozen=True):
    """One line of a posting: cents put into (positive) or taken out of (negative) a bucket."""

    account: int
    bucket: Bucket
    cents: int


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """Entries that hold together or not at all; ``receipt`` names the transaction, if there is one."""

    number: int
    at: datetime
    narrative: str
    entries: tuple[Entry, ...]
    receipt: str | None = None
    kind: TransactionKind | None = None
    """The transaction's."""
    parties: tuple[str, str] | None = None
    """The transaction's: who pays, and who is paid."""


class PostingOutcome(enum.Enum):
    """What became of a posting."""

    POSTED = "posted"
    EMPTY = "fewer than two entries, or an entry of nothing"
    TOO_LARGE = "an entry or a balance beyond the ledger's bound"
    ACCOUNT_UNKNOWN = "an entry of an account that does not exist"
    UNBALANCED = "the entries of a currency do not sum to zero"
    BELOW_FLOOR = "a bucket would fall below its account's floor"


def check_form(posting: Posting, accounts: Mapping[int, Account]) -> PostingOutcome:
    """Whether the posting is well made, whatever the balances; the first fault in the members' order."""
    entries = posting.entries
    if len(entries) < 2 or not all(entry.cents for entry in entries):
        return PostingOutcome.EMPTY
    if any(abs(entry.cents) > LARGEST_ENTRY for entry in entries):
        return PostingOutcome.TOO_LARGE
    if any(entry.account not in accounts for entry in entries):
        return PostingOutcome.ACCOUNT_UNKNOWN
    sums: dict[str, int] = {}
    for entry in entries:
        currency = accounts[entry.account].currency
        sums[currency] = sums.get(currency, 0) + entry.cents
    return PostingOutcome.UNBALANCED if any(sums.values()) else PostingOutcome.POSTED


def changes_of(postings: Iterable[Posting]) -> dict[int, Balance]:
    """What the postings together add to each account that they touch, by its number."""
    sums: dict[int, dict[Bucket, int]] = {}
    for posting in postings:
        for entry in posting.entries:
            buckets = sums.setdefault(entry.account, dict.fromkeys(Bucket, 0))
            buckets[entry.bucket] += entry.cents
    return {number: Balance(*buckets.values()) for number, buckets in sums.items()}
