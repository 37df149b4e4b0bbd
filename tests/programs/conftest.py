"""A data folder as a user makes it: `salio run` for the first time, then `salio testdata` for the keys."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.cli.redirected import run, surroundings
from tests.programs.running import Given

collect_ignore = [] if os.environ.get("SALIO_PROGRAMS") else ["test_programs.py", "test_whole_programs.py"]
"""They need what `make programs` gets from three registries."""


class Keys(msgspec.Struct):
    """What of the test data a program is configured with."""

    consumer_key: str
    consumer_secret: str
    certificate: str


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that a first start left; tests take copies."""
    data = tmp_path_factory.mktemp("first") / "data"
    ran = run("--data", str(data), "--", "true")
    assert ran.returncode == 0, ran.stderr
    return data


@pytest.fixture
def given(first: Path, tmp_path: Path) -> Given:
    """A copy of one's own, and its keys."""
    data = Path(shutil.copytree(first, tmp_path / "data"))
    command = [sys.executable, "-m", "salio.cli", "testdata", "--json", "--data", str(data)]
    told = subprocess.run(command, env=surroundings(), capture_output=True, check=True).stdout
    keys = msgspec.json.decode(told, type=Keys)
    return Given(data, keys.consumer_key, keys.consumer_secret, Path(keys.certificate))
