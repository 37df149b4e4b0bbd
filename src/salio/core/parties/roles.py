"""The roles that both documents name, and the one table that says which right each of them gives."""

import enum
from collections.abc import Mapping
from functools import cache


class Role(enum.Enum):
    """A role as the documents word it (AB and TS, "Various Roles under the portal", "Various API roles")."""

    __hash__ = object.__hash__  # one object for each member: Enum hashes its name anew each time

    BUSINESS_ADMINISTRATOR = "Business Administrator"
    BUSINESS_MANAGER = "Business Manager"
    BUSINESS_WEB_OPERATOR = "Business Web Operator"
    BUSINESS_AUDITOR = "Business Auditor"
    B2C_API_INITIATOR = "ORG B2C API Initiator"
    PAYBILL_API_INITIATOR = "Business Paybill Org API initiator"
    BUY_GOODS_API_INITIATOR = "Business Buy Goods Org API initiator"
    BALANCE_QUERY_API = "Balance Query ORG API"
    STATUS_QUERY_API = "Transaction Status query ORG API"
    REVERSALS_INITIATOR = "Org Reversals Initiator"
    TAX_REMITTANCE_API = "Tax Remittance to KRA API"
    SET_API_PASSWORD = "Set Restricted ORG API PASSWORD"  # noqa: S105 - a role's name
    PAY_TO_BULK_API_INITIATOR = "Org Business Pay to Bulk API initiator"
    """Of the page B2C Account Top Up alone."""


class Right(enum.Enum):
    """Something an operator may do."""

    __hash__ = object.__hash__  # one object for each member: Enum hashes its name anew each time

    QUERY_BALANCE = "query the balance"
    QUERY_STATUS = "query a transaction's status"
    PAY_CUSTOMER = "pay a customer"
    PAY_BILL = "pay a bill"
    BUY_GOODS = "buy goods"
    REVERSE = "reverse a transaction"
    REMIT_TAX = "remit tax"
    TOP_UP = "top up a B2C account"
    MOVE_OWN_FUNDS = "move funds between own accounts"
    SET_API_PASSWORD = "set an API operator's password"  # noqa: S105 - a right's name
    MANAGE_OPERATORS = "manage operators"
    INITIATE = "initiate transactions"
    APPROVE = "approve transactions"
    WITHDRAW = "withdraw funds"
    VIEW_STATEMENT = "view statements"
    VIEW_BALANCE = "view balances"


RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.BUSINESS_ADMINISTRATOR: frozenset({Right.MANAGE_OPERATORS}),
    Role.BUSINESS_MANAGER: frozenset(
        {Right.VIEW_STATEMENT, Right.VIEW_BALANCE, Right.INITIATE, Right.APPROVE, Right.WITHDRAW}
    ),
    Role.BUSINESS_WEB_OPERATOR: frozenset({Right.INITIATE, Right.VIEW_STATEMENT, Right.VIEW_BALANCE}),
    Role.BUSINESS_AUDITOR: frozenset({Right.VIEW_STATEMENT, Right.VIEW_BALANCE}),
    Role.B2C_API_INITIATOR: frozenset({Right.PAY_CUSTOMER}),
    Role.PAYBILL_API_INITIATOR: frozenset({Right.PAY_BILL, Right.MOVE_OWN_FUNDS}),
    Role.BUY_GOODS_API_INITIATOR: frozenset({Right.BUY_GOODS, Right.MOVE_OWN_FUNDS}),
    Role.BALANCE_QUERY_API: frozenset({Right.QUERY_BALANCE}),
    Role.STATUS_QUERY_API: frozenset({Right.QUERY_STATUS}),
    Role.REVERSALS_INITIATOR: frozenset({Right.REVERSE}),
    Role.TAX_REMITTANCE_API: frozenset({Right.REMIT_TAX}),
    Role.SET_API_PASSWORD: frozenset({Right.SET_API_PASSWORD}),
    Role.PAY_TO_BULK_API_INITIATOR: frozenset({Right.TOP_UP, Right.MOVE_OWN_FUNDS}),
}
"""Who may do what; a right that stands in no row of an operator's roles is denied."""


@cache
def gives(roles: frozenset[Role], right: Right) -> bool:
    """Whether any of these roles gives the right."""
    return any(right in RIGHTS[role] for role in roles)


def roles_that_give(right: Right) -> tuple[Role, ...]:
    """The roles to ask for when the right is missing, in the documents' order."""
    return tuple(role for role in Role if right in RIGHTS[role])
