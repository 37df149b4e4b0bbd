"""Where a result goes, and what counts as delivered."""

import pytest

from salio.core.requests.deliveries import address
from salio.core.requests.outcomes import Decision, Outcome
from tests.builders import a_request, an_end


@pytest.mark.parametrize("outcome", list(Outcome), ids=lambda outcome: outcome.name)
def test_address(outcome: Outcome) -> None:
    """Only a request that waited too long is told to QueueTimeOutURL; every other end goes to ResultURL."""
    path = "queuetimeouturl" if outcome is Outcome.QUEUE_TIMED_OUT else "result"
    assert address(a_request(), Decision(outcome)) == f"http://myservice:8080/{path}"


@pytest.mark.parametrize(
    ("status", "fault", "delivered"),
    [
        pytest.param(200, None, True, id="200"),
        pytest.param(299, None, True, id="299"),
        pytest.param(199, None, False, id="199"),
        pytest.param(300, None, False, id="300: redirects are not followed"),
        pytest.param(500, None, False, id="500"),
        pytest.param(None, "timed out", False, id="no answer"),
        pytest.param(200, "body cut off", False, id="an answer and a fault"),
        pytest.param(None, None, False, id="nothing known"),
    ],
)
def test_delivered(status: int | None, fault: str | None, *, delivered: bool) -> None:
    """Any 2xx without a fault counts as delivered (rulings, Results)."""
    assert an_end(status=status, fault=fault).delivered is delivered
