"""A key ring made once for all tests of the vault: drawing an RSA key takes a while."""

from pathlib import Path

import pytest

from salio.vault.keys import KeyRing
from tests.vault.samples import Seeded


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    """The sandbox's keys."""
    return KeyRing.open(tmp_path_factory.mktemp("data") / "keys" / "sandbox", "sandbox", entropy=Seeded(1))


@pytest.fixture(scope="session")
def other_keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    """Another platform's keys."""
    return KeyRing.open(tmp_path_factory.mktemp("data") / "keys" / "sandbox", "sandbox", entropy=Seeded(2))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where an environment's keys will be."""
    return tmp_path / "keys" / "sandbox"
