"""What the accounts of a small country hold when its day begins."""

from collections.abc import Mapping

from salio.core.ledger.accounts import PLATFORM_HOLDER, AccountKind, Bucket
from salio.core.ledger.postings import Entry, Posting
from tests.builders import NOW

Held = tuple[str, AccountKind]
"""Whose account, and which."""


def opening_postings(cents: Mapping[Held, int], numbers: Mapping[Held, int]) -> list[Posting]:
    """One for each amount, from 1 on: charges owed were earned by the platform, all else is out of trust."""
    return [
        Posting(
            number=number,
            at=NOW.replace(year=2025),
            narrative="Opening balance",
            entries=(
                Entry(numbers[held], Bucket.AVAILABLE, amount),
                Entry(numbers[PLATFORM_HOLDER, _against(held)], Bucket.AVAILABLE, -amount),
            ),
        )
        for number, (held, amount) in enumerate(cents.items(), 1)
    ]


def _against(held: Held) -> AccountKind:
    _, kind = held
    return AccountKind.CHARGES_REVENUE if kind is AccountKind.CHARGES_PAID else AccountKind.TRUST
