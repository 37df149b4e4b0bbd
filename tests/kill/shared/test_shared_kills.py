"""SIGKILL of processes and of PostgreSQL itself, under load: nothing acknowledged is lost (P1 to P5)."""

import random

import pytest

from tests.kill.shared import figures
from tests.kill.shared.figures import Recorded, record
from tests.kill.shared.staging import Staging, wait
from tests.proof import proof_count, proof_times

PROCESSES, SERVERS = (20, 2) if proof_times() else (5, 5)
"""Kills of processes, and of the server, in a round."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(proof_count(small=1, large=10)))
def test_p2_p3_no_death_on_postgresql_loses_an_acknowledged_request(
    seed: int, staging: Staging, record_property: Recorded
) -> None:
    """Each promise ends in one conclusion, and in at most one more attempt, byte for byte."""
    chance = random.Random(seed)
    order = chance.sample(["process"] * PROCESSES + ["server"] * SERVERS, PROCESSES + SERVERS)
    with staging.load():
        for victim in order:
            staging.until_promised(chance.randint(20, 200))
            if victim == "server":
                staging.crash(chance.choice([0.0, 0.0, 0.5]))
            else:
                staging.supervisor.kill(chance.choice(staging.supervisor.places))
            wait(chance.random())
    found = staging.settle()
    assert found.acknowledged > 0
    record(found, record_property)
    record_property(figures.PROCESSES.title, PROCESSES)
    record_property(figures.SERVERS.title, SERVERS)
    staging.supervisor.end()
