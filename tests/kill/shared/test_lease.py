"""Two cores and one lease: another decides soon after a death, and nobody ever beside another."""

import random
import time

import pytest

from tests.kill.shared.staging import Staging, wait
from tests.kill.shared.witness import Witness
from tests.proof import proof_count

SOON = 5.0
"""Seconds within which the waiting core decides."""


@pytest.mark.slow
def test_the_waiting_core_decides_soon_after_the_others_death(staging: Staging) -> None:
    """Within five seconds of SIGKILL, again and again; nothing is lost."""
    witness = Witness(staging.url)
    with staging.load():
        for _ in range(proof_count(small=2, large=20)):
            staging.until_promised(20)
            leader, epoch = staging.leader(), witness.epoch()
            staging.supervisor.until_ready()
            staging.supervisor.kill(leader)
            killed = staging.supervisor.moments[-1]
            assert witness.next_after(epoch) - killed < SOON
    staging.settle()
    witness.check()
    staging.supervisor.end()


@pytest.mark.slow
def test_paused_processes_never_decide_or_deliver_beside_others(staging: Staging) -> None:
    """A core, or a delivery, that sleeps through its lease and wakes up writes nothing any more."""
    chance, witness = random.Random(0), Witness(staging.url)
    with staging.load():
        for _ in range(proof_count(small=2, large=20)):
            staging.until_promised(50)
            leader, epoch = staging.leader(), witness.epoch()
            with staging.supervisor.paused(leader):
                stopped = time.time()
                with staging.supervisor.paused(chance.choice(staging.supervisor.of("delivery"))):
                    wait(chance.uniform(4, 5 if proof_count(0, 1) == 0 else 8))
                    assert witness.next_after(epoch) - stopped < SOON
            wait(chance.random())
    found = staging.settle()
    assert found.acknowledged > 0
    witness.check()
    staging.supervisor.end()
