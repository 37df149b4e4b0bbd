"""Spike arrest, quota and overload: what refuses a request that nothing else is wrong with."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import datetime
from itertools import islice

import pytest

from salio.core.access.apps import Throttle
from salio.core.requests.outcomes import Admission
from salio.wire.acknowledgements import ResponseCode
from salio.wire.apis import Api
from salio.wire.profile import PROFILES
from salio.wire.refusals import Refusal
from salio.wire.results import WITH_RESULT
from tests.builders import FakeClock
from tests.journeys.client import Answer
from tests.journeys.conftest import Fresh
from tests.journeys.reaching import reaches
from tests.journeys.running import ABSENT, BALANCE, QUERIES, STATUS, Keys, Platform

QUOTA = {
    BALANCE: (500, "500.003.03", "Quota Violation"),
    STATUS: (500, "500.003.03", "Error Occurred: Quota Violation"),
}
RATE = "messagesPerPeriod=25, periodInMicroseconds=1000000, maxBurstMessageCount=25.0"
FAULT = {
    "fault": {
        "faultstring": f"Spike arrest violation. Allowed rate : MessageRate{{{RATE}}}",
        "detail": {"errorcode": "policies.ratelimit.SpikeArrestViolation"},
    }
}


def assert_spike_arrest(platform: Platform, answer: Answer) -> None:
    """The refusal in the profile's form."""
    if platform.profile == "documented":
        assert answer.error == (500, "500.003.02", "Error Occurred: Spike Arrest Violation")
    else:
        assert (answer.status, answer.json) == (429, FAULT)


@reaches(Refusal.SPIKE_ARREST)
def test_t1_spike_arrest(platform: Platform, api: Api) -> None:
    """A new app may send 25 at once; the 26th is refused, and nothing of it is kept."""
    app = platform.add_app(throttle=Throttle())
    for _ in range(25):
        assert platform.ask(api, app=app).json["ResponseCode"] == "0"
    kept = platform.kept()
    assert_spike_arrest(platform, platform.ask(api, app=app))
    assert platform.kept() == kept
    assert platform.refusals()[0].cause == "spike arrest: 25 a second with a burst of 25 allowed"


def test_t1_the_bucket_refills_evenly(fresh: Fresh) -> None:
    """A 20th of a second gives one place, an hour no more than the burst; refused requests take none."""
    clock = FakeClock()
    platform = fresh(clock=clock)
    app = platform.add_app(throttle=Throttle())
    sent = [platform.post(BALANCE, b"{}", app=app).status for _ in range(27)]
    assert sent == [400] * 25 + [500] * 2
    clock.advance(seconds=0.05)
    assert [platform.post(BALANCE, b"{}", app=app).status for _ in range(2)] == [400, 500]
    clock.advance(minutes=30)
    assert [platform.post(BALANCE, b"{}", app=app).status for _ in range(26)] == [400] * 25 + [500]


def test_t4_one_apps_spike_is_not_anothers(platform: Platform) -> None:
    """Throttles are per app: the test data's app has none."""
    app = platform.add_app(throttle=Throttle(per_second=1, burst=1))
    answers = [platform.ask(BALANCE, app=app).status for _ in range(2)]
    assert answers == [200, 500 if platform.profile == "documented" else 429]
    assert all(platform.ask(BALANCE).status == 200 for _ in range(3))


def three_a_day(platform: Platform) -> Keys:
    """An app with a quota of three."""
    return platform.add_app(throttle=Throttle(per_second=None, per_day=3))


@reaches(Refusal.QUOTA_EXCEEDED)
def test_t9_quota(platform: Platform, api: Api) -> None:
    """Refused requests do not count; after three accepted ones the fourth is refused, on either API."""
    app = three_a_day(platform)
    for number in range(3):
        assert platform.post(api, b"{}", app=app).status == 400
        own_id = {"OriginatorConversationID": f"quota-{api.name}-{app.number}-{number}"}
        assert platform.ask(api, own_id, app=app).status == 200
        if number < 2:
            assert platform.ask(api, own_id, app=app).code == "500.002.1001"
    for each in QUERIES:
        answer = platform.ask(each, app=app)
        assert answer.error == QUOTA[each]
        assert platform.refusal(answer).cause == "quota: 3 a day allowed, until midnight UTC"


def test_t2_a_quota_lasts_until_midnight_utc(fresh: Fresh) -> None:
    """At 23:59:59 it still holds, at midnight UTC the app may ask again."""
    clock = FakeClock()
    platform = fresh(clock=clock)
    app = three_a_day(platform)
    assert [platform.ask(BALANCE, app=app).status for _ in range(4)] == [200, 200, 200, 500]
    for moment, status in (("2026-08-16T23:59:59+00:00", 500), ("2026-08-17T00:00:00+00:00", 200)):
        clock.set_wall(datetime.fromisoformat(moment))
        platform.forget_tokens()
        assert platform.ask(BALANCE, app=app).status == status


@contextmanager
def held(platform: Platform) -> Iterator[None]:
    """Nobody decides: the writer waits for another process's lock, to record a refusal."""
    with platform.beside.held():
        assert platform.ask(BALANCE, {"PartyA": ABSENT}).status == 400
        yield


@reaches(Admission.OVERLOADED, ResponseCode.OVERLOADED)
@pytest.mark.parametrize("wire", list(PROFILES))
def test_t10_overload(fresh: Fresh, wire: str) -> None:
    """With room for two and nobody deciding, of six requests four are declined: 100000001, nothing kept."""
    platform = fresh(wire, most_waiting=2)
    platform.token()
    with ThreadPoolExecutor(6) as pool:
        with held(platform):
            asked = [pool.submit(platform.ask, api) for api in WITH_RESULT * 2]
            declined = [each.result() for each in islice(as_completed(asked, 10), 4)]
        answers = [each.result() for each in asked]
    for answer in declined:
        assert answer.status == 200
        assert answer.json["ResponseCode"] == "100000001"
        assert answer.json["ResponseDescription"] == "The system is overload"
    accepted = [each for each in answers if each.json["ResponseCode"] == "0"]
    assert len(accepted) == 2
    for each in accepted:
        assert platform.receiver.wait(each.json["ConversationID"]).code == "0"
    assert platform.kept() == 2
    assert [platform.receiver.heard(each.json["ConversationID"]) for each in declined] == [[]] * 4
    causes = [each.cause for each in platform.refusals()]
    assert causes[:4] == ["too many requests wait to be decided"] * 4
    assert platform.rows("SELECT accepted FROM usage") == [(2,)]
