"""The tariffs and limits that a sandbox begins with: ``tariffs.json``, with the source of each version."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from salio.core.ledger.tariffs import Limit, LimitRow, TariffBand, customer_share
from salio.core.parties.organizations import ChargeBearer
from salio.core.transactions.kinds import TransactionKind
from salio.wire import amounts

_FILE = Path(__file__).with_name("tariffs.json")


class _TariffVersion(msgspec.Struct, frozen=True):
    kind: TransactionKind
    effective_from: date
    source: str
    bands: list[tuple[str, str]]
    borne_by: ChargeBearer = ChargeBearer.ORGANIZATION


class _Content(msgspec.Struct, frozen=True):
    tariffs: list[_TariffVersion]
    limits: list[dict[str, str]]


def rows() -> tuple[list[TariffBand], list[LimitRow]]:
    """All versions of all of them."""
    content = msgspec.json.decode(_FILE.read_bytes(), type=_Content)
    return list(_bands(content)), list(_limits(content))


def missing(
    bands: Sequence[TariffBand], limits: Sequence[LimitRow]
) -> tuple[list[TariffBand], list[LimitRow]]:
    """The versions of which nothing is there; of one that is, whatever figures, nothing is added."""
    known = {_version(each) for each in bands}, {(each.limit, each.effective_from) for each in limits}
    all_bands, all_limits = rows()
    return (
        [each for each in all_bands if _version(each) not in known[0]],
        [each for each in all_limits if (each.limit, each.effective_from) not in known[1]],
    )


def _version(band: TariffBand) -> tuple[TransactionKind, ChargeBearer, date]:
    return band.kind, band.borne_by, band.effective_from


def _bands(content: _Content) -> Iterator[TariffBand]:
    for version in content.tariffs:
        for up_to, shillings in version.bands:
            charge = amounts.from_text(shillings)
            yield TariffBand(
                kind=version.kind,
                effective_from=version.effective_from,
                up_to=amounts.from_text(up_to),
                charge=charge,
                borne_by=version.borne_by,
                customer_share=customer_share(version.borne_by, charge),
            )


def _limits(content: _Content) -> Iterator[LimitRow]:
    for version in content.limits:
        since = date.fromisoformat(version["effective_from"])
        for limit in Limit:
            if limit.value in version:
                cents = amounts.from_text(version[limit.value])
                yield LimitRow(limit=limit, effective_from=since, cents=cents)
