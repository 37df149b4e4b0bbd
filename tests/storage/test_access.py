"""Apps and tokens in the portal database, whichever engine has it."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest

from salio.core.access.apps import App, Product, Throttle
from salio.core.ports import AccessStore, StoreUnavailableError
from salio.storage.ports import Databases, PortalStore
from tests.builders import a_claim, ago, an_app

TWICE = "(?i)unique constraint"
"""What an engine says of a key that is there already."""
FULL = an_app(
    number=2,
    consumer_key="second",
    name="Ünïcode",
    secret_digest=bytes(range(256)),
    secret_sealed=b"",
    products=frozenset({Product.TRANSACTION_STATUS}),
    short_codes=frozenset({"600000", "600782"}),
    profile="observed",
    throttle=Throttle(per_second=1, burst=2, per_day=3),
    enabled=False,
    tokens_valid_from=ago(microseconds=1),
)
BARE = an_app(number=3, consumer_key="third", products=frozenset(), short_codes=frozenset())


@pytest.fixture
def store(databases: Databases) -> Iterator[PortalStore]:
    """A migrated, empty portal database."""
    with closing(databases.access()) as store:
        yield store


@pytest.fixture
def other(databases: Databases, store: PortalStore) -> Iterator[PortalStore]:
    """The same database, as another process has it open."""
    with closing(databases.access()) as other:
        yield other


def test_it_fits_the_port(store: PortalStore) -> None:
    """The type checker holds the store against the core's port."""
    port: AccessStore = store
    assert port is store


@pytest.mark.parametrize("app", [an_app(), FULL, BARE], ids=["plain", "with everything", "with nothing"])
def test_an_app_comes_back_as_it_was(store: PortalStore, other: PortalStore, app: App) -> None:
    """Every member, here and in another process."""
    store.add_apps([app])
    assert store.apps() == other.apps() == [app]


def test_a_consumer_key_is_unique(store: PortalStore) -> None:
    """No two apps have one consumer key."""
    store.add_apps([an_app()])
    with pytest.raises(Exception, match=TWICE):
        store.add_apps([an_app(number=2)])
    assert store.apps() == [an_app()]


def test_a_unit_is_one_change(store: PortalStore, other: PortalStore) -> None:
    """Others see nothing of it while it is open, and all of it when it has ended."""
    before = other.version()
    with store.unit():
        store.add_apps([an_app()])
        store.revoke(a_claim())
        assert (store.apps(), other.apps(), other.version()) == ([an_app()], [], before)
    assert (other.apps(), other.revoked()) == ([an_app()], [a_claim()])
    assert other.version() > before


def test_what_is_opened_to_read_changes_nothing(databases: Databases, store: PortalStore) -> None:
    """Not even by mistake; it sees what others change."""
    with closing(databases.access_to_read()) as reader:
        with pytest.raises(StoreUnavailableError):
            reader.revoke(a_claim())
        store.add_apps([an_app()])
        assert (reader.apps(), reader.revoked()) == ([an_app()], [])


def test_a_unit_that_broke_off_changed_nothing(store: PortalStore) -> None:
    """And the next one finds the store as it was."""

    def break_off() -> None:
        with store.unit():
            store.add_apps([an_app()])
            store.add_apps([an_app(number=2)])

    with pytest.raises(Exception, match=TWICE):
        break_off()
    assert store.apps() == []
    with store.unit():
        store.add_apps([an_app()])
    assert store.apps() == [an_app()]


def test_revoke(store: PortalStore, other: PortalStore) -> None:
    """A revoked token is there for every process; revoking it again changes nothing."""
    claim = a_claim(issued_at=ago(seconds=5), serial=2**22 - 1)
    store.revoke(claim)
    store.revoke(claim)
    other.revoke(claim)
    assert store.revoked() == other.revoked() == [claim]


def test_make_current(store: PortalStore, other: PortalStore) -> None:
    """Each app has one current token, the latest."""
    for claim in (a_claim(serial=1), a_claim(app_number=2, serial=5), a_claim(serial=2)):
        store.make_current(claim)
    assert other.current() == [a_claim(serial=2), a_claim(app_number=2, serial=5)]


def test_version_moves_with_every_change(store: PortalStore, other: PortalStore) -> None:
    """Both who changed it and who did not see by the version that something changed, and only then."""
    seen = [(store.version(), other.version())]
    assert (store.version(), other.version()) == seen[-1]
    for change in (partial(store.add_apps, [an_app()]), partial(store.revoke, a_claim())):
        change()
        seen.append((store.version(), other.version()))
        assert seen[-1][0] > seen[-2][0]
        assert seen[-1][1] > seen[-2][1]


def test_version_moves_for_others_with_a_current_token(store: PortalStore, other: PortalStore) -> None:
    """A new only token ends the one before in every process."""
    before = other.version()
    store.make_current(a_claim())
    assert other.version() > before
