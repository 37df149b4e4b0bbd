"""How long the connections of a throttled app rest: by how often it was refused, whatever they are."""

import pytest

from salio.platform.http.rests import AT_ONCE, EVERY, LONGEST, Rests

APP, OTHER = 1, 2


def test_a_burst_rests_nobody() -> None:
    """So many refusals are what a program that reads its answers may come to."""
    rests = Rests()
    assert {rests.book(APP, 5.0) for _ in range(AT_ONCE)} == {0.0}


def test_t4_a_flood_is_refused_so_often_and_no_more() -> None:
    """Connections that ask as soon as they may are refused once in EVERY seconds, all of them together."""
    rests = Rests()
    due = [0.0] * 8
    refused = []
    while (now := min(due)) < 10.0:
        refused.append(now)
        due[due.index(now)] = now + 0.0001 + rests.book(APP, now)
    assert len(refused) == pytest.approx(AT_ONCE + 10.0 / EVERY, rel=0.02)


def test_no_connection_rests_long() -> None:
    """Thousands of refusals at once are not held against the app for long."""
    rests = Rests()
    assert max(rests.book(APP, 0.0) for _ in range(10_000)) == LONGEST
    assert rests.book(APP, LONGEST + AT_ONCE * EVERY) == 0.0


def test_apps_rest_for_themselves_only() -> None:
    """One app's flood is no other's."""
    rests = Rests()
    for _ in range(2 * AT_ONCE):
        rests.book(APP, 0.0)
    assert rests.book(APP, 0.0) > 0.0
    assert rests.book(OTHER, 0.0) == 0.0
