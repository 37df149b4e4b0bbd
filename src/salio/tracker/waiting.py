"""Who waits for which result, in this process. One of them leads: it takes turns and looks which requests
have ended, whoever ended them; all others are woken for theirs, and look by themselves now and then only.
"""

import threading
from collections.abc import Iterable
from typing import Protocol


class Alarm(Protocol):
    """What somebody sleeps on."""

    def set(self) -> None:
        """Wakes, from any thread."""

    def clear(self) -> None:
        """Before going to sleep again."""


class Waiters:
    """All of one tracker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: dict[Alarm, int] = {}
        self._leader: Alarm | None = None
        self.seen = 0
        """The last end that those who wait were woken for."""

    def __bool__(self) -> bool:
        """Whether anybody waits."""
        return bool(self._requests)

    def enter(self, alarm: Alarm, request: int, newest: int) -> None:
        """Somebody waits from now on, when that end was the newest."""
        with self._lock:
            if not self._requests:
                self.seen = newest
            self._requests[alarm] = request

    def leave(self, alarm: Alarm) -> None:
        """Waits no more; if it has led, or was woken to lead, somebody else does."""
        with self._lock:
            self._requests.pop(alarm, None)
            if self._leader in (alarm, None):
                self._pass_on()

    def leads(self, alarm: Alarm) -> bool:
        """Whether this one does, or does from now on."""
        with self._lock:
            if self._leader is None:
                self._leader = alarm
            return self._leader is alarm

    def pass_on(self) -> None:
        """Whoever leads is busy for a while."""
        with self._lock:
            self._pass_on()

    def wake(self, requests: Iterable[int], seen: int) -> None:
        """These have ended."""
        ended = set(requests)
        with self._lock:
            self.seen = max(self.seen, seen)
            woken = [alarm for alarm, request in self._requests.items() if request in ended]
        for each in woken:
            each.set()

    def wake_leader(self) -> None:
        """Something came."""
        leader = self._leader
        if leader is not None:
            leader.set()

    def _pass_on(self) -> None:
        before, self._leader = self._leader, None
        after = next((each for each in self._requests if each is not before), None)
        if after is not None:
            after.set()
