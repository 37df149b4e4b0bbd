"""Snapshots as files: each a folder with both databases, there whole or not at all.

A state that is about to become the present one is laid out whole before anything changes (``.coming``); a
death while it is being put in place is made good by the next start, which finds it and begins again.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from salio.core.ports import StoreUnavailableError
from salio.platform.folder import DataFolder
from salio.sandbox.state import Snapshot, StateError, UnknownSnapshotError
from salio.storage.migrate import NewerDatabaseError, is_current, upgrade
from salio.storage.sqlite import copies

_LINES: Mapping[str, str] = {"environment": "environment.db", "portal": "portal.db"}
"""The schema lines, and what the database of each is called in a snapshot."""
_FACTS = "snapshot.json"


class Snapshots:
    """The snapshots of one data folder. One user at a time; nothing here waits for the platform."""

    def __init__(self, folder: DataFolder) -> None:
        self._present = {"environment": folder.environment_database, "portal": folder.portal_database}
        self._folder = folder.path / "snapshots"
        self._draft = self._folder / ".draft"
        self._coming = self._folder / ".coming"
        self._replaced = self._folder / ".replaced"
        self._trash = self._folder / ".trash"

    def tidy(self) -> None:
        """After a death: what was half done is swept away, and a state that was to come is put in place.

        Raises StoreUnavailableError, OSError; the next start tries again.
        """
        shutil.rmtree(self._draft, ignore_errors=True)
        if self._coming.exists():
            for line in _LINES:
                self._replace(line)
            self._throw_away(self._coming)
        if self._replaced.exists():
            kept = self._folder / _decoded(self._replaced).name
            if kept.exists():
                self._throw_away(self._replaced)
            else:
                self._replaced.rename(kept)
        shutil.rmtree(self._trash, ignore_errors=True)

    def all(self) -> list[Snapshot]:
        """The oldest first."""
        found = [_facts(each.parent) for each in self._folder.glob(f"[!.]*/{_FACTS}")]
        return sorted((each for each in found if each), key=lambda each: (each.taken_at, each.name))

    def find(self, name: str) -> Snapshot:
        """That one; raises :class:`UnknownSnapshotError` for one that is not there."""
        facts = _facts(self._folder / name)
        if facts is None:
            raise UnknownSnapshotError(f"there is no snapshot {name}")
        return facts

    def refuse_second(self, name: str) -> None:
        """Raises :class:`StateError` for a name that is taken."""
        if (self._folder / name).exists():
            raise StateError(f"there is a snapshot {name}: choose another name, or replace it")

    @contextmanager
    def originals(self) -> Iterator[Mapping[str, copies.Original]]:
        """Both databases as they stand now, to be copied while the platform goes on."""
        with ExitStack() as stack:
            yield {
                line: stack.enter_context(closing(copies.Original(path)))
                for line, path in self._present.items()
            }

    def keep(self, name: str, taken_at: datetime, originals: Mapping[str, copies.Original]) -> Snapshot:
        """Makes a snapshot, in the place of one of that name. Raises StoreUnavailableError, OSError."""
        with self._drafting() as draft:
            for line, original in originals.items():
                original.copy_to(draft / _LINES[line])
            snapshot = Snapshot(
                name=name,
                taken_at=taken_at,
                bytes=sum(each.stat().st_size for each in draft.iterdir()),
                requests=copies.count_requests(draft / _LINES["environment"]),
            )
            (draft / _FACTS).write_bytes(msgspec.json.encode(snapshot))
        kept = self._folder / name
        if kept.exists():
            kept.rename(self._replaced)
        draft.rename(kept)
        _write_out(self._folder)
        if self._replaced.exists():
            self._throw_away(self._replaced)
        return snapshot

    def lay_out(self, name: str) -> Snapshot:
        """Makes that snapshot the coming state, with today's schema.

        Raises :class:`StateError` if it cannot be, StoreUnavailableError, OSError.
        """
        snapshot = self.find(name)
        with self._drafting() as draft:
            for line, file in _LINES.items():
                _bring(self._folder / name / file, draft / file, line)
        self._let_come(draft)
        return snapshot

    @contextmanager
    def laying_out_anew(self) -> Iterator[Mapping[str, Path]]:
        """Both databases by their lines, with no rows; when the block has filled them, they are to come."""
        with self._drafting() as draft:
            new = {line: draft / file for line, file in _LINES.items()}
            for line, path in new.items():
                copies.blank(path, self._present[line])
            yield new
        self._let_come(draft)

    def put_in_place(self) -> None:
        """The coming state becomes the present one: both databases, or neither.

        Raises StoreUnavailableError with nothing changed.
        """
        try:
            with closing(copies.Original(self._present["portal"])) as before:
                self._replace("portal")
                try:
                    self._replace("environment")
                except BaseException:
                    self._put_back(before, "portal")
                    raise
        finally:
            self._throw_away(self._coming)

    def remove(self, name: str) -> Snapshot:
        """Removes it; raises :class:`UnknownSnapshotError` for one that is not there."""
        snapshot = self.find(name)
        self._throw_away(self._folder / name)
        return snapshot

    @contextmanager
    def _drafting(self) -> Iterator[Path]:
        """A new folder that the block fills; afterwards it is on the disk, and only its owner reads it."""
        shutil.rmtree(self._draft, ignore_errors=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._draft.mkdir(mode=0o700)
        try:
            yield self._draft
            for each in self._draft.iterdir():
                each.chmod(0o600)
                _write_out(each)
            _write_out(self._draft)
        except BaseException:
            shutil.rmtree(self._draft, ignore_errors=True)
            raise

    def _let_come(self, draft: Path) -> None:
        draft.rename(self._coming)
        _write_out(self._folder)

    def _replace(self, line: str) -> None:
        copies.replace(self._present[line], self._coming / _LINES[line])

    def _put_back(self, before: copies.Original, line: str) -> None:
        with self._drafting() as draft:
            before.copy_to(draft / _LINES[line])
        copies.replace(self._present[line], draft / _LINES[line])
        self._throw_away(draft)

    def _throw_away(self, folder: Path) -> None:
        """At once, though its files go one by one."""
        shutil.rmtree(self._trash, ignore_errors=True)
        folder.rename(self._trash)
        shutil.rmtree(self._trash)


def _bring(kept: Path, copy: Path, line: str) -> None:
    """Lays out a snapshot's database, with today's schema. Raises :class:`StateError`."""
    try:
        copies.check(kept)
        current = is_current(kept, line)
    except NewerDatabaseError as error:
        raise StateError(f"the snapshot is of a newer Salio: {error}") from error
    except (StoreUnavailableError, sqlite3.Error) as error:
        raise StateError(f"the snapshot is damaged: {error}") from error
    if current:
        _link(kept, copy)
    else:
        shutil.copyfile(kept, copy)
        upgrade(copy, line)


def _link(kept: Path, copy: Path) -> None:
    """Nobody writes to either, so one file may do for both."""
    try:
        copy.hardlink_to(kept)
    except OSError:  # not every file system can
        shutil.copyfile(kept, copy)


def _facts(folder: Path) -> Snapshot | None:
    """What is told of the snapshot in that folder, under whose name it goes; ``None`` if it is none."""
    try:
        return msgspec.structs.replace(_decoded(folder), name=folder.name)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _decoded(folder: Path) -> Snapshot:
    return msgspec.json.decode((folder / _FACTS).read_bytes(), type=Snapshot)


def _write_out(path: Path) -> None:
    """Waits until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
