"""The one table of rights: every role of the documents and the two questions."""

import pytest

from salio.core.parties.roles import RIGHTS, Right, Role, gives, roles_that_give

DOCUMENTED = [
    "Business Administrator",
    "Business Manager",
    "Business Web Operator",
    "Business Auditor",
    "ORG B2C API Initiator",
    "Business Paybill Org API initiator",
    "Business Buy Goods Org API initiator",
    "Balance Query ORG API",
    "Transaction Status query ORG API",
    "Org Reversals Initiator",
    "Tax Remittance to KRA API",
    "Set Restricted ORG API PASSWORD",
    "Org Business Pay to Bulk API initiator",
]
"""As AB and TS write them: "Various Roles under the portal", "Various API roles", "API user creation"; the
last one is of B2C Account Top Up, Request Parameter Definition."""


def test_the_roles_are_the_documents() -> None:
    """Every role that the documents name is there by its own words, and no other."""
    assert [role.value for role in Role] == DOCUMENTED


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        pytest.param("Business Administrator", {Right.MANAGE_OPERATORS}, id="administrator"),
        pytest.param(
            "Business Manager",
            {Right.VIEW_STATEMENT, Right.VIEW_BALANCE, Right.INITIATE, Right.APPROVE, Right.WITHDRAW},
            id="manager",
        ),
        pytest.param(
            "Business Web Operator",
            {Right.INITIATE, Right.VIEW_STATEMENT, Right.VIEW_BALANCE},
            id="web operator",
        ),
        pytest.param("Business Auditor", {Right.VIEW_STATEMENT, Right.VIEW_BALANCE}, id="auditor"),
        pytest.param("ORG B2C API Initiator", {Right.PAY_CUSTOMER}, id="B2C"),
        pytest.param(
            "Business Paybill Org API initiator", {Right.PAY_BILL, Right.MOVE_OWN_FUNDS}, id="paybill"
        ),
        pytest.param(
            "Business Buy Goods Org API initiator", {Right.BUY_GOODS, Right.MOVE_OWN_FUNDS}, id="buy goods"
        ),
        pytest.param(
            "Org Business Pay to Bulk API initiator", {Right.TOP_UP, Right.MOVE_OWN_FUNDS}, id="top up"
        ),
        pytest.param("Balance Query ORG API", {Right.QUERY_BALANCE}, id="balance"),
        pytest.param("Transaction Status query ORG API", {Right.QUERY_STATUS}, id="status"),
        pytest.param("Org Reversals Initiator", {Right.REVERSE}, id="reversals"),
        pytest.param("Tax Remittance to KRA API", {Right.REMIT_TAX}, id="tax"),
        pytest.param("Set Restricted ORG API PASSWORD", {Right.SET_API_PASSWORD}, id="set password"),
    ],
)
def test_a_role_gives_what_its_row_says(role: str, rights: set[Right]) -> None:
    """A role gives the rights of its row and denies all others."""
    assert {right for right in Right if gives(frozenset({Role(role)}), right)} == rights


def test_every_role_has_a_row() -> None:
    """No role is without its row in the table."""
    assert set(RIGHTS) == set(Role)


def test_roles_add_up() -> None:
    """Who has two roles may do what either gives."""
    both = frozenset({Role.BALANCE_QUERY_API, Role.STATUS_QUERY_API})
    assert gives(both, Right.QUERY_BALANCE)
    assert gives(both, Right.QUERY_STATUS)
    assert not gives(both, Right.REVERSE)


def test_without_roles_nothing_is_allowed() -> None:
    """Who has no role may do nothing."""
    assert not any(gives(frozenset(), right) for right in Right)


@pytest.mark.parametrize("right", list(Right), ids=lambda right: right.name)
def test_every_right_can_be_had(right: Right) -> None:
    """For every right there is a role to ask for, and each of those roles gives it."""
    roles = roles_that_give(right)
    assert roles
    assert all(gives(frozenset({role}), right) for role in roles)
