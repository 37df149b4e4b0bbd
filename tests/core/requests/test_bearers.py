"""Who bears an organization's charges: what is durable holds, and nothing before."""

from collections.abc import Mapping

import pytest

from salio.core.parties.directory import Directory
from salio.core.parties.organizations import ChargeBearer, Organization
from salio.core.requests.bearers import Bearers, Bearing, BearingRefusal
from tests.builders import SHORT_CODE, an_organization

CUSTOMER, SPLIT = ChargeBearer.CUSTOMER, ChargeBearer.SPLIT


class Kept:
    """Fits the one method of a unit that they need."""

    def __init__(self) -> None:
        self.bearers: dict[str, ChargeBearer] = {}

    def save_charge_bearers(self, bearers: Mapping[str, ChargeBearer]) -> None:
        """Keeps them."""
        self.bearers |= bearers


class World:
    """One organization, and what was told whom."""

    def __init__(self) -> None:
        self.told: list[tuple[object, Organization | BearingRefusal]] = []
        self.directory = Directory([an_organization()], [], [])
        self.bearers = Bearers(self.directory, self.told.extend)

    def bearer(self) -> ChargeBearer:
        """Who bears them."""
        (organization,) = self.directory.organizations()
        return organization.charges_borne_by


@pytest.fixture
def world() -> World:
    """Of this test."""
    return World()


def wanted(mark: str, bearer: ChargeBearer = CUSTOMER, short_code: str = SHORT_CODE) -> Bearing:
    """A change."""
    return Bearing(short_code=short_code, bearer=bearer, answer=mark)


def test_a_change_holds_after_its_commit(world: World) -> None:
    """And not before; of two the last holds, and each is told how the organization is since."""
    assert world.bearers.submit(wanted("first")) is None
    world.bearers.submit(wanted("second", SPLIT))
    batch, kept = world.bearers.take(), Kept()
    world.bearers.write(kept, batch)  # type: ignore[arg-type] # all that is asked of a unit
    assert kept.bearers == {SHORT_CODE: SPLIT}
    assert (world.bearer(), world.told) == (ChargeBearer.ORGANIZATION, [])
    assert not world.bearers.is_built_upon(batch[0])
    world.bearers.settle(batch)
    assert world.bearer() is SPLIT
    assert world.told == [
        ("first", an_organization(charges_borne_by=CUSTOMER)),
        ("second", an_organization(charges_borne_by=SPLIT)),
    ]


def test_nobodys_charges(world: World) -> None:
    """Refused at once."""
    refused = world.bearers.submit(wanted("mark", short_code="999999"))
    assert (refused, world.bearers.take()) == (BearingRefusal.ORGANIZATION_UNKNOWN, [])


def test_what_was_not_kept(world: World) -> None:
    """The store refused it, was away, or keeps nothing more: whoever waits is told, and nothing changes."""
    bearers, not_kept = world.bearers, BearingRefusal.NOT_KEPT
    for mark in ("spoilt", "put back"):
        bearers.submit(wanted(mark))
    spoilt, put_back = bearers.take()
    bearers.spoil(spoilt, ValueError())
    bearers.put_back([put_back], ValueError())
    bearers.submit(wanted("shut"))
    bearers.shut()
    assert world.told == [("spoilt", not_kept), ("put back", not_kept), ("shut", not_kept)]
    assert bearers.submit(wanted("late")) is not_kept
    assert world.bearer() is ChargeBearer.ORGANIZATION
