"""Initiators in time: passwords that expire, operators that fall dormant or are locked, and a restart."""

import pytest

from salio.core.access.apps import Throttle
from salio.core.requests.outcomes import Outcome
from salio.wire.apis import Api
from salio.wire.profile import PROFILES
from tests.builders import FakeClock
from tests.journeys.client import bearer
from tests.journeys.conftest import Fresh
from tests.journeys.running import BALANCE, JSON, QUERIES, STATUS, Platform

WRONG = "Safaricom999!*?"


def ends(platform: Platform, api: Api, password: str = "") -> tuple[str, str]:
    """The code and the kept outcome of a question by `testapiuser`."""
    changes = {"SecurityCredential": platform.credential(password)} if password else {}
    callback = platform.result(api, changes)
    return callback.code, platform.end(callback.result["ConversationID"]).outcome


@pytest.mark.parametrize(
    ("wire", "wrong", "locked"), [("documented", "18", "18"), ("observed", "2001", "8006")]
)
def test_a13_five_wrong_passwords_lock(fresh: Fresh, wire: str, wrong: str, locked: str) -> None:
    """The fifth in a row locks, on whichever API; from then on the right one is refused too."""
    platform = fresh(wire)
    for api in (BALANCE, STATUS, BALANCE, STATUS, BALANCE):
        assert ends(platform, api, WRONG) == (wrong, Outcome.PASSWORD_WRONG.value)
    for api in QUERIES:
        assert ends(platform, api) == (locked, Outcome.INITIATOR_LOCKED.value)


def test_a_right_password_forgives_earlier_ones(fresh: Fresh) -> None:
    """Four wrong ones, a right one, and four wrong ones again do not lock."""
    platform = fresh()
    for _ in range(2):
        assert [ends(platform, BALANCE, WRONG)[0] for _ in range(4)] == ["18"] * 4
        assert ends(platform, BALANCE)[0] == "0"


def test_wrong_passwords_survive_a_restart(fresh: Fresh) -> None:
    """What was counted before a stop counts after it."""
    platform = fresh()
    assert [ends(platform, BALANCE, WRONG)[0] for _ in range(4)] == ["18"] * 4
    again = platform.restarted()
    assert ends(again, BALANCE, WRONG) == ("18", Outcome.PASSWORD_WRONG.value)
    assert ends(again, BALANCE) == ("18", Outcome.INITIATOR_LOCKED.value)


def test_p20_t7_ids_and_quotas_survive_a_restart(fresh: Fresh) -> None:
    """An id that an app used stays used, and what was accepted today still counts today."""
    platform = fresh()
    app = platform.add_app(throttle=Throttle(per_second=None, per_day=2))
    own_id = {"OriginatorConversationID": "rent-1"}
    assert platform.result(BALANCE, own_id, app=app).code == "0"
    again = platform.restarted()
    assert again.ask(BALANCE, own_id, app=app).code == "500.002.1001"
    assert again.result(BALANCE, app=app).code == "0"
    assert again.ask(BALANCE, app=app).code == "500.003.03"


@pytest.mark.parametrize("single", [False, True])
def test_tokens_survive_a_restart(fresh: Fresh, single: bool) -> None:
    """A token works until its hour is over; a revoked or replaced one stays dead."""
    platform = fresh(single_token=single)
    replaced = platform.token()
    if not single:
        platform.revoke(replaced)
    token = platform.token(new=True)
    again = platform.restarted()
    for given, status in ((replaced, 401), (token, 400)):
        headers = [("Authorization", bearer(given)), JSON]
        assert again.send("POST", BALANCE.path, headers, b"{}").status == status


def test_a4_a_stranger_locks_nobody(fresh: Fresh) -> None:
    """An app without the short code gets 21 before the password is looked at, however often it tries."""
    platform = fresh()
    stranger = platform.add_app(short_codes=frozenset({"600782"}))
    changes = {"SecurityCredential": platform.credential(WRONG)}
    for _ in range(6):
        assert platform.result(BALANCE, changes, app=stranger).code == "21"
    assert ends(platform, BALANCE)[0] == "0"


@pytest.mark.parametrize("wire", list(PROFILES))
def test_a12_a_password_lives_for_90_days(fresh: Fresh, wire: str) -> None:
    """Set five days before: a second before the 85th day from now it works, at that second it is expired."""
    clock = FakeClock()
    platform = fresh(wire, clock=clock)
    code = {"documented": "18", "observed": "2001"}[wire]
    clock.advance(days=85, seconds=-1)
    platform.forget_tokens()
    assert ends(platform, BALANCE)[0] == "0"
    clock.advance(seconds=1)
    for api in QUERIES:
        assert ends(platform, api) == (code, Outcome.PASSWORD_EXPIRED.value)


@pytest.mark.parametrize("wire", list(PROFILES))
def test_who_is_unused_for_more_than_90_days_is_dormant(fresh: Fresh, wire: str) -> None:
    """Used a day before: on the 89th day from now not yet (its password is expired), on the 90th dormant."""
    clock = FakeClock()
    platform = fresh(wire, clock=clock)
    clock.advance(days=89)
    platform.forget_tokens()
    assert ends(platform, BALANCE)[1] == Outcome.PASSWORD_EXPIRED.value
    clock.advance(days=1)
    platform.forget_tokens()
    code = {"documented": "22", "observed": "2001"}[wire]
    for api in QUERIES:
        assert ends(platform, api) == (code, Outcome.INITIATOR_DORMANT.value)
