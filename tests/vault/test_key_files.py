"""A folder of key files is made whole or not at all."""

import os
from pathlib import Path

import pytest

from salio.vault.errors import KeyFileDamagedError
from salio.vault.key_files import create_folder, is_new, read_public, replace_file

FILES = {"one": b"1", "two": b"2"}


def test_a_folder_is_new_until_it_holds_something(folder: Path) -> None:
    """Absent and empty folders are new; a file, or a folder with anything in it, is not."""
    seen = [is_new(folder)]
    folder.mkdir(parents=True)
    seen.append(is_new(folder))
    (folder / "x").touch()
    seen += [is_new(folder), is_new(folder / "x")]
    assert seen == [True, True, False, False]


def test_the_first_to_create_wins(folder: Path) -> None:
    """The second changes nothing, says so, and leaves nothing behind."""
    assert create_folder(folder, FILES)
    assert not create_folder(folder, {"one": b"other"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_an_empty_folder_is_replaced(folder: Path) -> None:
    """A folder made by hand gets the right mode with its files."""
    folder.mkdir(parents=True, mode=0o755)
    assert create_folder(folder, FILES)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_failed_creation_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk in the middle: no half ring, no draft, and the error is handed on."""

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        create_folder(folder, FILES)
    assert list(folder.parent.iterdir()) == []


def test_everything_is_synced_before_the_rename_and_the_rename_after(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two files and the draft before the folder appears, its parent after it: power may fail anywhere."""
    seen: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda _handle: seen.append(folder.exists()))
    create_folder(folder, FILES)
    assert seen == [False, False, False, True]


def test_a_file_that_cannot_be_read_has_a_named_error(folder: Path) -> None:
    """A folder in a file's place is not a stack trace."""
    folder.mkdir(parents=True)
    with pytest.raises(KeyFileDamagedError, match="cannot be read"):
        read_public(folder)


def test_a_file_is_replaced_whole(folder: Path) -> None:
    """For its owner alone, and nothing else is left behind."""
    create_folder(folder, FILES)
    replace_file(folder / "one", b"new")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"one": b"new", "two": b"2"}
    assert (folder / "one").stat().st_mode & 0o777 == 0o600


def test_a_file_that_cannot_be_replaced_stays(folder: Path) -> None:
    """A folder in its place is not replaced, and the draft goes."""
    create_folder(folder, FILES)
    (folder / "three").mkdir()
    with pytest.raises(IsADirectoryError):
        replace_file(folder / "three", b"new")
    assert sorted(path.name for path in folder.iterdir()) == ["one", "three", "two"]
