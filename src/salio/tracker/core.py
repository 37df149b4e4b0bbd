"""One turn of everything, and waiting for one result: each step that leaves the record is yielded to a
shell.
"""

import logging
import math
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import TypeVar

import msgspec

from salio.client.errors import ResultLate, SalioError
from salio.receiver.app import Receiver
from salio.receiver.judging import APART
from salio.tracker import chasing, following, handling
from salio.tracker.agreed import agree
from salio.tracker.ends import Ending, State
from salio.tracker.errors import EndedWithoutResult, NeedsAPerson, RecordUnavailable
from salio.tracker.following import Noted
from salio.tracker.handlers import InTransaction
from salio.tracker.outside import Outside
from salio.tracker.record import Record, RecordStore
from salio.tracker.settings import Endpoint, Patience
from salio.tracker.settling import Judgement, settle
from salio.tracker.waiting import Alarm, Waiters
from salio.wire.answers import Acknowledgement
from salio.wire.asked import Asked, Query
from salio.wire.callbacks import Result, read_result

T = TypeVar("T")

LOG = logging.getLogger("salio.tracker")
CHASES = 20
"""Askings in one turn, so that what comes meanwhile is not kept waiting."""
TURNS_APART = 0.005
"""Seconds that are at least between two turns of those who wait, however many they are."""
FIRST_WAIT = 0.01
"""Seconds between two looks for a result; twice as long each time, up to the longest."""
LONGEST_WAIT = 0.25
FALLBACK = 5.0
"""Seconds between two looks of whoever is woken anyway."""

_STANDING = """
SELECT state, cause, body FROM request LEFT JOIN callback ON callback.number = request.callback
WHERE request.number = ?
"""
_NEWEST = "SELECT coalesce(max(number), 0) FROM handling"
_ENDED = "SELECT number, request FROM handling WHERE number > ? ORDER BY number"


@contextmanager
def _though_not_noted(what: str, noted: Noted) -> Iterator[None]:
    """Whoever asked is told what became of it, and not that the record could not be: that would pass for a
    request that was never sent. The record finds out later, as of one whose asker died.
    """
    try:
        yield
    except RecordUnavailable as error:
        LOG.warning("%s was not noted of request %d: %s", what, noted.request, error)


class Ask(msgspec.Struct, frozen=True):
    """Ask this, as one more asking of the request; tell the error, or None."""

    query: Query
    request: int


class Tell(msgspec.Struct, frozen=True):
    """Run the handler; tell what it raised, or None."""

    ending: Ending


class Wait(msgspec.Struct, frozen=True):
    """Let these seconds pass, or fewer if the alarm is set; tell None."""

    seconds: float


Step = Ask | Tell | Wait
Told = Exception | None
Steps = Generator[Step, Told, T]


class Core:
    """All that both shells share."""

    def __init__(self, record: Record, endpoint: Endpoint, patience: Patience, outside: Outside) -> None:
        endpoint.check()
        self.record = record
        self.outside = outside
        self._endpoint = endpoint
        self._patience = patience
        self._turned_at = -TURNS_APART
        self._waiters = Waiters()
        self.receiver = Receiver(
            RecordStore(record, kept=self._waiters.wake_leader),
            record.keys,
            allowed=endpoint.allowed,
            limits=endpoint.limits,
        )
        agree(record, endpoint, patience)

    # --- one request ----------------------------------------------------------------------------------

    def note(self, asked: Asked, request: int | None) -> Noted:
        """What is about to be sent."""
        return following.note(self.record, asked, self._endpoint, self._patience, request)

    def acknowledged(self, noted: Noted, acknowledgement: Acknowledgement, *, first: bool) -> None:
        """It was accepted."""
        with _though_not_noted("an acknowledgement", noted):
            following.acknowledged(self.record, noted, acknowledgement, self._patience, first=first)

    def failed(self, noted: Noted, error: SalioError, *, first: bool) -> None:
        """It was not, or nobody knows."""
        with _though_not_noted("a failure", noted):
            following.failed(self.record, noted, error, self._patience, first=first)

    def waiting(self, request: int, timeout: float | None, handler: object, alarm: Alarm) -> Steps[Result]:
        """Waits for the result of a request; whoever leads those who wait takes turns meanwhile.

        Raises:
            ResultLate: none came in so many seconds.
            NeedsAPerson: none came, and it was asked for often enough.
            EndedWithoutResult: a person has decided; or it was never accepted, or never paid.
        """
        ends_at = math.inf if timeout is None else self.outside.monotonic() + timeout
        self._waiters.enter(alarm, request, self.record.rows(_NEWEST)[0][0])
        try:
            wait = FIRST_WAIT
            while True:
                alarm.clear()
                pause = FALLBACK
                if self._waiters.leads(alarm):
                    turned = yield from self._turn_of_those_who_wait(handler)
                    pause = wait if turned else TURNS_APART
                    wait = min(LONGEST_WAIT, wait * 2)
                found = self._result(request)
                if found is not None:
                    return found
                left = ends_at - self.outside.monotonic()
                if left <= 0:
                    raise ResultLate(f"no result in {timeout:g} s; request {request} is followed further")
                yield Wait(min(pause, left))
        finally:
            self._waiters.leave(alarm)

    def _turn_of_those_who_wait(self, handler: object) -> Steps[bool]:
        """Whether it is time for one."""
        now = self.outside.monotonic()
        if now - self._turned_at < TURNS_APART:
            return False
        self._turned_at = now
        yield from self.turn(handler)
        return True

    def _result(self, request: int) -> Result | None:
        rows = self.record.rows(_STANDING, [request])
        state, cause, body = rows[0] if rows else ("forgotten", "there is none of that number", None)
        if state == State.NEEDS_A_PERSON.value:
            raise NeedsAPerson(f"request {request}: {cause}")
        found = read_result(body) if isinstance(body, bytes) else None
        if found is not None and not (state == State.FAILED.value and found.succeeded):
            return found  # else its own result is lost: a query succeeded, and says that nothing was paid
        if state != State.OPEN.value:
            raise EndedWithoutResult(f"request {request} is {state}: {cause}")
        return None

    # --- all of them ----------------------------------------------------------------------------------

    def settle(self) -> list[Judgement]:
        """Judges what has come; what is kept apart is said in the log."""
        found = settle(self.record, self._patience, confirm_payments=self._endpoint.confirm_payments)
        for each in found:
            if each.judged.verdict in APART:
                LOG.warning(
                    "callback %d is %s: %s", each.callback, each.judged.verdict.value, each.judged.why
                )
        return found

    def say(self, error: Exception) -> None:
        """What kept a turn from its end, in the log: the next one tries again."""
        LOG.error("a turn failed", exc_info=error)

    def turn(self, handler: object) -> Steps[None]:
        """What has come is judged; then, unless somebody else is at it, handlers are told and what is late is
        asked for. Without a handler, ends wait for one.
        """
        while self.settle():
            pass
        self._wake_waiters()
        with self.record.alone() as alone:
            if alone:
                if handler is not None:
                    yield from self._tell_all(handler)
                yield from self._chase_some()

    def _wake_waiters(self) -> None:
        """For whatever has ended, whoever of all processes has ended it."""
        if self._waiters:
            ended = self.record.rows(_ENDED, [self._waiters.seen])
            if ended:
                self._waiters.wake((request for _, request in ended), ended[-1][0])

    def _tell_all(self, handler: object) -> Steps[None]:
        for ending in handling.due(self.record):
            if not handling.begin(self.record, self._patience, ending):
                continue
            if isinstance(handler, InTransaction):
                error: Exception | None = handling.within(self.record, ending, handler.write)
            else:
                self._waiters.pass_on()
                error = yield Tell(ending)
                if error is None:
                    handling.finish(self.record, ending)
            if error is not None:
                LOG.error(
                    "the handler failed at end %d of request %d",
                    ending.number,
                    ending.request,
                    exc_info=error,
                )
                handling.fail(self.record, self._patience, ending, error)

    def _chase_some(self) -> Steps[None]:
        """Whatever keeps one asking from being acknowledged would keep others from it too: they wait."""
        for _ in range(CHASES):
            chase = chasing.next_late(self.record, self._patience, self.outside.chance())
            if chase is None:
                return
            self._waiters.pass_on()
            error = yield Ask(chase.query, chase.request)
            if error is not None:
                LOG.warning("request %d could not be asked for: %s", chase.request, error)
                return
