"""What came is judged, and its request goes on or ends: some callbacks, one transaction.

A success is never taken back: a failure that comes after it changes nothing, and a success after a failure,
or after a person was called, is another end.
"""

from typing import Any

import msgspec

from salio.receiver.arrivals import Kind
from salio.receiver.judging import APART, Judged, Known, Verdict, judge, read
from salio.tracker import orders, payments
from salio.tracker.ends import State
from salio.tracker.following import decoded
from salio.tracker.payments import Confirmation
from salio.tracker.places import Rows
from salio.tracker.record import Record
from salio.tracker.settings import Patience
from salio.wire.asked import Asked
from salio.wire.callbacks import Result, read_callback
from salio.wire.payments import CustomerPayment
from salio.wire.prompts import PromptQuery

AT_ONCE = 50
"""Callbacks in one transaction, so that whoever wants to keep or to ask waits some milliseconds at most."""

_UNJUDGED = """
SELECT number, kind, nonce, asking, body FROM callback WHERE verdict IS NULL ORDER BY number LIMIT ?
"""
_BY_NONCE = """
SELECT number, request, nonce, query, state, originator_conversation_id, conversation_id
FROM asking WHERE nonce = ?
"""
_BY_NUMBER = """
SELECT number, request, nonce, query, state, originator_conversation_id, conversation_id
FROM asking WHERE number = ?
"""
_BY_IDS = """
SELECT number, request, nonce, query, state, originator_conversation_id, conversation_id
FROM asking WHERE originator_conversation_id = ? OR conversation_id = ? ORDER BY number LIMIT 1
"""
_UNDECIDED_AT_ENDPOINT = "SELECT 1 FROM asking WHERE state = 'asked' AND nonce IS NULL LIMIT 1"
_SOONER = (
    "UPDATE request SET look_at = CASE WHEN look_at > ? THEN ? ELSE look_at END, cause = ? WHERE number = ?"
)
_UNCONFIRMED = """
SELECT callback.number FROM callback JOIN asking ON asking.number = callback.asking
WHERE asking.request = ? AND callback.kind = 'result' AND callback.verdict = 'result'
"""
_CAUSE = "UPDATE request SET cause = ? WHERE number = ? AND state = 'open'"
_END = """
UPDATE request SET state = ?, cause = ?, callback = coalesce(?, callback), look_at = NULL, ended_at = ?
WHERE number = ?
"""
_HANDLE = """
INSERT INTO handling (request, state, ended, cause, callback, tries, look_at, error)
VALUES (?, 'due', ?, ?, ?, 0, 0, '')
"""
_PAYMENT = """
INSERT INTO request (kind, content, subject, state, asked_at, look_at, tries, cause)
VALUES (?, ?, ?, ?, ?, ?, 0, '') ON CONFLICT (subject) DO NOTHING RETURNING number
"""


class Judgement(msgspec.Struct, frozen=True):
    """One callback and what it was found to be."""

    callback: int
    request: int | None
    judged: Judged


class _Asking(msgspec.Struct, frozen=True):
    """A row."""

    number: int
    request: int
    nonce: bytes | None
    query: bytes
    state: str
    originator_conversation_id: str | None
    conversation_id: str | None

    @property
    def asked(self) -> Asked:
        return decoded(self.query)

    def known(self) -> Known:
        return Known(
            asked=self.asked,
            originator_conversation_id=self.originator_conversation_id,
            conversation_id=self.conversation_id,
            has_address=self.nonce is not None,
            undecided=self.state == "asked",
        )


def settle(record: Record, patience: Patience, *, confirm_payments: bool = True) -> list[Judgement]:
    """Judges what has come, up to so many; what was found. Nothing to judge costs one look."""
    if not record.rows(_UNJUDGED, [1]):
        return []
    with record.transaction() as rows:
        settling = _Settling(rows, record, patience, confirm_payments=confirm_payments)
        return [settling.judge(*row) for row in rows.execute(_UNJUDGED, [AT_ONCE]).fetchall()]


def end(rows: Rows, request: int, state: State, cause: str, callback: int | None, now: int) -> None:
    """Ends a request, and makes its end the handler's."""
    rows.execute(_END, (state.value, cause, callback, now, request))
    rows.execute(_HANDLE, (request, state.value, cause, callback))


class _Settling:
    """What one transaction judges by."""

    def __init__(self, rows: Rows, record: Record, patience: Patience, *, confirm_payments: bool) -> None:
        self._rows = rows
        self._now = record.now()
        self._trouble = record.trouble
        self._patience = patience
        self._confirm_payments = confirm_payments

    def judge(
        self, callback: int, kind: str, nonce: bytes | None, asking: int | None, body: bytes
    ) -> Judgement:
        """One callback: its verdict is kept, and done. One that cannot be judged keeps no other from it."""
        self._rows.execute("SAVEPOINT callback")
        try:
            answered = asking if kind == Kind.ANSWER.value else None
            return self._judged(callback, Kind(kind), nonce, answered, body)
        except self._trouble:
            raise  # the store's trouble, not the callback's
        except Exception as error:
            self._rows.execute("ROLLBACK TO callback")
            return self._kept(callback, None, Judged(Verdict.UNREADABLE, type(error).__name__))
        finally:
            self._rows.execute("RELEASE callback")

    def _judged(
        self, callback: int, kind: Kind, nonce: bytes | None, answered: int | None, body: bytes
    ) -> Judgement:
        """`answered`: the asking whose answer it is, of what is answered at once."""
        told = read(body)
        if isinstance(told, Judged):
            return self._kept(callback, None, told)
        own_address = nonce is not None or answered is not None
        asking = self._asking(nonce, answered, told)
        others = not own_address and bool(self._rows.execute(_UNDECIDED_AT_ENDPOINT).fetchone())
        known = asking.known() if asking else None
        judged = judge(kind, told, known, own_address=own_address, others=others)
        if isinstance(told, CustomerPayment):
            return self._kept(callback, None, self._paid(judged, told, body, callback))
        if asking is None or judged.verdict in APART or judged.verdict is Verdict.EARLY:
            return self._kept(callback, asking, judged)
        return self._kept(callback, asking, self._done(judged, told, asking, callback))

    def _asking(
        self, nonce: bytes | None, answered: int | None, told: Result | CustomerPayment
    ) -> _Asking | None:
        if answered is not None:
            found = self._rows.execute(_BY_NUMBER, [answered]).fetchone()
        elif nonce is not None:
            found = self._rows.execute(_BY_NONCE, [nonce]).fetchone()
        elif isinstance(told, Result):
            ids = (told.originator_conversation_id, told.conversation_id)
            found = self._rows.execute(_BY_IDS, ids).fetchone()
        else:
            found = None
        return _Asking(*found) if found else None

    def _kept(self, callback: int, asking: _Asking | None, judged: Judged) -> Judgement:
        values = (judged.verdict.value, judged.why, asking.number if asking else None, callback)
        self._rows.execute("UPDATE callback SET verdict = ?, why = ?, asking = ? WHERE number = ?", values)
        return Judgement(callback, asking.request if asking else None, judged)

    # --- what follows ---------------------------------------------------------------------------------

    def _done(self, judged: Judged, told: Result, asking: _Asking, callback: int) -> Judged:
        match judged.verdict:
            case Verdict.NOTICE:
                return self._sooner(judged, asking.request, "a notice: it waited too long")
            case Verdict.RESULT:
                return self._result(judged, told, asking, callback)
            case _:
                return judged

    def _sooner(self, judged: Judged, request: int, cause: str) -> Judged:
        """Nothing is known: an open request is late sooner. One that has ended does not care."""
        state, _, _, tries = self._request(request)
        if state is not State.OPEN:
            return Judged(Verdict.LATE, f"{judged.verdict.value}, and it had ended before")
        late = self._now + round(1000 * self._patience.pause(self._patience.unknown, tries - 1, 0))
        self._rows.execute(_SOONER, (late, late, cause, request))
        return judged

    def _result(self, judged: Judged, told: Result, asking: _Asking, callback: int) -> Judged:
        request = asking.request
        state, kind, content, _ = self._request(request)
        if kind == payments.KIND:
            return self._confirmation(judged, told, request, callback)
        if self._confirm_payments and asking.nonce is None and orders.needs_confirmation(asking.asked, told):
            return self._unconfirmed(judged, request, state)
        standing = orders.standing(decoded(content), asking.asked, told)
        if standing.state is State.OPEN:
            return self._undecided(judged, told, request, standing.why)
        settles = standing.state is State.SETTLED and state is State.FAILED
        if state in (State.OPEN, State.NEEDS_A_PERSON) or settles:
            told_by = (standing.state is State.SETTLED and self._confirmed(asking)) or callback
            end(self._rows, request, standing.state, standing.why, told_by, self._now)
            return judged
        return Judged(
            Verdict.LATE, "it was settled before" if state is State.SETTLED else "it had failed before"
        )

    def _unconfirmed(self, judged: Judged, request: int, state: State) -> Judged:
        """A prompt's success by whoever knows the address that all share: its query is asked at once. After a
        failure, which the customer was told too, a person decides.
        """
        if state is State.SETTLED:
            return Judged(Verdict.LATE, "it was settled before")
        why = "a success that only its callback tells"
        if state is State.FAILED:
            end(self._rows, request, State.NEEDS_A_PERSON, f"it had failed before {why}", None, self._now)
        elif state is State.OPEN:
            self._rows.execute(_SOONER, (self._now, self._now, why, request))
        return judged

    def _confirmed(self, asking: _Asking) -> int | None:
        """The callback that a prompt's query confirms, which tells the receipt too, if there is one alone."""
        if not isinstance(asking.asked, PromptQuery):
            return None
        found = self._rows.execute(_UNCONFIRMED, [asking.request]).fetchall()
        return int(found[0][0]) if len(found) == 1 else None

    def _undecided(self, judged: Judged, told: Result, request: int, why: str) -> Judged:
        """A result that says that nobody knows makes an open request late sooner; a status query that has
        found nothing, or nothing final, does not.
        """
        if told.code in orders.INCONCLUSIVE:
            return self._sooner(judged, request, why)
        self._rows.execute(_CAUSE, (why, request))
        return judged

    def _request(self, request: int) -> tuple[State, str, bytes, int]:
        statement = "SELECT state, kind, content, tries FROM request WHERE number = ?"
        state, kind, content, tries = self._rows.execute(statement, [request]).fetchone()
        return State(state), kind, content, tries

    # --- payments -------------------------------------------------------------------------------------

    def _paid(self, judged: Judged, payment: CustomerPayment, body: bytes, callback: int) -> Judged:
        if judged.verdict is not Verdict.PAYMENT:
            return judged
        values: tuple[Any, ...] = (payments.KIND, body, payments.subject(payment), State.OPEN.value)
        made = self._rows.execute(_PAYMENT, (*values, self._now, self._now)).fetchone()
        if made is None:
            return Judged(Verdict.LATE, "this payment was told before")
        if not self._confirm_payments:
            end(self._rows, made[0], State.SETTLED, "", callback, self._now)
        return judged

    def _confirmation(self, judged: Judged, told: Result, request: int, callback: int) -> Judged:
        state, _, content, _ = self._request(request)
        payment = read_callback(content)
        if state in (State.SETTLED, State.FAILED) or not isinstance(payment, CustomerPayment):
            return Judged(Verdict.LATE, "the payment was decided before")
        finding = payments.confirmed(payment, told)
        match finding.confirmation:
            case Confirmation.CONFIRMED:
                end(self._rows, request, State.SETTLED, "", callback, self._now)
            case Confirmation.CONTRADICTED:
                cause = f"not what was paid: {finding.why}"
                end(self._rows, request, State.FAILED, cause, callback, self._now)
            case Confirmation.UNKNOWN:
                self._rows.execute(_CAUSE, (finding.why, request))
        return judged
