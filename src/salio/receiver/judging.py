"""Is it the result of this request, or does somebody pretend? A pure judgement on what came and what is
known.

It depends on what came and on what was acknowledged, never on the order of the two: what comes before the
acknowledgement waits for it, unless it is known that none will come.
"""

import enum

import msgspec

from salio.receiver.arrivals import Kind
from salio.wire.answered import Balance, Transaction, Unreadable
from salio.wire.asked import BalanceQuery, Query
from salio.wire.callbacks import Result, read_callback
from salio.wire.errors import SalioError
from salio.wire.payments import CustomerPayment
from salio.wire.wording import shown


class Verdict(enum.Enum):
    """What a callback is. The value is the word in a record."""

    RESULT = "result"
    """A request's final result."""
    PROGRESS = "progress"
    """ResultType 1: more follows."""
    NOTICE = "notice"
    """The request waited too long: its outcome is unknown."""
    PAYMENT = "payment"
    """A customer's payment, which nobody asked for."""
    EARLY = "early"
    """Before the acknowledgement, for which it waits."""
    LATE = "late"
    """The request had ended, and this changes nothing."""
    UNKNOWN = "unknown"
    """Of no request that is known here."""
    FORGED = "forged"
    """It contradicts what is known of its request."""
    UNREADABLE = "unreadable"
    """No callback."""


APART = frozenset({Verdict.UNKNOWN, Verdict.FORGED, Verdict.UNREADABLE})
"""Kept apart and reported; nothing is done upon them."""

Told = Result | CustomerPayment


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the asking that a callback belongs to."""

    query: Query
    originator_conversation_id: str | None
    conversation_id: str | None
    has_address: bool
    """It was given an address of its own."""
    undecided: bool
    """Its acknowledgement may still come."""


class Judged(msgspec.Struct, frozen=True):
    """The verdict, and for people why."""

    verdict: Verdict
    why: str = ""


def read(body: bytes) -> Told | Judged:
    """What a body tells; the verdict if it tells nothing."""
    try:
        return read_callback(body)
    except SalioError as error:
        return Judged(Verdict.UNREADABLE, str(error))


def judge(kind: Kind, told: Told, known: Known | None, *, own_address: bool, others: bool = False) -> Judged:
    """What a callback is, that came to a request's `own_address` or else to the endpoint. `others`: at the
    endpoint, requests are under way whose ids may still turn out to be these.
    """
    if isinstance(told, CustomerPayment):
        return _payment(kind, own_address=own_address)
    if known is None:
        waits = Verdict.EARLY if others else Verdict.UNKNOWN
        return Judged(waits, "no request has this address or these ids")
    if known.has_address and not own_address:
        return Judged(Verdict.FORGED, "not at the address of its request")
    if known.undecided:
        return Judged(Verdict.EARLY)
    return _of_its_request(kind, told, known)


def _payment(kind: Kind, *, own_address: bool) -> Judged:
    if own_address or kind is Kind.NOTICE:
        return Judged(Verdict.FORGED, "a payment at an address that is not for payments")
    return Judged(Verdict.PAYMENT)


def _of_its_request(kind: Kind, told: Result, known: Known) -> Judged:
    contradiction = _contradiction(told, known)
    if not contradiction and kind is Kind.NOTICE:
        return Judged(Verdict.NOTICE)
    if not contradiction and not told.final:
        return Judged(Verdict.PROGRESS)
    wrong = contradiction or _misfit(told, known.query)
    return Judged(Verdict.FORGED, wrong) if wrong else Judged(Verdict.RESULT)


def _contradiction(told: Result, known: Known) -> str:
    """Ids have to agree where both sides have one, and one has to be there to agree."""
    pairs = (
        ("OriginatorConversationID", told.originator_conversation_id, known.originator_conversation_id),
        ("ConversationID", told.conversation_id, known.conversation_id),
    )
    for name, said, expected in pairs:
        if said is not None and expected is not None and said != expected:
            return f"{name} {shown(said)} in the place of {shown(expected)}"
    expected_any = any(expected for _, _, expected in pairs)
    if expected_any and not any(said and expected for _, said, expected in pairs):
        return "it names no conversation"
    return ""


def _misfit(told: Result, query: Query) -> str:
    """A success has to answer what was asked. An answer in an unknown form is one: its reader will say so."""
    if not told.succeeded or isinstance(told.answer, Unreadable):
        return ""
    if isinstance(query, BalanceQuery):
        return "" if isinstance(told.answer, Balance) else "a success without a balance"
    if not isinstance(told.answer, Transaction):
        return "a success without a transaction"
    receipt = told.answer.receipt
    if query.receipt and receipt and receipt != query.receipt:
        return f"receipt {shown(receipt)} in the place of {shown(query.receipt)}"
    return ""
