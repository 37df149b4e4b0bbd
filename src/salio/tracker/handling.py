"""Whose end the handler is told next: in order for each request, begun and finished in the record.

What was begun and not finished is told again: its handler may have died at any point of it. Whoever has the
record's own transaction to write into dies with nothing done. A turn can be lost with the server's session
while somebody is in it, so each step looks first whether that is so, and whether another has gone on
meanwhile.
"""

from salio.tracker import payments
from salio.tracker.ends import Ending, State
from salio.tracker.following import decoded
from salio.tracker.handlers import Transacting, TransactionEndedError, has_run
from salio.tracker.record import Record
from salio.tracker.settings import Patience
from salio.wire.callbacks import Result, read_callback
from salio.wire.payments import CustomerPayment
from salio.wire.wording import shown

AT_ONCE = 50
"""Ends in one turn."""

_DUE = """
SELECT handling.number, handling.request, request.kind, content, ended, handling.cause, body, handling.state
FROM handling JOIN request ON request.number = handling.request
LEFT JOIN callback ON callback.number = handling.callback
WHERE handling.state IN ('due', 'started') AND handling.look_at <= ? AND NOT EXISTS (
  SELECT 1 FROM handling AS earlier WHERE earlier.request = handling.request
    AND earlier.number < handling.number AND earlier.state IN ('due', 'started'))
ORDER BY handling.number LIMIT ?
"""
_TRIES = "SELECT tries FROM handling WHERE number = ? AND state IN ('due', 'started')"
_TRIES_OF_STARTED = "SELECT tries FROM handling WHERE number = ? AND state = 'started'"
_BEGUN = "UPDATE handling SET state = 'started', tries = tries + 1 WHERE number = ?"
_FINISHED = "UPDATE handling SET state = 'finished' WHERE number = ?"
_FAILED = "UPDATE handling SET state = ?, error = ?, look_at = ? WHERE number = ?"


def due(record: Record) -> list[Ending]:
    """The ends that a handler is to be told now, at most one of each request."""
    return [_ending(*row) for row in record.rows(_DUE, (record.now(), AT_ONCE))]


def begin(record: Record, patience: Patience, ending: Ending) -> bool:
    """The handler is about to be told; whether it may be: not by whoever has lost the turn, not what
    another's has finished since it was found due, and a handler that died of it so often is not told again.
    """
    with record.transaction() as rows:
        if record.turn_is_lost(rows):
            return False
        found = rows.execute(_TRIES, [ending.number]).fetchone()
        if found is None:
            return False
        if found[0] >= patience.handlings:
            rows.execute(_FAILED, ("stuck", "whoever handled it died of it", record.now(), ending.number))
            return False
        rows.execute(_BEGUN, [ending.number])
        return True


def finish(record: Record, ending: Ending) -> None:
    """The handler has returned."""
    with record.transaction() as rows:
        rows.execute(_FINISHED, [ending.number])


def fail(record: Record, patience: Patience, ending: Ending, error: Exception) -> None:
    """The handler raised: it is told again later, and so often only; then it is stuck, for a person. What
    another's has finished meanwhile stays so. One that may have done its work all the same is stuck at once.
    """
    with record.transaction() as rows:
        found = rows.execute(_TRIES_OF_STARTED, [ending.number]).fetchone()
        if found is None:
            return
        (tries,) = found
        again = tries < patience.handlings and not isinstance(error, TransactionEndedError)
        state = "due" if again else "stuck"
        later = record.now() + round(1000 * patience.pause(patience.handling, tries - 1, 0))
        said = f"{type(error).__name__}: {shown(str(error), 200)}"
        rows.execute(_FAILED, (state, said, later, ending.number))


def within(record: Record, ending: Ending, handler: Transacting) -> Exception | None:
    """The handler writes into the transaction that says that it has finished; what it raised, if it did."""
    try:
        return _within(record, ending, handler)
    except TransactionEndedError as error:
        return error


def _within(record: Record, ending: Ending, handler: Transacting) -> Exception | None:
    raised: Exception | None = None
    with record.transaction() as rows:
        if rows.execute(_TRIES_OF_STARTED, [ending.number]).fetchone() is None:
            return None  # whoever took over when our turn was lost with the server has done it
        rows.execute("SAVEPOINT handler")
        try:
            with record.handed(rows) as given:
                has_run(handler(ending, given))
        except Exception as error:
            raised = error
        if record.has_ended(rows):
            raise TransactionEndedError from raised
        if raised is not None:
            rows.execute("ROLLBACK TO handler")
        rows.execute("RELEASE handler")
        if raised is None:
            rows.execute(_FINISHED, [ending.number])
    return raised


def _ending(
    number: int,
    request: int,
    kind: str,
    content: bytes,
    ended: str,
    cause: str,
    body: bytes | None,
    state: str,
) -> Ending:
    is_payment = kind == payments.KIND
    payment = read_callback(content) if is_payment else None
    return Ending(
        number=number,
        request=request,
        asked=None if is_payment else decoded(content),
        payment=payment if isinstance(payment, CustomerPayment) else None,
        state=State(ended),
        result=_result(body),
        cause=cause,
        again=state == "started",
    )


def _result(body: bytes | None) -> Result | None:
    told = read_callback(body) if body is not None else None
    return told if isinstance(told, Result) else None
