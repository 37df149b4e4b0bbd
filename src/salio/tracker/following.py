"""What is asked before its first byte leaves, and what was said to it: each a transaction of its own."""

import hashlib

import msgspec

from salio.client.errors import DuplicateConversation, OutcomeUnknown, SalioError
from salio.receiver.arrivals import Kind
from salio.receiver.keys import ENDPOINT, NONCE_LENGTH
from salio.tracker.ends import State
from salio.tracker.places import Found, Rows
from salio.tracker.record import Record
from salio.tracker.settings import Endpoint, Patience
from salio.wire.answers import Acknowledgement
from salio.wire.asked import AT_ONCE, KINDS, Asked, Callbacks, Order
from salio.wire.prompts import PromptQuery

_REQUEST = """
INSERT INTO request (kind, content, state, asked_at, look_at, tries, cause) VALUES (?, ?, ?, ?, ?, 1, '')
RETURNING number
"""
_ASKING = """
INSERT INTO asking (request, nonce, query, asked_at, state, originator_conversation_id, error)
VALUES (?, ?, ?, ?, 'asked', ?, '') RETURNING number
"""
_ACKNOWLEDGED = """
UPDATE asking SET state = 'acknowledged', originator_conversation_id = ?, conversation_id = ? WHERE number = ?
"""
_ANSWERED = """
INSERT INTO callback (digest, came_at, copies, kind, source, body, why, asking)
VALUES (?, ?, 1, ?, '', ?, '', ?)
ON CONFLICT (digest) DO NOTHING
"""
_DONE = "UPDATE request SET state = ?, look_at = NULL, ended_at = ? WHERE number = ? AND state <> 'settled'"
_LOOK = "UPDATE request SET look_at = ? WHERE number = ? AND look_at IS NOT NULL"
_JUDGE_OWN = """
UPDATE callback SET verdict = NULL
WHERE verdict = 'early' AND nonce = (SELECT nonce FROM asking WHERE number = ?)
"""
_JUDGE_AT_ENDPOINT = "UPDATE callback SET verdict = NULL WHERE verdict = 'early' AND nonce IS NULL"
_SAME_ID = "SELECT 1 FROM asking WHERE originator_conversation_id = ? AND number < ?"
_SAID_NOTHING = "SELECT number FROM asking WHERE state = 'asked' AND asked_at <= ?"


class Noted(msgspec.Struct, frozen=True):
    """An asking that is about to be sent."""

    asking: int
    request: int
    callbacks: Callbacks
    asked: Asked


def encoded(asked: Asked) -> bytes:
    """What is asked, as the record keeps it."""
    return msgspec.json.encode({"kind": asked.api.value, "query": asked})


def decoded(content: bytes) -> Asked:
    """The same, back."""
    kept = msgspec.json.decode(content)
    return msgspec.convert(kept["query"], KINDS[kept["kind"]])


def note(
    record: Record, asked: Asked, endpoint: Endpoint, patience: Patience, request: int | None = None
) -> Noted:
    """Notes what is about to be sent: as a request of its own, or as one more asking of a request."""
    now = record.now()
    nonce = record.entropy(NONCE_LENGTH) if endpoint.per_request else None
    content = encoded(asked)
    with record.transaction() as rows:
        if request is None:
            late = now + _milliseconds(patience.acknowledgement)
            made = rows.execute(_REQUEST, (asked.api.value, content, State.OPEN.value, now, late))
            request = _number(made)
        own_id = asked.originator_conversation_id
        asking = _number(rows.execute(_ASKING, (request, nonce, content, now, own_id)))
    return Noted(asking, request, endpoint.callbacks(record.keys, nonce or ENDPOINT), asked)


def acknowledged(
    record: Record, noted: Noted, acknowledgement: Acknowledgement, patience: Patience, *, first: bool
) -> None:
    """The asking was accepted; what came before this is judged now, and an answer that is there at once. What
    is over with its acknowledgement has ended: whoever asked has it in hand. `first`: of its request.
    """
    ids = (_text(acknowledgement.originator_conversation_id), _text(acknowledgement.conversation_id))
    with record.transaction() as rows:
        rows.execute(_ACKNOWLEDGED, (*ids, noted.asking))
        _judge_early(rows, noted.asking)
        if isinstance(noted.asked, PromptQuery):
            rows.execute(_ANSWERED, _answer(record, noted, acknowledgement.raw))
        if noted.asked.api in AT_ONCE and isinstance(noted.asked, Order):
            rows.execute(_DONE, (State.SETTLED.value, record.now(), noted.request))
        elif first:
            rows.execute(_LOOK, (record.now() + _milliseconds(patience.result), noted.request))


def _answer(record: Record, noted: Noted, body: bytes) -> tuple[object, ...]:
    digest = hashlib.sha256(b"%s %d %s" % (Kind.ANSWER.value.encode(), noted.asking, body)).digest()[:16]
    return digest, record.now(), Kind.ANSWER.value, body, noted.asking


def failed(record: Record, noted: Noted, error: SalioError, patience: Patience, *, first: bool) -> None:
    """The asking was not acknowledged: it may have been accepted, or it surely was not. In the second case a
    request ends with its first asking; whoever asked has the error in hand, and no handler is told.
    """
    cause = f"{type(error).__name__}: {error}"
    with record.transaction() as rows:
        unknown = isinstance(error, OutcomeUnknown) or _stands_for_another(rows, noted, error)
        state = "unknown" if unknown else "refused"
        rows.execute("UPDATE asking SET state = ?, error = ? WHERE number = ?", (state, cause, noted.asking))
        _judge_early(rows, noted.asking)
        rows.execute(
            "UPDATE request SET cause = ? WHERE number = ? AND state = 'open'", (cause, noted.request)
        )
        if unknown and first:
            rows.execute(
                _LOOK, (record.now() + _milliseconds(_until_asked(noted.asked, patience)), noted.request)
            )
        elif first:
            rows.execute(
                "UPDATE request SET state = 'failed', look_at = NULL, ended_at = ? "
                "WHERE number = ? AND state = 'open'",
                (record.now(), noted.request),
            )


def _stands_for_another(rows: Rows, noted: Noted, error: SalioError) -> bool:
    """An order whose own id the platform has seen before, and this record has not: the one that was accepted
    under it is asked after. If the record has it, it is followed there.
    """
    if not (isinstance(error, DuplicateConversation) and isinstance(noted.asked, Order)):
        return False
    own = (noted.asked.originator_conversation_id, noted.asking)
    return rows.execute(_SAME_ID, own).fetchone() is None


def _until_asked(asked: Asked, patience: Patience) -> float:
    """What nothing can be asked about is given the time in which its result would come."""
    if isinstance(asked, Order) and not asked.originator_conversation_id:
        return patience.pause(patience.result, 1, 0)
    return patience.unknown


def give_up_acknowledgements(rows: Rows, before: int) -> None:
    """Whoever asked before that moment and has said nothing since is dead: nobody knows what became of it."""
    for (asking,) in rows.execute(_SAID_NOTHING, [before]).fetchall():
        rows.execute("UPDATE asking SET state = 'unknown' WHERE number = ?", [asking])
        _judge_early(rows, asking)


def _judge_early(rows: Rows, asking: int) -> None:
    rows.execute(_JUDGE_OWN, [asking])
    rows.execute(_JUDGE_AT_ENDPOINT)


def _number(inserted: Found) -> int:
    return int(inserted.fetchone()[0])


def _text(said: str | None) -> str | None:
    """As a store can keep it: half a character is none."""
    return said and said.encode("utf-8", "replace").decode("utf-8")


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
