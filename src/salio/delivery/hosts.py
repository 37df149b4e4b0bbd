"""Whose turn it is: a receiver's share of the places, earned by answering.

A place is held from the claim until the attempt's end. Were a host's share fixed, sixteen dead hosts of 64
would hold all 1,024 places for ten seconds at a time. So a share starts at four, grows by one with every
answer, and falls back to four when an attempt ends late without one. And hosts are kept apart by what was
last seen of them: the slow together hold at most half of the places, those and the unknown three quarters.
What remains is for hosts that answer at once, however many others are dead.
"""

import enum
from collections import Counter, deque
from collections.abc import Generator, Iterable
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec

from salio.core.requests.deliveries import Attempt, AttemptEnd
from salio.core.requests.outcomes import Conclusion
from salio.core.requests.queries import Request

Due = tuple[Request, Conclusion] | Attempt
"""What waits to leave: something to render, or the bytes of an interrupted attempt."""


class OutboxSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How many attempts may be under way, how many may wait in memory, and what is told beside a result."""

    per_host: int = 256
    """The largest share; attempts marked as started but not yet posted count."""
    total: int = 1024
    first_share: int = 4
    slow_seconds: float = 1.0
    """An attempt that takes longer makes its host a slow one."""
    most_at_once: int = 256
    """Claims of a turn from each kind of host, so that a backlog does not stretch the commit."""
    held: int = 4000
    """Payloads in memory for each host; of the rest only the numbers."""
    hosts_remembered: int = 4096
    reasons_told: bool = False
    """Whether a failed result leaves with its reason in a header: a sandbox's alone, for Daraja has none."""


class Standing(enum.Enum):
    """What was last seen of a host; the value is the part of all places that it and those above may hold."""

    __hash__ = object.__hash__  # one object for each member: Enum hashes its name anew each time

    SLOW = 0.5
    UNKNOWN = 0.75
    QUICK = 1.0


class Host:
    """One receiver by scheme, name and port: what waits for it, and how it has behaved."""

    def __init__(self, share: int) -> None:
        self.share = share
        self.standing = Standing.UNKNOWN
        self.in_flight = 0
        self.held: deque[Due] = deque()
        self.numbers: deque[int] = deque()
        """What waits behind those held, to be read again when its turn comes."""

    def waiting(self) -> int:
        """How many deliveries wait for this host."""
        return len(self.held) + len(self.numbers)

    def learn(self, end: AttemptEnd, seconds: float, settings: OutboxSettings) -> None:
        """An answer earns a place; a late end without one costs all but the first few."""
        late = seconds >= settings.slow_seconds
        self.standing = Standing.SLOW if late else Standing.QUICK
        if end.status is not None and end.fault is None:
            self.share = min(self.share + 1, settings.per_host)
        elif late:
            self.share = min(settings.first_share, settings.per_host)


class Place(msgspec.Struct, frozen=True):
    """What holds a place: the claim, and the standing that it was claimed under."""

    host: Host
    due: Due
    standing: Standing
    since: datetime


class Hosts:
    """All receivers and all places. One thread only."""

    def __init__(self, settings: OutboxSettings) -> None:
        self._settings = settings
        self._hosts: dict[str, Host] = {}
        self._places: dict[int, Place] = {}
        self._taken: Counter[Standing] = Counter()
        self._ready: dict[Standing, deque[Host]] = {standing: deque() for standing in Standing}
        self._listed: set[Host] = set()

    def waiting(self) -> int:
        """How many deliveries wait for a place."""
        return sum(host.waiting() for host in self._hosts.values())

    def stuck(self) -> int:
        """How many of them wait for hosts that were not seen to answer at once, beyond their shares."""
        return sum(
            max(0, host.waiting() - host.share)
            for host in self._hosts.values()
            if host.standing is not Standing.QUICK
        )

    def in_flight(self) -> int:
        """How many places are held."""
        return len(self._places)

    def add(self, number: int, url: str, due: Due) -> None:
        """Lets a delivery wait for its turn, oldest first within its host.

        Bytes that left once are held in any case: read again by number, they would be rendered anew.
        """
        host = self._host(destination(url))
        full = host.numbers or len(host.held) >= self._settings.held
        if full and not isinstance(due, Attempt):
            host.numbers.append(number)
        else:
            host.held.append(due)
        self._list(host)

    def turns(self) -> Generator[Host, None, None]:
        """The hosts that may claim a place now, one at a time in turn; each takes one with :meth:`claim`."""
        for standing, ready in self._ready.items():
            for _ in range(min(self._room(standing), self._settings.most_at_once)):
                if not ready:
                    break
                host = ready.popleft()
                self._listed.discard(host)
                try:
                    yield host
                finally:
                    self._list(host)

    def claim(self, number: int, host: Host, due: Due, now: datetime) -> None:
        """Takes a place for a delivery that left its host's queue."""
        host.in_flight += 1
        self._taken[host.standing] += 1
        self._places[number] = Place(host, due, host.standing, now)

    def release(self, ends: Iterable[AttemptEnd]) -> None:
        """Frees the places of attempts that ended, and learns from each; a second telling does nothing."""
        for end in ends:
            place = self._leave(end.number)
            if place is not None:
                seconds = (end.ended_at - place.since).total_seconds()
                place.host.learn(end, seconds, self._settings)
                self._list(place.host)

    def put_back(self, number: int) -> None:
        """Frees a place that was not used: its delivery is the host's next again."""
        place = self._leave(number)
        if place is not None:
            place.host.held.appendleft(place.due)
            self._list(place.host)

    def _leave(self, number: int) -> Place | None:
        place = self._places.pop(number, None)
        if place is not None:
            place.host.in_flight -= 1
            self._taken[place.standing] -= 1
        return place

    def _room(self, standing: Standing) -> int:
        taken = sum(self._taken[each] for each in Standing if each.value <= standing.value)
        return min(
            int(self._settings.total * standing.value) - taken, self._settings.total - self.in_flight()
        )

    def _list(self, host: Host) -> None:
        """Puts a host in line if it has both something to send and a place left."""
        if host not in self._listed and (host.held or host.numbers) and host.in_flight < host.share:
            self._listed.add(host)
            self._ready[host.standing].append(host)

    def _host(self, key: str) -> Host:
        host = self._hosts.get(key)
        if host is None:
            if len(self._hosts) >= self._settings.hosts_remembered:
                self._forget()
            host = self._hosts[key] = Host(min(self._settings.first_share, self._settings.per_host))
        return host

    def _forget(self) -> None:
        """Makes room: hosts with nothing to do are met anew when they come again."""
        idle = [key for key, host in self._hosts.items() if not host.waiting() and not host.in_flight]
        for key in idle:
            del self._hosts[key]


@lru_cache(maxsize=4096)
def destination(url: str) -> str:
    """Scheme, host and port in one spelling; a text that is no URL is a destination of its own."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.hostname}:{port}"
