"""Where names lead: one look-up of a name at a time, beside the loop, and only to what may be called.

libcurl would look names up in threads of its own, so few that ten silent name servers stop everybody's
look-ups, and would wait for them when it closes. Here too a look-up holds a thread until the C library gives
up; but threads are shared out as places are (:mod:`salio.delivery.hosts`): names that were silent lately hold
at most half of them, those and the unknown three quarters, and what remains is for names that answer.
"""

import socket
from collections import Counter, deque
from collections.abc import Callable
from functools import lru_cache, partial
from urllib.parse import urlsplit

import msgspec

from salio.core.requests.deliveries import Attempt
from salio.delivery.addresses import AddressRules, check_address
from salio.delivery.hosts import Standing
from salio.wire.wording import shown

RES_OPTIONS = "timeout:1 attempts:3"
"""What the environment should tell the C library's resolver: three questions within the three seconds that an
attempt has. By itself it asks one, waits five seconds, and holds its thread for ten."""

MOST_ADDRESSES = 16
"""Of one name: what libcurl may try one after another."""

NO_SUCH_HOST = frozenset(
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY") if hasattr(socket, name)
)
"""The name server's word that nothing is there; every other error is one of its own."""


class Place(msgspec.Struct, frozen=True):
    """A name and a port, as a URL has them."""

    name: str
    port: int


class Found(msgspec.Struct, frozen=True):
    """Addresses that may be called, the preferred first; or why there are none."""

    addresses: tuple[str, ...] = ()
    fault: str | None = None


class Answered(msgspec.Struct, frozen=True):
    """An attempt that waited for a name, and what it waited for."""

    attempt: Attempt
    found: Found
    seconds: float


LookUp = Callable[[str], Found]
"""Asks for a name and blocks meanwhile; called in a thread."""

Beside = Callable[[Callable[[], None]], None]
"""Does something in a thread, at once, and returns without waiting; RuntimeError if there is no thread."""


class NameSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How names are looked up."""

    longest_wait: float = 3.0
    """Seconds that an attempt waits for its name."""
    most_at_once: int = 256
    """Threads, of which one that waits for a name server costs 24 KB."""
    slow_seconds: float = 1.0
    """A look-up that takes longer makes its name a slow one."""
    remembered_seconds: float = 10.0
    """So long a vetted address is called again without a look-up."""
    names_remembered: int = 4096


class _Name:
    """What is known of a name, and who waits for it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.standing = Standing.UNKNOWN
        self.found = Found()
        self.found_until = 0.0
        self.waiting: deque[_Waiting] = deque()
        self.asked = False
        """Whether a look-up is under way or waits for a thread."""
        self.began = 0.0
        self.began_as = Standing.UNKNOWN


class _Waiting:
    def __init__(self, attempt: Attempt, name: _Name, since: float) -> None:
        self.attempt = attempt
        self.name = name
        self.since = since
        self.over = False


class Names:
    """All names and all look-ups. Stepped by one thread; only the look-ups are made in others."""

    def __init__(
        self,
        *,
        look_up: LookUp,
        beside: Beside,
        wake: Callable[[], None],
        seconds: Callable[[], float],
        settings: NameSettings,
    ) -> None:
        """``wake`` is called by a thread when a look-up has ended; ``seconds`` is monotonic time."""
        self._look_up = look_up
        self._beside = beside
        self._wake = wake
        self._seconds = seconds
        self._settings = settings
        self._names: dict[str, _Name] = {}
        self._ready: dict[Standing, deque[_Name]] = {standing: deque() for standing in Standing}
        self._under_way: Counter[Standing] = Counter()
        self._came: deque[tuple[_Name, Found]] = deque()
        """Filled by the threads."""
        self._waiting: deque[_Waiting] = deque()
        """Whoever waits, the longest first."""
        self._count = 0

    def waiting(self) -> int:
        """How many attempts wait for their name."""
        return self._count

    def ask(self, text: str, attempt: Attempt) -> Found | None:
        """Where a name leads, if that is known; else the attempt waits for it."""
        now, name = self._seconds(), self._name(text)
        if now < name.found_until:
            return name.found
        waiting = _Waiting(attempt, name, now)
        name.waiting.append(waiting)
        self._waiting.append(waiting)
        self._count += 1
        if not name.asked:
            name.asked = True
            self._ready[name.standing].append(name)
        return None

    def step(self) -> list[Answered]:
        """Who need not wait any longer; and begins the look-ups for which there is a thread."""
        now = self._seconds()
        answered: list[Answered] = []
        while self._came:
            name, found = self._came.popleft()
            self._learn(name, found, now)
            answered += [self._over(each, found, now) for each in name.waiting]
            name.waiting.clear()
        answered += self._late(now)
        for standing, ready in reversed(self._ready.items()):
            while ready and self._room(standing) > 0:
                self._begin(ready.popleft(), standing, now)
        return answered

    def drop(self) -> None:
        """Lets go of whoever waits; look-ups under way end by themselves."""
        for each in self._waiting:
            each.over = True
            each.name.waiting.clear()
        self._waiting.clear()
        self._count = 0

    def patience(self) -> float | None:
        """Seconds until somebody has waited too long; ``None`` if nobody waits."""
        while self._waiting and self._waiting[0].over:
            self._waiting.popleft()
        if not self._waiting:
            return None
        if self._came:
            return 0
        return max(0.0, self._waiting[0].since + self._settings.longest_wait - self._seconds())

    def _begin(self, name: _Name, standing: Standing, now: float) -> None:
        if not name.waiting:  # they have given up, before there was a thread
            name.asked = False
            return
        name.began, name.began_as = now, standing
        self._under_way[standing] += 1
        try:
            self._beside(partial(self._answer, name))
        except RuntimeError as error:
            self._came.append((name, _unable(error)))

    def _answer(self, name: _Name) -> None:
        """In a thread: whatever happens there, the look-up ends."""
        try:
            found = self._look_up(name.text)
        except Exception as error:  # an attempt that nobody answers would be lost
            found = _unable(error)
        self._came.append((name, found))
        self._wake()

    def _learn(self, name: _Name, found: Found, now: float) -> None:
        self._under_way[name.began_as] -= 1
        name.asked = False
        late = now - name.began >= self._settings.slow_seconds
        name.standing = Standing.SLOW if late else Standing.QUICK
        if found.addresses:
            name.found, name.found_until = found, now + self._settings.remembered_seconds

    def _late(self, now: float) -> list[Answered]:
        """Ends the wait of whoever has waited too long; a look-up that is still under way is a slow one."""
        answered = []
        longest = self._settings.longest_wait
        late = Found(fault=f"host name not resolved within {longest:g} s")
        while self._waiting and (self._waiting[0].over or now - self._waiting[0].since >= longest):
            waiting = self._waiting.popleft()
            if not waiting.over:
                waiting.name.waiting.popleft()
                answered.append(self._over(waiting, late, now))
        return answered

    def _over(self, waiting: _Waiting, found: Found, now: float) -> Answered:
        waiting.over = True
        self._count -= 1
        return Answered(waiting.attempt, found, now - waiting.since)

    def _room(self, standing: Standing) -> int:
        taken = sum(self._under_way[each] for each in Standing if each.value <= standing.value)
        most = self._settings.most_at_once
        return min(int(most * standing.value) - taken, most - self._under_way.total())

    def _name(self, text: str) -> _Name:
        name = self._names.get(text)
        if name is None:
            if len(self._names) >= self._settings.names_remembered:
                self._names = {text: each for text, each in self._names.items() if each.asked}
            name = self._names[text] = _Name(text)
        return name


def _unable(error: Exception) -> Found:
    return Found(fault=f"its name cannot be looked up: {shown(str(error), 120)}")


def look_up(name: str, rules: AddressRules) -> Found:
    """Asks the system for a name and keeps what may be called. Blocks, as long as the C library likes."""
    try:
        answers = socket.getaddrinfo(name.encode("ascii"), None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        known = error.errno in NO_SUCH_HOST
        return Found(fault="no such host" if known else "its name server failed or did not answer")
    allowed: list[str] = []
    refused: list[str] = []
    for ip in dict.fromkeys(str(where[0]) for *_, where in answers):
        reason = check_address(ip, rules)
        if reason is not None:
            refused.append(reason)
        elif len(allowed) < MOST_ADDRESSES:
            allowed.append(ip)
    return Found(tuple(allowed)) if allowed else Found(fault=f"address not allowed: {refused[0]}")


@lru_cache(maxsize=4096)
def place(url: str) -> Place | None:
    """The name in a well-formed URL; ``None`` for an address, and for this machine's own names.

    libcurl asks nobody for localhost either (RFC 6761, 6.3).
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    bare = host.removesuffix(".")
    if ":" in host or bare.rpartition(".")[2].isdigit() or bare.rpartition(".")[2] == "localhost":
        return None
    return Place(host, parts.port or (443 if parts.scheme == "https" else 80))
