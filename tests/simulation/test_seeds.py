"""Every seed keeps P1 to P5.

``SALIO_SEED=123 .venv/bin/pytest tests/simulation -k replay`` runs one again and shows all that happened if
it fails.
"""

import os
import subprocess
import sys

import pytest

from tests.proof import proof_count
from tests.simulation.crashes import PLACES, Health
from tests.simulation.hand import Hand
from tests.simulation.network import Mood
from tests.simulation.switches import BEARER, INSTRUCTS
from tests.tidy.source import ROOT

SEEDS = proof_count(small=200, large=20_000)
CHUNK = max(4, SEEDS // 400)
SEED = int(os.environ.get("SALIO_SEED") or 7)
WIDE = 150
"""The first seeds: they break no promise either, and are looked at for where they come."""
OUTCOMES = (
    "succeeded",
    "internal failure",
    "command unknown",
    "party not own",
    "initiator unknown",
    "initiator dormant",
    "role missing",
    "initiator locked",
    "password wrong",
    "transaction unknown",
    "queue timed out",
    "product not assigned",
    "receiver invalid",
    "receiver unregistered",
    "amount too small",
    "amount too large",
    "balance insufficient",
    "parameters conflict",
    "already reversed",
    "payment cancelled",
    "payment expired",
    "debit party not in order",
    "phone unreachable",
    "PIN wrong",
    "PIN locked",
    "prompt cancelled",
    "subscriber locked",
)
"""Those with a natural cause; the rarest two need more seeds."""
KINDS = ("balance", "status", "c2b", "express", "b2c", "b2b", "tax", "reversal")
ACTS = (
    *(f"{each}: FundsMoved" for each in ("settle", "withdraw", "receive", "clear")),
    *(f"{each}: set" for each in (BEARER, INSTRUCTS)),
    "FundsMoved",
    "charges owed",
    "balance insufficient",
    "limit exceeded",
    "holder unknown",
    "ActRefusal",
)
"""How acts by hand end; FundsMoved alone: nothing was left to do."""
EVERYTHING = (
    *(f"died {place}" for place in PLACES),
    *(f"({mood.value})" for mood in Mood),
    *(f"the disk is {health.value}" for health in Health),
    "disk is full",
    "is poison",
    "interrupted by the platform's own death, twice",
    "answered 500",
    '"ResponseCode":"0"',
    '"ResponseCode":"100000001"',
    '"ResponseCode":"100000004"',
    *(f"requests {kind} succeeded" for kind in KINDS),
    *(f"an act ends: {end}" for end in ACTS),
    *(f"is {each} by its organization" for each in ("accepted", "rejected")),
    "C2B00012",
    "welcome",
    *(f"concluded as {outcome}" for outcome in OUTCOMES),
)
"""Texts of the log."""


def run(seed: int) -> str:
    """The whole log of a seed; a failure says how to see it again."""
    hand = Hand(seed)
    try:
        world = hand.run()
    except BaseException as error:
        if "SALIO_SEED" in os.environ:
            sys.stdout.write("\n".join(hand.world.log.lines))
        error.add_note(hand.world.log.tail())
        error.add_note(f"again: SALIO_SEED={seed} .venv/bin/pytest tests/simulation -k replay")
        raise
    return "\n".join(world.log.lines)


@pytest.mark.parametrize("first", range(WIDE, SEEDS, CHUNK))
def test_no_seed_breaks_a_promise(first: int) -> None:
    """Through crashes, outages, bad receivers and jumping clocks, P1 to P5 hold after every step."""
    for seed in range(first, min(first + CHUNK, SEEDS)):
        run(seed)


def test_a_seed_replays_byte_for_byte() -> None:
    """The same seed and the same commit tell the same story."""
    assert run(SEED) == run(SEED)


def test_a_seed_replays_in_another_process() -> None:
    """Nothing hangs on the order of sets, which differs from process to process."""
    script = f"from tests.simulation.test_seeds import run; print(run({SEED}))"
    environment = os.environ | {"PYTHONHASHSEED": "4711"}
    other = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert other.stdout.rstrip("\n") == run(SEED)


def test_the_seeds_come_everywhere() -> None:
    """Between them, some dozens of seeds die at every place and see every kind of weather and end."""
    seen = "\n".join(run(seed) for seed in range(WIDE))
    missed = [each for each in EVERYTHING if each not in seen]
    assert missed == []
