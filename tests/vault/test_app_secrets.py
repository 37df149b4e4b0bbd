"""Consumer keys and secrets: new, digested, sealed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.core import ports
from salio.vault.app_secrets import AppSecrets
from salio.vault.entropy import ALPHANUMERICS
from salio.vault.errors import SealBrokenError
from salio.vault.keys import KeyRing
from tests.vault.samples import Seeded


@pytest.fixture(scope="module")
def secrets(keys: KeyRing) -> AppSecrets:
    """The sandbox's."""
    return AppSecrets(keys, entropy=Seeded(10))


def test_they_fit_the_cores_port(secrets: AppSecrets) -> None:
    """The type checker proves it."""
    port: ports.SecretDigests = secrets
    assert port is secrets


def test_new_ones_are_long_and_different(secrets: AppSecrets) -> None:
    """48 and 64 letters and digits, never the same twice."""
    made = [secrets.new_consumer_key() for _ in range(20)] + [
        secrets.new_consumer_secret() for _ in range(20)
    ]
    assert [len(each) for each in made] == [48] * 20 + [64] * 20
    assert len(set(made)) == 40
    assert set("".join(made)) <= set(ALPHANUMERICS)


def test_a_seed_repeats_them(keys: KeyRing) -> None:
    """Rulings, "Tokens and keys": random per data folder unless seeded."""
    twins = [AppSecrets(keys, entropy=Seeded(11)) for _ in range(2)]
    assert len({(each.new_consumer_key(), each.new_consumer_secret()) for each in twins}) == 1


@given(secret=st.text(min_size=1))
def test_a_sealed_secret_comes_back(secrets: AppSecrets, secret: str) -> None:
    """And the seal does not show it."""
    sealed = secrets.seal_secret(secret)
    assert secrets.unseal_secret(sealed) == secret
    assert len(secret) < 4 or secret.encode() not in sealed


def test_two_seals_of_one_secret_differ(secrets: AppSecrets) -> None:
    """Rows do not tell that two apps share a secret."""
    assert secrets.seal_secret("s" * 64) != secrets.seal_secret("s" * 64)


def test_a_seal_opens_with_its_own_keys_only(secrets: AppSecrets, keys: KeyRing, other_keys: KeyRing) -> None:
    """The error names the folder of keys and says what to do."""
    sealed = secrets.seal_secret("s" * 64)
    assert AppSecrets(keys, entropy=Seeded(12)).unseal_secret(sealed) == "s" * 64
    with pytest.raises(SealBrokenError, match=rf"{other_keys.folder}.*Restore both from the same backup"):
        AppSecrets(other_keys, entropy=Seeded(10)).unseal_secret(sealed)


def test_a_changed_seal_is_broken_wherever_it_was_changed(secrets: AppSecrets) -> None:
    """Every byte counts, and so does the length."""
    sealed = secrets.seal_secret("s" * 64)
    spoilt = [
        sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :] for place in range(len(sealed))
    ]
    for each in [*spoilt, sealed[:-1], sealed + b"\0", sealed[:12], sealed[:5], b""]:
        with pytest.raises(SealBrokenError):
            secrets.unseal_secret(each)


@given(one=st.text(), two=st.text())
def test_digests_are_equal_for_equal_secrets_only(secrets: AppSecrets, one: str, two: str) -> None:
    """Any text has a digest of one size."""
    assert (secrets.digest_secret(one) == secrets.digest_secret(two)) == (one == two)
    assert len(secrets.digest_secret(one)) == 32


def test_any_text_of_a_header_has_a_digest(secrets: AppSecrets, other_keys: KeyRing) -> None:
    """A lone surrogate does not raise, and digests depend on the key file."""
    assert len(secrets.digest_secret("\ud800")) == 32
    assert AppSecrets(other_keys, entropy=Seeded(1)).digest_secret("s") != secrets.digest_secret("s")
