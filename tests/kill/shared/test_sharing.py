"""Two gateways, two cores and two deliveries on one PostgreSQL: they share it, whoever dies or sleeps."""

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import pytest

from tests.kill.receiver import Receiver
from tests.kill.shared import figures
from tests.kill.shared.figures import Recorded
from tests.kill.shared.server import running
from tests.kill.shared.staging import Staging, staging, wait
from tests.kill.shared.supervisor import Place
from tests.kill.shared.witness import Witness
from tests.patience import until
from tests.proof import proof_count, proof_times

SOON = 5.0
"""Seconds within which the waiting core decides."""
LONGEST_PAUSE = 8.0 if proof_times() else 5.0
AWAY = 60.0 if proof_times() else 4.0
"""Seconds without a server: longer than a place, or the right to decide, is held."""
QUOTA = 50
APART = 0.05
"""Seconds between requests, which go to the gateways by turns."""
BEYOND = 10
"""What both may accept together beyond the quota: each learns of the other's within half a second."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staging]:
    """An environment for all of these tests; at the end all of its processes end in order."""
    folder = tmp_path_factory.mktemp("shared")
    with Receiver() as receiver, running() as server, staging(server, folder, receiver) as shared:
        yield shared
        shared.supervisor.end()


@pytest.fixture(scope="module")
def witness(shared: Staging) -> Witness:
    """Of all decisions."""
    return Witness(shared.url)


@pytest.mark.slow
def test_p4_an_outage_longer_than_every_lease(shared: Staging) -> None:
    """Callers are refused; when the server is back all goes on by itself, and nothing is lost."""
    shared.supervisor.until_ready()
    with shared.load():
        shared.until_promised(20)
        shared.crash(AWAY)
        shared.until_promised(20)
    shared.settle()


@pytest.mark.slow
def test_p2_the_waiting_core_decides_soon_after_the_others_death(
    shared: Staging, witness: Witness, record_property: Recorded
) -> None:
    """Within five seconds of SIGKILL, again and again; nothing is lost."""
    witness.forget()
    with shared.load():
        for _ in range(proof_count(small=2, large=20)):
            shared.supervisor.until_ready()
            shared.until_promised(20)
            leader, epoch = shared.leader(), witness.epoch()
            shared.supervisor.kill(leader)
            seconds = witness.next_after(epoch) - shared.supervisor.moments[-1]
            assert seconds < SOON
            record_property(figures.DEATHS.title, 1)
            record_property(figures.SOONEST.title, seconds)
    shared.settle()
    witness.check()


@pytest.mark.slow
def test_p2_paused_processes_neither_decide_nor_deliver_beside_others(
    shared: Staging, witness: Witness, record_property: Recorded
) -> None:
    """A core, a delivery, a gateway that sleep through their time write nothing after it: all begin anew."""
    chance = random.Random(0)
    witness.forget()
    with shared.load():
        for _ in range(proof_count(small=1, large=20)):
            shared.supervisor.until_ready()
            shared.until_promised(50)
            leader, epoch = shared.leader(), witness.epoch()
            with ExitStack() as asleep:
                asleep.enter_context(shared.supervisor.paused(leader))
                stopped = time.time()
                for duty in ("gateway", "delivery"):
                    asleep.enter_context(shared.supervisor.paused(chance.choice(shared.supervisor.of(duty))))
                wait(chance.uniform(4, LONGEST_PAUSE))
                assert witness.next_after(epoch) - stopped < SOON
            wait(2 * chance.random())
            record_property(figures.PAUSES.title, 1)
    for gateway in shared.supervisor.of("gateway"):
        until("it accepts again", partial(_accepts, shared, gateway))
    shared.settle()
    witness.check()


def _accepts(shared: Staging, gateway: Place) -> bool:
    return shared.ask(gateway, shared.token).acknowledged


@pytest.mark.slow
def test_a_revoked_token_is_dead_at_both_gateways_within_a_second(shared: Staging) -> None:
    """Whichever of them gave it."""
    shared.supervisor.until_ready()
    gateways = shared.supervisor.of("gateway")
    token = shared.new_token()
    assert all(shared.ask(each, token).acknowledged for each in gateways)
    shared.salio("revoke", token)
    refused = "both refuse it"
    until(refused, lambda: not any(shared.ask(each, token).acknowledged for each in gateways), patience=1.0)


@pytest.mark.slow
def test_t8_a_quota_is_one_for_both_gateways(shared: Staging) -> None:
    """Beyond it they accept no more than one took since the other looked."""
    shared.supervisor.until_ready()
    token = shared.new_token(shared.add_app("--per-day", str(QUOTA), "--per-second", "1000"))
    wait(1)  # now the other gateway knows the app too
    before = len(shared.mix.asked)
    for _ in range(QUOTA):
        for gateway in shared.supervisor.of("gateway"):
            shared.ask(gateway, token)
            wait(APART)
    accepted = sum(each.acknowledged for each in shared.mix.asked[before:])
    assert QUOTA <= accepted <= QUOTA + BEYOND
    shared.settle()
