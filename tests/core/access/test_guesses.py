"""Guesses at consumer secrets: so many for each key, whoever sends them."""

import pytest

from salio.core.access.guesses import ALLOWED, Guesses

KEY, OTHER = "consumer-key", "nobody's"


def allowed(guesses: Guesses, moments: list[float], key: str = KEY) -> list[bool]:
    """Whether guesses at these monotonic moments are."""
    return [guesses.allow(key, monotonic=moment) for moment in moments]


@pytest.mark.parametrize(
    ("moments", "count"),
    [
        pytest.param([0.0] * 25, 25, id="the burst"),
        pytest.param([0.0] * 50, 25, id="twice the burst"),
        pytest.param([0.0] * 25 + [0.99] * 5, 25, id="not yet a second later"),
        pytest.param([0.0] * 25 + [1.0] * 5, 26, id="a second later"),
        pytest.param([0.0] * 25 + [0.5, 1.0, 1.5, 2.0], 27, id="guesses that were too many take nothing"),
        pytest.param([0.0] * 25 + [3600.0] * 50, 50, id="an hour gives one burst"),
        pytest.param([float(second) for second in range(100)], 100, id="one a second for ever"),
        pytest.param([100.0] * 25 + [10.0] * 5, 25, id="time that steps back gives nothing"),
        pytest.param([100.0] * 20 + [10.0] * 5, 25, id="time that steps back takes nothing"),
    ],
)
def test_a7_so_many_at_once_and_one_a_second(moments: list[float], count: int) -> None:
    """25 at once; then what flows in evenly."""
    assert (ALLOWED.burst, ALLOWED.per_second) == (25, 1.0)
    assert allowed(Guesses(), moments).count(True) == count


def test_a7_keys_do_not_share() -> None:
    """What is guessed at one key takes nothing from another."""
    guesses = Guesses()
    allowed(guesses, [0.0] * 100)
    assert allowed(guesses, [0.0] * 26, OTHER) == [True] * 25 + [False]


@pytest.mark.parametrize("key", ["", "x" * 10_000, "ключ", "\ud800"], ids=["empty", "long", "script", "half"])
def test_any_text_is_a_key(key: str) -> None:
    """A stranger chooses it."""
    assert allowed(Guesses(), [0.0] * 26, key) == [True] * 25 + [False]


def test_a7_keys_are_bounded() -> None:
    """However many keys are tried, so many are remembered; the one tried longest ago makes room."""
    guesses = Guesses(most_keys=10)
    allowed(guesses, [0.0] * 25)
    for number in range(9):
        allowed(guesses, [0.0], f"key {number}")
    assert allowed(guesses, [0.0]) == [False]
    for number in range(1_000):
        allowed(guesses, [0.0], f"key {number}")
    assert len(guesses) == 10
    assert allowed(guesses, [0.0] * 26) == [True] * 25 + [False]
