"""A data folder as a platform leaves it, made once: drawing its RSA key takes a while."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from salio.platform.folder import SANDBOX, DataFolder
from salio.sandbox.testdata import whole
from salio.storage.sqlite.access import SqliteAccessStore
from salio.storage.sqlite.store import SqliteStore
from salio.vault.app_secrets import AppSecrets
from salio.vault.keys import KeyRing
from tests.engines import ALL, wanted
from tests.stores import in_file
from tests.vault.samples import Seeded

KEY, SECRET = "the-consumer-key", "the-consumer-secret"

collect_ignore = [] if wanted() == ALL else ["test_run_programs.py", "test_own_platform.py"]
"""They start a platform and programs of many languages, seconds each: an ordinary run has `test_run.py`."""


@pytest.fixture(scope="session")
def finished_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a first start leaves; tests take copies."""
    folder = DataFolder(tmp_path_factory.mktemp("finished") / "data")
    secrets = AppSecrets(KeyRing.open(folder.keys, SANDBOX, entropy=Seeded(1)), entropy=Seeded(2))
    app = whole.testdata_app(
        consumer_key=KEY,
        secret_digest=secrets.digest_secret(SECRET),
        secret_sealed=secrets.seal_secret(SECRET),
        profile="documented",
    )
    store = SqliteStore(in_file(folder.environment_database))
    with store.unit() as unit:
        whole.write(unit, whole.build(now=datetime.now(UTC), digest=str.encode))
    store.close()
    access = SqliteAccessStore(in_file(folder.portal_database, "portal"))
    access.add_apps([app])
    access.close()
    return folder.path


@pytest.fixture
def data(finished_folder: Path, tmp_path: Path) -> Path:
    """A copy of one's own."""
    return Path(shutil.copytree(finished_folder, tmp_path / "data"))
