"""Every kind of fault touches exactly the requests that it is aimed at, and their log names it."""

from collections.abc import Iterator, Mapping
from threading import Thread
from typing import Any

import pytest

from tests.journeys.conftest import Fresh, Template
from tests.journeys.provoking import RunningClock, log_lines, put, remove_faults, touched
from tests.journeys.raw import exchange, head, length
from tests.journeys.receiver import Receiver
from tests.journeys.running import STATUS, Platform
from tests.journeys.templates import copied

KINDS: Mapping[str, Mapping[str, Any]] = {
    "refuse": {"refuse": "maintenance"},
    "decline": {"decline": "overloaded"},
    "end": {"end": "duplicate"},
    "lose the result": {"lose": "result"},
    "lose the acknowledgement": {"lose": "acknowledgement"},
    "delay the result": {"delay": "result", "seconds": 3600},
    "delay the acknowledgement": {"delay": "acknowledgement", "seconds": 0.01},
    "double": {"double": "result"},
    "early": {"early": "result"},
    "contradict": {"contradict": "declined"},
    "drop": {"connection": "drop"},
    "reset": {"connection": "reset"},
    "drip": {"connection": "drip", "seconds": 0.0001},
    "hold": {"hold": "queue"},
}
AIMS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "app": ({"app": 2}, {"app": 1}),
    "short code": ({"short_code": "600310"}, {"short_code": "600000"}),
    "API": ({"api": "token"}, {"api": "status"}),
    "time": ({"from": "2027-01-01T00:00:00Z"}, {"until": "2027-01-01T00:00:00Z"}),
}
"""Aims that miss a status query of app 1 about 600000, and aims that meet it."""
NO_TOKENS = ("decline", "end", "lose the result", "delay the result", "double", "early", "contradict", "hold")


@pytest.fixture(scope="module")
def platform(
    template: Template, receiver: Receiver, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Platform]:
    """One whose time passes, for all cases."""
    settings = copied(template("documented"), tmp_path_factory.mktemp("aims") / "data")
    platform = Platform(settings, receiver, RunningClock()).start()
    yield platform
    platform.stop()


def ask(platform: Platform) -> None:
    """A status query, whatever becomes of its answer."""
    body = platform.post_body(STATUS)
    exchange(platform.port, [head(platform, STATUS, b"Connection: close", length(body)), b"\r\n" + body])


@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("kind", KINDS)
def test_only_whom_it_is_aimed_at(platform: Platform, kind: str, aim: str) -> None:
    """Of two faults that differ in their aim one touches the next request; one line of the log says so."""
    remove_faults(platform)
    platform.token()
    misses, meets = AIMS[aim]
    if aim == "API" and kind in NO_TOKENS:
        misses = {"api": "balance"} if kind != "contradict" else {"app": 2}
    put(platform, **KINDS[kind], **misses)
    name = put(platform, **KINDS[kind], **meets, next=1)
    for _ in range(2):
        ask(platform)
    assert touched(platform) == [(0, False), (1, True)]
    assert [name in line for line in log_lines(platform)].count(True) == 1


def test_a_count_is_exact_under_many_at_once(fresh: Fresh) -> None:
    """Three of twenty that come together are touched, and named."""
    platform = fresh(clock=RunningClock())
    platform.token()
    platform.credential()
    name = put(platform, double="result", next=3)
    threads = [Thread(target=ask, args=(platform,)) for _ in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    lines = log_lines(platform)
    assert touched(platform) == [(3, True)]
    assert len(lines) == 20
    assert [name in line for line in lines].count(True) == 3
    assert all("delivered" in line for line in lines)
