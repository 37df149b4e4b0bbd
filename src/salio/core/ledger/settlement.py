"""Revenue settlement: charges are paid out of what came in, and the rest moves to the Working account.

Source: AB, Account Types in C2B Organization. All of it is one posting, so there is nothing in between. Where
the organization holds an Organization Settlement account the money passes through it.
"""

import msgspec

from salio.core.ledger.accounts import Account, AccountKind, Bucket
from salio.core.ledger.book import Book
from salio.core.ledger.postings import Entry
from salio.core.parties.organizations import Organization, OrganizationKind


class Owned(msgspec.Struct, frozen=True):
    """The accounts of an organization that a settlement moves."""

    revenue: Account
    """Utility, or Merchant."""
    charges: Account
    working: Account
    passage: Account | None
    """Organization Settlement, if it is held."""


class Due(msgspec.Struct, frozen=True):
    """What a settlement would move, in cents: out of the revenue, of charges, and to Working."""

    taken: int
    charges: int
    """Negative if they are owed, positive if a reversal gave back more than was left to pay."""
    rest: int
    """Negative if the revenue does not cover the charges."""


def owned(organization: Organization, book: Book) -> Owned | None:
    """Its accounts, if it has them all."""
    merchant = organization.kind is OrganizationKind.BUY_GOODS
    holder = organization.short_code
    revenue = book.account(holder, AccountKind.MERCHANT if merchant else AccountKind.UTILITY)
    charges = book.account(holder, AccountKind.CHARGES_PAID)
    working = book.account(holder, AccountKind.WORKING)
    if revenue is None or charges is None or working is None:
        return None
    return Owned(revenue, charges, working, book.account(holder, AccountKind.ORGANIZATION_SETTLEMENT))


def due(organization: Organization, accounts: Owned, book: Book) -> Due:
    """What there is to settle. A B2C short code has no revenue: its Utility account goes on paying."""
    received = book.balance(accounts.revenue.number).available
    charges = book.balance(accounts.charges.number).available
    if organization.kind is OrganizationKind.B2C:
        received = min(received, max(0, -charges))
    return Due(received, charges, received + charges)


def entries(accounts: Owned, settled: Due) -> tuple[Entry, ...]:
    """What it moves: nothing that is nothing."""
    moves = [
        (accounts.revenue, -settled.taken),
        (accounts.charges, -settled.charges),
        (accounts.working, settled.rest),
    ]
    if accounts.passage is not None:
        moves = [each for move in moves for each in (move, (accounts.passage, -move[1]))]
    return tuple(Entry(account.number, Bucket.AVAILABLE, cents) for account, cents in moves if cents)
