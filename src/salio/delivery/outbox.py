"""The outbox: two stages of the writer's cycle (see :mod:`salio.core.cycle`).

*Claims* marks attempts as started, with their bytes, before they are posted; *Ends* records how they ended
(P3: one attempt, recorded before and after). Ends stands before Claims in the cycle, so that a place that was
freed is claimed in the same turn.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import datetime
from itertools import islice

import msgspec

from salio.core.audit.notes import Note
from salio.core.ports import Clock, Faults, Store, StoreUnavailableError, Unit
from salio.core.requests.deliveries import (
    INTERRUPTED,
    UNREGISTERED,
    UNTOLD,
    Attempt,
    AttemptEnd,
    OpenDelivery,
    address,
)
from salio.core.requests.outcomes import Conclusion, Outcome
from salio.core.requests.provoked import NO_FAULTS
from salio.core.requests.queries import Request
from salio.delivery.copies import Copies
from salio.delivery.delays import Delays
from salio.delivery.hosts import Due, Host, Hosts, OutboxSettings
from salio.delivery.rendering import render, render_reason
from salio.delivery.transport import Transport
from salio.wire.wording import shown

READ_AT_ONCE = 128
"""Deliveries read again from the store in one go."""


class Claims:
    """What is due, and what may leave now."""

    def __init__(
        self,
        *,
        clock: Clock,
        store: Store,
        transport: Transport,
        ended: Callable[[list[AttemptEnd]], None],
        faults: Faults = NO_FAULTS,
        note: Callable[[Note], None] = lambda _: None,
        settings: OutboxSettings | None = None,
    ) -> None:
        """``ended`` takes the ends of attempts that never leave; ``note`` what a fault did to whom."""
        self._clock = clock
        self._store = store
        self._transport = transport
        self._ended = ended
        self._faults = faults
        self._settings = settings or OutboxSettings()
        self._hosts = Hosts(self._settings)
        self._delays = Delays(clock=clock, faults=faults, note=note)
        self._copies = Copies(clock=clock, faults=faults, note=note)

    def waiting(self) -> int:
        """How many deliveries wait for a place, delayed ones too."""
        return self._hosts.waiting() + self._delays.waiting()

    def due(self) -> int:
        """How many of them may leave as soon as there is a place."""
        return self._hosts.waiting() + self._delays.due()

    def stuck(self) -> int:
        """How many of them wait for receivers that do not answer, or were never asked: whoever has room for
        so many others may take them, for none of these will leave soon.
        """
        return self._hosts.stuck()

    def in_flight(self) -> int:
        """How many attempts are under way, from their mark to their end, and copies of them."""
        return self._hosts.in_flight() + self._copies.under_way()

    def patience(self) -> float | None:
        """Seconds until the next turn is due though nobody asks for one; ``None`` if none is."""
        return self._delays.patience()

    def enqueue(self, due: Sequence[tuple[Request, Conclusion]]) -> None:
        """Takes conclusions whose delivery is open, oldest first."""
        for request, conclusion in self._delays.sift(due) if self._faults.in_force else due:
            self._add(request, conclusion)

    def recover(self, open_deliveries: Sequence[OpenDelivery]) -> None:
        """Takes up what a crash left: interrupted once, the same bytes again; twice, the end (P3).

        All of it, or nothing where the store cannot be read: raises StoreUnavailableError.
        """
        begun = [each.number for each in open_deliveries if each.attempt is None]
        chunks = [begun[start : start + READ_AT_ONCE] for start in range(0, len(begun), READ_AT_ONCE)]
        read = [due for chunk in chunks for due in self._read(chunk)]
        for each in open_deliveries:
            if each.attempt is not None:
                self._recover(each.attempt, self._reason(each.outcome, each.cause))
        self.enqueue(read)

    def release(self, ends: Sequence[AttemptEnd]) -> None:
        """Frees the places of attempts that ended; copies hold none."""
        self._hosts.release([each for each in ends if not each.copy])
        for each in ends:
            if each.copy:
                self._copies.ended(each)

    def take(self) -> Sequence[Attempt]:
        """Claims what may leave now, each host in its turn, and renders it."""
        for request, conclusion in self._delays.release():
            self._add(request, conclusion)
        now = self._clock.now()
        claimed: list[Attempt] = []
        with suppress(StoreUnavailableError), closing(self._hosts.turns()) as turns:
            for host in turns:
                due = self._next(host)
                attempt = None if due is None else self._attempt(due, now)
                if due is not None and attempt is not None:
                    self._hosts.claim(attempt.number, host, due, now)
                    claimed.append(attempt)
        return claimed

    def write(self, unit: Unit, batch: Sequence[Attempt]) -> None:
        """Marks the attempts as started, with the bytes that are about to leave."""
        unit.start_attempts(batch)

    def settle(self, batch: Sequence[Attempt]) -> None:
        """The marks are durable: the bytes may leave."""
        self._transport.post(self._copies.doubled(batch))

    def spoil(self, item: Attempt, error: Exception) -> None:
        """The store refused this mark: the delivery ends undelivered, with the reason."""
        self._copies.forget(item.number)
        self._end(item.number, f"it could not be recorded before it left: {_in_words(error)}")

    def is_built_upon(self, item: Attempt) -> bool:
        """Each delivery stands alone."""
        del item
        return False

    def put_back(self, batch: Sequence[Attempt], error: Exception) -> None:
        """The store is out of reach: nothing left; the batch is the next to be claimed again."""
        del error
        for attempt in reversed(batch):
            self._hosts.put_back(attempt.number)

    def _add(self, request: Request, conclusion: Conclusion) -> None:
        url = address(request, conclusion.decision)
        if not url:
            self._end(request.number, UNREGISTERED if conclusion.decision.facts is not None else UNTOLD)
            return
        self._hosts.add(request.number, url, (request, conclusion))

    def _recover(self, attempt: Attempt, told: str | None) -> None:
        if attempt.resent:
            self._end(attempt.number, INTERRUPTED)
        else:
            again = msgspec.structs.replace(attempt, resent=True, reason=told)
            self._hosts.add(attempt.number, attempt.url, again)

    def _next(self, host: Host) -> Due | None:
        """The host's oldest delivery, read again if only its number was kept."""
        if not host.held:
            self._refill(host)
        return host.held.popleft() if host.held else None

    def _refill(self, host: Host) -> None:
        """Raises StoreUnavailableError, and leaves the numbers where they are for a later turn."""
        numbers = list(islice(host.numbers, READ_AT_ONCE))
        due = self._read(numbers)
        for _ in numbers:
            host.numbers.popleft()
        host.held.extend(due)

    def _read(self, numbers: Sequence[int]) -> list[tuple[Request, Conclusion]]:
        """What the store has of these numbers, in their order; one that it lost is told, never dropped."""
        found = {request.number: (request, conclusion) for request, conclusion in self._store.due(numbers)}
        for number in numbers:
            if number not in found:
                self._end(number, "its conclusion is not in the store")
        return [found[number] for number in numbers if number in found]

    def _attempt(self, due: Due, now: datetime) -> Attempt | None:
        if isinstance(due, Attempt):
            return msgspec.structs.replace(due, started_at=now)
        request, conclusion = due
        faults = self._faults
        lost = faults.loss(request.app_number, request.query) if faults.in_force else None
        if lost is not None:
            self._end(request.number, f"lost on purpose: {lost.cause}")
            return None
        try:
            body = render(request, conclusion)
        except MemoryError:
            raise
        except Exception as error:
            self._end(request.number, f"it could not be put into words: {_in_words(error)}")
            return None
        if faults.in_force:
            self._copies.ask(request)
        outcome = conclusion.decision.outcome
        return Attempt(
            number=request.number,
            url=address(request, conclusion.decision),
            body=body,
            started_at=now,
            reason=self._reason(outcome, conclusion.decision.cause),
        )

    def _reason(self, outcome: Outcome, cause: str) -> str | None:
        """What is told beside the bytes; the conclusion never changes, so a resend is told the same."""
        told = self._settings.reasons_told and outcome is not Outcome.SUCCEEDED
        return render_reason(outcome, cause) if told else None

    def _end(self, number: int, fault: str) -> None:
        self._ended([AttemptEnd(number=number, ended_at=self._clock.now(), fault=fault)])


class Ends:
    """How attempts ended, on its way to the store. The counts are for metrics, since the start."""

    def __init__(
        self,
        *,
        wake: Callable[[], None],
        release: Callable[[Sequence[AttemptEnd]], None],
        recorded: Callable[[Sequence[AttemptEnd]], None] = lambda _: None,
    ) -> None:
        """``wake`` tells the writer that there is something to take; ``release`` frees the places;
        ``recorded`` is told what became durable.
        """
        self._wake = wake
        self._release = release
        self._recorded = recorded
        self._noted: deque[AttemptEnd] = deque()
        self.delivered = 0
        self.undelivered = 0
        self.unrecorded = 0
        """Ends that the store refused: these deliveries stay open and are looked at again after a start."""

    def waiting(self) -> int:
        """How many ends are not yet recorded."""
        return len(self._noted)

    def note(self, ends: list[AttemptEnd]) -> None:
        """Takes ends from whoever has them."""
        self._noted.extend(ends)
        self._wake()

    def take(self) -> Sequence[AttemptEnd]:
        """All that ended since the last turn; their places are free from here on. Copies go unrecorded."""
        ends = [self._noted.popleft() for _ in range(len(self._noted))]
        self._release(ends)
        return [each for each in ends if not each.copy]

    def write(self, unit: Unit, batch: Sequence[AttemptEnd]) -> None:
        """Records the ends and closes the deliveries."""
        unit.end_attempts(batch)

    def settle(self, batch: Sequence[AttemptEnd]) -> None:
        """The ends are durable: count them, and say so."""
        self._recorded(batch)
        delivered = sum(each.delivered for each in batch)
        self.delivered += delivered
        self.undelivered += len(batch) - delivered

    def spoil(self, item: AttemptEnd, error: Exception) -> None:
        """The store refused this end: its delivery stays open, and is taken up after the next start."""
        del item, error
        self.unrecorded += 1

    def is_built_upon(self, item: AttemptEnd) -> bool:
        """Each delivery stands alone."""
        del item
        return False

    def put_back(self, batch: Sequence[AttemptEnd], error: Exception) -> None:
        """The store is out of reach: the ends wait."""
        del error
        self._noted.extendleft(reversed(batch))


def _in_words(error: Exception) -> str:
    return shown(f"{type(error).__name__}: {error}", 120)
