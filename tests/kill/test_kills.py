"""SIGKILL at every stage of a request's way, under load: nothing that was acknowledged is lost (P1 to P4)."""

from collections.abc import Callable

import msgspec
import pytest

from tests.kill.campaign import Campaign, deaths
from tests.kill.conftest import PROPERTY
from tests.kill.receiver import Receiver
from tests.kill.stages import Stage
from tests.proof import proof_count

FIRST = [
    Stage.PARSED,
    Stage.ACCEPT_COMMITTED,
    Stage.ACK_SENT,
    Stage.PICKED,
    Stage.DECIDED,
    Stage.RESULT_COMMITTED,
    Stage.RANDOM,
    Stage.RECOVERING,
]
SECOND = [
    Stage.ATTEMPT_COMMITTED,
    Stage.CONNECTED,
    Stage.BYTES_SENT,
    Stage.ANSWER_READ,
    Stage.OUTCOME_COMMITTED,
    Stage.RANDOM,
    Stage.RANDOM,
    Stage.RECOVERING,
]
"""Each half of the stages is a data folder of its own, so that two workers share a round."""

Recorded = Callable[[str, object], None]


@pytest.mark.slow
@pytest.mark.parametrize("stages", [FIRST, SECOND], ids=["acceptance and decision", "delivery"])
@pytest.mark.parametrize("seed", range(proof_count(small=1, large=56)))
def test_p1_no_death_loses_an_acknowledged_request(
    seed: int,
    stages: list[Stage],
    tmp_path_factory: pytest.TempPathFactory,
    receiver: Receiver,
    record_property: Recorded,
) -> None:
    """Each promise ends in one conclusion, and in at most one more attempt, byte for byte."""
    campaign = Campaign(tmp_path_factory.mktemp("kill"), seed, receiver)
    for death in deaths(seed, stages):
        campaign.live(death)
    found = campaign.finish()
    assert len(campaign.lives) == 1 + len(stages)
    assert found.acknowledged > 0
    record_property(PROPERTY, msgspec.json.encode(campaign.table()).decode())
