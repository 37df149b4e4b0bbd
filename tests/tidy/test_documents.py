"""What the documents show of Python is as the type checker wants it; that it runs, other tests say."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents import shown
from tests.tidy.source import ROOT

GIVEN = "consumer_key: str\nconsumer_secret: str\npassword: str\npasskey: str\n"
"""Names that a document's reader has."""
FRAMEWORKS = ["--allow-untyped-decorators", "--allow-subclassing-any", "--cache-dir=.mypy_cache/frameworks"]
"""For who has no FastAPI, and no types of Django's: what comes from them is anything. Other options would
make mypy forget what it knows of our own code.
"""


@pytest.mark.parametrize(
    ("names", "options"),
    [
        pytest.param(["client", "receiver", "testing", "first-integration", "moving"], [], id="plain"),
        pytest.param(["recipes"], FRAMEWORKS, id="frameworks"),
    ],
)
def test_the_examples_are_typed(names: list[str], options: list[str], tmp_path: Path) -> None:
    """As strictly as our own code."""
    for file, text in (each for name in names for each in shown(name).items()):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((GIVEN if file.endswith("_document.py") else "") + text, "utf-8")
    checked = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", *options, str(tmp_path)]
    environ = os.environ | {"MYPYPATH": f"{ROOT / 'src'}{os.pathsep}{tmp_path}"}
    ran = subprocess.run(checked, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
