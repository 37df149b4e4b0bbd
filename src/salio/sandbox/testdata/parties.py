"""Who takes part in the test data: the documents' short codes, one tree of our own, and customers."""

from collections.abc import Mapping

from salio.core.parties.customers import Customer
from salio.core.parties.organizations import ChargeBearer, Level, Organization, OrganizationKind

_PAYBILL, _BUY_GOODS, _B2C = OrganizationKind.PAYBILL, OrganizationKind.BUY_GOODS, OrganizationKind.B2C

DOCUMENTED = (
    ("174379", _PAYBILL, "Safaricom Daraja 379"),
    ("600000", _PAYBILL, "Safaricom Daraja 000"),
    ("600134", _PAYBILL, "Safaricom Daraja 134"),
    ("600310", _B2C, "Safaricom333"),
    ("600610", _PAYBILL, "Safaricom Daraja 610"),
    ("600638", _PAYBILL, "Safaricom Daraja 638"),
    ("600772", _BUY_GOODS, "Safaricom Daraja 772"),
    ("600782", _PAYBILL, "Safaricom Daraja 782"),
    ("600966", _PAYBILL, "Safaricom Daraja 966"),
    ("600978", _B2C, "Safaricom Daraja 978"),
    ("600979", _BUY_GOODS, "Safaricom Daraja 979"),
    ("600984", _PAYBILL, "Safaricom Daraja 984"),
    ("600992", _PAYBILL, "Safaricom Daraja 992"),
    ("600996", _BUY_GOODS, "Safaricom Daraja 996"),
    ("600997", _B2C, "Safaricom Daraja 997"),
    ("600999", _PAYBILL, "Safaricom Daraja 999"),
    ("601426", _PAYBILL, "Safaricom Daraja 426"),
    ("603021", _PAYBILL, "Safaricom Daraja 021"),
    ("572572", _PAYBILL, "Kenya Revenue Authority"),
)
"""Every short code that the documents and Safaricom's sandbox use (wire facts, 6), and the tax collector.

The names are those of TS's callback (600310) and of the Reversal page (600992); the others follow the latter.
"""

OWN_NUMBERS: Mapping[str, str] = {"600134": "254722111111"}
"""By short code the M-PESA number that withdrawals go to; everybody else's go to a bank."""

TREE = (
    ("700100", Level.HEAD_OFFICE, None, "Soko Stores"),
    ("700110", Level.STORE, "700100", "Soko Stores Nairobi"),
    ("700120", Level.STORE, "700100", "Soko Stores Mombasa"),
    ("7001101", Level.TILL, "700110", "Soko Stores Nairobi Till 1"),
    ("7001102", Level.TILL, "700110", "Soko Stores Nairobi Till 2"),
    ("7001201", Level.TILL, "700120", "Soko Stores Mombasa Till 1"),
    ("7001901", Level.TILL, "700100", "Soko Stores Online Till"),
)
"""A head office with stores and tills; parents before children. The documents show none: invented."""

FULL = "700400"
"""A paybill whose revenue account is as good as full: code 8 of M-PESA Express. Invented, as the next."""

BULK = (
    ("700200", "Soko Wages"),
    ("700300", "Soko Refunds"),
)
"""B2C short codes whose customers bear charges; the documents show none: invented."""

CHARGES_BORNE_BY: Mapping[str, ChargeBearer] = {
    "600966": ChargeBearer.CUSTOMER,
    "601426": ChargeBearer.SPLIT,
    "700200": ChargeBearer.CUSTOMER,
    "700300": ChargeBearer.SPLIT,
}
"""By short code: a paybill and a B2C short code of each way; everybody else bears all of a charge."""

CUSTOMERS = (
    ("254708374149", "John Doe"),
    ("254700000000", "Jane Doe"),
    ("254722000000", "Ann Other"),
    ("254722111111", "Tom Thumb"),
    ("254705912645", "NICHOLAS JOHN SONGOK"),
)
"""The numbers are the documents' samples; the first name is that of TS's callback, the last B2C's."""


def organizations() -> tuple[Organization, ...]:
    """Parents before children."""
    alone = [
        Organization(
            short_code=short_code,
            name=name,
            kind=kind,
            settles_to=OWN_NUMBERS.get(short_code),
            charges_borne_by=CHARGES_BORNE_BY.get(short_code, ChargeBearer.ORGANIZATION),
        )
        for short_code, kind, name in (
            *DOCUMENTED,
            (FULL, _PAYBILL, "Soko Savings"),
            *((code, _B2C, name) for code, name in BULK),
        )
    ]
    tree = [
        Organization(short_code=short_code, name=name, kind=_BUY_GOODS, level=level, parent=parent)
        for short_code, level, parent, name in TREE
    ]
    return (*alone, *tree)


def customers() -> tuple[Customer, ...]:
    """In the order of the table."""
    return tuple(Customer(msisdn=msisdn, name=name) for msisdn, name in CUSTOMERS)


def short_codes() -> frozenset[str]:
    """All of them."""
    return frozenset(each.short_code for each in organizations())
