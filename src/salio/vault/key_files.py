"""A folder of key files: made whole or not at all, and read only if nobody else could have."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from errno import EEXIST, ENOTEMPTY
from pathlib import Path

from salio.vault.errors import KeyFileDamagedError, KeyFileExposedError

_FILE_MODE = 0o600
_FOLDER_MODE = 0o700
_READ_BY_OTHERS = 0o077
_WRITTEN_BY_OTHERS = 0o022
_LARGEST = 64 * 1024


def is_new(folder: Path) -> bool:
    """Whether no keys were ever kept here."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def create_folder(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Keeps all the files durably, or none if another process was first; says whether this one won.

    The files are written to a folder beside, and its renaming decides: a folder that holds something is
    never replaced (rename(2), ENOTEMPTY).
    """
    folder.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in files.items():
            _write(draft / name, content)
        _sync(draft)
        draft.rename(folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        if error.errno in {EEXIST, ENOTEMPTY}:
            return False
        raise
    _sync(folder.parent)
    return True


def replace_file(path: Path, content: bytes) -> None:
    """Puts the content in a file's place durably: whoever reads finds the old or the new, whole."""
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # its mode is 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def read_secret(path: Path) -> bytes:
    """The content of a file that its owner alone may read; raises a :class:`KeyFileError` otherwise."""
    _check_mode(path.parent, _WRITTEN_BY_OTHERS, _FOLDER_MODE)
    _check_mode(path, _READ_BY_OTHERS, _FILE_MODE)
    return read_public(path)


def read_public(path: Path) -> bytes:
    """The content of a file that anybody may read."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise KeyFileDamagedError(path, _reason(error)) from error


def _check_mode(path: Path, forbidden: int, wanted: int) -> None:
    try:
        mode = path.stat().st_mode & 0o777
    except OSError as error:
        raise KeyFileDamagedError(path, _reason(error)) from error
    if mode & forbidden:
        raise KeyFileExposedError(path, mode, wanted)


def _reason(error: OSError) -> str:
    missing = isinstance(error, FileNotFoundError)
    return "is missing" if missing else f"cannot be read ({error.strerror})"


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Makes the folder's entries durable: without it a rename may be lost with the power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
