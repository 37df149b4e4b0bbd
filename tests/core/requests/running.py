"""Intake and processor on a store in memory, turned by hand; and a store that fails when it is told to."""

import sqlite3
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from salio.core.access.apps import App
from salio.core.access.registry import AppRegistry
from salio.core.cycle import Cycle
from salio.core.ledger.ledger import Ledger
from salio.core.parties.directory import Directory
from salio.core.parties.operators import Operator
from salio.core.ports import AcceptedRequest, Deaths, StoreUnavailableError, Unit
from salio.core.requests.intake import Intake, Submission
from salio.core.requests.judge import DecisionRules
from salio.core.requests.outcomes import Admission, Conclusion, Outcome
from salio.core.requests.processor import MOST_AT_ONCE, Processor
from salio.core.requests.queries import Query, Request
from salio.core.requests.recovery import NO_DEATHS
from salio.core.requests.registrations import Registrations
from salio.core.requests.transaction_status import FoundTransactions
from salio.core.requests.validation import Asked
from salio.core.transactions.transaction import Transaction
from salio.sandbox.fault import Fault
from salio.sandbox.faults import Faults
from salio.storage.postgres.connection import Session
from salio.storage.postgres.store import PostgresStore
from salio.storage.sqlite.store import SqliteStore
from tests.builders import (
    OTHER_SHORT_CODE,
    PASSWORD,
    SHORT_CODE,
    FakeClock,
    FakeIdentifiers,
    FakeReceipts,
    FakeVault,
    a_balance_query,
    an_app,
    an_operator,
    at_once,
)
from tests.stores import in_memory, seed

SECOND_APP = an_app(number=2, consumer_key="second", short_codes=frozenset({OTHER_SHORT_CODE}))
OUTAGE = StoreUnavailableError("the disk is full")


class Trouble:
    """What goes wrong with a store."""

    def __init__(self) -> None:
        self.commits: deque[Exception | None] = deque()
        """How the next units end: ``None`` for well; as it should be when there is none left."""
        self.reads: deque[Exception | None] = deque()
        """The same for :meth:`find_transactions`."""
        self.commits_then_doubts: Exception | None = None
        """Raised once behind the next commit that was made."""
        self.poisoned: set[int] = set()
        """Requests whose conclusion the store refuses, unless it says internal failure."""

    @contextmanager
    def around(self, unit: AbstractContextManager[Unit]) -> Iterator[Any]:
        """A unit that may fail at its commit."""
        with unit as sound:
            yield ShakyUnit(sound, self.poisoned)
            _fail_as_told(self.commits)
        doubt, self.commits_then_doubts = self.commits_then_doubts, None
        if doubt is not None:
            raise doubt


def _fail_as_told(told: deque[Exception | None]) -> None:
    failure = told.popleft() if told else None
    if failure is not None:
        raise failure.with_traceback(None)


class ShakyStore(SqliteStore, Trouble):
    """A store whose commits and reads fail when they are told to."""

    def __init__(self, connection: sqlite3.Connection | None = None) -> None:
        SqliteStore.__init__(self, connection or in_memory())
        Trouble.__init__(self)

    def unit(self, *, at_once: bool = False) -> Any:
        """A unit that may fail at its commit."""
        return self.around(super().unit(at_once=at_once))

    def find_transactions(
        self, receipts: Collection[str], originator_conversation_ids: Collection[str]
    ) -> FoundTransactions:
        """A read that may fail."""
        _fail_as_told(self.reads)
        return super().find_transactions(receipts, originator_conversation_ids)


class ShakyPostgresStore(PostgresStore, Trouble):
    """The same in PostgreSQL; only its commits fail."""

    def __init__(self, session: Session) -> None:
        PostgresStore.__init__(self, session)
        Trouble.__init__(self)

    def unit(self, *, at_once: bool = False) -> Any:
        """A unit that may fail at its commit."""
        return self.around(super().unit(at_once=at_once))


class ShakyUnit:
    """A unit that refuses the poisoned requests' conclusions; all else goes to the sound one."""

    def __init__(self, sound: Unit, poisoned: Collection[int]) -> None:
        self._sound = sound
        self._poisoned = poisoned

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sound, name)

    def add_conclusions(self, conclusions: Sequence[Conclusion]) -> None:
        """Refuses the whole group for one that is poisoned."""
        for each in conclusions:
            if each.number in self._poisoned and each.decision.outcome is not Outcome.INTERNAL_FAILURE:
                raise ValueError(f"request {each.number} is poison")
        self._sound.add_conclusions(conclusions)


@dataclass
class Running:
    """Everything that a request meets between the doors."""

    store: ShakyStore
    intake: Intake
    processor: Processor
    registrations: Registrations
    cycle: Cycle
    directory: Directory
    clock: FakeClock
    vault: FakeVault
    apps: AppRegistry
    faults: Faults
    ledger: Ledger
    answered: list[tuple[object, Admission]] = field(default_factory=list)
    decided: list[tuple[Request, Conclusion]] = field(default_factory=list)
    acts: list[tuple[object, Any]] = field(default_factory=list)
    """What became of each act, by its mark."""
    asked: list[Asked] = field(default_factory=list)
    """Whose word is waited for."""

    def submit(
        self,
        credential: str = PASSWORD,
        *,
        query: Query | None = None,
        app: App | None = None,
        caller_id: str | None = None,
    ) -> Request:
        """Brings a request to the door, as a gateway does."""
        request = self.intake.draft(app or an_app(), query or a_balance_query(), caller_id=caller_id)
        refused = self.intake.submit(Submission(AcceptedRequest(request, credential), request.number))
        assert refused is None
        return request

    def turn(self) -> int:
        """One turn of the cycle."""
        return at_once(self.cycle.turn())

    def drain(self) -> None:
        """Turns until nothing is ready."""
        while self.turn():
            pass

    def admissions(self) -> dict[object, Admission]:
        """What each request heard at the door, by number; fails if one heard twice."""
        heard = dict(self.answered)
        assert len(heard) == len(self.answered)
        return heard

    def outcomes(self) -> list[Outcome]:
        """How requests ended, in the order of being told; fails if the store says otherwise."""
        told = {request.number: conclusion for request, conclusion in self.decided}
        assert len(told) == len(self.decided)
        kept = {request.number: conclusion for request, conclusion in self.store.due(list(told))}
        assert all(told[number] == conclusion for number, conclusion in kept.items())
        return [conclusion.decision.outcome for _, conclusion in self.decided]

    def operator(self, name: str = "testapiuser") -> Operator:
        """The operator's state in memory; fails if the store holds another."""
        here = self.directory.operator(name, [SHORT_CODE])
        assert here is not None
        assert here == self.store.directory().operator(name, [SHORT_CODE])
        return here


def running(
    *operators: Operator,
    rules: DecisionRules | None = None,
    vault: FakeVault | None = None,
    transactions: Sequence[Transaction] = (),
    most_waiting: int = 10_000,
    deaths: Deaths = NO_DEATHS,
    calm: Callable[[], bool] = lambda: True,
    store: ShakyStore | None = None,
    faults: Sequence[Fault] = (),
    settle: Callable[[ShakyStore], None] | None = None,
    most_at_once: int = MOST_AT_ONCE,
) -> Running:
    """Two apps, the builders' two organizations and these operators (by default the usual one).

    Or whatever ``settle`` puts into the store.
    """
    store, clock, heart = store or ShakyStore(), FakeClock(), vault or FakeVault()
    if settle is None:
        seed(store, operators=operators or (an_operator(),), transactions=transactions)
    else:
        settle(store)
    answered: list[tuple[object, Admission]] = []
    decided: list[tuple[Request, Conclusion]] = []
    acts: list[tuple[object, Any]] = []
    asked: list[Asked] = []
    apps, directory = AppRegistry([an_app(), SECOND_APP]), store.directory()
    registrations = Registrations(store.registrations(), lambda _: None)
    in_force = Faults(clock, lambda _: float)
    for each in faults:
        in_force.add(each)
    ledger = Ledger.read(store, FakeReceipts(), clock.now())
    processor = Processor(
        clock=clock,
        vault=heart,
        store=store,
        apps=apps,
        directory=directory,
        ledger=ledger,
        registrations=registrations,
        rules=rules or DecisionRules(),
        faults=in_force,
        deaths=deaths,
        calm=calm,
        decided=lambda batch: decided.extend((each.accepted.request, each.conclusion) for each in batch),
        asked=asked.extend,
        act_answered=acts.extend,
        most_at_once=most_at_once,
    )
    intake = Intake(
        clock=clock,
        identifiers=FakeIdentifiers(),
        numbers=count(store.next_request_number()),
        answered=answered.extend,
        accepted=processor.enqueue,
        waiting=processor.waiting,
        most_waiting=most_waiting,
        prompted=processor.prompted,
    )
    cycle = Cycle(store, [processor, registrations, intake])  # as in life
    return Running(
        store,
        intake,
        processor,
        registrations,
        cycle,
        directory,
        clock,
        heart,
        apps,
        in_force,
        ledger,
        answered,
        decided,
        acts,
        asked,
    )
