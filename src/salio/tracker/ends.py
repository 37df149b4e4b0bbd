"""How a request stands and ends, and what a handler is told of it."""

import enum

import msgspec

from salio.wire.asked import Asked
from salio.wire.callbacks import Result
from salio.wire.payments import CustomerPayment


class State(enum.Enum):
    """How a request stands. The value is the word in the record."""

    OPEN = "open"
    """Its result is waited for."""
    SETTLED = "settled"
    """A result says success."""
    FAILED = "failed"
    """A result says failure, a status query that it was never paid, or it was surely not accepted."""
    NEEDS_A_PERSON = "needs a person"
    """So often was asked, and nothing is known."""


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """One end of a request, as its handler is told."""

    number: int
    """Of this end: the same whenever it is told again, and of no other."""
    request: int
    """The number of the request in the record."""
    asked: Asked | None
    """The query or order; None for a customer's payment."""
    payment: CustomerPayment | None
    """What a customer paid; None for the answer to what was asked."""
    state: State
    result: Result | None
    """What ended it: of an order whose own result is lost, that of the status query about it. None if none
    came, even where a person has settled it, and for a payment without confirmation."""
    cause: str
    """For people: why it failed, or needs a person."""
    again: bool
    """It was begun before and not finished: whoever began may have come to the end of it all the same."""
