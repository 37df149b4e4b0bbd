"""The throttle that a new app starts with."""

import pytest

from salio.core.access.apps import UNTHROTTLED, Throttle


@pytest.mark.parametrize(
    ("throttle", "limits"),
    [
        pytest.param(Throttle(), (25, 25, 100_000), id="a new app (rulings, Answers)"),
        pytest.param(UNTHROTTLED, (None, 25, None), id="the test data's app"),
    ],
)
def test_limits(throttle: Throttle, limits: tuple[int | None, int, int | None]) -> None:
    """Requests a second, how many at once, requests a day."""
    assert (throttle.per_second, throttle.burst, throttle.per_day) == limits
