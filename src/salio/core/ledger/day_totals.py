"""What came into each account since midnight in East Africa: the daily limit is counted by it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from salio.core.ledger.accounts import Bucket
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


class DayTotals:
    """Cents that came in, by day and account number; what was set aside and is free again came in before."""

    def __init__(self, day: date, totals: Mapping[int, int]) -> None:
        """``totals``: what the store knows of that day."""
        self._days: dict[date, dict[int, int]] = {day: dict(totals)}

    def of(self, account: int, moment: datetime) -> int:
        """What came into the account on the moment's day so far."""
        return self._days.get(day_of(moment), {}).get(account, 0)

    def add(self, posting: Posting) -> None:
        """Counts a posting that was applied."""
        self._count(posting, 1)

    def take_back(self, posting: Posting) -> None:
        """Uncounts a posting that was taken back."""
        self._count(posting, -1)

    def _count(self, posting: Posting, sign: int) -> None:
        totals = self._days.setdefault(day_of(posting.at), {})
        for account, cents in _came_in(posting).items():
            if cents > 0:
                totals[account] = totals.get(account, 0) + sign * cents
        while len(self._days) > DAYS_KEPT:
            del self._days[min(self._days)]


def _came_in(posting: Posting) -> Mapping[int, int]:
    """By account what its current balance gained."""
    gained: dict[int, int] = {}
    for entry in posting.entries:
        if entry.bucket is not Bucket.UNCLEARED:
            gained[entry.account] = gained.get(entry.account, 0) + entry.cents
    return gained
