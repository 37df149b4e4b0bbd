"""The platform as ``salio up`` runs it, with a fuse: at the n-th passage of a stage it kills itself.

    python -m tests.kill.runner DATA [STAGE PASSAGE]

A stage and a passage may also come later, as a line on standard input. Around the production stages stand
only the subclasses below; they see what is written and committed, and change nothing.
"""

import os
import signal
import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from salio.core.parties.operators import Operator
from salio.core.ports import AcceptedRequest, Vault
from salio.core.requests.asking import PresentedCredential
from salio.core.requests.deliveries import Attempt, AttemptEnd
from salio.core.requests.outcomes import Conclusion
from salio.platform.environment import Outside
from salio.platform.serve import run
from salio.platform.settings import Running, Settings
from salio.storage.sqlite.store import SqliteStore, SqliteUnit
from tests.kill.stages import Stage


class Fuse:
    """Burns down by one at each passage of its stage."""

    def __init__(self) -> None:
        self._stage: Stage | None = None
        self._left = 0

    def set(self, stage: Stage, passage: int) -> None:
        """Dies at that passage from now."""
        self._left = passage
        self._stage = stage

    def passed(self, stage: Stage) -> None:
        """The process is at this stage."""
        if stage is self._stage:
            self._left -= 1
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


class WatchedUnit(SqliteUnit):
    """A unit that knows which stages write in it."""

    def __init__(self, unit: SqliteUnit, fuse: Fuse) -> None:
        super().__init__(unit._connection)
        self._fuse = fuse
        self.written: set[Stage] = set()
        """The stages that are passed when this is committed."""

    def add_requests(self, accepted: Sequence[AcceptedRequest]) -> Collection[int]:
        """Parsed, nothing written yet."""
        self._fuse.passed(Stage.PARSED)
        self.written.add(Stage.ACCEPT_COMMITTED)
        return super().add_requests(accepted)

    def add_conclusions(self, conclusions: Sequence[Conclusion]) -> None:
        """Decided: written, in a transaction that is still open."""
        super().add_conclusions(conclusions)
        self._fuse.passed(Stage.DECIDED)
        self.written.add(Stage.RESULT_COMMITTED)

    def start_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Claimed."""
        super().start_attempts(attempts)
        self.written.add(Stage.ATTEMPT_COMMITTED)

    def end_attempts(self, ends: Sequence[AttemptEnd]) -> None:
        """The answers are read; their record is written, in a transaction that is still open."""
        super().end_attempts(ends)
        self._fuse.passed(Stage.ANSWER_READ)
        self.written.add(Stage.OUTCOME_COMMITTED)


class WatchedStore(SqliteStore):
    """The production store on the same connection."""

    def __init__(self, store: SqliteStore, fuse: Fuse) -> None:
        super().__init__(store._connection)
        self._fuse = fuse

    @contextmanager
    def unit(self, *, at_once: bool = False) -> Iterator[SqliteUnit]:
        """Tells the fuse what was committed, before any stage is told."""
        with super().unit(at_once=at_once) as unit:
            watched = WatchedUnit(unit, self._fuse)
            yield watched
        for stage in watched.written:
            self._fuse.passed(stage)


class WatchedVault:
    """The production vault; a request is picked when its credential is opened."""

    def __init__(self, vault: Vault, fuse: Fuse) -> None:
        self._vault = vault
        self._fuse = fuse

    def open_credential(self, credential: str) -> PresentedCredential:
        """Picked."""
        self._fuse.passed(Stage.PICKED)
        return self._vault.open_credential(credential)

    def remember(self, credential: str, operator: Operator) -> None:
        """As the vault."""
        self._vault.remember(credential, operator)

    def forget(self, operator: Operator) -> None:
        """As the vault."""
        self._vault.forget(operator)


def main(data: str, stage: str | None = None, passage: str = "1") -> None:
    """Serves until it dies or is told to stop."""
    fuse = Fuse()
    if stage is not None:
        fuse.set(Stage[stage], int(passage))

    def around(outside: Outside) -> Outside:
        assert isinstance(outside.store, SqliteStore)
        return msgspec.structs.replace(
            outside, store=WatchedStore(outside.store, fuse), vault=WatchedVault(outside.vault, fuse)
        )

    threading.Thread(target=_listen, args=(fuse,), daemon=True).start()
    run(Settings(data=Path(data), port=0), announce, around=around)


def _listen(fuse: Fuse) -> None:
    for line in sys.stdin:
        name, passage = line.split()
        fuse.set(Stage[name], int(passage))


def announce(running: Running) -> None:
    """Says where the platform listens, as `salio up --json` does."""
    sys.stdout.write(msgspec.json.encode(running).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
