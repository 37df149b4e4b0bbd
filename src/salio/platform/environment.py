"""One environment put together: its store, clock, keys and stages. Nothing runs here by itself."""

import itertools
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from salio.core.access.registry import AppRegistry
from salio.core.access.throttles import Throttles
from salio.core.audit.notes import NoteLog
from salio.core.audit.refusals import RefusalLog
from salio.core.cycle import Carry, Cycle, Stage, at_once
from salio.core.ledger.ledger import Ledger
from salio.core.parties.operators import OperatorRules
from salio.core.parties.organizations import Organization
from salio.core.parties.registration import Registration
from salio.core.ports import (
    AccessStore,
    Clock,
    Deaths,
    Faults,
    Identifiers,
    Receipts,
    SecondLook,
    Store,
    Vault,
)
from salio.core.requests.answers import Answers
from salio.core.requests.bearers import Bearers
from salio.core.requests.deliveries import AttemptEnd
from salio.core.requests.diagnosis import Diagnosis
from salio.core.requests.intake import Intake
from salio.core.requests.judge import DecisionRules
from salio.core.requests.processor import Processor
from salio.core.requests.provoked import NO_FAULTS
from salio.core.requests.recovery import NO_DEATHS
from salio.core.requests.registrations import Registrations
from salio.core.requests.validation import Word
from salio.delivery.hosts import OutboxSettings
from salio.delivery.outbox import Claims, Ends
from salio.delivery.transport import Transport
from salio.delivery.validations import Validations
from salio.portal.inbox import Inbox

Answered = Callable[[Sequence[tuple[object, object]]], None]


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that an environment's stages live by."""

    operators: OperatorRules = OperatorRules()
    longest_wait: timedelta = timedelta(seconds=60)
    most_waiting: int = 20_000
    outbox: OutboxSettings = OutboxSettings()
    registered_once: bool = False
    """Whether URLs that are registered stay: production's rule. In a sandbox the later replace them."""


class Outside(msgspec.Struct, frozen=True, kw_only=True):
    """What an environment stands on: the real things in life, simulated ones in a simulation."""

    store: Store
    access: AccessStore
    clock: Clock
    vault: Vault
    identifiers: Identifiers
    receipts: Receipts
    transport: Transport
    carry: Carry = at_once
    """Takes commits to the disk."""
    faults: Faults = NO_FAULTS
    """What goes wrong on purpose: the sandbox's alone."""
    deaths: Deaths = NO_DEATHS
    """What earlier processes died over."""
    second_look: SecondLook | None = None
    """Finds out what was wrong with a credential: the sandbox's alone."""


class Environment:
    """The stages of one environment, wired to each other in the order of a request's way.

    The caller drives them: :attr:`cycle` commits, the transport posts. In life an event loop does it
    (:mod:`salio.platform.loops`), in a simulation a seeded hand.
    """

    def __init__(
        self,
        outside: Outside,
        *,
        answered: Answered,
        wake: Callable[[], None],
        recorded: Callable[[Sequence[AttemptEnd]], None] = lambda _: None,
        rules: Rules,
    ) -> None:
        """``answered`` is told what became of whoever waits; ``wake`` is called when a stage has work;
        ``recorded`` is told how attempts ended.
        """
        store, clock = outside.store, outside.clock
        self._access = outside.access
        self._store = store
        self.apps = AppRegistry()
        self.refresh_access()
        today = clock.now().date()
        self.throttles = Throttles(today, store.usage(today.isoformat()))
        self.ledger = Ledger.read(store, outside.receipts, clock.now())
        self.notes = NoteLog(wake)
        self.ends = Ends(wake=wake, release=self._release, recorded=recorded)
        self.claims = Claims(
            clock=clock,
            store=store,
            transport=outside.transport,
            ended=self.ends.note,
            faults=outside.faults,
            note=self.notes.note,
            settings=rules.outbox,
        )
        self.diagnosis = Diagnosis(
            clock=clock,
            look=outside.second_look,
            note=self.notes.note,
            passed=self.claims.enqueue,
            wake=wake,
        )
        self.registrations = Registrations(store.registrations(), answered, once=rules.registered_once)
        self.validations = Validations(
            clock=clock,
            transport=outside.transport,
            note=self.notes.note,
            heard=self._heard,
            wake=wake,
            settings=rules.outbox,
        )
        self._directory = store.directory()
        self.processor = self._new_processor(outside, answered, rules)
        self.bearers = Bearers(self._directory, answered)
        self.answers = Answers(clock=clock, heard=self.processor.heard, answered=answered)
        self.intake = self._new_intake(outside, answered, rules)
        self.refusals = RefusalLog(wake)
        self.inbox = Inbox(answered)
        delivering: list[Stage[Any]] = [self.ends, self.claims]
        noting: list[Stage[Any]] = [self.refusals, self.notes, self.inbox]
        doors: list[Stage[Any]] = [self.registrations, self.bearers, self.answers, self.intake]
        self.cycle = Cycle(store, [self.processor, *delivering, *noting, *doors], outside.carry)

    def _new_intake(self, outside: Outside, answered: Answered, rules: Rules) -> Intake:
        return Intake(
            clock=outside.clock,
            identifiers=outside.identifiers,
            numbers=itertools.count(outside.store.next_request_number()),
            answered=answered,
            accepted=self.processor.enqueue,
            waiting=self.processor.waiting,
            most_waiting=rules.most_waiting,
            prompted=self.processor.prompted,
        )

    def _new_processor(self, outside: Outside, answered: Answered, rules: Rules) -> Processor:
        return Processor(
            clock=outside.clock,
            vault=outside.vault,
            store=outside.store,
            apps=self.apps,
            directory=self._directory,
            ledger=self.ledger,
            registrations=self.registrations,
            faults=outside.faults,
            deaths=outside.deaths,
            calm=self._calm,
            note=self.notes.note,
            rules=DecisionRules(operators=rules.operators, longest_wait=rules.longest_wait),
            decided=self.diagnosis.enqueue,
            asked=self.validations.ask,
            act_answered=answered,
        )

    def recover(self) -> None:
        """Takes up what a crash left open: first what was decided, then what was accepted."""
        self.claims.recover(self._store.undelivered())
        self.processor.recover(self._store.undecided())
        for number, word in self._store.customers_words().items():
            self.processor.learn(number, word)

    def shut(self) -> None:
        """The doors take nothing more, and whoever waits at them is told that nothing was kept."""
        self.intake.shut()
        self.processor.shut()
        self.diagnosis.shut()
        self.inbox.shut()
        self.registrations.shut()
        self.bearers.shut()
        self.answers.shut()
        self.validations.shut()

    def due(self) -> int:
        """How much could be decided or delivered now: neither what is held nor what is delayed."""
        return self.processor.due() + self.diagnosis.waiting() + self.claims.due()

    def patience(self) -> float | None:
        """Seconds until something will be due by the clock alone; ``None`` if nothing will."""
        waits = (self.processor.patience(), self.claims.patience())
        return min((each for each in waits if each is not None), default=None)

    def refresh_access(self) -> None:
        """Takes the present apps and revocations."""
        self.apps.refresh(self._access.apps(), self._access.revoked(), self._access.current())

    def _calm(self) -> bool:
        """Whether a death would interrupt no delivery."""
        claims = self.claims
        return not (self.diagnosis.waiting() or claims.due() or claims.in_flight() or self.ends.waiting())

    def organizations(self) -> list[Organization]:
        """Every organization as it stands now."""
        return self._directory.organizations()

    def registration(self, short_code: str) -> Registration | None:
        """What is registered for a short code, if there is such a one."""
        known = self.processor.has_organization(short_code)
        return self.registrations.of(short_code) if known else None

    def ended(self, ends: Sequence[AttemptEnd]) -> None:
        """How attempts ended, and questions."""
        self.ends.note([each for each in ends if not each.asked])
        asked = [each for each in ends if each.asked]
        if asked:
            self.validations.ended(asked)

    def _heard(self, number: int, word: Word) -> bool:
        return self.processor.heard(number, word)

    def _release(self, ends: Sequence[AttemptEnd]) -> None:
        self.claims.release(ends)
