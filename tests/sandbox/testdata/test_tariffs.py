"""The test data's tariffs: each way to bear a charge is there, and somebody is on it."""

from datetime import date

import pytest

from salio.core.ledger.tariffs import Tariffs
from salio.core.parties.organizations import ChargeBearer, OrganizationKind
from salio.core.transactions.kinds import TransactionKind
from salio.sandbox.testdata import parties, tariffs

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize("borne_by", ChargeBearer, ids=lambda borne_by: borne_by.value)
@pytest.mark.parametrize(
    ("organization", "kind"),
    [(OrganizationKind.PAYBILL, TransactionKind.C2B), (OrganizationKind.B2C, TransactionKind.B2C)],
    ids=["a customer pays", "a customer is paid"],
)
def test_each_way_to_bear_a_charge(
    borne_by: ChargeBearer, organization: OrganizationKind, kind: TransactionKind
) -> None:
    """Somebody is on such a tariff, and it has rows; what customers pay costs no one else anything."""
    assert any(
        (each.kind, each.charges_borne_by) == (organization, borne_by) for each in parties.organizations()
    )
    shares = Tariffs(*tariffs.rows()).charge(kind, 20_000, TODAY, borne_by)
    free = (kind, borne_by) == (TransactionKind.C2B, ChargeBearer.ORGANIZATION)
    expected = {
        ChargeBearer.ORGANIZATION: (not free, False),
        ChargeBearer.CUSTOMER: (False, True),
        ChargeBearer.SPLIT: (True, True),
    }
    assert (shares.organization > 0, shares.customer > 0) == expected[borne_by]
