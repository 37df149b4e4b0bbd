"""An order whose result is late or lost: what is asked about it, and what an answer says of it.

An order is never sent again. A status query changes nothing, nor does the query about a prompt, and the
platform's own word on the transaction is as good as the result that did not come. That it knows none proves
nothing: the order may still wait there.
"""

import msgspec

from salio.tracker.ends import State
from salio.wire.answered import Transaction
from salio.wire.asked import Asked, BalanceQuery, Query, StatusQuery
from salio.wire.c2b_orders import Registration, SimulatedPayment
from salio.wire.callbacks import Result
from salio.wire.orders import PaymentOrder
from salio.wire.prompts import STILL_ASKING, Prompt, PromptQuery
from salio.wire.wording import shown

INCONCLUSIVE = frozenset({"17"})
"""`Internal Failure` is what has no code of its own: unknown, not failed (mitigations)."""
NOTHING_TO_ASK_BY = (
    "it was never acknowledged and has no id of its own, so that nothing can be asked about it"
)

_NEVER_PAID = frozenset({"Cancelled", "Declined", "Expired"})
"""The final states but one (TS, TransactionStatus); any other may still become `Completed`."""


class Standing(msgspec.Struct, frozen=True):
    """How a request stands by what was said: OPEN if that is not known. For people, why."""

    state: State
    why: str = ""


def question(
    asked: Asked, originator_conversation_id: str | None, conversation_id: str | None
) -> Query | None:
    """What is asked when the result is late: a query again; of an order its status, by an id that the first
    acknowledgement gave, or the order's own. None if nobody can ask about it.
    """
    match asked:
        case BalanceQuery() | StatusQuery():
            return msgspec.structs.replace(asked, originator_conversation_id=None)
        case PromptQuery():
            return asked
        case Registration() | SimulatedPayment():
            return None
        case Prompt():
            return _about_prompt(asked, conversation_id)
        case _:
            return _about_payment(asked, originator_conversation_id or asked.originator_conversation_id)


def standing(asked: Asked, query: Asked, told: Result) -> Standing:
    """How a request stands by the result of `query`, one of its askings: the first, or a later one."""
    if isinstance(asked, PromptQuery):
        return Standing(State.SETTLED)  # whatever it was told, it was answered
    if isinstance(asked, Prompt):
        return _prompted(told)
    if isinstance(asked, PaymentOrder) and isinstance(query, StatusQuery):
        return _found(asked, told)
    if told.succeeded:
        return Standing(State.SETTLED)
    return Standing(State.OPEN if told.code in INCONCLUSIVE else State.FAILED, said(told))


def needs_confirmation(asked: Asked, told: Result) -> bool:
    """Whether value is released upon it, and a query can say whether it is true: a customer has paid."""
    return isinstance(asked, Prompt) and told.succeeded


def _about_payment(order: PaymentOrder, known: str | None) -> StatusQuery | None:
    return StatusQuery(party_a=order.party_a, original_conversation_id=known) if known else None


def _about_prompt(prompt: Prompt, checkout_request_id: str | None) -> PromptQuery | None:
    if not checkout_request_id:
        return None
    return PromptQuery(short_code=prompt.short_code, checkout_request_id=checkout_request_id)


def _prompted(told: Result) -> Standing:
    """By its callback, or by the answer of a query, which may come while the phone still shows the prompt."""
    if told.succeeded:
        return Standing(State.SETTLED)
    return Standing(State.OPEN if told.code == STILL_ASKING else State.FAILED, said(told))


def said(told: Result) -> str:
    """Code and words of a result."""
    return f"ResultCode {shown(told.code)}: {shown(told.description, 200)}"


def _found(order: PaymentOrder, told: Result) -> Standing:
    """What became of its transaction. One that is not the order's says nothing of it."""
    found = told.answer
    if not told.succeeded or not isinstance(found, Transaction):
        return Standing(State.OPEN, said(told))
    if found.amount is None or found.amount != order.amount:
        return Standing(State.OPEN, f"under its id {found.amount} was paid, and not {order.amount}")
    if found.status == "Completed":
        return Standing(State.SETTLED)
    return Standing(
        State.FAILED if found.status in _NEVER_PAID else State.OPEN,
        f"the transaction is {shown(found.status or 'in no state')}",
    )
