"""What came into and went out of each account since midnight in East Africa: daily limits count by it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

import msgspec

from salio.core.ledger.accounts import RESERVED
from salio.core.ledger.postings import Posting

EAST_AFRICA = timezone(timedelta(hours=3), "EAT")
"""Where a limit's day begins and ends; three hours ahead of UTC all year round."""
DAYS_KEPT = 2
"""Today's and yesterday's: the sandbox's clock may be set back over midnight."""


@lru_cache(maxsize=64)  # a batch is decided at one moment
def day_of(moment: datetime) -> date:
    """The day that the moment belongs to."""
    return moment.astimezone(EAST_AFRICA).date()


def midnight(moment: datetime) -> datetime:
    """When that day began."""
    return moment.astimezone(EAST_AFRICA).replace(hour=0, minute=0, second=0, microsecond=0)


class DayTotal(msgspec.Struct, frozen=True):
    """Cents of one account and day. A posting counts by what it comes to for the account, in all buckets."""

    received: int = 0
    """What is uncleared has come in, so clearing it brings nothing more."""
    sent: int = 0
    """What is set aside for a payment among it, from then on: less than nothing, if it is free again."""


_NOTHING = DayTotal()


class DayTotals:
    """By day and account number."""

    def __init__(self, day: date, totals: Mapping[int, DayTotal]) -> None:
        """``totals``: what the store knows of that day."""
        self._days: dict[date, dict[int, DayTotal]] = {day: dict(totals)}

    def of(self, account: int, moment: datetime) -> DayTotal:
        """What the moment's day has seen of the account so far."""
        return self._days.get(day_of(moment), {}).get(account, _NOTHING)

    def add(self, posting: Posting) -> None:
        """Counts a posting that was applied."""
        self._count(posting, 1)

    def take_back(self, posting: Posting) -> None:
        """Uncounts a posting that was taken back."""
        self._count(posting, -1)

    def _count(self, posting: Posting, sign: int) -> None:
        totals = self._of(day_of(posting.at))
        sums, set_aside = _sums(posting)
        for account, cents in sums.items():
            before = totals.get(account, _NOTHING)
            if cents > 0:
                totals[account] = DayTotal(before.received + sign * cents, before.sent)
            else:
                sent = before.sent + sign * (set_aside.get(account, 0) - cents)
                totals[account] = DayTotal(before.received, sent)

    def _of(self, day: date) -> dict[int, DayTotal]:
        """The day's, begun if it is a new one."""
        totals = self._days.get(day)
        if totals is None:
            totals = self._days[day] = {}
            while len(self._days) > DAYS_KEPT:
                del self._days[min(self._days)]
        return totals


def _sums(posting: Posting) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """By account what it gained, or lost, and how much of that is set aside."""
    sums: dict[int, int] = {}
    set_aside: dict[int, int] = {}
    for entry in posting.entries:
        account = entry.account
        sums[account] = sums.get(account, 0) + entry.cents
        if entry.bucket is RESERVED:
            set_aside[account] = set_aside.get(account, 0) + entry.cents
    return sums, set_aside
