"""The tables that the naive ledger goes by: its accounts, and what is paid out of which into which."""

from collections.abc import Mapping
from dataclasses import dataclass

from salio.core.ledger.accounts import PLATFORM_HOLDER, AccountKind
from salio.core.parties.organizations import OrganizationKind
from salio.core.requests.queries import Query
from salio.core.transactions.states import TransactionState

Held = tuple[str, AccountKind]
Shares = tuple[int, int]
"""Cents of a charge: the organization's, and the customer's."""
FREE: Shares = 0, 0
Sides = tuple[Held, Held]
"""Out of which account into which."""
WORKING, UTILITY, MERCHANT = AccountKind.WORKING, AccountKind.UTILITY, AccountKind.MERCHANT
OWED, CUSTOMER = AccountKind.CHARGES_PAID, AccountKind.CUSTOMER
PAYBILL, TILL, B2C = OrganizationKind.PAYBILL, OrganizationKind.BUY_GOODS, OrganizationKind.B2C
EARNED: Held = PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE
TRUST: Held = PLATFORM_HOLDER, AccountKind.TRUST
TAKES = {PAYBILL: UTILITY, TILL: MERCHANT, B2C: UTILITY}
"""The account that receipts come into, or that customers are paid out of."""
SERVICES = {"CustomerPayBillOnline": PAYBILL, "CustomerBuyGoodsOnline": TILL}
B2B_COMMANDS: Mapping[str, tuple[AccountKind, AccountKind, set[OrganizationKind]]] = {
    "BusinessPayBill": (WORKING, UTILITY, {PAYBILL}),
    "BusinessBuyGoods": (WORKING, MERCHANT, {TILL}),
    "BusinessPayToBulk": (WORKING, UTILITY, {PAYBILL, B2C}),
    "PayTaxToKRA": (WORKING, UTILITY, {PAYBILL}),
    "BusinessTransferFromMMFToUtility": (WORKING, UTILITY, set()),
    "MerchantTransferFromMerchantToWorking": (MERCHANT, WORKING, set()),
}
"""Out of which account into which, and whom; nobody: a move of one's own."""


@dataclass
class Known:
    """What became of a request that is a transaction."""

    query: Query
    state: TransactionState
    shares: Shares = FREE
    """Of its charge, as they were when its amount left, or was set aside."""
    is_reversed: bool = False
