"""Maker and checker: the table of who may initiate and who may approve."""

from typing import Any

import pytest

from salio.core.parties.approvals import RULES, Errand, Fault, Signed, fault_of
from salio.core.parties.operators import Channel, Operator, OperatorRules, OperatorStatus
from salio.core.parties.roles import Right, Role
from tests.builders import NOW, ago, an_operator

SETTLE, WITHDRAW, BULK = Errand.SETTLEMENT, Errand.WITHDRAWAL, Errand.BULK_PAYMENT


def person(name: str, *roles: Role, **changes: Any) -> Operator:
    """An operator of the Web channel."""
    return an_operator(name=name, channel=Channel.WEB, roles=frozenset(roles), **changes)


PEOPLE = {
    each.name: each
    for each in (
        person("manager", Role.BUSINESS_MANAGER),
        person("deputy", Role.BUSINESS_MANAGER),
        person("clerk", Role.BUSINESS_WEB_OPERATOR),
        person("auditor", Role.BUSINESS_AUDITOR),
        person("administrator", Role.BUSINESS_ADMINISTRATOR),
        person("locked", Role.BUSINESS_MANAGER, status=OperatorStatus.LOCKED),
        person("asleep", Role.BUSINESS_MANAGER, last_used_at=ago(days=91)),
        an_operator(name="initiator", roles=frozenset(Role)),
    )
}


def judged(errand: Errand, maker: str | None, checker: str | None, cents: int = 100) -> Fault | None:
    """What the rules say when these are named."""
    signed = Signed(maker, checker, PEOPLE.get(maker or ""), PEOPLE.get(checker or ""))
    return fault_of(errand, cents, signed, OperatorRules(), NOW)


@pytest.mark.parametrize(
    ("errand", "maker", "checker", "fault"),
    [
        pytest.param(SETTLE, None, None, None, id="by hand"),
        pytest.param(WITHDRAW, None, None, None, id="withdrawn by hand"),
        pytest.param(SETTLE, "clerk", None, None, id="a clerk settles"),
        pytest.param(SETTLE, "manager", None, None, id="a manager settles"),
        pytest.param(SETTLE, "clerk", "manager", None, id="approved though it need not be"),
        pytest.param(SETTLE, "auditor", None, Fault.MAKER_LACKS_RIGHT, id="an auditor looks only"),
        pytest.param(SETTLE, "administrator", None, Fault.MAKER_LACKS_RIGHT, id="administrators as well"),
        pytest.param(BULK, "clerk", "manager", None, id="a clerk's list, approved"),
        pytest.param(BULK, "clerk", None, Fault.CHECKER_MISSING, id="a clerk's list alone"),
        pytest.param(BULK, "manager", "manager", Fault.SAME_PERSON, id="a manager's own list"),
        pytest.param(BULK, "manager", "clerk", Fault.CHECKER_LACKS_RIGHT, id="a clerk approves a list"),
        pytest.param(WITHDRAW, "manager", "deputy", None, id="four eyes"),
        pytest.param(WITHDRAW, "manager", None, Fault.CHECKER_MISSING, id="two eyes"),
        pytest.param(WITHDRAW, "manager", "manager", Fault.SAME_PERSON, id="the same two"),
        pytest.param(WITHDRAW, "clerk", "manager", Fault.MAKER_LACKS_RIGHT, id="a clerk withdraws"),
        pytest.param(WITHDRAW, "manager", "clerk", Fault.CHECKER_LACKS_RIGHT, id="a clerk approves"),
        pytest.param(WITHDRAW, "manager", "auditor", Fault.CHECKER_LACKS_RIGHT, id="an auditor approves"),
        pytest.param(WITHDRAW, "nobody", "manager", Fault.MAKER_UNFIT, id="an unknown maker"),
        pytest.param(WITHDRAW, "initiator", "manager", Fault.MAKER_UNFIT, id="of the API channel"),
        pytest.param(WITHDRAW, "locked", "manager", Fault.MAKER_UNFIT, id="a locked maker"),
        pytest.param(WITHDRAW, "asleep", "manager", Fault.MAKER_UNFIT, id="a dormant maker"),
        pytest.param(WITHDRAW, "manager", "nobody", Fault.CHECKER_UNFIT, id="an unknown checker"),
        pytest.param(WITHDRAW, "manager", "locked", Fault.CHECKER_UNFIT, id="a locked checker"),
        pytest.param(WITHDRAW, None, "manager", Fault.MAKER_MISSING, id="approved before it is initiated"),
    ],
)
def test_who_may(errand: Errand, maker: str | None, checker: str | None, fault: Fault | None) -> None:
    """The first fault is told; none if it may be done."""
    assert judged(errand, maker, checker) is fault


@pytest.mark.parametrize("errand", Errand)
@pytest.mark.parametrize("name", PEOPLE)
def test_the_maker_is_never_the_checker(errand: Errand, name: str) -> None:
    """Whatever the roles."""
    assert judged(errand, name, name) is not None


def test_the_table_is_whole() -> None:
    """Each errand has its rule; whoever takes money out needs somebody else."""
    assert set(RULES) == set(Errand)
    assert RULES[SETTLE].initiates is Right.INITIATE
    assert (RULES[WITHDRAW].initiates, RULES[WITHDRAW].approves) == (Right.WITHDRAW, Right.APPROVE)
    assert (RULES[SETTLE].checked_from, RULES[WITHDRAW].checked_from) == (None, 1)
