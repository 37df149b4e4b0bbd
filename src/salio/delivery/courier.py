"""The courier: posts attempts over HTTP, each exactly once, and tells how each ended.

Somebody steps it, one thread only. What a POST may not do is in :mod:`salio.delivery.lines`.
"""

import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import pycurl

from salio.core.ports import Clock
from salio.core.requests.deliveries import Attempt, AttemptEnd
from salio.delivery.addresses import AddressRules, check_url
from salio.delivery.faults import in_words
from salio.delivery.lines import CourierSettings, Line, Way, system_certificates
from salio.delivery.names import Beside, Found, Names, NameSettings, look_up, place
from salio.delivery.watch import Watch
from salio.wire.wording import shown

MOST_IDLE = 256
"""Lines and connections kept for reuse; the rest go when they have done their work."""

LONGEST_BLIND = 0.02
"""Seconds between steps while libcurl has anything to do: a net below the edges that its sockets show."""

SIGHTLESS = 0.005
"""The same where sockets cannot be watched."""

SECOND_TIME = (pycurl.E_COULDNT_CONNECT, pycurl.E_ABORTED_BY_CALLBACK)
"""What libcurl says when it wanted to send a request again after the connection died, and was refused."""


NO_MEMORY = (pycurl.E_OUT_OF_MEMORY, pycurl.E_FAILED_INIT)
"""libcurl's codes for what is no receiver's fault and no attempt's end: the process has no memory."""
NO_MEMORY_FOR_ALL = (pycurl.E_MULTI_OUT_OF_MEMORY,)
"""The same of the multi interface, whose codes are others."""


class Courier:
    """A transport by libcurl's multi interface. ``ended`` is called by whoever steps, once a step."""

    def __init__(
        self,
        *,
        clock: Clock,
        rules: AddressRules,
        ended: Callable[[list[AttemptEnd]], None],
        beside: Beside,
        seconds: Callable[[], float],
        settings: CourierSettings | None = None,
    ) -> None:
        """``beside`` is where names are looked up, ``seconds`` the machine's own monotonic time, by which
        libcurl's limits go too: an environment's clock may stand still.
        """
        self._clock = clock
        self._rules = rules
        self._ended = ended
        self._settings = settings or CourierSettings()
        self.certificates = self._settings.certificates or system_certificates()
        """The bundle that https is checked against; ``None`` means that every https POST will fail."""
        self.watch = Watch()
        """Whether anything has happened to what is under way."""
        self._multi: Any = _new_multi()
        self._posted: deque[Attempt] = deque()
        self._names = Names(
            look_up=partial(look_up, rules=rules),
            beside=beside,
            wake=self.watch.ring,
            seconds=seconds,
            settings=NameSettings(
                longest_wait=self._settings.connect_seconds,
                remembered_seconds=self._settings.remembered_seconds,
            ),
        )
        self._idle: list[Line] = []
        self._busy: dict[Any, Line] = {}

    def busy(self) -> int:
        """How many attempts are posted and have not ended."""
        return len(self._posted) + self._names.waiting() + len(self._busy)

    def post(self, attempts: Sequence[Attempt]) -> None:
        """Takes attempts; they leave in the next step."""
        self._posted.extend(attempts)

    def step(self) -> bool:
        """Starts what was posted, moves what is under way, tells what ended; whether anything did."""
        if self._posted:
            self.watch.clear()  # of connections that ended meanwhile none is to be used again
        ends = [end for end in map(self._start, self._take()) if end is not None]
        if self._names.waiting():
            self._go_on(ends)
        if self._busy:
            self._move(ends)
        if ends:
            self._ended(ends)
        return bool(ends)

    def patience(self) -> float | None:
        """Seconds until the next step is due though nothing happens; ``None`` with nothing under way."""
        patience = self._names.patience()
        if self.watch.descriptor is None and patience is not None:
            patience = min(patience, SIGHTLESS)
        if not self._busy:
            return patience
        longest = SIGHTLESS if self.watch.descriptor is None else LONGEST_BLIND
        wanted = self._multi.timeout() / 1000
        return min(longest if wanted < 0 else wanted, longest if patience is None else patience, longest)

    def drop(self) -> None:
        """Lets go of all that was posted and has not ended; nobody is told how it would have ended."""
        self._posted.clear()
        self._names.drop()
        for line in self._busy.values():
            self._multi.remove_handle(line.handle)
            line.handle.close()
        self._busy.clear()

    def close(self) -> None:
        """Drops everything, look-ups too; attempts under way stay open in the store, and leave again."""
        self.drop()
        for line in self._idle:
            line.handle.close()
        self._idle.clear()
        self._multi.close()
        self.watch.close()

    def _take(self) -> list[Attempt]:
        return [self._posted.popleft() for _ in range(len(self._posted))]

    def _start(self, attempt: Attempt) -> AttemptEnd | None:
        """Sends an attempt on its way; its end at once if it cannot leave."""
        reason = check_url(attempt.url, self._rules)
        if reason is not None:
            return self._fail(attempt, f"address not allowed: {reason}")
        named = place(attempt.url)
        if named is None:
            return self._leave(attempt)
        found = self._names.ask(named.name, attempt)
        return None if found is None else self._lead(attempt, found)

    def _go_on(self, ends: list[AttemptEnd]) -> None:
        """Sends those on their way whose names were found."""
        for each in self._names.step():
            end = self._lead(each.attempt, each.found, each.seconds)
            if end is not None:
                ends.append(end)

    def _lead(self, attempt: Attempt, found: Found, waited: float = 0.0) -> AttemptEnd | None:
        named = place(attempt.url)
        if found.fault is not None or named is None:
            return self._fail(attempt, found.fault)
        return self._leave(attempt, Way(named.name, named.port, found.addresses, waited))

    def _leave(self, attempt: Attempt, way: Way | None = None) -> AttemptEnd | None:
        try:
            line = self._idle.pop() if self._idle else Line(self._settings, self._rules, self.watch)
            line.load(attempt, way)
            self._multi.add_handle(line.handle)
        except MemoryError:
            raise
        except Exception as error:  # whatever it is, this attempt ends and the others leave
            _require_memory(error, NO_MEMORY)
            return self._fail(attempt, f"it cannot be posted: {shown(str(error), 120)}")
        self._busy[line.handle] = line
        return None

    def _move(self, ends: list[AttemptEnd]) -> None:
        try:
            self._multi.perform()
            self._collect(ends)
        except pycurl.error as error:
            _require_memory(error, NO_MEMORY_FOR_ALL)
            ends += self._give_up(str(error))

    def _collect(self, ends: list[AttemptEnd]) -> None:
        left, now = 1, self._clock.now()
        while left:
            left, succeeded, failed = self._multi.info_read()
            ends += [self._finish(handle, now) for handle in succeeded]
            ends += [self._finish(handle, now, code, message) for handle, code, message in failed]

    def _finish(self, handle: Any, now: datetime, code: int = 0, message: str = "") -> AttemptEnd:
        line = self._busy.pop(handle)
        attempt, status = line.attempt, handle.getinfo(pycurl.RESPONSE_CODE) or None
        assert attempt is not None  # noqa: S101 - a busy line has its attempt
        fault = self._fault(line, code, message) if code else None
        answer = bytes(line.answer) if attempt.asks else b""
        self._put_away(line)
        return _end(attempt, now, status=status, fault=fault, answer=answer)

    def _fault(self, line: Line, code: int, message: str) -> str | None:
        """What was wrong. An answer longer than the cap is no fault: the status alone judges (P14)."""
        if code == pycurl.E_FILESIZE_EXCEEDED:
            return None
        if code in NO_MEMORY:
            raise MemoryError(message)
        if line.sent and code in SECOND_TIME:
            code = pycurl.E_GOT_NOTHING
        if line.refused is not None and code == pycurl.E_COULDNT_CONNECT:
            return line.refused
        return in_words(
            code,
            message,
            line.handle.getinfo(pycurl.OS_ERRNO),
            connect_seconds=self._settings.connect_seconds,
            total_seconds=self._total(line),
        )

    def _total(self, line: Line) -> float:
        asks = line.attempt is not None and line.attempt.asks
        return self._settings.question_seconds if asks else self._settings.total_seconds

    def _put_away(self, line: Line) -> None:
        self._multi.remove_handle(line.handle)
        line.attempt = None
        if len(self._idle) < MOST_IDLE:
            self._idle.append(line)
        else:
            line.handle.close()

    def _give_up(self, reason: str) -> list[AttemptEnd]:
        """libcurl itself failed: everything under way ends, and a new start is made."""
        attempts = [line.attempt for line in self._busy.values() if line.attempt is not None]
        with contextlib.suppress(pycurl.error):
            self._multi.close()
        self._busy.clear()
        self._multi = _new_multi()
        return [self._fail(each, f"the courier failed: {shown(reason, 120)}") for each in attempts]

    def _fail(self, attempt: Attempt, fault: str | None) -> AttemptEnd:
        return _end(attempt, self._clock.now(), fault=fault)


def _end(
    attempt: Attempt,
    at: datetime,
    *,
    status: int | None = None,
    fault: str | None = None,
    answer: bytes = b"",
) -> AttemptEnd:
    return AttemptEnd(
        number=attempt.number,
        ended_at=at,
        status=status,
        fault=fault,
        copy=attempt.copy,
        asked=attempt.asks,
        answer=answer,
    )


def _require_memory(error: Exception, codes: tuple[int, ...]) -> None:
    """Raises MemoryError if that is what libcurl means by one of these codes."""
    if isinstance(error, pycurl.error) and error.args[0] in codes:
        raise MemoryError(str(error)) from error


def _new_multi() -> Any:
    multi = pycurl.CurlMulti()
    multi.setopt(pycurl.M_MAXCONNECTS, MOST_IDLE)
    return multi
