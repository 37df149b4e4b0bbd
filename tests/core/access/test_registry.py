"""What a gateway knows of apps and tokens."""

from salio.core.access.registry import AppRegistry
from tests.builders import a_claim, an_app

SECOND = an_app(number=2, consumer_key="second-key")


def test_finds_apps_by_number_and_key() -> None:
    """An app is found by its number and by its consumer key, and by nothing else."""
    registry = AppRegistry([an_app(), SECOND])
    assert registry.by_number(2) == registry.by_key("second-key") == SECOND
    assert registry.by_number(3) is None
    assert registry.by_key("Second-Key") is None


def test_knows_revoked_tokens() -> None:
    """The very token that was revoked is, no other."""
    registry = AppRegistry([an_app()], [a_claim(serial=7)])
    assert registry.is_revoked(a_claim(serial=7))
    assert not registry.is_revoked(a_claim(serial=8))


def test_a_current_token_ends_the_others_of_its_app() -> None:
    """Where one token is the app's only one, every other of that app is void, and no other app's."""
    registry = AppRegistry([an_app(), SECOND], (), [a_claim(serial=2)])
    assert registry.is_revoked(a_claim(serial=1))
    assert not registry.is_revoked(a_claim(serial=2))
    assert not registry.is_revoked(a_claim(app_number=2, serial=1))


def test_make_current() -> None:
    """A new only token ends the one before at once."""
    registry = AppRegistry([an_app()], (), [a_claim(serial=1)])
    registry.make_current(a_claim(serial=2))
    assert registry.is_revoked(a_claim(serial=1))
    assert not registry.is_revoked(a_claim(serial=2))


def test_why_a_token_is_revoked() -> None:
    """By itself, by a newer one, with all of its app, or perhaps not at all: each in its own words."""
    registry = AppRegistry([an_app(), SECOND], [a_claim(serial=7)], [a_claim(app_number=2, serial=2)])
    assert registry.why_revoked(a_claim(serial=7)) == ""
    assert registry.why_revoked(a_claim(app_number=2, serial=1)) == ", a newer one took its place"
    assert registry.why_revoked(a_claim(serial=8)) == ", with all that the app had until then"
    registry.lose_sight()
    assert "nobody can tell" in registry.why_revoked(a_claim(serial=7))


def test_refresh_replaces_everything() -> None:
    """Apps, revocations and current tokens that the store no longer has are gone after a refresh."""
    registry = AppRegistry([an_app()], [a_claim()], [a_claim(serial=9)])
    registry.refresh([SECOND], [], [])
    assert registry.by_number(1) is None
    assert registry.by_number(2) == SECOND
    assert not registry.is_revoked(a_claim())


def test_whoever_cannot_see_honours_no_token() -> None:
    """A store out of reach makes every token void and leaves every app known; a look at it mends that."""
    registry = AppRegistry([an_app()])
    registry.lose_sight()
    assert registry.is_revoked(a_claim())
    assert registry.by_number(1) == an_app()
    registry.refresh([an_app()], (), ())
    assert not registry.is_revoked(a_claim())
