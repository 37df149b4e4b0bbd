"""The data folder: made, locked against a second platform, and signed with where this one listens."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import IO

import msgspec

from salio.platform.errors import DataFolderError

SANDBOX = "sandbox"
PRODUCTION = "production"


class Signpost(msgspec.Struct, frozen=True):
    """``platform.json``: where the platform of this folder listens, for commands beside it."""

    base_url: str
    pid: int


class DataFolder:
    """One folder, one platform at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: IO[str] | None = None
        self._signed: int | None = None
        """The file that this process put up: its own number another container's process has too."""

    @property
    def environment_database(self) -> Path:
        """The sandbox's store."""
        return self.path / f"{SANDBOX}.db"

    @property
    def portal_database(self) -> Path:
        """Apps and revoked tokens."""
        return self.path / "portal.db"

    @property
    def keys(self) -> Path:
        """The sandbox's key ring."""
        return self.path / "keys" / SANDBOX

    @property
    def other_keys(self) -> Path:
        """The key ring of production; there where a platform of both environments ran."""
        return self.path / "keys" / PRODUCTION

    @property
    def signpost(self) -> Path:
        """Where the running platform says how to reach it."""
        return self.path / "platform.json"

    @property
    def deaths(self) -> Path:
        """What the platform died over, while a start decides what was left undecided."""
        return self.path / "recovering.json"

    @property
    def _database(self) -> Path:
        return self.path / "database"

    def database_url(self) -> str | None:
        """Where its data are, if not in files of its own; with a password, perhaps, so nobody prints it."""
        try:
            return self._database.read_text("utf-8")
        except FileNotFoundError:
            return None

    def remember_database(self, url: str) -> None:
        """Keeps the URL for later starts and for commands beside them; only the folder's owner reads it."""
        draft = self._database.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(url, "utf-8")
        draft.replace(self._database)

    @property
    def guessable(self) -> Path:
        """Stands where the keys were made from ``--seed``."""
        return self.path / "keys-from-a-seed"

    def take(self) -> None:
        """Makes the folder if need be and locks it; raises :class:`DataFolderError`."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = (self.path / "lock").open("a", encoding="ascii")
        except (FileExistsError, NotADirectoryError) as error:
            raise DataFolderError(
                f"the data folder {self.path} is a file, or lies below one: choose another with --data"
            ) from error
        except OSError as error:
            raise DataFolderError(
                f"the data folder {self.path} cannot be written ({error.strerror}): "
                "choose another with --data, or change its owner"
            ) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._lock.close()
            raise DataFolderError(
                f"another platform runs on {self.path}: stop it, or choose another folder with --data"
            ) from error

    def sign(self, base_url: str) -> None:
        """Writes the signpost, whole or not at all."""
        draft = self.signpost.with_suffix(f".{os.getpid()}.draft")
        draft.write_bytes(msgspec.json.encode(Signpost(base_url, os.getpid())))
        self._signed = draft.stat().st_ino
        draft.replace(self.signpost)

    def unsign(self) -> None:
        """Takes this process's signpost down, unless another has put up its own since."""
        with suppress(OSError):
            if self.signpost.stat().st_ino == self._signed:
                self.signpost.unlink()

    def leave(self) -> None:
        """Takes this process's signpost down and gives the folder free."""
        self.unsign()
        if self._lock is not None:
            self._lock.close()
