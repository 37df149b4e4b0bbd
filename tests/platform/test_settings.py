"""The settings that nobody has to give."""

from datetime import timedelta

from salio.platform.environment import Rules
from salio.platform.settings import Settings


def test_the_defaults_are_the_documented_ones() -> None:
    """Loopback, the pages' own wire, nothing trusted, nothing repeatable; a minute's wait (rulings)."""
    settings = Settings()
    assert (settings.host, settings.port, settings.wire) == ("127.0.0.1", 8282, "documented")
    assert (settings.seed, settings.trust_foreign_credentials, settings.single_token) == (None, False, False)
    assert settings.longest_wait == timedelta(seconds=60)
    assert settings.remember_ciphertexts


def test_an_environment_has_the_same_defaults() -> None:
    """Whoever builds one without the command gets the rules of the command; 5 passwords and 90 days."""
    rules, settings = Rules(), Settings()
    assert (rules.longest_wait, rules.most_waiting) == (settings.longest_wait, settings.most_waiting)
    assert rules.operators.wrong_passwords_allowed == 5
    assert rules.operators.password_life == rules.operators.dormant_after == timedelta(days=90)
    assert not rules.operators.trust_foreign_credentials
