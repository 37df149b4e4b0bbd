"""The network: receivers in every mood, and the courier that posts to them.

The receivers outlive the platform. A parcel that has left when the platform dies may still arrive, even after
the same bytes were sent once more.
"""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Protocol
from urllib.parse import urlsplit

from salio.core.requests.deliveries import Attempt, AttemptEnd
from tests.simulation.crashes import Fuse
from tests.simulation.outside import EventLog, SimulatedClock, Time

TIME_LIMIT = 10.0
"""Seconds that the courier waits for an answer."""
INBOX_HOST = "platform.test"
"""Where the built-in inbox lives: the platform posts to itself."""


HOSTS = ("one.test", "two.test:8080", "three.test", "four.test", "five.test", INBOX_HOST)
ANSWERS = (
    b'{"ResultCode":"0","ResultDesc":"Accepted"}',
    b'{"ResultCode":0,"ResultDesc":"Accepted","ThirdPartyTransID":"mine"}',
    b'{"ResultCode":"C2B00012","ResultDesc":"Rejected"}',
    b"welcome",
)
"""What receivers answer to a question."""


class Mood(enum.Enum):
    """How a receiver behaves at present."""

    PROMPT = "prompt"
    SLOW = "slow"
    ASLEEP = "asleep"
    """Takes everything and answers too late."""
    DEAD = "dead"
    """Refuses every connection."""
    HOLE = "hole"
    """Nothing comes back, and perhaps nothing arrives."""
    BROKEN = "broken"
    """Resets connections before or after it has read the request."""
    RUDE = "rude"
    """Answers whatever status comes to mind."""


class Witness(Protocol):
    """Who sees with their own eyes what crosses the network."""

    def departed(self, number: int, url: str, body: bytes) -> None:
        """Bytes leave the platform."""
        ...

    def asked_whether(self, url: str, body: bytes) -> None:
        """A question leaves the platform."""
        ...

    def heard(self, number: int, status: int | None, answer: bytes) -> None:
        """What came of a question."""
        ...

    def arrived(self, url: str, body: bytes, status: int | None) -> None:
        """A receiver has got them, and gives this answer if it gives any."""
        ...


@dataclass(eq=False)
class Parcel:
    """One POST on its way, and what will become of it."""

    attempt: Attempt
    ends_at: float
    arrives_at: float | None = None
    status: int | None = None
    fault: str | None = None
    answers: bool = True
    """Whether the receiver gives the answer that ``status`` names, or was to give."""
    answer: bytes = b""
    """What a question is answered with."""


@dataclass
class Network:
    """Everything between the platform and its receivers."""

    chance: Random
    time: Time
    log: EventLog
    witness: Witness
    moods: dict[str, Mood] = field(default_factory=dict)
    travelling: list[Parcel] = field(default_factory=list)

    def depart(self, attempt: Attempt) -> Parcel:
        """Decides there and then what will become of a POST."""
        if attempt.asks:
            self.witness.asked_whether(attempt.url, attempt.body)
        else:
            self.witness.departed(attempt.number, attempt.url, attempt.body)
        mood = self.moods.get(urlsplit(attempt.url).hostname or "", Mood.PROMPT)
        parcel = self._fate(attempt, mood)
        parcel.answer = self.chance.choice(ANSWERS) if attempt.asks else b""
        self.log.note(f"  {attempt.number} departs to {attempt.url} ({mood.value})")
        self.travelling.append(parcel)
        return parcel

    def move(self, inbox: Callable[[Parcel], None]) -> None:
        """Brings to the receivers what is due."""
        due = [each for each in self.travelling if (each.arrives_at or each.ends_at) <= self.time.seconds]
        self.travelling = [each for each in self.travelling if each not in due]
        for parcel in due:
            if parcel.arrives_at is None:
                continue
            attempt = parcel.attempt
            self.log.note(f"  {attempt.number} arrives, answer {parcel.status if parcel.answers else None}")
            if attempt.asks:
                continue
            if urlsplit(attempt.url).hostname == INBOX_HOST:
                inbox(parcel)
            else:
                self.witness.arrived(attempt.url, attempt.body, parcel.status if parcel.answers else None)

    def platform_died(self) -> None:
        """Open connections break; what the wire still holds arrives or not."""
        self.travelling = [
            each for each in self.travelling if each.arrives_at is not None and self.chance.random() < 0.5
        ]

    def _fate(self, attempt: Attempt, mood: Mood) -> Parcel:  # noqa: PLR0911 - a mood each
        now, chance = self.time.seconds, self.chance
        quick, late = now + chance.uniform(0.001, 0.2), now + TIME_LIMIT
        match mood:
            case Mood.PROMPT:
                return Parcel(attempt, quick, quick, status=200)
            case Mood.SLOW:
                ends_at = now + chance.uniform(0.5, TIME_LIMIT)
                return Parcel(attempt, ends_at, chance.uniform(now, ends_at), status=200)
            case Mood.ASLEEP:
                return Parcel(attempt, late, quick, fault="timed out", answers=False)
            case Mood.DEAD:
                return Parcel(attempt, quick, fault="connection refused")
            case Mood.HOLE:
                arrives_at = chance.choice((None, quick))
                return Parcel(attempt, late, arrives_at, fault="timed out", answers=False)
            case Mood.BROKEN:
                arrives_at = chance.choice((None, quick))
                return Parcel(attempt, quick, arrives_at, fault="connection reset", answers=False)
            case Mood.RUDE:
                status = chance.choice((100, 201, 204, 301, 302, 400, 404, 429, 500, 503, 599))
                return Parcel(attempt, quick, quick, status=status)


class SimulatedCourier:
    """The courier of one life of the platform; fits :class:`salio.delivery.transport.Transport`."""

    def __init__(
        self,
        network: Network,
        clock: SimulatedClock,
        fuse: Fuse,
        ended: Callable[[list[AttemptEnd]], None],
        inbox: Callable[[Parcel], None],
    ) -> None:
        self._network = network
        self._clock = clock
        self._fuse = fuse
        self._ended = ended
        self._inbox = inbox
        self.posted: list[Attempt] = []
        self.under_way: list[Parcel] = []

    def post(self, attempts: Sequence[Attempt]) -> None:
        """Takes attempts; they depart in the next step."""
        self._fuse.touch("before attempts are posted")
        self.posted.extend(attempts)
        self._fuse.touch("after attempts were posted")

    def step(self) -> None:
        """Lets depart what was posted, moves the network, and tells what ended."""
        while self.posted:
            self._fuse.touch("before a departure")
            self.under_way.append(self._network.depart(self.posted.pop(0)))
        self._network.move(self._inbox)
        now = self._network.time.seconds
        over = [each for each in self.under_way if each.ends_at <= now]
        self.under_way = [each for each in self.under_way if each not in over]
        if over:
            self._fuse.touch("before ends are noted")
            for each in over:
                if each.attempt.asks:
                    status = None if each.fault is not None else each.status
                    self._network.witness.heard(each.attempt.number, status, each.answer)
            ends = [self._end(each) for each in over]
            self._ended(ends)

    def close(self) -> None:
        """Lets go of everything."""
        self.posted.clear()
        self.under_way.clear()

    def _end(self, parcel: Parcel) -> AttemptEnd:
        number, fault = parcel.attempt.number, parcel.fault
        status = None if fault is not None else parcel.status
        asked, answer = parcel.attempt.asks, b"" if fault is not None else parcel.answer
        self._network.log.note(f"  {number} ends: {status or fault} {answer.decode()}")
        return AttemptEnd(
            number=number,
            ended_at=self._clock.now(),
            status=status,
            fault=fault,
            asked=asked,
            answer=answer,
        )
