"""Is it the result of this request, or does somebody pretend? A pure judgement on what came and what is
known.

It depends on what came and on what was acknowledged, never on the order of the two: what comes before the
acknowledgement waits for it, unless it is known that none will come.
"""

import enum

import msgspec

from salio.receiver.arrivals import Kind
from salio.wire.answered import Balance, Transaction, Unreadable
from salio.wire.asked import Asked, BalanceQuery, StatusQuery
from salio.wire.c2b_orders import Registration, SimulatedPayment
from salio.wire.callbacks import Result, read_callback
from salio.wire.errors import SalioError
from salio.wire.orders import PaymentOrder, Reversal
from salio.wire.paid import Payment
from salio.wire.payments import CustomerPayment
from salio.wire.prompts import Prompt, PromptQuery
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

    asked: Asked
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
    wrong = contradiction or _misfit(told, known.asked)
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


def _misfit(told: Result, asked: Asked) -> str:
    """A success has to answer what was asked. An answer in an unknown form is one: its reader will say so."""
    if isinstance(asked, Registration | SimulatedPayment):
        return "it was over with its acknowledgement"
    if isinstance(asked, PromptQuery):
        return "" if told.conversation_id == asked.checkout_request_id else "it tells of another prompt"
    if not told.succeeded or isinstance(told.answer, Unreadable):
        return ""
    match asked:
        case BalanceQuery():
            return "" if isinstance(told.answer, Balance) else "a success without a balance"
        case StatusQuery():
            return _other_transaction(told, asked)
        case _:
            return _other_payment(told, asked)


def _other_transaction(told: Result, query: StatusQuery) -> str:
    if not isinstance(told.answer, Transaction):
        return "a success without a transaction"
    return _other_receipt(told.answer.receipt, query.receipt)


def _other_payment(told: Result, order: PaymentOrder | Prompt) -> str:
    if not isinstance(told.answer, Payment):
        return "a success without a payment"
    paid = told.answer
    if paid.amount is not None and paid.amount != order.amount:
        return f"{paid.amount} was paid in the place of {order.amount}"
    return _other_receipt(paid.original_receipt, order.receipt) if isinstance(order, Reversal) else ""


def _other_receipt(said: str | None, expected: str | None) -> str:
    if expected and said and said != expected:
        return f"receipt {shown(said)} in the place of {shown(expected)}"
    return ""
