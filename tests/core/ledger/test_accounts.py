"""Kinds of accounts: who holds which, in which order, and down to where."""

import pytest

from salio.core.ledger.accounts import ACCOUNTS_HELD, Account, AccountKind, Balance
from salio.core.parties.organizations import OrganizationKind

WORKING, UTILITY, MERCHANT = AccountKind.WORKING, AccountKind.UTILITY, AccountKind.MERCHANT
CHARGES_PAID, SETTLEMENT = AccountKind.CHARGES_PAID, AccountKind.ORGANIZATION_SETTLEMENT


@pytest.mark.parametrize(
    ("organization", "accounts"),
    [
        pytest.param(OrganizationKind.B2C, {UTILITY, WORKING, CHARGES_PAID}, id="B2C"),
        pytest.param(OrganizationKind.PAYBILL, {UTILITY, WORKING, CHARGES_PAID, SETTLEMENT}, id="paybill"),
        pytest.param(OrganizationKind.BUY_GOODS, {MERCHANT, WORKING, CHARGES_PAID}, id="buy goods"),
    ],
)
def test_accounts_by_kind_of_short_code(organization: OrganizationKind, accounts: set[AccountKind]) -> None:
    """Each kind of short code holds the accounts of AB's table, each once."""
    assert set(ACCOUNTS_HELD[organization]) == accounts
    assert len(ACCOUNTS_HELD[organization]) == len(accounts)


def test_the_order_of_a_balance_result() -> None:
    """Accounts are printed in the order of the rulings, under the names of AB's sample."""
    assert [kind.value for kind in AccountKind][:6] == [
        "Working Account",
        "Float Account",
        "Utility Account",
        "Merchant Account",
        "Charges Paid Account",
        "Organization Settlement Account",
    ]


@pytest.mark.parametrize(
    ("kind", "floor"),
    [
        pytest.param(AccountKind.WORKING, 0, id="working"),
        pytest.param(AccountKind.FLOAT, 0, id="float"),
        pytest.param(AccountKind.UTILITY, 0, id="utility"),
        pytest.param(AccountKind.MERCHANT, 0, id="merchant"),
        pytest.param(AccountKind.CHARGES_PAID, None, id="charges paid"),
        pytest.param(AccountKind.ORGANIZATION_SETTLEMENT, 0, id="settlement"),
        pytest.param(AccountKind.CUSTOMER, 0, id="customer"),
        pytest.param(AccountKind.TRUST, None, id="trust"),
        pytest.param(AccountKind.CHARGES_REVENUE, None, id="revenue"),
    ],
)
def test_floor(kind: AccountKind, floor: int | None) -> None:
    """Charges paid and the platform's own accounts may run negative, all others stop at zero."""
    assert Account(number=1, holder="600000", kind=kind).floor == floor


def test_current_is_available_and_reserved() -> None:
    """Uncleared money is no part of the current balance."""
    assert Balance(available=5, reserved=7, uncleared=11).current == 12
