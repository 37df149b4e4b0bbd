"""An attempt that the platform's death interrupts twice (P3)."""

import msgspec
import pytest

from tests.kill.campaign import Campaign
from tests.kill.conftest import PROPERTY
from tests.kill.stages import Death, Stage
from tests.kill.test_kills import Recorded


@pytest.mark.slow
def test_p9_two_deaths_of_one_attempt_end_it(campaign: Campaign, record_property: Recorded) -> None:
    """An attempt that is interrupted twice is not made a third time: it ends undelivered, and says why."""
    campaign.live(Death(Stage.BYTES_SENT, passage=40))
    campaign.live(Death(Stage.ATTEMPT_COMMITTED, passage=1, early=True))
    assert campaign.finish().interrupted > 0
    record_property(PROPERTY, msgspec.json.encode(campaign.table()).decode())
