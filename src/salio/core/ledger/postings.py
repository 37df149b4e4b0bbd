"""Postings: the only way by which a shilling moves, enters or is reserved."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from salio.core.ledger.accounts import NOTHING_HELD, Account, AccountKind, Balance, Bucket
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
    moves_customer: bool = False
    """Whether one of the two is a customer, with an account that this moves."""


class PostingOutcome(enum.Enum):
    """What became of a posting."""

    POSTED = "posted"
    EMPTY = "fewer than two entries, or an entry of nothing"
    TOO_LARGE = "an entry or a balance beyond the ledger's bound"
    ACCOUNT_UNKNOWN = "an entry of an account that does not exist"
    UNBALANCED = "the entries of a currency do not sum to zero"
    BELOW_FLOOR = "a bucket would fall below its account's floor"


POSTED = PostingOutcome.POSTED


def moves_customer(moved: Iterable[Account], parties: tuple[str, str]) -> bool:
    """Whether one of the accounts that are moved is of a customer among these parties."""
    for each in moved:  # noqa: SIM110 - a generator for two accounts costs more than they do
        if each.kind is AccountKind.CUSTOMER and each.holder in parties:
            return True
    return False


def check_form(posting: Posting, accounts: Mapping[int, Account]) -> PostingOutcome:
    """Whether the posting is well made, whatever the balances; the first fault in the members' order."""
    sums: dict[str, int] = {}
    for entry in posting.entries:
        account = accounts.get(entry.account)
        if account is None or not 0 < abs(entry.cents) <= LARGEST_ENTRY:
            return _fault_of(posting.entries)
        sums[account.currency] = sums.get(account.currency, 0) + entry.cents
    if len(posting.entries) < 2:
        return PostingOutcome.EMPTY
    return PostingOutcome.UNBALANCED if any(sums.values()) else POSTED


def _fault_of(entries: Sequence[Entry]) -> PostingOutcome:
    """Of entries among which one is at fault by itself."""
    if len(entries) < 2 or not all(entry.cents for entry in entries):
        return PostingOutcome.EMPTY
    if any(abs(entry.cents) > LARGEST_ENTRY for entry in entries):
        return PostingOutcome.TOO_LARGE
    return PostingOutcome.ACCOUNT_UNKNOWN


def changes_of(postings: Iterable[Posting]) -> dict[int, Balance]:
    """What the postings together add to each account that they touch, by its number."""
    changes: dict[int, Balance] = {}
    for posting in postings:
        for entry in posting.entries:
            before = changes.get(entry.account, NOTHING_HELD)
            changes[entry.account] = before.moved(entry.bucket, entry.cents)
    return changes
