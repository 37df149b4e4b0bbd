"""How long a gateway waits between its turns."""

import pytest

from salio.platform.loops import BREATH
from salio.platform.processes.gateway import A_MATTER_OF_COURSE, LONGEST_BREATH, breath


@pytest.mark.parametrize(
    ("behind", "seconds"),
    [
        pytest.param(0, BREATH, id="nothing waits"),
        pytest.param(A_MATTER_OF_COURSE, BREATH, id="as much as when all is well"),
        pytest.param(A_MATTER_OF_COURSE + 4_000, BREATH + 0.008, id="four thousand more"),
        pytest.param(1_000_000, LONGEST_BREATH, id="nobody decides"),
    ],
)
def test_the_more_waits_the_longer_the_breath(behind: int, seconds: float) -> None:
    """Between bounds."""
    assert breath(behind) == pytest.approx(seconds)
