"""Rounds: in each, every class is tried once, in a new random order, alone on a platform at rest."""

import gc
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from random import Random

from tests.timing.medians import Difference, chance, difference, median
from tests.timing.wires import Heard, Landing, Line

THOUSAND = 1_000
"""Nanoseconds in a microsecond."""
_PASSING = re.compile(
    rb'("(?:Originator)?ConversationID":|"requestId":)"[^"]*"|\r\n(?:date|content-length):[^\r]*',
    re.IGNORECASE,
)
"""What of a message is another each time: ids, the date, and the length, for ids differ in theirs."""


@dataclass
class Samples:
    """Of one class: microseconds, and what was said but for ids and dates."""

    edge: list[float] = field(default_factory=list)
    """From the request's first byte sent to the answer's last byte read."""
    callback: list[float] = field(default_factory=list)
    """From there to the last byte of the callback."""
    answers: set[bytes] = field(default_factory=set)
    callbacks: set[bytes] = field(default_factory=set)


class Rounds:
    """One series of measurements: requests by class."""

    def __init__(
        self,
        line: Line,
        classes: Mapping[str, Sequence[bytes]],
        *,
        landing: Landing | None = None,
        before: bytes | None = None,
        seed: int = 0,
    ) -> None:
        """``landing``: a callback follows each answer. ``before``: what is asked before each, unmeasured."""
        self._line = line
        self._landing = landing
        self._classes = classes
        self._before = before
        self._random = Random(seed)
        self.samples = {name: Samples() for name in classes}

    def run(self, rounds: int) -> Mapping[str, Samples]:
        """So many samples of each class; the first tenth more, to warm up, is thrown away."""
        self._turns(rounds // 10)
        self.samples = {name: Samples() for name in self._classes}
        collecting = gc.isenabled()
        gc.disable()  # a pause of ours is not a time of the platform's
        try:
            self._turns(rounds)
        finally:
            if collecting:
                gc.enable()
        return self.samples

    def _turns(self, rounds: int) -> None:
        names = list(self._classes)
        for _ in range(rounds):
            self._random.shuffle(names)
            for name in names:
                if self._before is not None:
                    self._ask(self._before, None)
                self._ask(self._random.choice(self._classes[name]), self.samples[name])

    def _ask(self, request: bytes, samples: Samples | None) -> None:
        sent, answer = self._line.ask(request)
        callback = self._landing.catch() if self._landing is not None else None
        if samples is None:
            return
        samples.edge.append((answer.at - sent) / THOUSAND)
        samples.answers.add(lasting(answer))
        if callback is not None:
            samples.callback.append((callback.at - answer.at) / THOUSAND)
            samples.callbacks.add(lasting(callback))


def lasting(heard: Heard) -> bytes:
    """What of a message does not depend on when it was sent."""
    return _PASSING.sub(rb"\1", heard.message)


def table(title: str, times: Mapping[str, Sequence[float]]) -> str:
    """As the documents print it: each class beside the first."""
    first = next(iter(times.values()))
    lines = [
        f"| {title} | samples | median | difference | 95 % interval | larger than the first |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, each in times.items():
        row = f"| {name} | {len(each):,} | {median(each):.1f} µs |"
        if each is first:
            lines.append(f"{row} | | |")
            continue
        found = difference(first, each)
        lines.append(
            f"{row} {found.middle:+.1f} µs | {found.low:+.1f} to {found.high:+.1f} µs | "
            f"{100 * chance(first, each):.1f} % |"
        )
    pair, found = widest(times)
    lines.append(f"\nThe widest of all pairs: {pair}, {found.low:+.1f} to {found.high:+.1f} µs.")
    return "\n".join(lines)


def widest(times: Mapping[str, Sequence[float]]) -> tuple[str, Difference]:
    """The two classes whose interval reaches farthest from nothing."""
    found = {
        f"{one} and {other}": difference(times[one], times[other]) for one, other in combinations(times, 2)
    }
    return max(found.items(), key=lambda each: max(abs(each[1].low), abs(each[1].high)))
