"""Spike arrest and quota, per app (fault catalogue, T)."""

from datetime import timedelta

import pytest

from salio.core.access.apps import App, Throttle
from salio.core.access.throttles import Throttles, ThrottleVerdict
from tests.builders import TODAY, an_app

PASS, SPIKE, QUOTA = ThrottleVerdict.PASS, ThrottleVerdict.SPIKE, ThrottleVerdict.QUOTA
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)


def throttled(**limits: int | None) -> App:
    """An app with these limits and no other."""
    return an_app(throttle=Throttle(**({"per_second": None, "per_day": None} | limits)))  # type: ignore[arg-type] # a table of limits


SPIKY = throttled(per_second=25, burst=25)
FEW = throttled(per_day=3)


def admitted(throttles: Throttles, app: App, moments: list[float]) -> list[ThrottleVerdict]:
    """What requests at these monotonic moments hear."""
    return [throttles.admit(app, monotonic=moment, today=TODAY) for moment in moments]


@pytest.mark.parametrize(
    ("spread", "passed"),
    [
        pytest.param(0.0, 25, id="all at once"),
        pytest.param(0.01, 25, id="within 10 ms"),
        pytest.param(0.1, 27, id="within 100 ms"),
        pytest.param(1.0, 49, id="within 1 s"),
        pytest.param(4.0, 100, id="within 4 s: 25 a second"),
    ],
)
def test_burst_over_the_limit_t1(spread: float, passed: int) -> None:
    """Of a hundred requests a burst and what flows in pass; the excess is spike arrest, never quota."""
    verdicts = admitted(Throttles(TODAY, {}), SPIKY, [spread * place / 100 for place in range(100)])
    assert verdicts.count(PASS) == passed
    assert set(verdicts) <= {PASS, SPIKE}


def test_places_flow_in_evenly_t1() -> None:
    """After a burst one place comes back every fortieth of a second (25 a second), smoothed."""
    throttles = Throttles(TODAY, {})
    admitted(throttles, SPIKY, [0.0] * 25)
    assert admitted(throttles, SPIKY, [0.03, 0.05, 0.06, 0.09]) == [SPIKE, PASS, SPIKE, PASS]


def test_rest_gives_one_burst_and_no_more_t1() -> None:
    """However long an app was quiet, it may send one burst at once."""
    throttles = Throttles(TODAY, {})
    admitted(throttles, SPIKY, [0.0])
    assert admitted(throttles, SPIKY, [3600.0] * 40).count(PASS) == 25


def test_slow_but_over_quota_t2() -> None:
    """Who is slow and over the day's quota hears quota, until the day ends."""
    throttles = Throttles(TODAY, {})
    assert admitted(throttles, FEW, [0.0, 60.0, 120.0, 180.0]) == [PASS, PASS, PASS, QUOTA]
    assert throttles.admit(FEW, monotonic=240.0, today=TODAY) is QUOTA
    assert throttles.admit(FEW, monotonic=300.0, today=TOMORROW) is PASS


def test_quota_counts_what_the_store_counted_t7() -> None:
    """After a restart the day's usage goes on from what the store has."""
    assert admitted(Throttles(TODAY, {FEW.number: 2}), FEW, [0.0, 0.0]) == [PASS, QUOTA]


def test_both_exceeded_t3() -> None:
    """Where both limits are met, spike arrest is told."""
    app = throttled(per_second=1, burst=1, per_day=1)
    assert admitted(Throttles(TODAY, {}), app, [0.0, 0.0, 1.0]) == [PASS, SPIKE, QUOTA]


def test_apps_do_not_share_limits_t4() -> None:
    """An app that floods takes nothing from another."""
    throttles = Throttles(TODAY, {})
    calm = an_app(number=2, throttle=SPIKY.throttle)
    admitted(throttles, SPIKY, [0.0] * 1000)
    assert admitted(throttles, calm, [0.0, 1.0, 2.0]) == [PASS] * 3


def test_a_clock_set_forward_gives_no_burst_t6() -> None:
    """The wall clock has no say in spike arrest: an hour forward or back grants and takes nothing."""
    throttles = Throttles(TODAY, {})
    admitted(throttles, SPIKY, [0.0] * 25)
    assert throttles.admit(SPIKY, monotonic=0.0, today=TOMORROW) is SPIKE
    assert throttles.admit(SPIKY, monotonic=0.04, today=YESTERDAY) is PASS


def test_a_clock_set_back_opens_no_second_day_t6() -> None:
    """Yesterday's quota does not come back when the wall clock does."""
    throttles = Throttles(TODAY, {FEW.number: 3})
    assert throttles.admit(FEW, monotonic=0.0, today=YESTERDAY) is QUOTA
    assert throttles.admit(FEW, monotonic=0.0, today=TODAY) is QUOTA


def test_a_monotonic_pause_gives_one_burst_t6() -> None:
    """A machine that slept for a minute grants one burst, not a minute's worth."""
    throttles = Throttles(TODAY, {})
    admitted(throttles, SPIKY, [0.0] * 25)
    assert admitted(throttles, SPIKY, [60.0] * 30).count(PASS) == 25


def test_monotonic_time_that_steps_back_locks_nobody_out_t6() -> None:
    """Should the monotonic clock step back all the same, what was there stays there."""
    throttles = Throttles(TODAY, {})
    admitted(throttles, SPIKY, [100.0])
    assert admitted(throttles, SPIKY, [10.0] * 24) == [PASS] * 24


def test_refused_requests_do_not_count_t9() -> None:
    """A request that is refused after all gives its place in the quota back."""
    throttles = Throttles(TODAY, {})
    for _ in range(10):
        assert throttles.admit(FEW, monotonic=0.0, today=TODAY) is PASS
        throttles.give_back(FEW)
    assert admitted(throttles, FEW, [0.0] * 4) == [PASS, PASS, PASS, QUOTA]


def test_a_quota_refusal_does_not_count_t9() -> None:
    """Asking on over the quota leaves the count where it is."""
    throttles = Throttles(TODAY, {FEW.number: 3})
    admitted(throttles, FEW, [0.0] * 10)
    throttles.give_back(FEW)
    assert admitted(throttles, FEW, [0.0] * 2) == [PASS, QUOTA]


def test_a_spike_refusal_takes_no_quota_t9() -> None:
    """Who is held up by spike arrest keeps the day's quota."""
    app = throttled(per_second=1, burst=1, per_day=2)
    throttles = Throttles(TODAY, {})
    assert admitted(throttles, app, [0.0, 0.0, 0.0, 0.0, 1.0, 2.0]) == [
        PASS,
        SPIKE,
        SPIKE,
        SPIKE,
        PASS,
        QUOTA,
    ]


def test_nothing_is_given_back_below_zero_t9() -> None:
    """Giving back more than was taken opens no further place."""
    throttles = Throttles(TODAY, {})
    throttles.give_back(FEW)
    assert admitted(throttles, FEW, [0.0] * 4) == [PASS, PASS, PASS, QUOTA]


def test_without_limits_everything_passes() -> None:
    """The test data's app meets no limit."""
    assert set(admitted(Throttles(TODAY, {}), an_app(), [0.0] * 1000)) == {PASS}


@pytest.mark.parametrize(
    ("gateways", "burst", "passed"),
    [(1, 25, 27), (2, 12, 13), (5, 5, 5), (100, 1, 1)],
    ids=["one", "half each", "a fifth each", "more gateways than places"],
)
def test_gateways_share_spike_arrest_t8(gateways: int, burst: int, passed: int) -> None:
    """Each has an equal part of the burst, at least one, and of what flows in: a tenth of a second's here."""
    throttles = Throttles(TODAY, {}, gateways)
    assert admitted(throttles, SPIKY, [0.0] * 30).count(PASS) == burst
    throttles = Throttles(TODAY, {}, gateways)
    assert admitted(throttles, SPIKY, [0.001 * each for each in range(101)]).count(PASS) == passed
