"""`salio revoke` ends a token, seen by whoever follows the portal database."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from salio.cli.__main__ import main
from salio.core.access.tokens import TokenClaim
from salio.platform.folder import SANDBOX
from salio.storage.sqlite.access import SqliteAccessStore
from salio.vault.keys import KeyRing
from salio.vault.tokens import TokenMint
from tests.stores import in_file
from tests.vault.samples import Seeded

ISSUED_AT = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


@pytest.fixture
def mint(data: Path) -> TokenMint:
    """Of the same folder's platform."""
    return TokenMint(KeyRing.open(data / "keys" / SANDBOX, SANDBOX, entropy=Seeded(3)), entropy=Seeded(5))


@pytest.fixture
def access(data: Path) -> SqliteAccessStore:
    """The portal database as a running platform has it open."""
    return SqliteAccessStore(in_file(data / "portal.db", "portal"))


def claim(mint: TokenMint, token: str) -> TokenClaim:
    """What the token says of itself."""
    found = mint.read(token)
    assert found is not None
    return found


def test_a_running_platform_sees_it(
    capsys: pytest.CaptureFixture[str], data: Path, mint: TokenMint, access: SqliteAccessStore
) -> None:
    """The version moves, and this token alone is listed; a second time changes nothing."""
    token, other = mint.issue(1, ISSUED_AT), mint.issue(1, ISSUED_AT)
    version = access.version()
    for _ in range(2):
        assert main(["revoke", token, "--data", str(data)]) == 0
        assert capsys.readouterr().out == "revoked: the token that app 1 got at 2026-03-14T09:26:53Z\n"
        assert access.version() != version
        assert access.revoked() == [claim(mint, token)]
    assert claim(mint, other) not in access.revoked()


def test_standard_input(data: Path, mint: TokenMint, access: SqliteAccessStore) -> None:
    """For `-`."""
    token = mint.issue(1, ISSUED_AT)
    command = [sys.executable, "-m", "salio.cli", "revoke", "-", "--data", str(data)]
    subprocess.run(command, input=f"{token}\n".encode(), capture_output=True, check=True)
    assert access.revoked() == [claim(mint, token)]


def test_a_strange_token(capsys: pytest.CaptureFixture[str], data: Path, access: SqliteAccessStore) -> None:
    """Refused without being repeated."""
    assert main(["revoke", "A" * 28, "--data", str(data)]) == 1
    assert capsys.readouterr().err == f"salio: this is not a token of the platform in {data}\n"
    assert access.revoked() == []
