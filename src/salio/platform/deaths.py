"""What the platform died over: a small file in the data folder that outlives the process.

It is there only while a start decides what an earlier process left undecided. Nothing forces it to the disk:
the writes of a process that dies stay with the kernel, and a loss of power is no request's fault.
"""

import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import msgspec
import structlog

from salio.core.requests.recovery import MOST_DEATHS


class _Record(msgspec.Struct):
    """What the file says; requests by their ConversationID, which no other content of the store has."""

    in_hand: str | None = None
    deaths: dict[str, int] = {}


class DeathRecord:
    """Fits :class:`salio.core.ports.Deaths`. What cannot be written is not known later; nothing fails."""

    def __init__(self, path: Path) -> None:
        """Counts the death of the process before, if it died over a request; the log is told as an error."""
        self._path = path
        self._file: int | None = None
        self._record, self._size = _read(path)
        conversation_id = self._record.in_hand
        if conversation_id is not None:
            deaths = self._record.deaths[conversation_id] = self.over(conversation_id) + 1
            self.put_down()
            structlog.get_logger().error(
                "died_over_a_request",
                conversation_id=conversation_id,
                deaths=deaths,
                given_up=deaths >= MOST_DEATHS,
            )

    def keep(self, conversation_ids: Collection[str]) -> None:
        """Forgets all others; of none there is no file."""
        known = self._record.deaths
        self._record = _Record(deaths={each: known[each] for each in known if each in conversation_ids})
        if not conversation_ids:
            self.close()
            self._size = 0
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def over(self, conversation_id: str) -> int:
        """How often a process died over this one."""
        return self._record.deaths.get(conversation_id, 0)

    def take_in_hand(self, conversation_id: str) -> None:
        """Names the one that is about to be decided."""
        self._record.in_hand = conversation_id
        self._write()

    def put_down(self) -> None:
        """It was decided, whatever the decision."""
        self._record.in_hand = None
        self._write()

    def close(self) -> None:
        """Lets go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write(self) -> None:
        """In one call, and over all that was there: a death in between leaves the one or the other."""
        content = msgspec.json.encode(self._record)
        self._size = max(self._size, len(content))
        with suppress(OSError):
            if self._file is None:
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
            os.pwrite(self._file, content.ljust(self._size), 0)


def _read(path: Path) -> tuple[_Record, int]:
    """The record and its bytes; an empty one where there is none, or none that can be read."""
    try:
        content = path.read_bytes()
    except OSError:
        return _Record(), 0
    try:
        return msgspec.json.decode(content, type=_Record), len(content)
    except msgspec.DecodeError as error:
        structlog.get_logger().warning("deaths_unreadable", file=str(path), error=str(error))
        return _Record(), len(content)
