"""A disk whose fsync fails, and losses of power: what no fsync brought to the disk is gone."""

import pytest

from tests.kill.campaign import Campaign, deaths
from tests.kill.disk import Disk
from tests.kill.load import CONNECTIONS
from tests.kill.platforms import Platform, production
from tests.kill.receiver import Receiver
from tests.kill.stages import Stage
from tests.kill.test_kills import FIRST, SECOND
from tests.patience import until
from tests.proof import proof_count, proof_times

FEW = [Stage.ACCEPT_COMMITTED, Stage.ATTEMPT_COMMITTED]
"""Where a step too early would show: what leaves after each of these must be on the disk."""


@pytest.fixture
def campaign(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver, disk: Disk) -> Campaign:
    """A data folder on a disk of its own."""
    return Campaign(tmp_path_factory.mktemp("power"), seed=0, receiver=receiver, disk=disk)


@pytest.mark.slow
@pytest.mark.parametrize("stages", [FIRST, SECOND] if proof_times() else [FEW], ids=len)
@pytest.mark.parametrize("seed", range(proof_count(small=1, large=5)))
def test_promise_1_no_loss_of_power_loses_an_acknowledged_request(
    seed: int, stages: list[Stage], tmp_path_factory: pytest.TempPathFactory, receiver: Receiver, disk: Disk
) -> None:
    """Whatever was promised, or shown to a receiver, was on the disk before."""
    campaign = Campaign(tmp_path_factory.mktemp("power"), seed, receiver, disk)
    for death in deaths(seed, stages):
        campaign.live(death)
    assert campaign.finish().acknowledged > 0


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 20] if proof_times() else [1])
def test_p7_an_fsync_that_fails(count: int, campaign: Campaign, disk: Disk) -> None:
    """Whoever stood in a commit that failed is refused, and not kept; the next one is as durable as ever."""
    with campaign.platform(production(campaign.data)) as platform:
        loaded(campaign, platform)
        load = campaign.load(platform)
        campaign.until_promised(100)
        disk.fail(count)
        until("failed", lambda: disk.failed() >= count)
        campaign.until_promised(campaign.promised() + 100)
        load.stop()
        until("ready again", platform.ready)
        power_fails(campaign, platform, disk)
    assert disk.failed() == count
    assert_whole(campaign)


@pytest.mark.slow
def test_p7_no_fsync_succeeds(campaign: Campaign, disk: Disk) -> None:
    """Callers hear 100000004, /readyz says 503, and all is well by itself when the disk is well again."""
    with campaign.platform(production(campaign.data)) as platform:
        loaded(campaign, platform)
        load = campaign.load(platform)
        campaign.until_promised(100)
        disk.fail()
        until("not ready", lambda: not platform.ready())
        told = campaign.refused()
        until("refused anew", lambda: campaign.refused() > told + CONNECTIONS)
        load.stop()
        before = campaign.promised()
        assert not any(platform.ready() for _ in range(100))
        assert platform.get("/healthz")[0] == 200
        disk.heal()
        until("ready again", platform.ready)
        load = campaign.load(platform)
        campaign.until_promised(before + 100)
        load.stop()
        power_fails(campaign, platform, disk)
    assert_whole(campaign)
    assert campaign.refused() > CONNECTIONS


@pytest.mark.slow
@pytest.mark.parametrize("again", [0, 1] if proof_times() else [1])
def test_p7_a_death_after_an_fsync_that_failed(again: int, campaign: Campaign, disk: Disk) -> None:
    """What a failed commit left in the page cache is never built upon: its bytes are not on the disk.

    The kernel calls them clean, so only writing them again brings them there; a disk that refuses is a
    reason not to start.
    """
    with campaign.platform(production(campaign.data)) as platform:
        loaded(campaign, platform)
        load = campaign.load(platform)
        campaign.until_promised(100)
        disk.fail()
        until("refused", lambda: campaign.refused() > 0)
        campaign.kill(platform)
        load.join()
    disk.fail(again)
    until("a start that is not refused", lambda: serves(campaign, disk))
    campaign.finish()


def serves(campaign: Campaign, disk: Disk) -> bool:
    """Whether a platform starts; it is loaded, and loses its power."""
    with campaign.platform(production(campaign.data)) as platform:
        if platform.welcome():
            load = campaign.load(platform)
            campaign.until_promised(campaign.promised() + 100)
            power_fails(campaign, platform, disk)
            load.join()
            return True
        assert platform.process.returncode == 1
        assert "the disk does not keep" in platform.errors()
        return False


def loaded(campaign: Campaign, platform: Platform) -> None:
    """A platform that was welcome."""
    assert platform.welcome(), platform.errors()
    campaign.prepare(platform)


def power_fails(campaign: Campaign, platform: Platform, disk: Disk) -> None:
    """The process dies and takes with it what no fsync brought to the disk."""
    campaign.kill(platform)
    disk.lose_power(campaign.data)


def assert_whole(campaign: Campaign) -> None:
    """The next life finds every promise kept, and nothing of what was refused."""
    found = campaign.finish()
    assert found.acknowledged >= 200
    assert found.kept_without_answer == 0
    assert {each.fate for each in campaign.asked} <= {"promised", "refused"}
