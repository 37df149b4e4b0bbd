"""What a start adds to the store of a sandbox that an earlier program began."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from salio.core.ledger.tariffs import LimitRow, TariffBand
from salio.core.parties.organizations import ChargeBearer
from salio.platform.filling import fill, fill_tariffs
from salio.sandbox.testdata import tariffs
from salio.storage.sqlite.access import SqliteAccessStore
from salio.storage.sqlite.store import SqliteStore
from salio.vault.app_secrets import AppSecrets
from salio.vault.keys import KeyRing
from tests.stores import in_memory
from tests.vault.samples import Seeded

BANDS, LIMITS = tariffs.rows()
Kept = Callable[[TariffBand], bool]


def written(bands: list[TariffBand], limits: list[LimitRow]) -> SqliteStore:
    """A store with these rows."""
    store = SqliteStore(in_memory())
    with store.unit() as unit:
        unit.add_tariffs(bands, limits)
    return store


@pytest.mark.parametrize(
    ("kept", "limits"),
    [
        pytest.param(lambda _: False, [], id="no money moved yet"),
        pytest.param(
            lambda band: band.borne_by is ChargeBearer.ORGANIZATION,
            LIMITS[:-1],
            id="fewer tariffs and limits",
        ),
        pytest.param(lambda band: band.effective_from.year < 2024, LIMITS, id="an older version"),
        pytest.param(lambda _: True, LIMITS, id="all"),
    ],
)
def test_a_start_fills_what_is_missing(kept: Kept, limits: list[LimitRow]) -> None:
    """Once: the next start finds everything there."""
    store = written([each for each in BANDS if kept(each)], limits)
    for _ in range(2):
        fill_tariffs(store)
        found = store.tariffs()
        assert sorted(map(str, found[0])) == sorted(map(str, BANDS))
        assert sorted(map(str, found[1])) == sorted(map(str, LIMITS))


def test_a_version_that_is_there_is_left_alone() -> None:
    """Whoever set other figures for it, or fewer bands, keeps them."""
    first = BANDS[0]
    own = [each for each in BANDS if each.effective_from != first.effective_from]
    own.append(msgspec.structs.replace(first, up_to=first.up_to - 1, charge=7))
    limits = [msgspec.structs.replace(each, cents=5) for each in LIMITS]
    store = written(own, limits)
    fill_tariffs(store)
    assert sorted(map(str, store.tariffs()[0])) == sorted(map(str, own))
    assert {each.cents for each in store.tariffs()[1]} == {5}


def test_nothing_waits_for_the_test_data_to_be_made(tmp_path: Path) -> None:
    """They are there before their transaction begins: in it, whatever is slow would hold others up."""
    connection, portal = in_memory(), in_memory("portal")
    secrets = AppSecrets(KeyRing.open(tmp_path, "sandbox", entropy=Seeded(1)), entropy=Seeded(2))
    began: list[bool] = []

    def digest(password: str) -> bytes:
        began.append(connection.in_transaction)
        return password.encode()

    with closing(connection), closing(portal):
        now = datetime(2026, 11, 23, tzinfo=UTC)
        access = SqliteAccessStore(portal)
        fill(SqliteStore(connection), access, now=now, digest=digest, secrets=secrets, profile="documented")
        assert not SqliteStore(connection).is_empty()
    assert set(began) == {False}
