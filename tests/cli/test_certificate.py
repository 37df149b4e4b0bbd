"""`salio certificate renew`: another key on disk, for the next start."""

from contextlib import closing
from pathlib import Path

import pytest

from salio.cli.__main__ import main
from salio.platform.folder import SANDBOX, DataFolder
from salio.storage.sqlite.access import SqliteAccessStore
from salio.vault.app_secrets import AppSecrets
from salio.vault.keys import KeyRing, Purpose
from tests.cli.conftest import SECRET
from tests.stores import in_file
from tests.vault.samples import Seeded


def test_renewed(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """A new certificate; the old key is known; whatever is derived or sealed stays; the path is told."""
    folder = DataFolder(data)
    before = KeyRing.load(folder.keys)
    assert main(["certificate", "renew", "--data", str(data)]) == 0
    after = KeyRing.load(folder.keys)
    said = capsys.readouterr().out
    assert said == f"renewed: {after.certificate_path}; fetch it again wherever credentials are made\n"
    assert after.certificate_pem != before.certificate_pem
    assert after.previous is not None
    assert after.previous.private_key.private_numbers() == before.private_key.private_numbers()
    assert [after.derive(each) for each in Purpose] == [before.derive(each) for each in Purpose]
    with closing(SqliteAccessStore(in_file(folder.portal_database, "portal"))) as access:
        (app,) = access.apps()
    assert AppSecrets(after, entropy=Seeded(8)).unseal_secret(app.secret_sealed) == SECRET


def test_not_under_a_running_platform(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """It would go on with the old key while clients fetch the new certificate."""
    folder = DataFolder(data)
    before = KeyRing.load(folder.keys).certificate_pem
    folder.take()
    try:
        assert main(["certificate", "renew", "--data", str(data)]) == 1
    finally:
        folder.leave()
    assert capsys.readouterr().err == (
        f"salio: another platform runs on {data}: stop it, or choose another folder with --data\n"
    )
    assert KeyRing.load(folder.keys).certificate_pem == before
    assert main(["certificate", "renew", "--data", str(data)]) == 0


def test_where_no_platform_ever_ran(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Nothing is made."""
    assert main(["certificate", "renew", "--data", str(tmp_path / "nowhere")]) == 1
    assert "there is no platform's data" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_damaged_keys_are_not_renewed(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """The trouble is named, and the folder is free again."""
    (data / "keys" / SANDBOX / "master_secret").unlink()
    assert main(["certificate", "renew", "--data", str(data)]) == 1
    assert "master_secret is missing" in capsys.readouterr().err
    folder = DataFolder(data)
    folder.take()
    folder.leave()
