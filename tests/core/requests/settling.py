"""Organizations of each kind with receipts and charges, for settlements and withdrawals."""

from collections.abc import Mapping

from salio.core.ledger.accounts import ACCOUNTS_HELD, PLATFORM_HOLDER, Account, AccountKind, Bucket
from salio.core.ledger.postings import Entry, Posting, changes_of
from salio.core.parties.operators import Channel
from salio.core.parties.organizations import OrganizationKind
from salio.core.parties.roles import Role
from salio.core.transactions.transaction import Charge, ChargedSide
from tests.builders import (
    MSISDN,
    OTHER_SHORT_CODE,
    SHORT_CODE,
    a_customer,
    a_transaction,
    ago,
    an_operator,
    an_organization,
)
from tests.core.requests.openings import opening_postings
from tests.core.requests.paying import BANDS, LIMITS
from tests.stores import AnyStore, seed

TILL, POOR, OWN = "600134", "600610", "600997"
"""Buy goods; a paybill that owes more than it holds; one that withdraws to its own number."""
BILLS = tuple(f"UHF00000{number:02}" for number in range(6))
"""Customers' payments to the paybill."""
BILL, FEE = 10_000, 500
ORGANIZATIONS = (
    an_organization(),
    an_organization(short_code=OTHER_SHORT_CODE, name="Payer", kind=OrganizationKind.B2C),
    an_organization(short_code=TILL, name="Till", kind=OrganizationKind.BUY_GOODS),
    an_organization(short_code=POOR, name="Poor"),
    an_organization(short_code=OWN, name="Own", settles_to=MSISDN),
)
HELD = (
    (PLATFORM_HOLDER, AccountKind.TRUST),
    (PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE),
    *((each.short_code, kind) for each in ORGANIZATIONS for kind in ACCOUNTS_HELD[each.kind]),
    (MSISDN, AccountKind.CUSTOMER),
)
ACCOUNTS = tuple(
    Account(number=number, holder=holder, kind=kind) for number, (holder, kind) in enumerate(HELD, 1)
)
NUMBERS: Mapping[tuple[str, AccountKind], int] = {(each.holder, each.kind): each.number for each in ACCOUNTS}
OPENINGS: Mapping[tuple[str, AccountKind], int] = {
    (SHORT_CODE, AccountKind.WORKING): 1_000,
    (OTHER_SHORT_CODE, AccountKind.UTILITY): 100_000,
    (OTHER_SHORT_CODE, AccountKind.CHARGES_PAID): -2_000,
    (TILL, AccountKind.MERCHANT): 30_000,
    (TILL, AccountKind.CHARGES_PAID): -700,
    (POOR, AccountKind.UTILITY): 500,
    (POOR, AccountKind.CHARGES_PAID): -501,
    (OWN, AccountKind.WORKING): 200_000,
    (MSISDN, AccountKind.CUSTOMER): 60_000,
}
TRANSACTIONS = [
    a_transaction(
        receipt=receipt,
        cents=BILL,
        originator_conversation_id=f"bill-{receipt}",
        charge=Charge("Pay Bill Charge", FEE, ChargedSide.CREDIT),
    )
    for receipt in BILLS
]
_API = frozenset({Role.B2C_API_INITIATOR, Role.REVERSALS_INITIATOR, Role.STATUS_QUERY_API})
OPERATORS = (
    *(
        an_operator(number=number, short_code=each.short_code, roles=_API)
        for number, each in enumerate(ORGANIZATIONS, 1)
    ),
    *(
        an_operator(number=number, name=name, channel=Channel.WEB, roles=frozenset({role}))
        for number, (name, role) in enumerate(
            (
                ("manager", Role.BUSINESS_MANAGER),
                ("deputy", Role.BUSINESS_MANAGER),
                ("clerk", Role.BUSINESS_WEB_OPERATOR),
            ),
            100,
        )
    ),
)


def _paid(number: int, receipt: str) -> Posting:
    moves = (
        (MSISDN, AccountKind.CUSTOMER, -BILL),
        (SHORT_CODE, AccountKind.UTILITY, BILL),
        (SHORT_CODE, AccountKind.CHARGES_PAID, -FEE),
        (PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE, FEE),
    )
    entries = tuple(Entry(NUMBERS[holder, kind], Bucket.AVAILABLE, cents) for holder, kind, cents in moves)
    return Posting(number=number, at=ago(days=1), narrative="Paid", entries=entries, receipt=receipt)


def settle_down(store: AnyStore) -> None:
    """Puts all of it into an empty store: the paybill holds 600 shillings of receipts, and owes 30."""
    seed(
        store,
        organizations=ORGANIZATIONS,
        customers=[a_customer()],
        operators=OPERATORS,
        accounts=ACCOUNTS,
        transactions=TRANSACTIONS,
    )
    postings = opening_postings(OPENINGS, NUMBERS)
    postings += [_paid(number, receipt) for number, receipt in enumerate(BILLS, len(postings) + 1)]
    with store.unit() as unit:
        unit.add_postings(postings, changes_of(postings))
        unit.add_tariffs(BANDS, LIMITS)
