"""An end that is asked for: drained, nothing lost, and the data folder free for the next platform."""

import json
import signal

import pytest

from tests.kill.campaign import Campaign
from tests.kill.platforms import production


@pytest.mark.slow
def test_p24_a_signal_under_load_drains(campaign: Campaign) -> None:
    """SIGTERM, and Ctrl-C in the next life: exit code 0, all that was acknowledged is delivered, once."""
    for number in (signal.SIGTERM, signal.SIGINT):
        with campaign.platform(production(campaign.data)) as platform:
            assert platform.welcome(), platform.errors()
            campaign.prepare(platform)
            enough = campaign.promised() + 200
            load = campaign.load(platform)
            campaign.until_promised(enough)
            assert platform.end(number) == 0, platform.errors()
            load.join()
        found = campaign.check()
        assert found.acknowledged >= enough
        assert found.resent == 0
        assert not (campaign.data / "platform.json").exists()


@pytest.mark.slow
def test_one_platform_in_a_folder(campaign: Campaign) -> None:
    """A second platform is refused; after a SIGKILL the next one takes over what the dead one left."""
    signpost = campaign.data / "platform.json"
    with campaign.platform(production(campaign.data)) as first:
        assert first.welcome(), first.errors()
        with campaign.platform(production(campaign.data)) as second:
            assert not second.welcome()
            assert second.process.returncode == 1
        assert f"another platform runs on {campaign.data}: stop it, or choose" in first.errors()
        assert first.get("/readyz")[0] == 200
        first.strike()
        first.bury()
    assert json.loads(signpost.read_bytes())["pid"] == first.pid
    with campaign.platform(production(campaign.data)) as third:
        assert third.welcome(), third.errors()
        assert json.loads(signpost.read_bytes()) == {"base_url": third.base_url, "pid": third.pid}
        assert third.end() == 0
