"""A platform that may have no more memory: it goes on or dies, and either way nothing is lost."""

import re
import resource
import time
from pathlib import Path

import pytest

from tests.kill.campaign import Campaign
from tests.kill.platforms import Platform, production
from tests.patience import until
from tests.proof import proof_times

ROOM = (0, 1 << 18, 1 << 20, 4 << 20, 16 << 20)
"""Bytes that it may still take."""

CROWD = 300
"""Connections at once: more than any platform has room for that may not grow."""

SHORT = 5.0
"""Seconds without memory, for a platform that lives through them."""

FATES = {"promised", "refused", "0: {}"}
"""The last is no answer at all."""


@pytest.mark.slow
@pytest.mark.parametrize("left", ROOM if proof_times() else ROOM[2:3], ids=lambda left: f"{left >> 10} KiB")
def test_p26_memory_runs_out(left: int, campaign: Campaign) -> None:
    """Requests may fail, and so may the process; the store is whole, and every promise is kept."""
    with campaign.platform(production(campaign.data)) as platform:
        assert platform.welcome(), platform.errors()
        campaign.prepare(platform)
        load = campaign.load(platform)
        campaign.until_promised(100)
        load.stop()
        _, hard = resource.prlimit(platform.pid, resource.RLIMIT_AS)
        resource.prlimit(platform.pid, resource.RLIMIT_AS, (in_use(platform) + left, hard))
        load = campaign.load(platform, connections=CROWD)
        if died(platform):
            load.join()
            assert campaign.mourn(platform) != 0, platform.errors()
        else:
            load.stop()
            resource.prlimit(platform.pid, resource.RLIMIT_AS, (hard, hard))
            until("ready again", platform.ready)
            assert platform.end() == 0, platform.errors()
    assert {each.fate for each in campaign.asked} <= FATES
    assert campaign.finish().acknowledged >= 100


def in_use(platform: Platform) -> int:
    """Bytes of the process's address space."""
    status = Path("/proc", str(platform.pid), "status").read_text("ascii")
    found = re.search(r"VmSize:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def died(platform: Platform) -> bool:
    """Whether the process ended within the short time."""
    deadline = time.monotonic() + SHORT
    until("the end of it", lambda: platform.process.poll() is not None or time.monotonic() > deadline)
    return platform.process.poll() is not None
