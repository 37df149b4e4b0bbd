"""From the Authorization header to the app: every state of a token."""

from datetime import timedelta
from typing import Any

import pytest

from salio.core.access.apps import App, Product
from salio.core.access.registry import AppRegistry
from salio.gateway.bearer import app_of, require_product
from salio.gateway.refused import Refused
from salio.wire.refusals import Refusal
from tests.builders import NOW, FakeClock, a_claim, an_app
from tests.gateway.asgi import Exchange
from tests.gateway.desks import OpenMint

FORGED = "the token was not issued by this platform: it is another environment's, or was cut or changed"
OTHER = ": use the key and secret of another app"
LATER = NOW + timedelta(seconds=1)


def asked(app: App, *headers: str, revoked: bool = False, clock: FakeClock | None = None) -> App:
    """The app that these Authorization headers lead to."""
    registry = AppRegistry([app], [a_claim()] if revoked else [])
    scope = Exchange(headers=[(b"authorization", each.encode()) for each in headers]).scope
    return app_of(scope, mint=OpenMint(), apps=registry, clock=clock or FakeClock())


def test_a_valid_token_leads_to_its_app() -> None:
    """And to no other."""
    assert asked(an_app(), "Bearer app1-1") == an_app()


@pytest.mark.parametrize(
    ("token", "changes", "revoked", "cause"),
    [
        pytest.param("forged", {}, False, FORGED, id="forged"),
        pytest.param("app2-1", {}, False, "the token is of an app that no longer exists" + OTHER, id="gone"),
        pytest.param("app1-1", {}, True, "the token is revoked: ask for a new one", id="revoked"),
        pytest.param("app1-1", {"enabled": False}, False, "the token is of a disabled app" + OTHER, id="off"),
        pytest.param(
            "app1-1",
            {"tokens_valid_from": NOW + timedelta(seconds=1)},
            False,
            "the token is revoked, with all that the app had until then: ask for a new one",
            id="rotated",
        ),
    ],
)
def test_an_invalid_token(token: str, changes: dict[str, Any], revoked: bool, cause: str) -> None:
    """One answer for the caller, the exact cause for the log."""
    with pytest.raises(Refused) as refused:
        asked(an_app(**changes), f"Bearer {token}", revoked=revoked)
    assert (refused.value.refusal, refused.value.cause) == (Refusal.TOKEN_INVALID, cause)


@pytest.mark.parametrize(("seconds", "expired"), [(3599, False), (3600, True)])
def test_an_hour_and_no_longer(seconds: int, expired: bool) -> None:
    """The 3,600th second is the first at which a token no longer counts."""
    clock = FakeClock()
    clock.advance(seconds=seconds)
    if expired:
        with pytest.raises(
            Refused, match="the token is expired since 2026-08-16 10:30:00 UTC: ask for a new one"
        ):
            asked(an_app(), "Bearer app1-1", clock=clock)
    else:
        asked(an_app(), "Bearer app1-1", clock=clock)


@pytest.mark.parametrize(
    ("headers", "cause"),
    [
        ([], "no Authorization header"),
        (["Bearer app1-1", "Bearer app1-1"], "2 Authorization headers"),
        (["Basic app1-1"], "the scheme is not Bearer"),
    ],
)
def test_a_header_that_is_none(headers: list[str], cause: str) -> None:
    """Another refusal than that of a token."""
    with pytest.raises(Refused) as refused:
        asked(an_app(), *headers)
    assert (refused.value.refusal, refused.value.cause) == (Refusal.HEADER_INVALID, cause)


@pytest.mark.parametrize(
    ("products", "has"),
    [(frozenset[Product](), "none"), (frozenset({Product.ACCOUNT_BALANCE}), "Account Balance")],
)
def test_an_app_without_the_product(products: frozenset[Product], has: str) -> None:
    """The log says what it has instead."""
    with pytest.raises(Refused, match=f"it has: {has}") as refused:
        require_product(an_app(products=products), Product.TRANSACTION_STATUS)
    assert refused.value.refusal is Refusal.PRODUCT_MISSING
    require_product(an_app(), Product.TRANSACTION_STATUS)
