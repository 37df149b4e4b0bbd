"""The fault catalogue's rows on throttling that no other test covers over real sockets."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

import pytest

from salio.core.access.apps import Throttle
from salio.wire.apis import OAUTH_PATH, Api
from tests.builders import NOW, FakeClock
from tests.journeys.client import basic, bearer
from tests.journeys.conftest import Fresh
from tests.journeys.raw import exchange, head
from tests.journeys.running import BALANCE, JSON, QUERIES, Keys, Platform
from tests.proof import proof_count

SPIKE, QUOTA = "500.003.02", "500.003.03"
BURST = Throttle(per_second=1, burst=5)


def told(platform: Platform, app: Keys, times: int) -> list[str]:
    """What so many questions in a row are told: an error's code, or an acknowledgement's "0"."""
    answers = [platform.ask(BALANCE, app=app) for _ in range(times)]
    return [str(each.json["ResponseCode"]) if each.status == 200 else each.code for each in answers]


def test_t4_a_flood_refuses_nobody_else(documented: Platform) -> None:
    """While one app hammers against its limit, another is accepted every single time."""
    flooding, other = documented.add_app(throttle=BURST), documented.add_app()
    documented.token(flooding), documented.token(other)
    over = threading.Event()

    def flood() -> set[str]:
        heard: set[str] = set()
        while not over.is_set():
            heard |= set(told(documented, flooding, 1))
        return heard

    with ThreadPoolExecutor(4) as pool:
        floods = [pool.submit(flood) for _ in range(4)]
        try:
            assert told(documented, other, 50) == ["0"] * 50
        finally:
            over.set()
    assert set().union(*(each.result() for each in floods)) == {"0", SPIKE}


def test_t5_limits_are_an_apps_not_an_organizations(documented: Platform) -> None:
    """Two apps of one short code have a spike's and a quota's room each."""
    for throttle, code in ((BURST, SPIKE), (Throttle(per_second=None, per_day=5), QUOTA)):
        apps = [documented.add_app(short_codes=frozenset({"600000"}), throttle=throttle) for _ in range(2)]
        assert [told(documented, app, 6) for app in apps] == [["0"] * 5 + [code]] * 2


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(seconds=1), timedelta(minutes=59)], ids=str)
def test_t6_a_step_of_the_wall_clock_changes_nothing(fresh: Fresh, step: timedelta) -> None:
    """No further burst and nobody locked out: spike arrest goes by monotonic time."""
    clock = FakeClock()
    platform = fresh(clock=clock)
    app = platform.add_app(throttle=BURST)
    assert told(platform, app, 6) == ["0"] * 5 + [SPIKE]
    clock.set_wall(NOW + step)
    assert told(platform, app, 1) == [SPIKE]
    clock.advance(seconds=1)
    assert told(platform, app, 2) == ["0", SPIKE]


def test_t6_a_clock_set_back_opens_no_second_day(fresh: Fresh) -> None:
    """After midnight and back again the new day's quota is still the one that counts."""
    clock = FakeClock()
    platform = fresh(clock=clock)
    app = platform.add_app(throttle=Throttle(per_second=None, per_day=2))
    assert told(platform, app, 3) == ["0", "0", QUOTA]
    for moment, expected in ((NOW + timedelta(days=1), ["0", "0", QUOTA]), (NOW, [QUOTA])):
        clock.set_wall(moment)
        platform.forget_tokens()
        assert told(platform, app, len(expected)) == expected


def test_t7_a_restart_gives_one_burst_at_most(fresh: Fresh) -> None:
    """A platform that comes back knows no spike, and grants a burst and no more."""
    platform = fresh()
    app = platform.add_app(throttle=BURST)
    assert told(platform, app, 6) == ["0"] * 5 + [SPIKE]
    assert told(platform.restarted(), app, 7) == ["0"] * 5 + [SPIKE] * 2


def test_t9_a_stranger_burns_nobodys_quota(documented: Platform, api: Api) -> None:
    """Forged tokens, wrong secrets and another app's requests take nothing of an app's day or burst."""
    victim = documented.add_app(throttle=Throttle(per_second=1, burst=2, per_day=2))
    token = documented.token(victim)
    for other in set("0123456789") - {token[-1]}:
        forged = bearer(token[:-1] + other)
        documented.send("POST", api.path, [("Authorization", forged), JSON], b"{}")
        documented.send("POST", api.path, [JSON], b"{}")
        documented.grant(basic(victim.key, f"guess {other}"))
        documented.ask(api)
    assert told(documented, victim, 2) == ["0", "0"]
    assert documented.rows("SELECT accepted FROM usage WHERE app = ?", [victim.number]) == [(2,)]


IDLE = proof_count(small=500, large=8_000)
BEGINNINGS = [
    pytest.param(b"", id="t11-idle"),
    pytest.param(b"POST /mpesa/acc", id="t11-half a line"),
    pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nA: ", id="t11-half a head"),
    pytest.param(None, id="t11-half a body"),
]


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_connections_that_say_nothing(documented: Platform, beginning: bytes | None) -> None:
    """Hundreds of them (thousands in a proof) wait, and whoever speaks is answered."""
    said = head(documented, BALANCE, b"Content-Length: 9") + b"\r\n{" if beginning is None else beginning
    with ExitStack() as stack:
        for _ in range(IDLE):
            waiting = stack.enter_context(socket.create_connection(("127.0.0.1", documented.port)))
            waiting.sendall(said)
        assert all(documented.result(api).code == "0" for api in QUERIES for _ in range(3))
        hello = f"GET {OAUTH_PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        assert exchange(documented.port, [hello]).statuses == [400]
