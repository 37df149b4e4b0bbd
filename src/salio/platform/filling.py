"""The test data in the store: written at the first start, and again at a reset."""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from salio.core.access.apps import App
from salio.sandbox.testdata import operators, parties, tariffs
from salio.sandbox.testdata import whole as testdata
from salio.storage.ports import EnvironmentStore, PortalStore
from salio.storage.sqlite.access import SqliteAccessStore
from salio.storage.sqlite.connection import connect
from salio.storage.sqlite.store import SqliteStore
from salio.vault.app_secrets import AppSecrets

Digest = Callable[[str], bytes]


def fill(
    store: EnvironmentStore,
    access: PortalStore,
    *,
    now: datetime,
    digest: Digest,
    secrets: AppSecrets,
    profile: str,
) -> None:
    """Writes what is missing; a crash in between leaves the rest to the next start."""
    if store.is_empty():
        made = testdata.build(now=now, digest=digest)
        with store.unit() as unit:
            testdata.write(unit, made)
    else:
        fill_tariffs(store)
    app = find_app(access)
    if app is None:
        secret = secrets.new_consumer_secret()
        app = testdata.testdata_app(
            consumer_key=secrets.new_consumer_key(),
            secret_digest=secrets.digest_secret(secret),
            secret_sealed=secrets.seal_secret(secret),
            profile=profile,
        )
        access.add_apps([app])
    elif app.profile != profile:
        access.save_app(msgspec.structs.replace(app, profile=profile))


def fill_tariffs(store: EnvironmentStore) -> None:
    """Adds the versions of tariffs and limits that a program of before did not know."""
    bands, limits = tariffs.missing(*store.tariffs())
    if bands or limits:
        with store.unit() as unit:
            unit.add_tariffs(bands, limits)


def fill_anew(databases: Mapping[str, Path], app: App, *, now: datetime, digest: Digest) -> None:
    """The whole test data into blank databases; the test app keeps its key, secret and profile."""
    made = testdata.build(now=now, digest=digest)
    with closing(SqliteStore(connect(databases["environment"]))) as store, store.unit() as unit:
        testdata.write(unit, made)
    with closing(SqliteAccessStore(connect(databases["portal"]))) as access:
        same = testdata.testdata_app(
            consumer_key=app.consumer_key,
            secret_digest=app.secret_digest,
            secret_sealed=app.secret_sealed,
            profile=app.profile,
        )
        access.add_apps([same])


def find_app(access: PortalStore) -> App | None:
    """The test data's own app."""
    return next((app for app in access.apps() if app.number == testdata.APP_NUMBER), None)


def demo_password() -> str:
    """Of the initiator that the first commands to paste use."""
    initiators = operators.initiators(parties.organizations())
    return next(each.password for each in initiators if each.name == "testapiuser")
