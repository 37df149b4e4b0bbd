"""Figures of these tests for docs/reliability.md: each test records its own, the end of a run prints them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.kill.checker import Found

Recorded = Callable[[str, object], None]


@dataclass(frozen=True)
class Figure:
    """One line; ``whole`` makes one figure of those of all tests."""

    title: str
    whole: Callable[[Iterable[float]], float] = sum


def longest(seconds: Iterable[float]) -> float:
    """Of these, to a tenth of a second."""
    return round(max(seconds, default=0.0), 1)


PROCESSES = Figure("SIGKILL to a process")
SERVERS = Figure("SIGKILL to all of PostgreSQL")
ACKNOWLEDGED = Figure("requests acknowledged meanwhile")
UNANSWERED = Figure("requests kept though their caller had no answer")
RESENT = Figure("results sent once more")
TWICE = Figure("callbacks that came twice")
INTERRUPTED = Figure("results interrupted twice")
DEATHS = Figure("SIGKILL to the core that decided")
SOONEST = Figure("longest time until another decided, s", longest)
PAUSES = Figure("rounds of SIGSTOP and SIGCONT to a core, a gateway and a delivery")
FIGURES: Sequence[Figure] = (
    PROCESSES,
    SERVERS,
    ACKNOWLEDGED,
    UNANSWERED,
    RESENT,
    TWICE,
    INTERRUPTED,
    DEATHS,
    SOONEST,
    PAUSES,
)


def record(found: Found, recorded: Recorded) -> None:
    """What a check saw."""
    recorded(ACKNOWLEDGED.title, found.acknowledged)
    recorded(UNANSWERED.title, found.kept_without_answer)
    recorded(RESENT.title, found.resent)
    recorded(TWICE.title, found.twice)
    recorded(INTERRUPTED.title, found.interrupted)
