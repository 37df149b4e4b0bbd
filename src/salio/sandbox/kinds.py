"""The kinds of faults, their words, and the place on a request's way where each takes hold."""

import enum
from collections.abc import Mapping
from typing import Any

import msgspec

from salio.core.requests.outcomes import Admission, Outcome
from salio.core.requests.provoked import Breach, Mishap
from salio.core.transactions.states import TransactionState
from salio.wire.refusals import Refusal


class Kind(enum.Enum):
    """What a fault does; the value is its member in the control's JSON."""

    __hash__ = object.__hash__  # one object for each member: Enum hashes its name anew each time

    REFUSE = "refuse"
    """An HTTP refusal instead of an acknowledgement; nothing is kept."""
    DECLINE = "decline"
    """An acknowledgement whose ResponseCode is not 0; nothing is kept."""
    END = "end"
    """The request is accepted, and ends like this."""
    LOSE = "lose"
    """The result is not posted, its one attempt is recorded as lost; or the acknowledgement never leaves."""
    DELAY = "delay"
    """The result or the acknowledgement leaves so many seconds later."""
    DOUBLE = "double"
    """The receiver gets the result twice."""
    EARLY = "early"
    """The result is told before the acknowledgement leaves."""
    CONTRADICT = "contradict"
    """A status query is told a state that the transaction is not in."""
    CONNECTION = "connection"
    """The caller's connection breaks, or drips."""
    HOLD = "hold"
    """The request stays undecided."""


class Place(enum.Enum):
    """Where on a request's way, in its order: one question of :class:`salio.core.ports.Faults` each."""

    __hash__ = object.__hash__

    REFUSAL = enum.auto()
    BREACH = enum.auto()
    ADMISSION = enum.auto()
    MISHAP = enum.auto()
    QUEUE = enum.auto()
    OUTCOME = enum.auto()
    FACTS = enum.auto()
    DELAY = enum.auto()
    LOSS = enum.auto()
    COPY = enum.auto()


class Effect(msgspec.Struct, frozen=True):
    """What a word of a kind means: the place, and what is answered there."""

    place: Place
    what: Any = None


REFUSALS: Mapping[str, str] = {each.name.lower(): each.name for each in Refusal}
TOKEN_ALONE = frozenset(name for name in REFUSALS if name.startswith("oauth_"))
"""Refusals of the token endpoint that no other knows."""
TOKEN_REFUSALS = TOKEN_ALONE | {"internal_error", "spike_arrest", "quota_exceeded", "maintenance"}
"""All that make sense there."""
_NO_DECLINING = {Admission.ACCEPTED, Admission.DUPLICATE, Admission.SUBSCRIBER_LOCKED}
"""Taken, or refused: :data:`REFUSALS` has those two."""
ADMISSIONS: Mapping[str, Admission] = {
    each.name.lower(): each for each in Admission if each not in _NO_DECLINING
}
OUTCOMES: Mapping[str, Outcome] = {
    each.name.lower(): each for each in Outcome if each is not Outcome.SUCCEEDED
}
STATES: Mapping[str, TransactionState] = {each.name.lower(): each for each in TransactionState}

EFFECTS: Mapping[Kind, Mapping[str, Effect]] = {
    Kind.REFUSE: {name: Effect(Place.REFUSAL, what) for name, what in REFUSALS.items()},
    Kind.DECLINE: {name: Effect(Place.ADMISSION, what) for name, what in ADMISSIONS.items()},
    Kind.END: {name: Effect(Place.OUTCOME, what) for name, what in OUTCOMES.items()},
    Kind.LOSE: {"result": Effect(Place.LOSS), "acknowledgement": Effect(Place.MISHAP, Mishap.LOST)},
    Kind.DELAY: {"result": Effect(Place.DELAY), "acknowledgement": Effect(Place.MISHAP, Mishap.LATE)},
    Kind.DOUBLE: {"result": Effect(Place.COPY)},
    Kind.EARLY: {"result": Effect(Place.MISHAP, Mishap.OVERTAKEN)},
    Kind.CONTRADICT: {name: Effect(Place.FACTS, what) for name, what in STATES.items()},
    Kind.CONNECTION: {each.value: Effect(Place.BREACH, each) for each in Breach},
    Kind.HOLD: {"queue": Effect(Place.QUEUE)},
}
"""What can be asked for: the words of each kind."""
