"""How long the connections of a throttled app rest, so that its flood takes no time from anybody else.

The refusal itself leaves at once. What waits is the next request on that connection, which nobody has read
yet: an app that asks as fast as it is refused would otherwise have the whole processor (fault catalogue, T4).
"""

EVERY = 0.02
"""Seconds that a refusal is worth: a flooding app is refused so often, however many connections it has."""
AT_ONCE = 50
"""Refusals that make nobody rest: a burst of requests, not a flood."""
LONGEST = 1.0
"""Seconds that a connection rests at most: well below the time after which an idle one is closed."""


class Rests:
    """What each app's refusals have come to. By the machine's monotonic time, whatever the sandbox shows."""

    def __init__(self) -> None:
        self._paid_at: dict[int, float] = {}

    def book(self, app_number: int, now: float) -> float:
        """Counts a refusal; the seconds that the connection it left by should rest, 0 for none."""
        paid_at = max(self._paid_at.get(app_number, now), now) + EVERY
        rest = min(max(paid_at - now - AT_ONCE * EVERY, 0.0), LONGEST)
        self._paid_at[app_number] = min(paid_at, now + AT_ONCE * EVERY + LONGEST)
        return rest
