"""Spike arrest and quota, per app.

Spike arrest is a bucket for each app. Quota counts accepted requests from midnight to midnight UTC; a request
that is refused later gives its place back.
"""

import enum
from collections.abc import Mapping
from datetime import date

from salio.core.access.apps import App
from salio.core.access.buckets import Allowance, Buckets


class ThrottleVerdict(enum.Enum):
    """What the throttles say to one request; spike arrest is asked first."""

    PASS = "pass"  # noqa: S105 - a verdict
    SPIKE = "spike arrest"
    QUOTA = "quota exceeded"


class Throttles:
    """The throttles of every app, in the memory of one gateway."""

    def __init__(self, day: date, used: Mapping[int, int], gateways: int = 1) -> None:
        """Takes up the day's usage (accepted requests by app number) as the store has it.

        ``gateways``: how many share an app's spike arrest; each lets pass an equal part of it.
        """
        self._gateways = gateways
        self._day = day
        self._used = dict(used)
        self._buckets: Buckets[int] = Buckets()

    def admit(self, app: App, *, monotonic: float, today: date) -> ThrottleVerdict:
        """Takes one place for a request of this app, or says which limit it met."""
        if app.throttle.per_second is not None and not self._take_from_bucket(app, monotonic):
            return ThrottleVerdict.SPIKE
        if app.throttle.per_day is not None and not self._take_from_quota(app, today):
            return ThrottleVerdict.QUOTA
        return ThrottleVerdict.PASS

    def used(self) -> dict[int, int]:
        """The day's usage by app number, as it is known here."""
        return dict(self._used)

    def follow(self, stored: Mapping[int, int], before: Mapping[int, int]) -> None:
        """Takes what all gateways have accepted together, read since the usage here was ``before``.

        What came here meanwhile is counted on top. Between two reads each gateway may let pass what is left,
        so together they may exceed a quota by what the others took since.
        """
        for app, total in stored.items():
            self._used[app] = total + max(0, self._used.get(app, 0) - before.get(app, 0))

    def give_back(self, app: App) -> None:
        """Returns the quota's place of a request that was refused after all."""
        if app.throttle.per_day is not None and self._used.get(app.number, 0) > 0:
            self._used[app.number] -= 1

    def _take_from_bucket(self, app: App, monotonic: float) -> bool:
        allowance = Allowance(
            per_second=(app.throttle.per_second or 0) / self._gateways,
            burst=max(1, app.throttle.burst // self._gateways),  # a bucket without a place lets nobody pass
        )
        return self._buckets.take(app.number, allowance, monotonic=monotonic)

    def _take_from_quota(self, app: App, today: date) -> bool:
        if today > self._day:  # a clock set back opens no second day
            self._day, self._used = today, {}
        used = self._used.get(app.number, 0)
        if used >= (app.throttle.per_day or 0):
            return False
        self._used[app.number] = used + 1
        return True
