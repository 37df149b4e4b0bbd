"""What is committed names no place that only one machine or one network has."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.tidy.source import ROOT

UNSEEN = re.compile(r"\.git|\.venv|\.hypothesis|\..*_cache|__pycache__|.*\.egg-info|dist|salio-data")

# Written in pieces, so that this table does not find itself.
FORBIDDEN = {
    "a workspace": "/" + "work/",
    "the superuser's home": "/" + "root" + r"\b",
    "somebody's home": "/(?:" + "home|" + "Users)/[a-z]",
    "a local package store": "/opt/" + "(?:wheels|py" + "pi)",
    "a package index": "py" + r"pi\.(?:org|python)",
    "a package index's files": "python" + "hosted",
    "an index address": "--(?:extra-)?" + "index-url",
    "a place for links": "--" + "find-links",
}


def committed_files() -> list[Path]:
    """Every file that git keeps or would keep; without git, every file that is not made by a command."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        files = [
            path for path in ROOT.rglob("*") if not any(map(UNSEEN.fullmatch, path.relative_to(ROOT).parts))
        ]
    else:
        files = [ROOT / name.decode() for name in listed.split(b"\0") if name]
    return [path for path in files if path.is_file()]


def readable(path: Path) -> str:
    """The text of a file; a picture has none."""
    content = path.read_bytes()
    return "" if b"\0" in content else content.decode("utf-8")


TEXTS = {path.relative_to(ROOT).as_posix(): readable(path) for path in committed_files()}


def places(pattern: str, texts: dict[str, str]) -> list[str]:
    """Where a pattern occurs, as an editor can jump to it."""
    return [
        f"{name}:{number}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        if re.search(pattern, line)
    ]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_nothing_committed_names(what: str) -> None:
    """No committed file names such a place."""
    assert places(FORBIDDEN[what], TEXTS) == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a workspace", "see /" + "work/x"),
        ("the superuser's home", "cd /" + "root"),
        ("somebody's home", "#!/" + "home/jane/.venv/bin/python"),
        ("a local package store", "file:///opt/" + "wheels"),
        ("a package index", "https://py" + "pi.org/x"),
        ("a package index's files", "https://files.python" + "hosted.org/x"),
        ("an index address", "--" + "index-url x"),
        ("a place for links", "--" + "find-links x"),
    ],
)
def test_a_named_place_is_seen(what: str, line: str) -> None:
    """Each pattern finds the place that it is there for."""
    assert places(FORBIDDEN[what], {"x": line}) == ["x:1"]


@pytest.mark.parametrize("name", ["bootstrap", "platform", "dev", "fuzz"])
def test_every_requirement_is_locked(name: str) -> None:
    """Each requirement has one version and at least one hash."""
    text = TEXTS[f"requirements/{name}.txt"]
    entries = re.split(r"\n(?=[a-z])", re.sub(r"(?m)^\s*#.*\n?", "", text).strip())
    loose = [entry for entry in entries if not re.match(r"\S+==\S+", entry) or "--hash=sha256:" not in entry]
    assert loose == []


def test_text_files_are_plain() -> None:
    """Lines end in one newline, without carriage returns, and a file ends with a line."""
    untidy = [name for name, text in TEXTS.items() if "\r" in text or (text and not text.endswith("\n"))]
    assert untidy == []
