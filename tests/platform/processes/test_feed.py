"""How often a process looks for its work."""

import pytest

from salio.platform.processes.feed import BREATH, breath_after


@pytest.mark.parametrize(
    ("seconds", "breath"),
    [
        pytest.param(0.0, BREATH, id="at once"),
        pytest.param(BREATH / 2, BREATH, id="as long as it may take"),
        pytest.param(0.1, 0.2, id="past all that a dump keeps from being cleared away"),
    ],
)
def test_looks_take_a_third_of_the_time_at_most(seconds: float, breath: float) -> None:
    """Whatever a look costs the server."""
    assert breath_after(seconds) == breath
