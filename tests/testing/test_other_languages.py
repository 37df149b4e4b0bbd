"""The examples in other languages that docs/testing.md shows, each against a platform of this process."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from salio.platform.in_thread import Begun, running
from tests.cli.redirected import needs
from tests.testing.test_plugin import examples


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Begun]:
    """One that runs."""
    with running(tmp_path_factory.mktemp("begun") / "data") as begun:
        yield begun


@pytest.mark.parametrize(
    ("language", "command"),
    [
        pytest.param("js", ["node"], marks=needs("node"), id="node"),
        pytest.param("php", ["php"], marks=needs("php"), id="php"),
    ],
)
def test_the_example(begun: Begun, tmp_path: Path, language: str, command: list[str]) -> None:
    """Asks, gets its result, and sees one that is lost on purpose."""
    (example,) = examples(language)
    path = tmp_path / f"example.{language}"
    path.write_text(example, "utf-8")
    environ = {
        "SALIO_URL": begun.base_url,
        "SALIO_CONSUMER_KEY": begun.consumer_key,
        "SALIO_CONSUMER_SECRET": begun.consumer_secret,
    }
    ran = subprocess.run(
        [*command, str(path)],
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout
