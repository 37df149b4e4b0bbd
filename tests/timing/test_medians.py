"""The statistics, on samples whose truth is known."""

import itertools
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.timing.medians import Difference, chance, difference, median

Noise = Callable[[Random], float]
SAMPLES = st.lists(st.integers(0, 1_000), min_size=1, max_size=60)
NOISES: dict[str, Noise] = {
    "a bell": lambda random: random.gauss(200, 40),
    "a long tail": lambda random: 150 + random.expovariate(1 / 80),
    "two humps": lambda random: random.gauss(random.choice((200, 200, 400)), 30),
    "whole microseconds": lambda random: round(random.gauss(200, 15)),
}


@given(SAMPLES)
def test_the_median_is_one_of_them(samples: list[int]) -> None:
    """At most half of the others lie below it, at most half above."""
    middle = median(samples)
    assert middle in samples
    assert sum(each < middle for each in samples) <= len(samples) / 2
    assert sum(each > middle for each in samples) <= len(samples) / 2


@given(SAMPLES, SAMPLES, st.integers(-5_000, 5_000))
def test_a_difference_moves_with_the_samples(first: list[int], second: list[int], shift: int) -> None:
    """Whatever is added to one class is added to the difference and to both ends of its interval."""
    before = difference(first, second, resamples=200)
    after = difference(first, [each + shift for each in second], resamples=200)
    assert after == tuple(each + shift for each in before)
    assert before.low <= before.high


@pytest.mark.parametrize("count", [1, 2, 3, 100, 101])
def test_the_same_samples_twice_do_not_differ(count: int) -> None:
    """The interval lies around nothing."""
    samples = [float(each) for each in range(count)]
    found = difference(samples, samples)
    assert found.middle == 0
    assert found.low <= 0 <= found.high


def redrawn_in_full(samples: list[float], random: Random) -> float:
    """A resample made as the textbook has it."""
    return median(random.choices(samples, k=len(samples)))


@pytest.mark.parametrize("count", [21, 60, 201])
def test_one_number_stands_for_a_whole_resample(count: int) -> None:
    """The short way's interval is that of the textbook's bootstrap."""
    random = Random(count)
    first, second = ([random.gauss(0, 100) for _ in range(count)] for _ in range(2))
    drawn = sorted(redrawn_in_full(second, random) - redrawn_in_full(first, random) for _ in range(4_000))
    spread = drawn[3_899] - drawn[100]
    found = difference(first, second)
    assert found.low == pytest.approx(drawn[100], abs=spread / 10)
    assert found.high == pytest.approx(drawn[3_899], abs=spread / 10)


def covered(noise: Noise, count: int, shift: float, drift: Noise) -> float:
    """Of 300 experiments with that truth, the share whose interval holds it."""
    hits = 0
    for seed in range(300):
        random = Random(seed)
        slower = list(itertools.accumulate(drift(random) for _ in range(count)))
        first, second = ([noise(random) + each for each in slower] for _ in range(2))
        found = difference(first, [each + shift for each in second], seed=seed, resamples=400)
        hits += found.low <= shift <= found.high
    return hits / 300


@pytest.mark.parametrize("name", NOISES)
def test_nineteen_intervals_of_twenty_hold_the_truth(name: str) -> None:
    """Whatever the noise is like; a discrete one is held more often."""
    assert covered(NOISES[name], count=151, shift=7, drift=lambda _: 0.0) >= 0.92


def test_a_machine_that_grows_slower_is_no_difference() -> None:
    """Classes taken in turns drift together: the interval holds the truth even more often."""
    drifting: Noise = lambda random: random.gauss(1, 5)  # noqa: E731 - one of a kind with NOISES
    assert covered(NOISES["a bell"], count=151, shift=7, drift=drifting) >= 0.95


@pytest.mark.parametrize("name", NOISES)
@pytest.mark.parametrize(("shift", "within"), [(0, True), (5, True), (40, False), (-40, False)])
def test_a_bound_of_twenty(name: str, shift: float, within: bool) -> None:
    """With samples enough what lies well within is found within, and what lies beyond is found beyond."""
    random = Random(7)
    first, second = ([NOISES[name](random) for _ in range(20_000)] for _ in range(2))
    assert difference(first, [each + shift for each in second]).within(20) == within


def test_a_gap_in_the_middle_is_owned_up_to() -> None:
    """Half quick, half slow: nobody knows the median, and the interval is as wide as the gap."""
    random = Random(3)
    first, second = ([random.gauss(random.choice((200, 400)), 5) for _ in range(1_001)] for _ in range(2))
    found = difference(first, second)
    assert found.high - found.low > 150


def test_within_is_about_the_whole_interval() -> None:
    """One end beyond is beyond."""
    assert Difference(-20, 0, 20).within(20)
    assert not Difference(-21, 0, 1).within(20)
    assert not Difference(-1, 0, 21).within(20)


@given(SAMPLES, SAMPLES)
def test_a_chance_counts_pairs(first: list[int], second: list[int]) -> None:
    """The share of all pairs in which the second is larger; ties count half."""
    pairs = [(one, other) for one in first for other in second]
    larger = sum(other > one for one, other in pairs) + sum(other == one for one, other in pairs) / 2
    assert chance(first, second) == pytest.approx(larger / len(pairs))


def test_equal_seeds_give_equal_intervals() -> None:
    """Samples that are kept can be judged again."""
    random = Random(1)
    first, second = ([random.gauss(0, 1) for _ in range(500)] for _ in range(2))
    assert difference(first, second, seed=3) == difference(first, second, seed=3)
    assert difference(first, second, seed=3) != difference(first, second, seed=4)
