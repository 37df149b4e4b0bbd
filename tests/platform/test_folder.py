"""The data folder: one platform at a time, and a signpost for whoever looks for it."""

import json
import os
from pathlib import Path

import pytest

from salio.platform.errors import DataFolderError
from salio.platform.folder import DataFolder


def test_a_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    """With those above it, readable by nobody else."""
    folder = DataFolder(tmp_path / "a" / "b")
    folder.take()
    assert folder.path.stat().st_mode & 0o777 == 0o700
    folder.leave()


def test_two_platforms_cannot_share_a_folder(tmp_path: Path) -> None:
    """The second is told so; when the first has left, it may."""
    first, second = DataFolder(tmp_path), DataFolder(tmp_path)
    first.take()
    with pytest.raises(DataFolderError, match="another platform runs on"):
        second.take()
    first.leave()
    second.leave()
    third = DataFolder(tmp_path)
    third.take()
    third.leave()


def test_the_signpost(tmp_path: Path) -> None:
    """Where it listens and who it is; taken down at the end."""
    folder = DataFolder(tmp_path)
    folder.take()
    folder.sign("http://127.0.0.1:8282")
    written = json.loads((tmp_path / "platform.json").read_text("utf-8"))
    assert written == {"base_url": "http://127.0.0.1:8282", "pid": os.getpid()}
    folder.leave()
    assert not folder.signpost.exists()


@pytest.mark.parametrize("below", ["", "more"], ids=["a file", "below a file"])
def test_a_folder_that_is_a_file(tmp_path: Path, below: str) -> None:
    """Refused in a sentence that says what to do; nobody's rights are blamed."""
    (tmp_path / "data").write_text("x", "utf-8")
    with pytest.raises(
        DataFolderError, match="is a file, or lies below one: choose another with --data"
    ) as error:
        DataFolder(tmp_path / "data" / below).take()
    assert "owner" not in str(error.value)


def test_where_things_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Absolute, wherever the process goes later."""
    monkeypatch.chdir(tmp_path)
    folder = DataFolder(Path("data"))
    places = [
        folder.environment_database,
        folder.portal_database,
        folder.keys,
        folder.signpost,
        folder.deaths,
    ]
    assert [str(each.relative_to(tmp_path)) for each in places] == [
        "data/sandbox.db",
        "data/portal.db",
        "data/keys/sandbox",
        "data/platform.json",
        "data/recovering.json",
    ]


def test_a_signpost_of_several(tmp_path: Path) -> None:
    """Whoever put it up last takes it down, and nobody else does: not even who has the same number, as the
    first process of another container, or who takes the folder for a moment, as `salio migrate`."""
    folder, another = DataFolder(tmp_path), DataFolder(tmp_path)
    folder.sign("http://127.0.0.1:8282")
    folder.unsign()
    assert not folder.signpost.exists()
    folder.unsign()
    folder.sign("http://127.0.0.1:8282")
    another.sign("http://127.0.0.1:8283")
    folder.unsign()
    migrating = DataFolder(tmp_path)
    migrating.take()
    migrating.leave()
    assert json.loads(folder.signpost.read_bytes())["base_url"] == "http://127.0.0.1:8283"
    another.unsign()
    assert not folder.signpost.exists()
