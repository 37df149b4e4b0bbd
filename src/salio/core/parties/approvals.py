"""Maker and checker: who may initiate what an organization does with its own money, and who approves it.

The rights are those of people's roles (AB, Various Roles under the portal). Nobody approves what they
initiated.
"""

import enum
from collections.abc import Mapping
from datetime import datetime

import msgspec

from salio.core.parties.operators import Channel, Operator, OperatorRules, OperatorStatus
from salio.core.parties.roles import Right, gives


class Errand(enum.Enum):
    """What an operator has the platform do."""

    SETTLEMENT = "revenue settlement"
    WITHDRAWAL = "withdrawal"
    BULK_PAYMENT = "bulk payment"


class Rule(msgspec.Struct, frozen=True):
    """The maker's right; the checker's, and from how many cents on one is needed: ``None`` for never."""

    initiates: Right
    approves: Right = Right.APPROVE
    checked_from: int | None = None


RULES: Mapping[Errand, Rule] = {
    Errand.SETTLEMENT: Rule(Right.INITIATE),
    Errand.WITHDRAWAL: Rule(Right.WITHDRAW, checked_from=1),
    Errand.BULK_PAYMENT: Rule(Right.INITIATE, checked_from=1),
}
"""A settlement moves money among the organization's own accounts; the others take it away from there."""


class Fault(enum.Enum):
    """Why it may not be done."""

    MAKER_MISSING = "nobody initiates what is approved"
    MAKER_UNFIT = "the maker is no active operator of the Web channel at this short code"
    MAKER_LACKS_RIGHT = "the maker's roles do not allow it"
    CHECKER_MISSING = "somebody else has to approve it"
    CHECKER_UNFIT = "the checker is no active operator of the Web channel at this short code"
    CHECKER_LACKS_RIGHT = "the checker's roles do not allow an approval"
    SAME_PERSON = "maker and checker are the same"


class Signed(msgspec.Struct, frozen=True):
    """Who is named as maker and as checker, and whom the short code knows by these names."""

    maker: str | None = None
    checker: str | None = None
    known_maker: Operator | None = None
    known_checker: Operator | None = None


def fault_of(errand: Errand, cents: int, signed: Signed, rules: OperatorRules, now: datetime) -> Fault | None:
    """The first fault in the order of the members; none if nobody is named: then it is done by hand."""
    if signed.maker is None:
        return None if signed.checker is None else Fault.MAKER_MISSING
    rule = RULES[errand]
    maker = signed.known_maker
    if maker is None or not _is_fit(maker, rules, now):
        return Fault.MAKER_UNFIT
    if not gives(maker.roles, rule.initiates):
        return Fault.MAKER_LACKS_RIGHT
    if signed.checker is None:
        needed = rule.checked_from is not None and cents >= rule.checked_from
        return Fault.CHECKER_MISSING if needed else None
    return _fault_of_checker(signed, rule, rules, now)


def _fault_of_checker(signed: Signed, rule: Rule, rules: OperatorRules, now: datetime) -> Fault | None:
    checker = signed.known_checker
    if checker is None or not _is_fit(checker, rules, now):
        return Fault.CHECKER_UNFIT
    if not gives(checker.roles, rule.approves):
        return Fault.CHECKER_LACKS_RIGHT
    return Fault.SAME_PERSON if signed.checker == signed.maker else None


def _is_fit(operator: Operator, rules: OperatorRules, now: datetime) -> bool:
    free = operator.status is OperatorStatus.ACTIVE and not rules.is_dormant(operator, now)
    return free and operator.channel is Channel.WEB
