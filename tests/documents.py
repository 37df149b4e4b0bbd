"""What the documents show of Python, as files: an example that begins with its name is one of its own."""

import re

from tests.tidy.source import ROOT


def shown(document: str) -> dict[str, str]:
    """By name the examples of `docs/DOCUMENT.md`; those without a name are one."""
    files: dict[str, str] = {}
    text = (ROOT / "docs" / f"{document}.md").read_text("utf-8")
    for example in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        named = re.match(r"# (\S+\.py)\n", example)
        name = named[1] if named else f"{document.replace('-', '_')}_document.py"
        files[name] = files.get(name, "") + example
    assert files, document
    return files
