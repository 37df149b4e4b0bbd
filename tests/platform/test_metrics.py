"""The metrics page: the readings of the moment, in Prometheus' text format."""

from salio.platform.metrics import page


def test_readings_are_those_of_the_moment() -> None:
    """Counters and gauges with their help, read at every look."""
    now = {"asked": 3, "waiting": 2}
    look = page(
        {"salio_asked": ("Requests asked", lambda: now["asked"])},
        {"salio_waiting": ("Requests that wait", lambda: now["waiting"])},
    )
    first = look().decode()
    assert "# HELP salio_asked_total Requests asked" in first
    assert "# TYPE salio_asked_total counter" in first
    assert "salio_asked_total 3.0" in first
    assert "# TYPE salio_waiting gauge" in first
    assert "salio_waiting 2.0" in first
    now |= {"asked": 4, "waiting": 0}
    assert "salio_asked_total 4.0" in look().decode()
    assert "salio_waiting 0.0" in look().decode()
