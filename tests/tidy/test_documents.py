"""What the documents show of Python is as the type checker wants it; that it runs, other tests say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GIVEN = "consumer_key: str\nconsumer_secret: str\npassword: str\n"
"""Names that a document's reader has."""


@pytest.mark.parametrize("name", ["client", "testing"])
def test_the_examples_are_typed(name: str, tmp_path: Path) -> None:
    """As strictly as our own code."""
    text = (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert examples
    path = tmp_path / f"{name}_document.py"
    path.write_text(GIVEN + "".join(examples), "utf-8")
    checked = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", str(path)]
    ran = subprocess.run(checked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
