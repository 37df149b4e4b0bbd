"""Every seed keeps P1 to P5. ``SALIO_SEED=123 .venv/bin/pytest tests/simulation -k replay`` shows one again."""

import os
import subprocess
import sys

import pytest

from tests.proof import proof_count
from tests.simulation.hand import Hand

SEEDS = proof_count(small=200, large=20_000)
CHUNK = max(4, SEEDS // 400)
SEED = int(os.environ.get("SALIO_SEED") or 7)


def run(seed: int) -> str:
    """The whole log of a seed; a failure says how to see it again."""
    hand = Hand(seed)
    try:
        world = hand.run()
    except BaseException as error:
        error.add_note(hand.world.log.tail())
        error.add_note(f"again: SALIO_SEED={seed} .venv/bin/pytest tests/simulation -k replay")
        raise
    return "\n".join(world.log.lines)


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_no_seed_breaks_a_promise(first: int) -> None:
    """Through crashes, outages, slow and broken receivers and jumping clocks, P1 to P5 hold after every step."""
    for seed in range(first, min(first + CHUNK, SEEDS)):
        run(seed)


def test_a_seed_replays_byte_for_byte() -> None:
    """The same seed and the same commit tell the same story."""
    assert run(SEED) == run(SEED)
