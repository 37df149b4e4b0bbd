"""The deciding process: takes what gateways accepted, decides, and commits under the lease."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from salio.core.access.registry import AppRegistry
from salio.core.audit.notes import NoteLog
from salio.core.cycle import Cycle
from salio.core.ledger.ledger import Ledger
from salio.core.ports import Receipts
from salio.core.requests.decided import Decided
from salio.core.requests.deliveries import AttemptEnd
from salio.core.requests.judge import DecisionRules
from salio.core.requests.processor import Processor
from salio.core.requests.queries import ExpressPayment
from salio.core.requests.registrations import Registrations
from salio.core.requests.validation import Asked, Word
from salio.delivery.addresses import SANDBOX as SANDBOX_ADDRESSES
from salio.delivery.courier import Courier
from salio.delivery.validations import Validations
from salio.platform import metrics
from salio.platform.clock import SystemClock
from salio.platform.loops import Rounds, Writer
from salio.platform.processes.feed import BREATH, Feed
from salio.platform.processes.shared import Shared
from salio.platform.tenancy import wait_to_lead
from salio.platform.threads import Threads
from salio.storage.postgres.connection import waiting
from salio.vault.credentials import CredentialReader

MOST_IN_HAND = 2_048
"""Requests read from the store and not yet decided, but for those that wait for somebody's word: were they
counted, one organization that does not answer would soon be all that is in hand.
"""

MOST_AT_ONCE = 256
"""Of them in a turn: nobody's acknowledgement waits for it, and what waits when others were faster is soon
caught up with.
"""


class Core:
    """One life: from the moment that the lease is this process's to the moment that it is not."""

    def __init__(
        self,
        shared: Shared,
        vault: CredentialReader,
        receipts: Receipts,
        rules: DecisionRules,
        *,
        most_in_hand: int = MOST_IN_HAND,
    ) -> None:
        self._shared = shared
        self._vault = vault
        self._receipts = receipts
        self._rules = rules
        self._most_in_hand = most_in_hand
        self._in_hand: set[int] = set()
        self._prompting: set[int] = set()
        """Those of them that a customer answers."""
        self._feed = Feed(self._look)
        self._look_ups = Threads("names")
        self._courier = Courier(
            clock=shared.clock,
            rules=SANDBOX_ADDRESSES,
            ended=self._answered,
            beside=self._look_ups.begin,
            seconds=SystemClock().monotonic,
        )
        """Asks organizations whether they take a payment; what they are told leaves from other processes."""
        self._rounds = Rounds(self._courier)
        self._count = 0
        self._deciding = False
        self.show_metrics = metrics.page(
            {
                "salio_requests_decided": ("Requests decided here", lambda: self._count),
                **metrics.conflict_counts(lambda: self._cycle.conflicts if self._deciding else 0),
            },
            {
                "salio_deciding": ("Whether this process decides; 0: it waits", lambda: int(self._deciding)),
                "salio_epoch": (
                    "How often the right to decide has changed hands",
                    lambda: shared.tenure.epoch,
                ),
                "salio_requests_in_hand": (
                    "Requests read here and not yet decided",
                    lambda: len(self._in_hand),
                ),
            },
        )

    def ready(self) -> bool:
        """Whether it decides, or could at once if the other died."""
        return self._shared.in_touch()

    async def run(self, stopped: asyncio.Event, ready: Callable[[], None]) -> None:
        """Waits for the lease, then decides until it is stopped. Raises LostTenureError."""
        shared, log = self._shared, structlog.get_logger()
        ready()
        async with shared.until(stopped, wait_to_lead(shared.tenure, shared.renewed)) as led:
            if not led:
                return
        log.info("deciding", process=shared.name)
        await waiting(self._begin)
        async with shared.running(
            stopped,
            self._shared.follow_registrations(self._registrations),
            self._rounds.run(),
            self._feed.run(),
            shared.listen("intake", self._feed.tell),
            shared.follow(self._refresh),
        ):
            running = asyncio.create_task(self._writer.run())
            self._deciding = True
            self._writer.wake()
            await stopped.wait()
            self._writer.stop()
            await running

    def close(self) -> None:
        """Lets go of everything; what is undecided is for the next who leads."""
        self._courier.close()
        self._look_ups.close()
        self._shared.close()

    def _begin(self) -> None:
        """Reads everything that decisions look at: only now can nobody else change it."""
        store = self._shared.store
        self._apps = AppRegistry()
        self._registrations = Registrations(store.registrations(), lambda _: None)
        self._refresh()
        self._notes = NoteLog(self._wake)
        self._validations = Validations(
            clock=self._shared.clock,
            transport=self._rounds,
            note=self._notes.note,
            heard=self._heard,
            wake=self._wake,
        )
        self._processor = Processor(
            clock=self._shared.clock,
            vault=self._vault,
            store=self._shared.reading,
            apps=self._apps,
            directory=store.directory(),
            ledger=Ledger.read(store, self._receipts, self._shared.clock.now()),
            registrations=self._registrations,
            note=self._notes.note,
            rules=self._rules,
            decided=self._decided,
            asked=self._ask,
            act_answered=lambda _: None,
            most_at_once=MOST_AT_ONCE,
        )
        self._cycle = Cycle(store, [self._processor, self._notes], self._shared.carry)
        self._writer = Writer(self._cycle, self._processor.patience, breath=lambda: BREATH)

    def _answered(self, ends: list[AttemptEnd]) -> None:
        self._validations.ended(ends)

    def _ask(self, asked: Sequence[Asked]) -> None:
        """Whoever waits for a word, an organization's or a customer's, makes room for others."""
        self._validations.ask(asked)
        self._feed.room()

    def _heard(self, number: int, word: Word) -> bool:
        return self._processor.heard(number, word)

    def _wake(self) -> None:
        self._writer.wake()

    def _refresh(self) -> None:
        access = self._shared.access
        self._apps.refresh(access.apps(), access.revoked(), access.current())

    async def _look(self) -> bool:
        room = self._most_in_hand - len(self._in_hand) + self._processor.asking()
        if room <= 0:
            return True
        found = await waiting(self._shared.work.undecided, list(self._in_hand), room)
        self._in_hand.update(each.request.number for each in found)
        self._prompting.update(
            each.request.number for each in found if isinstance(each.request.query, ExpressPayment)
        )
        self._processor.enqueue(found)
        self._writer.wake()
        if self._prompting:
            await self._hear_customers()
        return len(found) == room

    async def _hear_customers(self) -> None:
        """Gateways keep what customers answer; the store tells of it as it does of new requests."""
        words = await waiting(self._shared.work.customers_words)
        for number in self._prompting & words.keys():
            self._processor.learn(number, words[number])
        self._writer.wake()

    def _decided(self, decided: Sequence[Decided]) -> None:
        self._count += len(decided)
        ended = {each.accepted.request.number for each in decided}
        self._in_hand -= ended
        self._prompting -= ended
        self._feed.room()
