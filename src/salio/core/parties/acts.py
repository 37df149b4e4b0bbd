"""Acts: what is done to an operator by hand, beside all requests."""

import enum
from typing import ClassVar

import msgspec

from salio.core.parties.operators import Operator, OperatorStatus


class Act(enum.Enum):
    """What may be done."""

    LOCK = "lock"
    UNLOCK = "unlock"


class ActRefusal(enum.Enum):
    """Why an act was not carried out."""

    OPERATOR_UNKNOWN = "no operator of that name at the short code"
    DORMANT = "dormant by hand: a lock would end its rest when it is undone"
    NOT_KEPT = "the store did not take it"


class OperatorAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act wanted of one operator; ``answer`` is the caller's own mark."""

    short_code: str
    name: str
    act: Act
    answer: object


class CarriedOut(msgspec.Struct, frozen=True):
    """An act ready to be written: the operator as found, and as the act leaves it, or why it is not done."""

    moved: ClassVar[None] = None

    wanted: OperatorAct
    before: Operator | None
    outcome: Operator | ActRefusal

    @property
    def changed(self) -> Operator | None:
        """The operator's new state, if the act changed it."""
        same = self.outcome is self.before
        return self.outcome if isinstance(self.outcome, Operator) and not same else None


def carry_out(wanted: OperatorAct, operator: Operator | None) -> CarriedOut:
    """What the act makes of the operator."""
    if operator is None:
        return CarriedOut(wanted, None, ActRefusal.OPERATOR_UNKNOWN)
    match wanted.act:
        case Act.UNLOCK:
            return CarriedOut(wanted, operator, unlocked(operator))
        case Act.LOCK if operator.status is OperatorStatus.DORMANT:
            return CarriedOut(wanted, operator, ActRefusal.DORMANT)
        case Act.LOCK:
            return CarriedOut(wanted, operator, locked(operator))


def locked(operator: Operator) -> Operator:
    """The operator locked by hand: no count of wrong passwords says otherwise. The same if it is locked."""
    if operator.status is OperatorStatus.LOCKED:
        return operator
    return msgspec.structs.replace(operator, status=OperatorStatus.LOCKED, wrong_passwords=0)


def unlocked(operator: Operator) -> Operator:
    """The operator free again, its wrong passwords forgotten; one that rests by hand goes on resting."""
    status = OperatorStatus.ACTIVE if operator.status is OperatorStatus.LOCKED else operator.status
    if status is operator.status and not operator.wrong_passwords:
        return operator
    return msgspec.structs.replace(operator, status=status, wrong_passwords=0)
