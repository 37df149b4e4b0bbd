"""Rows of tariffs and limits to the core's values and back."""

from datetime import date

from salio.core.ledger.tariffs import Limit, LimitRow, TariffBand
from salio.core.parties.organizations import ChargeBearer
from salio.core.transactions.kinds import TransactionKind
from salio.storage.rows import Row


def tariff_row(band: TariffBand) -> Row:
    """In the order of the table ``tariff_band``."""
    return (
        band.kind.value,
        band.borne_by.value,
        band.effective_from.isoformat(),
        band.up_to,
        band.charge,
        band.customer_share,
    )


def read_tariff(row: Row) -> TariffBand:
    """From all columns of ``tariff_band``."""
    return TariffBand(
        kind=TransactionKind(row[0]),
        borne_by=ChargeBearer(row[1]),
        effective_from=date.fromisoformat(row[2]),
        up_to=row[3],
        charge=row[4],
        customer_share=row[5],
    )


def limit_row(limit: LimitRow) -> Row:
    """In the order of the table ``limit_``."""
    return (limit.limit.value, limit.effective_from.isoformat(), limit.cents)


def read_limit(row: Row) -> LimitRow:
    """From all columns of ``limit_``."""
    return LimitRow(limit=Limit(row[0]), effective_from=date.fromisoformat(row[1]), cents=row[2])
