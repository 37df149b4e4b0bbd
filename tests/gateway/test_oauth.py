"""The token endpoint's rules that need no socket."""

import asyncio
import base64
import json

import pytest

from salio.core.access.tokens import TokenClaim
from salio.gateway.desk import Desk
from salio.gateway.oauth import OAuthEndpoint
from tests.builders import NOW, FakeClock, an_app, digest
from tests.gateway.asgi import Exchange
from tests.gateway.desks import SECRET, a_desk, noted

GRANT = b"grant_type=client_credentials"


def asked(desk: Desk, key: str = "consumer-key", secret: str = SECRET) -> Exchange:
    """One request for a token."""
    header = b"Basic " + base64.b64encode(f"{key}:{secret}".encode())
    exchange = Exchange(method="GET", headers=[(b"authorization", header)], query=GRANT)
    return asyncio.run(exchange.run(OAuthEndpoint(desk)))


def test_a_grant() -> None:
    """The token that the mint made, a second less than its hour, and one more on the counter."""
    desk = a_desk()
    assert json.loads(asked(desk).body) == {"access_token": "app1-1", "expires_in": "3599"}
    assert desk.counters.granted == 1


def test_an_only_token_is_made_so_before_it_is_told() -> None:
    """Under that policy the desk is told the claim of each token that leaves."""
    current: list[TokenClaim] = []
    desk = a_desk(make_current=current.append)
    for _ in range(2):
        asked(desk)
    assert current == [TokenClaim(1, NOW, 1), TokenClaim(1, NOW, 2)]


@pytest.mark.parametrize(
    ("key", "secret", "cause"),
    [
        ("consumer-key", "wrong", "wrong consumer secret"),
        ("nobody", SECRET, "unknown consumer key"),
        ("nobody", "", "unknown consumer key"),
    ],
)
def test_who_is_not_the_app(key: str, secret: str, cause: str) -> None:
    """The log tells apart what the answer does not."""
    desk = a_desk()
    exchange = asked(desk, key, secret)
    assert (exchange.status, json.loads(exchange.body)["errorCode"]) == (400, "400.008.01")
    assert noted(desk) == [cause]
    assert desk.counters.granted == 0


@pytest.mark.parametrize(
    ("key", "secret", "enabled", "cause"),
    [
        ("consumer-key", "wrong", True, "wrong consumer secret"),
        ("consumer-key", SECRET, False, "app An app is disabled"),
        ("nobody", "wrong", True, "unknown consumer key"),
    ],
    ids=["wrong secret", "disabled app", "unknown key"],
)
def test_a7_more_guesses_than_allowed(key: str, secret: str, enabled: bool, cause: str) -> None:
    """After 25 at once every further one is spike arrest, whether an app has the key or not; one a second
    flows back.
    """
    clock = FakeClock()
    desk = a_desk(an_app(enabled=enabled, secret_digest=digest(SECRET)), clock=clock)
    assert [asked(desk, key, secret).status for _ in range(27)] == [400] * 25 + [500] * 2
    often = f"{cause}, too often: 25 at once and 1 a second allowed"
    assert noted(desk) == [cause] * 25 + [often] * 2
    clock.advance(seconds=1)
    assert [asked(desk, key, secret).status for _ in range(2)] == [400, 500]
    assert (desk.counters.guessed, desk.counters.granted) == (29, 0)


def test_a7_the_right_secret_is_never_held_up() -> None:
    """Nobody can shut an app out by guessing: in the middle of a flood it gets its token."""
    desk = a_desk()
    for _ in range(50):
        asked(desk, secret="wrong")
    assert [asked(desk).status for _ in range(50)] == [200] * 50


def test_a17_who_is_not_proven_is_answered_in_nobodys_profile() -> None:
    """An app of another profile than the platform's: its key with a wrong secret is answered like any key."""
    desk = a_desk(an_app(profile="observed", secret_digest=digest(SECRET)))
    bodies = []
    for key in ("consumer-key", "nobody"):
        answers = [asked(desk, key, "wrong") for _ in range(26)]
        errors = [json.loads(each.body) for each in answers]
        bodies.append([(each.status, body["errorCode"]) for each, body in zip(answers, errors, strict=True)])
    assert bodies[0] == bodies[1] == [(400, "400.008.01")] * 25 + [(500, "500.003.02")]


def test_a_disabled_app() -> None:
    """Right secret, no token."""
    desk = a_desk(an_app(enabled=False, secret_digest=digest(SECRET)))
    assert asked(desk).status == 400
    assert noted(desk) == ["app An app is disabled"]
