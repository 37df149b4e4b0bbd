"""A small country: two B2C short codes, a paybill, three customers, and rules that are easy to reach."""

from collections.abc import Mapping
from datetime import date
from itertools import product

import msgspec

from salio.core.ledger.accounts import PLATFORM_HOLDER, Account, AccountKind
from salio.core.ledger.postings import changes_of
from salio.core.ledger.tariffs import Limit, LimitRow, TariffBand, customer_share
from salio.core.parties.organizations import ChargeBearer, Organization, OrganizationKind
from salio.core.parties.roles import Role
from salio.core.transactions.kinds import TransactionKind
from tests.builders import MSISDN, OTHER_SHORT_CODE, SHORT_CODE, a_customer, an_operator, an_organization
from tests.core.requests.openings import opening_postings
from tests.stores import AnyStore, seed

PAYBILL = "600134"
RICH, POOR = "254722000000", "254722111111"
"""Customers beside the usual one."""
SINCE = date(2026, 1, 1)
CHARGE = 501
ORGANIZATIONS = (
    an_organization(kind=OrganizationKind.B2C),
    an_organization(short_code=OTHER_SHORT_CODE, name="Neighbour", kind=OrganizationKind.B2C),
    an_organization(short_code=PAYBILL, name="Paybill"),
)
CUSTOMERS = tuple(a_customer(msisdn=each, name=f"Customer {each[-1]}") for each in (MSISDN, RICH, POOR))
ROLES = frozenset({Role.B2C_API_INITIATOR, Role.BALANCE_QUERY_API, Role.STATUS_QUERY_API})
OPERATORS = tuple(
    an_operator(number=number, short_code=each.short_code, roles=ROLES)
    for number, each in enumerate(ORGANIZATIONS, 1)
)
HELD = (
    (PLATFORM_HOLDER, AccountKind.TRUST),
    (PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE),
    *(
        (each.short_code, kind)
        for each in ORGANIZATIONS
        for kind in (AccountKind.WORKING, AccountKind.UTILITY, AccountKind.CHARGES_PAID)
    ),
    *((each.msisdn, AccountKind.CUSTOMER) for each in CUSTOMERS),
)
ACCOUNTS = tuple(
    Account(number=number, holder=each, kind=kind) for number, (each, kind) in enumerate(HELD, 1)
)
NUMBERS: Mapping[tuple[str, AccountKind], int] = {(each.holder, each.kind): each.number for each in ACCOUNTS}
OPENINGS: Mapping[tuple[str, AccountKind], int] = {
    (SHORT_CODE, AccountKind.UTILITY): 100_000,
    (OTHER_SHORT_CODE, AccountKind.UTILITY): 1_000_000,
    (PAYBILL, AccountKind.UTILITY): 100_000,
    (RICH, AccountKind.CUSTOMER): 95_000,
}
"""Cents. Limits: 1,000 to 50,000 a payment, 80,000 a day, 100,000 in all."""
LIMITS = [
    LimitRow(limit=limit, effective_from=SINCE, cents=cents)
    for limit, cents in (
        (Limit.SMALLEST_B2C, 1_000),
        (Limit.LARGEST_B2C, 50_000),
        (Limit.SMALLEST_C2B, 100),
        (Limit.LARGEST_C2B, 90_000),
        (Limit.CUSTOMER_DAY, 80_000),
        (Limit.CUSTOMER_BALANCE, 100_000),
    )
]
BORNE = (
    (TransactionKind.B2C, ChargeBearer.ORGANIZATION),
    *product((TransactionKind.B2C, TransactionKind.C2B), (ChargeBearer.CUSTOMER, ChargeBearer.SPLIT)),
)
"""What costs something: to an organization that bears its charges a customer's payment costs nothing."""
BANDS = [
    TariffBand(
        kind=kind,
        effective_from=SINCE,
        up_to=50_000,
        charge=CHARGE,
        borne_by=borne_by,
        customer_share=customer_share(borne_by, CHARGE),
    )
    for kind, borne_by in BORNE
]


def on_tariff(borne_by: ChargeBearer) -> list[Organization]:
    """All organizations, on that tariff."""
    return [msgspec.structs.replace(each, charges_borne_by=borne_by) for each in ORGANIZATIONS]


def settle_down(store: AnyStore) -> None:
    """Puts all of it into an empty store."""
    seed(store, organizations=ORGANIZATIONS, customers=CUSTOMERS, operators=OPERATORS, accounts=ACCOUNTS)
    postings = opening_postings(OPENINGS, NUMBERS)
    with store.unit() as unit:
        unit.add_postings(postings, changes_of(postings))
        unit.add_tariffs(BANDS, LIMITS)
