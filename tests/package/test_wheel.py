"""The package as others get it: built, installed from its wheel into an empty environment, and used there."""

import os
import shutil
import site
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from salio import __version__
from salio.client.certificates import BUNDLED
from salio.platform.in_thread import Begun, running
from salio.sandbox.testdata.operators import PASSWORD

ROOT = Path(__file__).parents[2]
IMPORT_LIMIT = 0.150
"""Seconds of processor time, as tests/client/test_public.py has it."""
BUILD = "import sys, uv_build; print(uv_build.build_wheel(sys.argv[1]))"
TIMED = (
    "import time; began = time.process_time(); import salio; salio.Client; print(time.process_time() - began)"
)
ASK = """
import sys
import salio
from salio.client.inbox import InboxFollower

base, key, secret, password = sys.argv[1:]
initiator = salio.Initiator(name="testapiuser", short_code="600000", password=password)
with salio.Client(base, salio.App(key, secret), initiator) as client:
    client.attach(InboxFollower(f"{base}/inbox/demo"))
    print(client.balance().result(30).balance.accounts[0].name)
salio.Client("sandbox", salio.App(key, secret), initiator)  # its certificate is in the package
"""
TEST = """
def test_asks(salio_client, expect_result):
    import salio

    assert salio.__file__.startswith({place!r})
    assert expect_result(salio_client.balance()).succeeded
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as any front end would have it."""
    folder = tmp_path_factory.mktemp("wheel")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    built = subprocess.run(
        [sys.executable, "-c", BUILD, str(folder)],
        cwd=ROOT,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return folder / built.stdout.strip()


class Installed:
    """An environment with the wheel in it, and without anything of the one that tests it."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
        self.folder = folder
        self.packages = next(folder.glob("lib/python*/site-packages"))
        uv = Path(sys.executable).parent / "uv"
        alone = ("--offline", "--no-deps", "--no-cache", "--quiet")
        into = ("--python", str(folder / "bin" / "python"))
        subprocess.run([str(uv), "pip", "install", *alone, *into, str(wheel)], check=True)

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One of its programs, as if nothing else were there."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        command = [str(self.folder / "bin" / program), *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """With what `pip install salio` brings: its dependencies are lent by the environment of the tests."""
    installed = Installed(tmp_path_factory.mktemp("alone") / "environment", wheel)
    for name in sorted(required(wheel)):
        files = metadata.distribution(name).files or []
        for top in {each.parts[0] for each in files} - {"..", "__pycache__"}:
            (installed.packages / top).symlink_to(Path(str(metadata.distribution(name).locate_file(top))))
    return installed


def required(wheel: Path) -> set[str]:
    """The wheel's dependencies without any extra, and theirs."""
    asked = metadata.PathDistribution(zipfile.Path(wheel, f"salio-{__version__}.dist-info/")).requires or []
    found: set[str] = set()
    while asked:
        requirement = Requirement(asked.pop())
        name, marker = canonicalize_name(requirement.name), requirement.marker
        if name not in found and (marker is None or marker.evaluate({"extra": ""})):
            found.add(name)
            asked += metadata.requires(name) or []
    return found


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Begun]:
    """A platform to ask."""
    with running(tmp_path_factory.mktemp("begun") / "data") as begun:
        yield begun


def test_what_is_in_it(wheel: Path) -> None:
    """The package with its types and its data, the command, and the plugin; no tests, no documents."""
    names = zipfile.ZipFile(wheel).namelist()
    assert {each.split("/")[0] for each in names} == {"salio", f"salio-{__version__}.dist-info"}
    assert {"salio/py.typed", *(f"salio/client/bundled/{name}.pem" for name in BUNDLED)} <= set(names)
    assert [each for each in names if "__pycache__" in each or each.endswith((".db", ".key"))] == []


def test_three_dependencies(wheel: Path, alone: Installed) -> None:
    """And what they need; nothing of the extras is there."""
    assert {"msgspec", "httpx2", "cryptography"} <= required(wheel)
    for module in ("cyclopts", "rich", "uvicorn", "starlette", "sqlalchemy", "pytest"):
        assert "ModuleNotFoundError" in alone.run("python", "-c", f"import {module}").stderr


def test_the_command_says_which_extra_it_lacks(alone: Installed) -> None:
    """But its version it knows by itself."""
    assert alone.run("salio", "--version").stdout == f"salio {__version__}\n"
    ran = alone.run("salio", "--help")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == "salio: this needs cyclopts, which is not installed: pip install 'salio[cli]'\n"


def test_the_import_is_short(alone: Installed) -> None:
    """At most 150 ms with the client, in the best of five processes."""
    assert min(float(alone.run("python", "-c", TIMED).stdout) for _ in range(5)) <= IMPORT_LIMIT


def test_the_client_asks(alone: Installed, begun: Begun) -> None:
    """A platform, whose result it waits for; warnings are errors."""
    asked = (begun.base_url, begun.consumer_key, begun.consumer_secret, PASSWORD)
    ran = alone.run("python", "-W", "error", "-c", ASK, *asked)
    assert (ran.stdout, ran.stderr) == ("Working Account\n", "")


def test_pytest_finds_the_fixtures(wheel: Path, tmp_path: Path) -> None:
    """By the entry point, beside everything else that is installed."""
    installed = Installed(tmp_path / "environment", wheel)
    (installed.packages / "lent.pth").write_text("\n".join(site.getsitepackages()), "utf-8")
    test = tmp_path / "test_asks.py"
    test.write_text(TEST.format(place=str(installed.packages)), "utf-8")
    ran = installed.run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test))
    shutil.rmtree(installed.folder)
    assert ran.returncode == 0, ran.stdout
    assert "1 passed" in ran.stdout
