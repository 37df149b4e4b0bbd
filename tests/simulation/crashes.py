"""Death and bad weather: where the platform's process dies, and how its disk misbehaves.

Whatever the platform does to the outside touches the fuse first. The hand lights it for so many touches, and
at the last of them the process dies there: nothing after it happens, and no ``except Exception`` may stop it.
"""

import enum
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from salio.core.ledger.accounts import Balance
from salio.core.ledger.postings import Posting
from salio.core.parties.operators import Operator
from salio.core.parties.registration import Registration
from salio.core.ports import AcceptedRequest, StoreUnavailableError, StoreWouldWaitError
from salio.core.requests.deliveries import Attempt, AttemptEnd
from salio.core.requests.outcomes import Conclusion, Outcome
from salio.core.requests.queries import Request
from salio.core.requests.transaction_status import FoundTransactions
from salio.storage.sqlite.store import SqliteStore, SqliteUnit

UNLIMITED_PAGES = 1_073_741_823
"""SQLite's usual bound on the size of a database."""


PLACES = (
    "before BEGIN",
    "before requests are written",
    "before conclusions are written",
    "before operators are written",
    "before attempts are marked",
    "before ends are written",
    "before postings are written",
    "before registrations are written",
    "before COMMIT",
    "after COMMIT",
    "before transactions are read",
    "before what is due is read",
    "before the undecided are read",
    "before a credential is opened",
    "before attempts are posted",
    "after attempts were posted",
    "before a departure",
    "before ends are noted",
    "before an answer",
    "at a look at the clock",
)
"""Wherever the platform touches the outside."""


class Crash(BaseException):
    """The process dies here; no code of the platform runs afterwards."""


class PoisonError(ValueError):
    """The store refuses one row, whatever its neighbours."""


class Fuse:
    """Counts touches down to a crash, once it is lit."""

    def __init__(self) -> None:
        self._left = 0
        self._where = ""

    def light(self, touches: int, where: str = "") -> None:
        """The process dies at this touch from now, counted from 1; ``where`` makes only those there count."""
        self._left = touches
        self._where = where

    def put_out(self) -> None:
        """Nothing happens at any touch."""
        self._left = 0

    def touch(self, where: str) -> None:
        """Something is about to happen outside; raises :class:`Crash` at the last touch."""
        if self._left and self._where in (where, ""):
            self._left -= 1
            if not self._left:
                raise Crash(where)


class Health(enum.Enum):
    """How the disk is."""

    WELL = "well"
    LOCKED = "locked"
    """No transaction can begin."""
    FULL = "full"
    """SQLite itself finds no page left, somewhere in the middle of a unit."""
    FAILING = "failing"
    """Every commit fails at its end."""
    GONE = "gone"
    """Not even reads work."""


class Disk:
    """The database that outlives every process, and what is wrong with it at the moment."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.health = Health.WELL
        self.poison = ""
        """The kind of row that is refused when its number is ``poisoned_place`` in seven."""
        self.poisoned_place = 3
        self.held = False
        """Whether another program writes: who waits gets in behind it."""
        self.look: Callable[[], None] = lambda: None
        """Somebody looks at what is committed, for while rows are written nobody may."""

    def turn(self, health: Health) -> None:
        """Becomes well or ill."""
        self.health = health
        pages = 1 if health is Health.FULL else UNLIMITED_PAGES  # SQLite takes the present size for 1
        self.connection.execute(f"PRAGMA max_page_count = {pages}")

    def begin(self, *, at_once: bool) -> None:
        """A transaction is to begin."""
        self._fail_if(Health.LOCKED, Health.GONE)
        if at_once and self.held:
            raise StoreWouldWaitError("another program writes, for a moment")
        self.look()

    def commit(self) -> None:
        """A transaction is to end."""
        self._fail_if(Health.FAILING)

    def read(self) -> None:
        """Something is to be read."""
        self._fail_if(Health.GONE)

    def check(self, kind: str, numbers: Collection[int]) -> None:
        """Refuses the whole group for one poisoned row."""
        if kind == self.poison and any(number % 7 == self.poisoned_place for number in numbers):
            raise PoisonError(f"a {kind} is poison")

    def _fail_if(self, *kinds: Health) -> None:
        if self.health in kinds:
            raise StoreUnavailableError(f"the disk is {self.health.value}")


class SimulatedUnit(SqliteUnit):
    """A unit of the real store, on a disk and with a fuse."""

    def __init__(self, connection: sqlite3.Connection, disk: Disk, fuse: Fuse) -> None:
        super().__init__(connection)
        self._disk = disk
        self._fuse = fuse

    def add_requests(self, accepted: Sequence[AcceptedRequest]) -> Collection[int]:
        """Keeps requests."""
        self._fuse.touch("before requests are written")
        self._disk.check("request", [each.request.number for each in accepted])
        return super().add_requests(accepted)

    def add_conclusions(self, conclusions: Sequence[Conclusion]) -> None:
        """Keeps conclusions; the stronger poison refuses even that a request ends as a failure of ours."""
        self._fuse.touch("before conclusions are written")
        self._disk.check("conclusion for good", [each.number for each in conclusions])
        sound = [each for each in conclusions if each.decision.outcome is not Outcome.INTERNAL_FAILURE]
        self._disk.check("conclusion", [each.number for each in sound])
        super().add_conclusions(conclusions)

    def save_registrations(self, registrations: Sequence[Registration]) -> None:
        """Keeps registrations."""
        self._fuse.touch("before registrations are written")
        super().save_registrations(registrations)

    def save_operators(self, operators: Sequence[Operator]) -> None:
        """Keeps operators."""
        self._fuse.touch("before operators are written")
        super().save_operators(operators)

    def start_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Keeps marks."""
        self._fuse.touch("before attempts are marked")
        self._disk.check("attempt", [each.number for each in attempts])
        super().start_attempts(attempts)

    def end_attempts(self, ends: Sequence[AttemptEnd]) -> None:
        """Keeps ends."""
        self._fuse.touch("before ends are written")
        self._disk.check("end", [each.number for each in ends])
        super().end_attempts(ends)

    def add_postings(self, postings: Sequence[Posting], balances: Mapping[int, Balance]) -> None:
        """Keeps postings."""
        self._fuse.touch("before postings are written")
        super().add_postings(postings, balances)


class SimulatedStore(SqliteStore):
    """The real store, on a disk and with a fuse."""

    def __init__(self, disk: Disk, fuse: Fuse, unit_type: type[SimulatedUnit] = SimulatedUnit) -> None:
        super().__init__(disk.connection)
        self._disk = disk
        self._fuse = fuse
        self._unit_type = unit_type

    @contextmanager
    def unit(self, *, at_once: bool = False) -> Iterator[SqliteUnit]:
        """A unit whose process may die before its commit (rolled back) or after it (kept, but untold)."""
        self._fuse.touch("before BEGIN")
        self._disk.begin(at_once=at_once)
        with super().unit(at_once=at_once):
            yield self._unit_type(self._connection, self._disk, self._fuse)
            self._disk.commit()
            self._fuse.touch("before COMMIT")
        self._fuse.touch("after COMMIT")

    def find_transactions(
        self, receipts: Collection[str], originator_conversation_ids: Collection[str]
    ) -> FoundTransactions:
        """A read that may fail."""
        self._fuse.touch("before transactions are read")
        self._disk.read()
        return super().find_transactions(receipts, originator_conversation_ids)

    def due(self, numbers: Sequence[int]) -> list[tuple[Request, Conclusion]]:
        """A read that may fail."""
        self._fuse.touch("before what is due is read")
        self._disk.read()
        return super().due(numbers)

    def undecided(self) -> list[AcceptedRequest]:
        """The last read of a start."""
        self._fuse.touch("before the undecided are read")
        return super().undecided()
