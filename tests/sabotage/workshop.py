"""A copy of the source with a bug in it, and pytest on that copy in a process of its own."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.engines import SQLITE
from tests.sabotage.bug import Bug
from tests.tidy.source import ROOT

PATIENCE = 900.0
"""Seconds for the tests of one bug: one that made a test wait for ever is red too, but says less."""


def broken(bug: Bug) -> str:
    """The whole text of the bug's file with the bug in it; AssertionError if it no longer fits."""
    text = (ROOT / "src" / "salio" / bug.file).read_text("utf-8")
    for right, _ in bug.changes:
        assert text.count(right) == 1, f"{bug.file} has this {text.count(right)} times:\n{right}"
    for right, wrong in sorted(bug.changes, key=lambda change: -text.index(change[0])):
        start = text.index(right)
        text = text[:start] + wrong + text[start + len(right) :]
    return text


def workshop(folder: Path, bug: Bug | None = None) -> Path:
    """A copy of the source, broken or whole; what to put on the path."""
    source = folder / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    if bug is not None:
        (source / "salio" / bug.file).write_text(broken(bug), "utf-8")
    return source


def outcomes(source: Path, tests: tuple[str, ...], report: Path) -> dict[str, set[str]]:
    """How each of these tests ended on that source, over all its cases: ``passed``, ``failed``, ``error``...

    A test that did not run is not among them.
    """
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--junitxml={report}"]
    command += ["-o", "junit_family=xunit1", *(f"tests/{test}" for test in tests)]
    ours = ("PYTEST_", "SALIO_", "CI_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment |= {
        "PYTHONPATH": str(source),
        "PYTHONDONTWRITEBYTECODE": "1",
        "SALIO_ENGINES": SQLITE,  # the bugs are not an engine's, and a server takes seconds to start
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # three times as quick to start
    }
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=PATIENCE)
    found: dict[str, set[str]] = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - pytest's own report
        name = f"{case.attrib['file'].removeprefix('tests/')}::{case.attrib['name'].partition('[')[0]}"
        found.setdefault(name, set()).add(_outcome(case))
    return found


def _outcome(case: ET.Element) -> str:
    ends = {"failure": "failed", "error": "error", "skipped": "skipped"}
    return next((ends[child.tag] for child in case if child.tag in ends), "passed")


def defined(test: str) -> bool:
    """Whether there is a test of that path and name."""
    path, _, name = test.partition("::")
    file = ROOT / "tests" / path
    return file.exists() and any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
        for node in ast.parse(file.read_text("utf-8")).body
    )
