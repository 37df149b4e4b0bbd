"""A whole small country: a short code of each kind, customers, and a tariff and a limit of everything."""

from collections.abc import Mapping

from salio.core.ledger.accounts import ACCOUNTS_HELD, PLATFORM_HOLDER, Account, AccountKind
from salio.core.ledger.postings import changes_of
from salio.core.ledger.tariffs import TariffBand, customer_share
from salio.core.parties.organizations import ChargeBearer, OrganizationKind
from salio.core.parties.registration import DefaultAction, Registration
from salio.core.parties.roles import Role
from salio.core.transactions.kinds import TransactionKind
from tests.builders import MSISDN, SHORT_CODE, a_customer, an_app, an_operator, an_organization
from tests.core.requests.openings import opening_postings
from tests.core.requests.paying import CHARGE, LIMITS, POOR, RICH, SINCE
from tests.stores import AnyStore, seed

SHOP, CLUB, STALL, BULK, COLLECTOR = SHORT_CODE, "600134", "600979", "600782", "572572"
KINDS: Mapping[str, OrganizationKind] = {
    SHOP: OrganizationKind.PAYBILL,
    CLUB: OrganizationKind.PAYBILL,
    STALL: OrganizationKind.BUY_GOODS,
    BULK: OrganizationKind.B2C,
    COLLECTOR: OrganizationKind.PAYBILL,
}
OWN_NUMBER = {CLUB: MSISDN}
"""Where a withdrawal goes, if not to the bank."""
BORNE: Mapping[str, ChargeBearer] = {
    SHOP: ChargeBearer.SPLIT,
    CLUB: ChargeBearer.CUSTOMER,
    STALL: ChargeBearer.ORGANIZATION,
    BULK: ChargeBearer.SPLIT,
    COLLECTOR: ChargeBearer.ORGANIZATION,
}
"""Who bears charges in the beginning."""
ORGANIZATIONS = tuple(
    an_organization(
        short_code=each,
        name=f"Business {each}",
        kind=kind,
        settles_to=OWN_NUMBER.get(each),
        charges_borne_by=BORNE[each],
    )
    for each, kind in KINDS.items()
)
CUSTOMERS = tuple(a_customer(msisdn=each, name=f"Customer {each[-1]}") for each in (MSISDN, RICH, POOR))
OPERATORS = tuple(
    an_operator(number=number, short_code=each, roles=frozenset(Role)) for number, each in enumerate(KINDS, 1)
)
APP = an_app(short_codes=frozenset(KINDS))
HELD = (
    (PLATFORM_HOLDER, AccountKind.TRUST),
    (PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE),
    *((each, account) for each, kind in KINDS.items() for account in ACCOUNTS_HELD[kind]),
    *((each.msisdn, AccountKind.CUSTOMER) for each in CUSTOMERS),
)
ACCOUNTS = tuple(
    Account(number=number, holder=holder, kind=kind) for number, (holder, kind) in enumerate(HELD, 1)
)
NUMBERS: Mapping[tuple[str, AccountKind], int] = {(each.holder, each.kind): each.number for each in ACCOUNTS}
OPENINGS: Mapping[tuple[str, AccountKind], int] = {
    (SHOP, AccountKind.WORKING): 40_000,
    (SHOP, AccountKind.UTILITY): 30_000,
    (CLUB, AccountKind.WORKING): 60_000,
    (STALL, AccountKind.MERCHANT): 20_000,
    (BULK, AccountKind.UTILITY): 100_000,
    (RICH, AccountKind.CUSTOMER): 90_000,
    (POOR, AccountKind.CUSTOMER): 15_000,
}
"""Cents. Limits are those of the small country in ``paying``."""
CHARGES: Mapping[TransactionKind, int] = {
    TransactionKind.B2C: CHARGE,
    TransactionKind.B2B: 300,
    TransactionKind.C2B: 201,
}
"""What a payment of any amount costs; an odd cent is not halved."""
BANDS = [
    TariffBand(kind=kind, effective_from=SINCE, up_to=100_000, charge=charge)
    for kind, charge in CHARGES.items()
]
SHARED_BANDS = [
    TariffBand(
        kind=kind,
        effective_from=SINCE,
        up_to=100_000,
        charge=CHARGES[kind],
        borne_by=bearer,
        customer_share=customer_share(bearer, CHARGES[kind]),
    )
    for kind in (TransactionKind.B2C, TransactionKind.C2B)
    for bearer in (ChargeBearer.CUSTOMER, ChargeBearer.SPLIT)
]
"""The same for whose customers bear all of it, or half."""
ASKED: Mapping[str, Registration] = {
    short_code: Registration(
        short_code=short_code,
        default_action=action,
        confirmation_url="http://shop/paid",
        validation_url="http://shop/pay",
        validated=True,
    )
    for short_code, action in ((CLUB, DefaultAction.COMPLETED), (STALL, DefaultAction.CANCELLED))
}
"""Who is asked before a customer pays."""


def settle_down(store: AnyStore) -> None:
    """Puts all of it into an empty store."""
    seed(store, organizations=ORGANIZATIONS, customers=CUSTOMERS, operators=OPERATORS, accounts=ACCOUNTS)
    postings = opening_postings(OPENINGS, NUMBERS)
    with store.unit() as unit:
        unit.add_postings(postings, changes_of(postings))
        unit.add_tariffs(BANDS + SHARED_BANDS, LIMITS)
        unit.save_registrations(list(ASKED.values()))
