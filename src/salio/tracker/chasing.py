"""What is late, and what is asked then: always a query, which changes nothing, and only so often.

A balance and a status are asked for again. An order is never sent again: its status is asked for, and
belongs to it. Whether a customer's payment was made is asked by its receipt;
that status query belongs to the payment, so nobody ever asks for the status of a status query.
"""

import msgspec

from salio.tracker import orders, payments
from salio.tracker.ends import State
from salio.tracker.following import decoded, give_up_acknowledgements
from salio.tracker.record import Record
from salio.tracker.settings import Patience
from salio.tracker.settling import end
from salio.wire.asked import Query
from salio.wire.callbacks import read_callback
from salio.wire.payments import CustomerPayment

_LATE = """
SELECT request.number, kind, content, tries, cause, originator_conversation_id, conversation_id
FROM request LEFT JOIN asking ON asking.number = (
  SELECT min(first.number) FROM asking AS first WHERE first.request = request.number)
WHERE look_at <= ? AND request.state = 'open' ORDER BY look_at LIMIT 1
"""
_TRIED = "UPDATE request SET look_at = ?, tries = tries + 1 WHERE number = ?"


class _Late(msgspec.Struct, frozen=True):
    """A row."""

    number: int
    kind: str
    content: bytes
    tries: int
    cause: str
    originator_conversation_id: str | None
    """Of its first asking, as it was acknowledged, or sent; and the next."""
    conversation_id: str | None

    @property
    def query(self) -> Query | None:
        if self.kind != payments.KIND:
            return orders.question(
                decoded(self.content), self.originator_conversation_id, self.conversation_id
            )
        payment = read_callback(self.content)
        return payments.question(payment) if isinstance(payment, CustomerPayment) else None

    @property
    def why(self) -> str:
        if self.query is None and self.kind == payments.KIND:
            return "a payment that does not name its short code"
        if self.query is None:
            return f"{orders.NOTHING_TO_ASK_BY}; {self.cause}".removesuffix("; ")
        return f"no result after {self.tries} askings; {self.cause}".removesuffix("; ")


class Chase(msgspec.Struct, frozen=True):
    """One request that is late, and what to ask."""

    request: int
    query: Query


def next_late(record: Record, patience: Patience, chance: float) -> Chase | None:
    """The one that has been late longest. That it is asked for is noted before it is done, so that whoever
    dies of it does not do so for ever; one that was asked for so often is a person's. Whoever has lost the
    turn has none.
    """
    now = record.now()
    silent_since = now - round(patience.acknowledgement * 1000)
    if not record.rows(_LATE, [now]) and not _silent(record, silent_since):
        return None
    with record.transaction() as rows:
        if record.turn_is_lost(rows):
            return None
        give_up_acknowledgements(rows, silent_since)
        while (row := rows.execute(_LATE, [now]).fetchone()) is not None:
            late = _Late(*row)
            if late.query is not None and late.tries < patience.askings:
                pause = patience.pause(patience.result, late.tries, chance)
                rows.execute(_TRIED, (now + round(pause * 1000), late.number))
                return Chase(late.number, late.query)
            end(rows, late.number, State.NEEDS_A_PERSON, late.why, None, now)
    return None


def _silent(record: Record, since: int) -> bool:
    statement = "SELECT 1 FROM asking WHERE state = 'asked' AND asked_at <= ? LIMIT 1"
    return bool(record.rows(statement, [since]))
