"""A small country of organizations: two paybills, a stall, a B2C short code and the tax collector."""

from collections.abc import Mapping
from typing import Any

from salio.core.ledger.accounts import ACCOUNTS_HELD, PLATFORM_HOLDER, Account, AccountKind
from salio.core.ledger.postings import changes_of
from salio.core.parties.organizations import OrganizationKind
from salio.core.parties.roles import Role
from salio.core.requests.queries import B2BPayment, IdentifierType, TaxRemittance
from tests.builders import OTHER_SHORT_CODE, SHORT_CODE, an_operator, an_organization, changed
from tests.core.requests.openings import opening_postings
from tests.stores import AnyStore, seed

STALL, BULK, COLLECTOR = "600979", "600997", "572572"
KINDS = {
    SHORT_CODE: OrganizationKind.PAYBILL,
    OTHER_SHORT_CODE: OrganizationKind.PAYBILL,
    STALL: OrganizationKind.BUY_GOODS,
    BULK: OrganizationKind.B2C,
    COLLECTOR: OrganizationKind.PAYBILL,
}
ORGANIZATIONS = tuple(
    an_organization(short_code=each, name=f"Business {each}", kind=kind) for each, kind in KINDS.items()
)
ROLES = frozenset(
    {
        Role.PAYBILL_API_INITIATOR,
        Role.BUY_GOODS_API_INITIATOR,
        Role.PAY_TO_BULK_API_INITIATOR,
        Role.TAX_REMITTANCE_API,
        Role.BALANCE_QUERY_API,
        Role.STATUS_QUERY_API,
    }
)
OPERATORS = tuple(
    an_operator(number=number, short_code=each, roles=ROLES) for number, each in enumerate(KINDS, 1)
)
HELD = (
    (PLATFORM_HOLDER, AccountKind.TRUST),
    (PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE),
    *((each, kind) for each in KINDS for kind in ACCOUNTS_HELD[KINDS[each]]),
)
ACCOUNTS = tuple(
    Account(number=number, holder=each, kind=kind) for number, (each, kind) in enumerate(HELD, 1)
)
NUMBERS: Mapping[tuple[str, AccountKind], int] = {(each.holder, each.kind): each.number for each in ACCOUNTS}
OPENINGS: Mapping[tuple[str, AccountKind], int] = {
    (SHORT_CODE, AccountKind.WORKING): 100_000,
    (OTHER_SHORT_CODE, AccountKind.WORKING): 100_000,
    (STALL, AccountKind.WORKING): 20_000,
    (STALL, AccountKind.MERCHANT): 50_000,
}
"""Cents."""


def a_bill(**changes: Any) -> B2BPayment:
    """*Pay this bill* of a hundred shillings at the neighbour's."""
    payment = B2BPayment(
        initiator="testapiuser",
        command="BusinessPayBill",
        party=SHORT_CODE,
        receiver=OTHER_SHORT_CODE,
        receiver_type=IdentifierType.SHORT_CODE,
        cents=10_000,
        account_reference="353353",
        requester=None,
        remarks="ok",
        result_url="http://myservice:8080/result",
        queue_time_out_url="http://myservice:8080/queuetimeouturl",
        occasion=None,
    )
    return changed(payment, changes)


def a_tax(**changes: Any) -> TaxRemittance:
    """*Pay this tax* of a hundred shillings."""
    remittance = TaxRemittance(
        initiator="testapiuser",
        command="PayTaxToKRA",
        party=SHORT_CODE,
        receiver=COLLECTOR,
        cents=10_000,
        account_reference="PRN1234XN",
        remarks="ok",
        result_url="http://myservice:8080/result",
        queue_time_out_url="http://myservice:8080/queuetimeouturl",
        occasion=None,
    )
    return changed(remittance, changes)


def settle_down(store: AnyStore) -> None:
    """Puts all of it into an empty store."""
    seed(store, organizations=ORGANIZATIONS, operators=OPERATORS, accounts=ACCOUNTS)
    postings = opening_postings(OPENINGS, NUMBERS)
    with store.unit() as unit:
        unit.add_postings(postings, changes_of(postings))
