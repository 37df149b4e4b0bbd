"""How far apart two medians are, with an interval; and how well one time tells two classes apart.

The interval is the bootstrap's, without its labour. Drawing n times with replacement from n sorted samples
and taking the k-th smallest gives the sample at place floor(n * B), where B is the k-th smallest of n uniform
numbers: a Beta(k, n + 1 - k) number. So one draw stands for a whole resample, exactly, and 100,000 samples
cost no more than a hundred.

The samples of two classes must have been taken in turns. A machine that grows slower meanwhile then touches
both alike: it widens each class's spread, and with it the interval, but leaves the difference where it is.
Where half of the samples are quick, half are slow and none lie between, the median is nowhere in particular,
and the interval is as wide as the gap: it never claims more than is known.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

RESAMPLES = 4_000
LEVEL = 0.95


class Difference(NamedTuple):
    """The second median minus the first, and the interval around it; in the unit of the samples."""

    low: float
    middle: float
    high: float

    def within(self, bound: float) -> bool:
        """Whether all of the interval is nearer to nothing than this."""
        return -bound <= self.low and self.high <= bound


def median(samples: Sequence[float]) -> float:
    """The sample in the middle; of two in the middle the lower one, so that it is always one of them."""
    return sorted(samples)[(len(samples) - 1) // 2]


def difference(
    first: Sequence[float], second: Sequence[float], *, seed: int = 0, resamples: int = RESAMPLES
) -> Difference:
    """How much larger the second's median is, with the 95 % interval; the same for the same seed."""
    random = Random(seed)
    ordered = sorted(first), sorted(second)
    drawn = sorted(_redrawn(ordered[1], random) - _redrawn(ordered[0], random) for _ in range(resamples))
    tail = round(resamples * (1 - LEVEL) / 2)
    return Difference(drawn[tail], median(second) - median(first), drawn[resamples - 1 - tail])


def _redrawn(ordered: Sequence[float], random: Random) -> float:
    """The median of one resample."""
    count = len(ordered)
    rank = (count + 1) // 2
    return ordered[min(count - 1, int(count * random.betavariate(rank, count + 1 - rank)))]


def chance(first: Sequence[float], second: Sequence[float]) -> float:
    """How often a sample of the second is larger than one of the first, ties counted half: 0.5 tells nothing.

    Whoever guesses a class from one time is right that often at best, if the two shapes are alike.
    """
    ordered = sorted(first)
    twice = sum(bisect_left(ordered, each) + bisect_right(ordered, each) for each in second)
    return twice / (2 * len(first) * len(second))
